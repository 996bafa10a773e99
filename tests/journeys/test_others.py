"""Teacher, publisher, administrator, coordinator, visitor: their pages in a browser."""

import pytest

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(("phone", "dark", "language"), [(False, False, "nl-NL"), (True, True, "en-GB")])
def test_a_visitor_looks_around(visit, phone, dark, language):
    with visit(phone=phone, dark=dark, language=language) as visitor:
        visitor.open("/")
        visitor.page.locator("main article a, main .card a").first.click()
        visitor.check()
        for path in ("/verify/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
            visitor.open(path)
        visitor.open("/bestaat-niet/")
        assert visitor.page.locator("main a").count()


def test_an_administrator_gives_and_takes_roles(site, visit):
    with visit() as visitor:
        visitor.sign_in(site.persona("org_admin"))
        visitor.open("/organisaties/")
        visitor.page.locator("main a[href*='/leden/']").first.click()
        visitor.check()


def test_a_coordinator_has_a_start_and_the_figures_of_the_region(site, visit):
    with visit(phone=True) as visitor:
        visitor.sign_in(site.persona("coordinator"))
        visitor.open("/start/")
        visitor.open("/regio/cijfers/")
        assert "niet te zien" in visitor.text()

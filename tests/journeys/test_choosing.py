"""Somebody chooses a module: reads its page, sets others beside it, and waits for a date that suits."""

import pytest

pytestmark = pytest.mark.journey

SCHOOL = "/modules/reestdal-techniekcollege"


@pytest.mark.parametrize(("phone", "dark", "language"), [(False, False, "nl-NL"), (True, True, "en-GB")])
def test_a_visitor_reads_and_compares(visit, phone, dark, language):
    with visit(phone=phone, dark=dark, language=language) as visitor:
        page = visitor.page
        visitor.open(f"{SCHOOL}/cnc-veilig-instellen/")
        assert (
            page.evaluate("JSON.parse(document.querySelector('[type=\"application/ld+json\"]').text)['@type']")
            == "Course"
        )
        page.locator("aside a[href^='/vergelijken/']").click()
        page.wait_for_load_state()
        for columns in (2, 3, 4):
            visitor.check()
            page.locator("main ul.plain a[href^='?m=']").first.click()
            page.wait_for_load_state()
            assert page.locator("thead th").count() == columns
        visitor.check()


def test_who_waits_for_a_date_says_so_and_takes_it_back_without_scripts(site, visit):
    worker = next(p for p in site.personas if p["email"].startswith("fatma."))
    with visit(scripts=False) as visitor:
        page = visitor.page
        page.goto(f"{site.url}{SCHOOL}/plc-storingen-zoeken/")
        page.get_by_role("link", name="Ik heb interesse").click()
        page.locator("input[name=login]").fill(worker["email"])
        page.locator("input[name=password]").fill(worker["password"])
        page.locator("main form [type=submit]").first.click()
        page.get_by_role("button", name="Ja, laat het mij weten").click()
        assert "U hebt sinds" in visitor.text()
        page.goto(f"{site.url}/mijn-leren/")
        page.get_by_role("button", name="Ik heb geen interesse meer").click()
        assert "Ingetrokken" in visitor.text()


def test_a_publisher_sees_how_many_wait(site, visit):
    publisher = next(p for p in site.personas if p["email"].startswith("harm."))
    with visit(phone=True) as visitor:
        visitor.sign_in(publisher)
        visitor.open("/aanbod/")
        visitor.click("Interesse zonder datum")
        visitor.click("TIG-lassen: de basis")
        assert "4 mensen wachten op een datum" in visitor.text()


def test_search_engines_and_shared_addresses_are_served(site, visit):
    with visit() as visitor:
        visitor.page.goto(f"{site.url}{SCHOOL}/tig-lassen-basis/")
        picture = visitor.page.locator("meta[property='og:image']").get_attribute("content")
        for address, kind in (
            (picture, "image/png"),
            (f"{site.url}/sitemap.xml", "application/xml"),
            (f"{site.url}/robots.txt", "text/plain"),
        ):
            answer = visitor.page.request.get(address)
            assert answer.status == 200
            assert answer.headers["content-type"].startswith(kind)

"""A teacher writes and is told what is missing; a publisher plans and sees who takes part."""

import re

import pytest

pytestmark = pytest.mark.journey


def test_a_teacher_writes_a_module(site, visit):
    teacher = next(p for p in site.personas if p["email"].startswith("ilse."))
    with visit() as visitor:
        visitor.sign_in(teacher)
        page = visitor.page
        visitor.open("/aanbod/modules/nieuw/")
        page.locator("input[name=code]").fill("heftruck-veilig")
        page.locator("input[name^=title]").first.fill("Veilig met de heftruck")
        if page.locator("main select[name=track]").count():
            page.locator("main select[name=track]").select_option("mbo")
        page.locator("main form button").last.click()
        visitor.check()
        version = re.search(r"/versies/([0-9a-f-]{36})/", page.content()).group(1)
        for part in ("", "vaardigheden/", "inhoud/", "voorbeeld/", "controle/", "weggooien/"):
            visitor.open(f"/aanbod/versies/{version}/{part}")
        visitor.open(f"/aanbod/versies/{version}/controle/")
        problems = page.locator("main a[href*='/aanbod/']")
        assert problems.count() >= 3
        visitor.open(f"/aanbod/versies/{version}/inhoud/")
        page.locator("#new-nl").fill("Begin")
        page.locator("form[action$='/hoofdstukken/'] button").first.click()
        visitor.check()
        assert "Begin" in visitor.text()


def test_every_page_of_a_publisher(site, visit):
    publisher = next(p for p in site.personas if p["email"].startswith("harm."))
    with visit(phone=True) as visitor:
        visitor.sign_in(publisher)
        page = visitor.page
        visitor.open("/aanbod/")
        addresses = page.eval_on_selector_all("main a[href^='/aanbod/']", "links => links.map(a => a.pathname)")
        assert addresses
        visitor.open("/aanbod/certificaten/")
        visitor.open(f"/aanbod/{site.import_example['offering']}/deelnemers/")
        page.locator("main table a[href^='/deelnemers/']").first.click()
        visitor.check()
        visitor.open(f"/aanbod/uitvoeringen/{site.import_example['offering']}/")
        for address in list(dict.fromkeys(addresses))[:6]:
            visitor.open(address)

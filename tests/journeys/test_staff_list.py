"""An HR manager sends her list: previews, confirms, sees how far it is, and keeps what became of each row."""

import re
import time

import pytest

from tests.separate import ROOT

pytestmark = pytest.mark.journey
SAMPLE = ROOT / "docs" / "samples" / "personeel-zwaluwstaal.csv"
NEW = 260


def test_a_long_list_goes_in_while_one_looks_and_its_outcome_is_a_file(site, visit):
    hr = next(p for p in site.personas if p["email"].startswith("anneke."))
    with visit() as visitor:
        visitor.sign_in(hr)
        visitor.open("/medewerkers/importeren/")
        page = visitor.page
        page.locator("input[type=file]").set_input_files(
            {"name": "ploegen.csv", "mimeType": "text/csv", "buffer": _long_list()}
        )
        visitor.press("Uploaden en controleren")
        assert str(NEW) in visitor.text()
        assert "Er is nog niets" in visitor.text()
        visitor.press("Personeelsbestand bijwerken")
        page.get_by_role("heading", name="Medewerkers geïmporteerd").wait_for()
        visitor.check()
        assert "E-mail" in visitor.text()
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV", exact=True).click()
        lines = download.value.path().read_text("utf-8-sig").splitlines()
        assert len(lines) == 1 + NEW + 1
        assert sum("nieuw in de personeelslijst" in line for line in lines) == NEW
        assert "niet ingevoerd" in lines[-1]


def test_forty_people_from_a_spreadsheet(site, visit):
    hr = next(p for p in site.personas if p["email"].startswith("anneke."))
    offering = site.import_example["offering"]
    with visit() as visitor:
        visitor.sign_in(hr)
        visitor.open("/medewerkers/importeren/")
        page = visitor.page
        value = page.locator(f"select[name=offering] option:has-text('{offering}')").first.get_attribute("value")
        page.locator("select[name=offering]").select_option(value or offering)
        page.locator("input[type=file]").set_input_files(SAMPLE)
        page.get_by_role("button", name="Uploaden en controleren").click()
        visitor.check()
        assert "Er is nog niets" in visitor.text()
        page.get_by_role("button", name=re.compile(r"\d+ (mensen|personen) inschrijven")).click()
        visitor.check()
        visitor.open("/inschrijvingen/")
        visitor.open("/medewerkers/")
        page.locator("main table a").first.click()
        visitor.check()
        visitor.open("/start/")
    invitations = _wait_for_invitations(site)
    assert invitations
    with visit(phone=True) as newcomer:
        newcomer.open(invitations[0])
        for field in newcomer.page.locator("input[type=password]").all():
            field.fill("leren-op-de-fabriek-26")
        newcomer.page.locator("main form [type=submit]").first.click()
        newcomer.page.wait_for_load_state()
        newcomer.check()
        assert "/start/" in newcomer.page.url
        newcomer.open("/mijn-leren/")
        assert "Lean" in newcomer.text()


def _long_list() -> bytes:
    people = [f"8{n:03};Roos {n};Ploeg;roos{n}@ploegen.example;Productie > Ploeg {n % 3}" for n in range(NEW)]
    wrong = "8999;Fout;Adres;geen adres;Productie"
    return "\r\n".join(["Pers.nr.;Roepnaam;Achternaam;E-mail;Afdeling", *people, wrong]).encode("cp1252")


def _wait_for_invitations(site) -> list[str]:
    for _ in range(60):
        texts = [path.read_text() for path in (site.var / "mail").glob("*.log")]
        links = [link for text in texts for link in re.findall(rf"{site.url}/uitnodiging/\S+", text)]
        if links:
            return links
        time.sleep(0.5)
    return []

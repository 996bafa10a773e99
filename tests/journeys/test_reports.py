"""HR opens a figure down to its rows and takes the same rows along; a worker shares a grade and takes it back."""

import csv
import io
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.journey
PEOPLE = "/rapporten/mijn-mensen/"
OTHERS = [f"/rapporten/{name}/" for name in ("geldigheid", "subsidie", "per-mail", "opleidingsbehoeften")]
OTHERS += ["/rapporten/plaatsen-en-budget/", "/rapporten/plaatsen-en-budget/regels/"]


def _persona(site, name):
    return next(one for one in site.personas if one["email"].startswith(f"{name}."))


def _downloaded(page, name):
    with page.expect_download() as caught:
        page.get_by_role("link", name=name, exact=True).click()
    return Path(caught.value.path()).read_bytes()


def test_a_figure_opens_to_its_rows_and_they_download(site, visit):
    with visit() as visitor:
        visitor.sign_in(_persona(site, "anneke"))
        visitor.open(PEOPLE)
        page = visitor.page
        tile = page.locator(".tile", has_text="bezig")
        count = int(tile.locator("dd").inner_text())
        assert count > 0
        tile.get_by_role("link").click()
        page.wait_for_url("**/regels/**")
        visitor.check()
        names = page.locator("main table tbody th").all_inner_texts()
        assert len(names) == count
        lines = list(csv.reader(io.StringIO(_downloaded(page, "CSV").decode("utf-8-sig")), delimiter=";"))
        assert [line[0] for line in lines[1:]] == names
        for address in OTHERS:
            visitor.open(address)
    with visit(phone=True) as visitor:
        visitor.sign_in(_persona(site, "anneke"))
        for address in (PEOPLE, f"{PEOPLE}regels/", "/rapporten/geldigheid/", "/rapporten/subsidie/regels/"):
            visitor.open(address)


def test_a_grade_is_seen_while_it_is_shared(site, visit):
    shared = re.compile("gedeeld door de medewerker")
    with visit() as hr, visit(phone=True) as worker:
        hr.sign_in(_persona(site, "anneke"))
        hr.open("/inschrijvingen/?q=fatma")
        assert shared.search(hr.text())
        worker.sign_in(_persona(site, "fatma"))
        worker.open("/mijn-leren/wat-mijn-werkgever-ziet/")
        worker.press("Stoppen met delen")
        hr.open("/inschrijvingen/?q=fatma")
        assert not shared.search(hr.text())
        worker.press("Mijn cijfer delen")
        hr.open("/inschrijvingen/?q=fatma")
        assert shared.search(hr.text())

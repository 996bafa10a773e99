"""A provider sells two seats; HR enrolls four, two wait for a seat; one withdraws, and the next gets the seat."""

from datetime import timedelta

import pytest

from lms.core.clock import today

pytestmark = pytest.mark.journey
REFERENCE = "Cobots voor Loozerveld"
OFFERING = "werken-met-cobots-leerhub"
PEOPLE = ("Dennis Zuidema", "Noor El Amrani", "Roelof Snippe", "Sanne Oldenhof")


def test_two_seats_for_four_people(site, visit):
    hr, provider = (next(one for one in site.personas if one["email"].startswith(name)) for name in ("wilco.", "harm."))
    with visit() as visitor:
        visitor.sign_in(provider)
        propose(visitor)
    with visit() as visitor:
        visitor.sign_in(hr)
        accept(visitor)
        enroll(visitor)
        assert "0" in seats_left(visitor)
        first = withdraw_the_first(visitor)
        ledger = open_agreement(visitor)
        assert ledger.get_by_role("row", name=f"vrijgegeven: {first}").count() == 1
        assert "0" in seats_left(visitor)
        visitor.open("/afspraken/facturen/")
        assert standing(visitor) == ["plaats aangeboden", "op de wachtlijst"]
    with visit(phone=True) as visitor:
        visitor.sign_in(hr)
        open_agreement(visitor)
        visitor.open("/inschrijvingen/")
        visitor.open("/gereserveerde-plaatsen/")
        assert standing(visitor) == ["plaats aangeboden", "op de wachtlijst"]


def propose(visitor):
    """Two seats for a year, for one module at an agreed price: what else HR does is not paid from it."""
    page = visitor.open("/afspraken/nieuw/")
    page.get_by_label("Met", exact=True).select_option(label="Loozerveld Machines en Kunststof")
    page.get_by_label("Naam of nummer van de afspraak").fill(REFERENCE)
    page.get_by_label("Vanaf").fill(today().isoformat())
    page.get_by_label("Laatste dag").fill((today() + timedelta(days=365)).isoformat())
    page.get_by_label("Plekken").fill("2")
    page.get_by_label("Alleen voor modules met een afgesproken prijs").check()
    visitor.press("Voorstellen")
    assert REFERENCE in page.locator("h1").inner_text()
    price = page.locator("form[action$='/prijs/']")
    page.locator("details", has=price).locator("summary").click()
    price.locator("select[name=module]").select_option("werken-met-cobots")
    price.locator("input[name=price]").fill("290")
    price.locator("button").click()
    page.get_by_role("row", name="werken-met-cobots").wait_for()
    visitor.check()


def open_agreement(visitor):
    """From the list, as one finds it."""
    visitor.open("/afspraken/")
    return visitor.click(REFERENCE)


def accept(visitor):
    """The terms as they stand."""
    open_agreement(visitor)
    visitor.press("Akkoord")
    assert "2" in seats_left(visitor)


def seats_left(visitor):
    """What the agreement says."""
    open_agreement(visitor)
    return visitor.page.locator(".tile", has_text="Plekken over").inner_text()


def enroll(visitor):
    """Four people are ticked, the plan says what happens, and then it does."""
    page = visitor.open("/medewerkers/")
    for name in PEOPLE:
        page.get_by_role("row", name=name).get_by_role("checkbox").check()
    visitor.press("Gekozen mensen inschrijven")
    page.locator("select[name=offering]").select_option(OFFERING)
    visitor.press("Volgende")
    assert REFERENCE in visitor.text()
    assert "2" in page.locator(".tile", has_text="wachtlijst").inner_text()
    visitor.press("Bevestigen")


def withdraw_the_first(visitor):
    """Whoever has a seat and stands first on the page; says who."""
    page = visitor.open(f"/inschrijvingen/?offering={OFFERING}&state=active")
    row = page.locator("tbody tr", has_text="Uitschrijven").first
    name = next(name for name in PEOPLE if name in row.inner_text())
    row.get_by_role("link", name="Uitschrijven").click()
    visitor.check()
    visitor.press("Ja, uitschrijven")
    return name


def standing(visitor):
    """The state of each of HR's people in line for the offering, the first first."""
    page = visitor.open(f"/inschrijvingen/wachtlijst/{OFFERING}/")
    return [chip.strip().lstrip("✓ ") for chip in page.locator("tbody .chip").all_inner_texts()]

"""A need of three employers ends in an offering with reserved places, and each enrolls within its own."""

from datetime import date, timedelta

import pytest

pytestmark = pytest.mark.journey
NEEDS = "/opleidingsbehoeften/"
TITLE = "Veilig en schoon aan de lijn"
PEOPLE = {"anneke.": 2, "wilco.": 1, "saskia.": 1}


def test_three_employers_get_places_of_their_own(site, visit):
    def persona(name):
        return next(one for one in site.personas if one["email"].startswith(name))

    for name, people in PEOPLE.items():
        with visit(phone=name == "wilco.", scripts=name != "saskia.") as visitor:
            visitor.sign_in(persona(name))
            post(visitor, people)
    with visit() as visitor:
        visitor.sign_in(persona("lotte."))
        bundle_and_ask(visitor)
    with visit() as visitor:
        visitor.sign_in(persona("harm."))
        answer(visitor)
    for name, people in PEOPLE.items():
        with visit(scripts=name == "anneke.") as visitor:
            visitor.sign_in(persona(name))
            take_places(visitor, people, accept=name == "anneke.")


def post(visitor, people):
    """A skill is looked up, what fits shows at once (without scripts at a button), and the need is posted."""
    page = visitor.open(f"{NEEDS}nieuw/")
    page.get_by_label("Vaardigheid toevoegen").fill("gevaren op de werkplek")
    look(visitor)
    page.locator("fieldset.skills input").first.check()
    look(visitor)
    page.locator("#matches article h3", has_text="Hygiënisch werken").wait_for()
    visitor.check()
    page.get_by_label("Hoeveel mensen").fill(str(people))
    look(visitor)
    page.get_by_label("Wat er nodig is").fill(TITLE)
    visitor.press("Plaats deze behoefte")
    assert TITLE in page.locator("h1").inner_text()


def look(visitor):
    """What fits follows every change; who has no scripts asks for it."""
    if visitor.scripts:
        visitor.page.keyboard.press("Tab")
        visitor.page.wait_for_load_state("networkidle")
    else:
        visitor.press("Laat zien wat past")


def bundle_and_ask(visitor):
    """The three look alike; they become one bundle, and providers are asked."""
    page = visitor.open(f"{NEEDS}regio/")
    rows = page.locator("tbody tr", has_text=TITLE)
    assert rows.count() == len(PEOPLE)
    for row in rows.all():
        row.get_by_role("checkbox").check()
    page.get_by_label("Titel van een nieuwe bundel").fill(TITLE)
    visitor.press("Bundel wat is aangevinkt")
    assert "werkgevers\n3" in visitor.text()
    visitor.press("Vraag opleiders")
    assert "Opleiders zien deze bundel nu" in visitor.text()


def answer(visitor):
    """Names of employers come with the places that are kept for them."""
    visitor.open(f"{NEEDS}bundels/")
    page = visitor.click(TITLE)
    assert "Zwaluwstaal" not in visitor.text()
    card = page.locator("article", has=page.get_by_role("heading", name="Hygiënisch werken"))
    card.get_by_role("link", name="Antwoord met deze module").click()
    page.wait_for_load_state()
    visitor.check()
    page.get_by_label("Begint op").fill((date.today() + timedelta(days=30)).isoformat())
    visitor.press("Reserveren en antwoorden")
    told = visitor.text()
    assert "Zwaluwstaal Metaalbewerking: 2 plaatsen gereserveerd, 0 bezet" in told
    assert "Barger Vers: 1 plaats gereserveerd, 0 bezet" in told


def take_places(visitor, people, *, accept):
    """HR accepts the places or enrolls at once; the need is met either way."""
    visitor.open(NEEDS)
    page = visitor.click(TITLE)
    address = page.url
    assert "Reestdal Techniekcollege" in visitor.text()
    if accept:
        visitor.press("Plaatsen aanvaarden")
    page.locator("section", has_text="Voor u gereserveerd").get_by_role("link", name="Mensen inschrijven").click()
    page.wait_for_load_state()
    for box in page.locator("input[name=person]").all()[:people]:
        box.check()
    page.locator("main form[action*=inschrijven] button").first.click()
    page.wait_for_load_state()
    visitor.check()
    page.locator("main form[method=post] button").first.click()
    page.wait_for_load_state()
    page.goto(address)
    told = visitor.check().locator("main").inner_text()
    assert "vervuld" in told
    assert f"gereserveerd, {people} bezet" in told

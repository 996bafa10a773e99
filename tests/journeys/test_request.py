"""A worker asks the employer for a module that costs more than the manager decides on alone, and gets in."""

import pytest

pytestmark = pytest.mark.journey
OFFERING = "data-analyse-najaar"
WHY = "Wij krijgen een nieuwe lasrobot, en ik wil de cijfers ervan kunnen lezen."


def persona(site, name):
    return {"email": f"{name}@zwaluwstaal.example", "password": site.personas[0]["password"]}


def test_from_question_to_place(site, visit):
    with visit() as worker:
        worker.sign_in(persona(site, "bert.hoogeveen"))
        worker.open("/modules/hogeschool-oosterveen/data-analyse-smart-industry/")
        worker.click("Vraag aan bij uw werkgever")
        worker.page.locator("textarea[name=motivation]").fill(WHY)
        worker.press("Aanvraag versturen")
        assert "Chantal van der Meulen" in worker.text()
    with visit(phone=True) as manager:
        manager.sign_in(persona(site, "chantal.vandermeulen"))
        manager.open("/start/")
        manager.click("wacht op uw beslissing")
        manager.click("Bert Hoogeveen")
        assert WHY in manager.text()
        assert "895" in manager.text()
        manager.press("Goedkeuren")
        assert "Nu beslist HR" in manager.page.inner_text("body")
    with visit() as hr:
        hr.sign_in(persona(site, "anneke.veldhuis"))
        hr.open("/aanvragen/te-beslissen/")
        hr.page.get_by_role("row", name="Data-analyse").get_by_role("link", name="Beslissen").click()
        hr.check()
        hr.press("Goedkeuren")
        assert "ingeschreven" in hr.page.inner_text("body")
    with visit(phone=True) as worker:
        worker.sign_in(persona(site, "bert.hoogeveen"))
        worker.open("/mijn-leren/")
        assert (
            "Data-analyse in de smart industry" in worker.page.locator("section[aria-labelledby=active]").inner_text()
        )
        worker.open("/aanvragen/")
        worker.open("/start/")

"""Writing a module in the browser, without JavaScript."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Pillow

from courses.models import Image, Module, ModuleVersion, Occupation, Offering, Section, Sector, Skill, Unit
from courses.services.authoring import create_draft, edit_unit, edit_version
from courses.web.facts_form import FactsForm
from lms.core.clock import now
from lms.permissions.roles import Role
from tests.factories import (
    ModuleVersionFactory,
    OrganizationFactory,
    UserFactory,
    offering_of,
    person_with_role,
    published_version,
    quiz_unit,
    text_unit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(provider):
    version = ModuleVersionFactory(module__provider=provider)
    section = Section.objects.create(version=version, position=0, title={"nl": "Begin"})
    text_unit(section, 0)
    quiz_unit(section, 1)
    return version


@pytest.fixture
def writing(client, teacher):
    client.force_login(teacher)
    return client


@pytest.fixture
def publishing(client, publisher):
    client.force_login(publisher)
    return client


def to(name, *args):
    return reverse(f"courses:{name}", args=args)


def facts_of(version, **changes):
    values = FactsForm.values_of(version)
    return {name: "" if value is None else value for name, value in {**values, **changes}.items()}


def unit_of(version, kind):
    return Unit.objects.get(section__version=version, kind=kind)


def test_a_module_from_nothing_to_the_catalogue(client, provider, publisher):
    client.force_login(publisher)
    body = {"provider": provider.pk, "title_nl": "TIG-lassen", "code": "tig", "track": "mbo"}
    client.post(to("new_module"), body)
    version = ModuleVersion.objects.get()
    answer = client.post(
        to("facts", version.pk),
        facts_of(
            version,
            summary_nl="Kort",
            description_nl="Lang",
            outcomes_nl="Last\r\nSlijpt",
            outcomes_en="Welds",
            load="12,5",
            next="content",
        ),
    )
    assert answer.url == to("content", version.pk)
    version.refresh_from_db()
    assert (str(version.load), version.outcomes) == ("12.5", [{"nl": "Last", "en": "Welds"}, {"nl": "Slijpt"}])
    client.post(to("add_section", version.pk), {"title_nl": "Begin"})
    section = version.sections.get()
    answer = client.post(to("change_section", section.pk), {"do": "add-unit", "kind": "text", "title_nl": "Les"})
    unit = section.units.get()
    assert answer.url == to("unit", unit.pk)
    assert len(client.get(to("check", version.pk)).context["problems"]) == 1
    body = {"title_nl": "Les", "minutes": 20, "required": "on", "body_nl": "Lees **dit**.", "revision": unit.revision}
    client.post(to("unit", unit.pk), {**body, "do": "preview"})
    assert "<strong>dit</strong>" in client.get(to("preview_unit", unit.pk)).content.decode()
    client.post(to("submit", version.pk), {"request": "Graag nakijken."})
    client.force_login(person_with_role(provider, Role.REVIEWER))
    assert "TIG-lassen" in client.get(to("reviews")).content.decode()
    client.post(to("approve", version.pk), {"notes": "Goed."})
    client.force_login(publisher)
    assert to("publish", version.pk) in client.get(to("review", version.pk)).content.decode()
    client.post(to("publish", version.pk))
    body = {
        "code": "tig-1",
        "starts_on": "2030-01-15",
        "price": "1.250,50",
        "vat_percentage": "21",
        "capacity": "8",
        "delivery": "hub",
        "language": "nl",
        "visibility": "public",
    }
    answer = client.post(to("new_offering", version.pk), body)
    assert answer.status_code == 302, answer.context["form"].errors
    client.logout()
    html = client.get("/").content.decode()
    assert "TIG-lassen" in html
    assert "1.250,50" in html


def test_a_quiz_is_written_button_by_button(writing, draft):
    unit = unit_of(draft, "quiz")
    Unit.objects.filter(pk=unit.pk).update(data={})
    unit.refresh_from_db()
    base = {"title_nl": "Toets", "minutes": 10, "required": "on", "pass_mark": 70, "max_attempts": "3"}
    writing.post(to("unit", unit.pk), {**base, "revision": unit.revision, "questions": 0, "do": "add-question"})
    unit.refresh_from_db()
    assert len(unit.data["questions"]) == 1
    question = {
        "questions": 1,
        "question-0-id": unit.data["questions"][0]["id"],
        "question-0-nl": "Wat eerst?",
        "question-0-type": "multiple",
        "question-0-options": 4,
        "question-0-option-0-nl": "Noodstop testen",
        "question-0-option-0-correct": "1",
        "question-0-option-1-nl": "Starten",
        "question-0-option-2-nl": "Bril opzetten",
        "question-0-option-2-correct": "1",
        "question-0-option-3-nl": " ",
    }
    writing.post(to("unit", unit.pk), {**base, **question, "revision": unit.revision, "do": "save"})
    unit.refresh_from_db()
    [stored] = unit.data["questions"]
    assert [option["text"]["nl"] for option in stored["options"]] == ["Noodstop testen", "Starten", "Bril opzetten"]
    assert stored["correct"] == [stored["options"][0]["id"], stored["options"][2]["id"]]
    assert (unit.data["pass_mark"], unit.data["max_attempts"]) == (70, 3)
    html = writing.get(to("unit", unit.pk)).content.decode()
    assert html.count("checked") >= 3
    writing.post(to("unit", unit.pk), {**base, **question, "revision": unit.revision, "do": "delete:0"})
    unit.refresh_from_db()
    assert unit.data["questions"] == []


def test_what_a_form_sends_never_makes_the_quiz_editor_stumble(writing, draft):
    unit = unit_of(draft, "quiz")
    base = {"title_nl": "T", "minutes": 1, "pass_mark": 50}
    for questions in ("-1", "x", "²", "99999999", "3"):
        unit.refresh_from_db()
        body = {
            **base,
            "questions": questions,
            "do": "up:9",
            "revision": unit.revision,
            "question-0-options": questions,
        }
        assert writing.post(to("unit", unit.pk), body).status_code == 302
    for data in ({"questions": [None, {"options": {"a": 1}, "correct": "x"}]}, {"questions": "x"}):
        Unit.objects.filter(pk=unit.pk).update(data=data)
        assert writing.get(to("unit", unit.pk)).status_code == 200
        assert writing.get(to("preview_unit", unit.pk)).status_code == 200


def test_a_refused_quiz_form_keeps_what_was_typed(writing, draft):
    unit = unit_of(draft, "quiz")
    body = {"title_nl": "T", "minutes": 1, "pass_mark": 500, "questions": 1, "question-0-nl": "Mijn lange vraag"}
    answer = writing.post(to("unit", unit.pk), {**body, "revision": unit.revision, "do": "save"})
    assert answer.status_code == 200
    assert "Mijn lange vraag" in answer.content.decode()


def test_a_colleagues_facts_are_shown_beside_ones_own(writing, provider, draft):
    body = facts_of(draft, summary_nl="Mijn samenvatting")
    colleague = person_with_role(provider, Role.TEACHER)
    edit_version(by=colleague, version=draft, revision=0, facts={"summary": {"nl": "Die van de collega"}})
    answer = writing.post(to("facts", draft.pk), body)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Mijn samenvatting" in html
    assert "Die van de collega" in html
    assert [difference["stored"] for difference in answer.context["differences"]] == ["Die van de collega"]
    assert ModuleVersion.objects.get(pk=draft.pk).summary == {"nl": "Die van de collega"}
    again = writing.post(to("facts", draft.pk), {**body, "revision": answer.context["form"].data["revision"]})
    assert again.status_code == 302
    assert ModuleVersion.objects.get(pk=draft.pk).summary == {"nl": "Mijn samenvatting"}


def test_a_colleagues_text_is_shown_beside_ones_own(writing, provider, draft):
    unit = unit_of(draft, "text")
    body = {"title_nl": "Les", "minutes": 5, "body_nl": "Mijn tekst", "revision": unit.revision, "do": "save"}
    colleague = person_with_role(provider, Role.TEACHER)
    edit_unit(by=colleague, unit=unit, data={"body": {"nl": "Tekst van de collega"}})
    answer = writing.post(to("unit", unit.pk), body)
    assert answer.status_code == 409
    assert "Mijn tekst" in answer.content.decode()
    assert "Tekst van de collega" in answer.content.decode()
    assert unit_of(draft, "text").data == {"body": {"nl": "Tekst van de collega"}}


def test_a_picture_is_added_while_the_text_is_saved(writing, draft):
    unit = unit_of(draft, "text")
    written = BytesIO()
    Pillow.new("RGB", (4, 4)).save(written, format="PNG")
    body = {"title_nl": "Les", "minutes": 5, "body_nl": "Nieuwe tekst", "revision": unit.revision, "do": "add-image"}
    without_words = {**body, "image_file": SimpleUploadedFile("a.png", written.getvalue())}
    answer = writing.post(to("unit", unit.pk), without_words)
    assert answer.context["form"].errors["image_alt_nl"]
    unit.refresh_from_db()
    with_words = {
        **body,
        "revision": unit.revision,
        "image_alt_nl": "Een bank",
        "image_file": SimpleUploadedFile("a.png", written.getvalue()),
    }
    assert writing.post(to("unit", unit.pk), with_words).status_code == 302
    image = Image.objects.get()
    assert f"image:{image.pk}" in writing.get(to("unit", unit.pk)).content.decode()
    assert unit_of(draft, "text").data == {"body": {"nl": "Nieuwe tekst"}}


def test_units_and_sections_move_by_buttons(writing, draft):
    first = draft.sections.get()
    second = Section.objects.create(version=draft, position=1, title={"nl": "Einde"})
    unit = unit_of(draft, "quiz")
    writing.post(to("change_unit", unit.pk), {"do": "up"})
    assert [u.kind for u in first.units.all()] == ["quiz", "text"]
    writing.post(to("change_unit", unit_of(draft, "text").pk), {"do": "down"})
    assert [u.kind for u in second.units.all()] == ["text"]
    writing.post(to("change_section", second.pk), {"do": "up"})
    assert [str(s) for s in draft.sections.all()] == ["Einde", "Begin"]
    writing.post(to("change_section", first.pk), {"do": "rename", "title_nl": "Slot", "title_en": "End"})
    writing.post(to("change_unit", unit.pk), {"do": "delete"})
    first.refresh_from_db()
    assert (first.title, first.units.count()) == ({"nl": "Slot", "en": "End"}, 0)
    writing.post(to("change_section", first.pk), {"do": "delete"})
    assert draft.sections.count() == 1


def test_skills_are_found_added_and_taken_away(writing, draft):
    skill = Skill.objects.create(uri="http://data.europa.eu/esco/skill/1", label_en="operate lathe")
    page = to("skills", draft.pk)
    assert "operate lathe" in writing.get(f"{page}?q=lathe").content.decode()
    writing.post(f"{page}?q=lathe", {"skill": skill.pk, "do": "add"})
    assert list(draft.skills.all()) == [skill]
    writing.post(page, {"skill": skill.pk, "do": "remove"})
    assert not draft.skills.exists()
    assert writing.post(page, {"skill": "x"}).status_code == 302


def test_skills_of_an_occupation_are_added_at_once(writing, draft):
    """Found by a Dutch or English word, whatever its accents and capitals."""
    skills = [
        Skill.objects.create(uri=f"http://x.test/skill/{n}", label_en=f"weld {n}", label_nl=f"lassen {n}")
        for n in range(3)
    ]
    Skill.objects.create(uri="http://x.test/skill/oud", label_en="weld", label_nl="lassen", retired_at=now())
    welder = Occupation.objects.create(
        uri="http://x.test/occupation/1", label_en="welder", label_nl="constructié-lasser"
    )
    welder.skills.set(Skill.objects.all())
    page = to("skills", draft.pk)
    for words in ("WELDER", "constructie-lasser"):
        assert list(writing.get(f"{page}?q={words}").context["occupations"]) == [welder]
    found = writing.get(f"{page}?occupation={welder.pk}").context["found"]
    assert found == skills
    writing.post(f"{page}?occupation={welder.pk}", {"skill": [skill.pk for skill in skills[:2]], "do": "add"})
    assert set(draft.skills.all()) == set(skills[:2])
    html = writing.get(f"{page}?occupation={welder.pk}").content.decode()
    assert "ESCO-classificatie" in html
    assert "eigen vertaling" in html
    assert writing.get(f"{page}?occupation=x").status_code == 200


def test_sectors_are_chosen_among_the_facts(writing, draft):
    metal, food = (Sector.objects.create(code=code, label_nl=code, label_en=code) for code in ("25", "10"))
    page = to("facts", draft.pk)
    assert writing.post(page, {**facts_of(draft), "sectors": ["25", "10"]}).status_code == 302
    assert set(draft.sectors.all()) == {metal, food}
    draft.refresh_from_db()
    assert writing.post(page, {**facts_of(draft), "sectors": ["10"]}).status_code == 302
    assert list(draft.sectors.all()) == [food]
    stale = writing.post(page, {**facts_of(draft), "sectors": ["25"]})
    assert stale.status_code == 409
    assert ("25", "10") in [(found["typed"], found["stored"]) for found in stale.context["differences"]]
    draft.refresh_from_db()
    assert "99" in str(writing.post(page, {**facts_of(draft), "sectors": ["99"]}).context["form"].errors["sectors"])


def test_each_problem_leads_to_where_it_is_mended(writing, provider):
    version = ModuleVersionFactory(module__provider=provider, summary={})
    section = Section.objects.create(version=version, position=0, title={})
    unit = quiz_unit(section, 0)
    unit.data["questions"][1]["correct"] = []
    unit.save()
    urls = [problem.url for problem in writing.get(to("check", version.pk)).context["problems"]]
    assert f"{to('facts', version.pk)}#id_summary_nl" in urls
    assert f"{to('content', version.pk)}#section-{section.pk}" in urls
    assert f"{to('unit', unit.pk)}#question-1" in urls
    html = writing.get(to("unit", unit.pk)).content.decode()
    assert 'id="question-1"' in html
    assert 'id="id_summary_nl"' in writing.get(to("facts", version.pk)).content.decode()


def test_every_problem_of_an_empty_draft_has_a_place(writing, provider):
    version = ModuleVersionFactory(
        module__provider=provider, document_type="microcredential", title={}, outcomes=[{}], nlqf_basis="formal"
    )
    problems = writing.get(to("check", version.pk)).context["problems"]
    assert len(problems) > 8
    assert all("#id_" in problem.url or problem.url == to("content", version.pk) for problem in problems)


def test_a_teacher_is_told_to_ask_a_publisher(writing, draft):
    html = writing.get(to("check", draft.pk)).content.decode()
    assert to("publish", draft.pk) not in html
    assert writing.post(to("publish", draft.pk)).status_code == 403


def pages_of(version, offering):
    section = version.sections.get()
    return [
        to("authored_module", version.module_id),
        to("facts", version.pk),
        to("skills", version.pk),
        to("content", version.pk),
        to("check", version.pk),
        to("preview", version.pk),
        to("discard", version.pk),
        to("unit", unit_of(version, "text").pk),
        to("unit", unit_of(version, "quiz").pk),
        to("preview_unit", unit_of(version, "quiz").pk),
        to("edit_offering", offering.code),
        to("cancel_offering", offering.code),
        to("new_offering", version.pk),
        to("change_section", section.pk),
        to("change_unit", section.units.first().pk),
        to("add_section", version.pk),
        to("publish", version.pk),
        to("new_draft", version.module_id),
    ]


def test_others_find_nothing_of_a_draft_and_may_not_write_what_is_published(client, draft, provider, stranger):
    reserved = offering_of(published_version(), visibility="employers")
    for page in pages_of(draft, reserved):
        client.logout()
        assert client.get(page).status_code in (302, 405), page
        for user in (stranger, UserFactory()):
            client.force_login(user)
            assert client.get(page).status_code in (404, 405), page
            assert client.post(page, {}).status_code in (404, 405), page
    version = published_version(provider)
    for page in pages_of(version, offering_of(version)):
        client.force_login(stranger)
        assert client.get(page).status_code in (403, 405), page
        assert client.post(page, {}).status_code in (403, 405), page
    assert client.get(to("new_module")).status_code == 200
    client.force_login(UserFactory())
    assert client.get(to("new_module")).status_code == 403
    assert client.get(to("my_modules")).status_code == 403


def test_a_published_version_says_that_it_is_frozen(publishing, provider):
    version = published_version(provider)
    for page in ("facts", "content", "skills"):
        assert publishing.get(to(page, version.pk)).status_code == 409
    publishing.post(to("new_draft", version.module_id))
    assert version.module.versions.count() == 2


def test_drafts_are_discarded_after_asking(writing, draft, provider):
    assert writing.get(to("discard", draft.pk)).status_code == 200
    writing.post(to("discard", draft.pk))
    assert not Module.objects.exists()


def test_an_offering_is_changed_and_cancelled(publishing, provider):
    employer = OrganizationFactory()
    offering = offering_of(published_version(provider), capacity=5, taken=3)
    page = to("edit_offering", offering.code)
    values = publishing.get(page).context["form"].initial
    body = {name: "" if value is None else value for name, value in values.items()}
    refused = publishing.post(page, {**body, "capacity": "2"})
    assert refused.context["form"].errors["capacity"]
    body |= {"capacity": "7", "visibility": "employers", "employers": [employer.pk]}
    assert publishing.post(page, body).status_code == 302
    offering.refresh_from_db()
    assert (offering.capacity, list(offering.employers.all())) == (7, [employer])
    publishing.post(to("cancel_offering", offering.code))
    assert Offering.objects.get().state == "cancelled"
    assert publishing.post(page, body).status_code == 409


def test_my_modules_take_a_bounded_number_of_queries(client, provider, publisher, django_assert_max_num_queries):
    for _number in range(8):
        version = published_version(provider)
        offering_of(version)
        create_draft(by=publisher, module=version.module)
    client.force_login(publisher)
    with django_assert_max_num_queries(9):
        html = client.get(to("my_modules")).content.decode()
    assert html.count("<tr>") == 9
    with django_assert_max_num_queries(10):
        client.get(to("authored_module", version.module_id))
    with django_assert_max_num_queries(9):
        client.get(to("content", Module.objects.latest("id").versions.get(number=2).pk))


def test_the_check_names_the_unit_in_which_something_is_missing(writing, draft):
    section = draft.sections.first() or Section.objects.create(version=draft, position=0, title={"nl": "Begin"})
    Unit.objects.filter(pk=text_unit(section, 7).pk).update(title={"nl": "Zonder minuten"}, minutes=0)
    html = writing.get(to("check", draft.pk)).content.decode()
    assert "<strong>Zonder minuten</strong>: Schat" in html


def test_an_occupation_called_so_stands_before_longer_names(writing, draft):
    for number, name in enumerate(("laserlasser", "puntlasser", "lasser")):
        Occupation.objects.create(
            uri=f"http://data.europa.eu/esco/occupation/{number}", label_nl=name, label_en="welder"
        )
    found = writing.get(to("skills", draft.pk), {"q": "Lasser"}).context["occupations"]
    assert [occupation.label_nl for occupation in found] == ["lasser", "puntlasser", "laserlasser"]

"""Saving while one types, previews beside the text, and the tree by buttons and by hand."""

from pathlib import Path

import pytest
from django.urls import reverse

from courses.models import ModuleVersion, Section, Unit
from courses.services import authoring
from courses.services.publishing import publish_version
from courses.web.facts_form import FactsForm
from courses.web.unit_forms import TextForm
from lms.core.errors import Conflict
from lms.permissions.roles import Role
from tests.factories import ModuleVersionFactory, approved, person_with_role, text_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(provider):
    version = ModuleVersionFactory(module__provider=provider)
    for place, name in enumerate(("Begin", "Einde")):
        section = Section.objects.create(version=version, position=place, title={"nl": name})
        text_unit(section, 0)
        text_unit(section, 1)
    return version


@pytest.fixture
def writing(client, teacher):
    client.force_login(teacher)
    return client


@pytest.fixture
def colleague(provider):
    return person_with_role(provider, Role.TEACHER)


def to(name, *args):
    return reverse(f"courses:{name}", args=args)


def filled(form_class, row, **changes):
    values = {**form_class.values_of(row), **changes}
    return {name: "" if value is None else value for name, value in values.items()} | {"do": "autosave"}


def unit_of(draft, place=0):
    return Unit.objects.filter(section__version=draft).order_by("section__position", "position")[place]


def test_what_is_typed_is_saved_and_one_goes_on_from_there(writing, draft):
    unit = unit_of(draft)
    page = to("unit", unit.pk)
    answer = writing.post(page, filled(TextForm, unit, body_nl="Eerste"))
    assert answer.json()["message"].startswith("Opgeslagen om ")
    answer = writing.post(page, filled(TextForm, unit, body_nl="Tweede", revision=answer.json()["revision"]))
    assert answer.status_code == 200
    stored = Unit.objects.get(pk=unit.pk)
    assert (stored.data["body"]["nl"], stored.revision) == ("Tweede", answer.json()["revision"])


@pytest.mark.parametrize("what", ["facts", "unit"])
def test_what_a_colleague_saved_is_never_overwritten(writing, colleague, draft, what):
    unit = unit_of(draft)
    if what == "facts":
        page, mine = to("facts", draft.pk), filled(FactsForm, draft, summary_nl="Van mij")
        authoring.edit_version(by=colleague, version=draft, revision=0, facts={"summary": {"nl": "Van de collega"}})
    else:
        page, mine = to("unit", unit.pk), filled(TextForm, unit, body_nl="Van mij")
        authoring.edit_unit(by=colleague, unit=unit, data={"body": {"nl": "Van de collega"}})
    answer = writing.post(page, mine)
    assert (answer.status_code, "collega" in answer.json()["message"]) == (409, True)
    both = writing.post(page, {**mine, "do": "save"})
    assert both.status_code == 409
    assert "Van de collega" in both.content.decode()
    assert "Van mij" in both.content.decode()
    stored = [ModuleVersion.objects.get().summary, Unit.objects.get(pk=unit.pk).data.get("body")]
    assert {"nl": "Van de collega"} in stored


def test_what_cannot_be_saved_yet_is_told_and_nothing_changes(writing, draft):
    unit = unit_of(draft)
    answer = writing.post(to("unit", unit.pk), filled(TextForm, unit, title_nl=""))
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("Nog niet opgeslagen:")
    assert Unit.objects.get(pk=unit.pk).revision == unit.revision


def test_a_version_that_was_published_meanwhile_says_so(writing, publisher, draft):
    unit = unit_of(draft)
    body = filled(TextForm, unit, body_nl="Te laat")
    publish_version(by=publisher, version=approved(draft))
    assert writing.post(to("unit", unit.pk), body).status_code == 409
    assert Unit.objects.get(pk=unit.pk).revision == unit.revision


def test_the_text_is_shown_beside_while_it_is_written(writing, draft):
    unit = unit_of(draft)
    address = reverse("courses:preview_text", args=[unit.pk, "nl"])
    shown = writing.post(address, {"body_nl": "# Kop\n\n**vet** <script>alert(1)</script>"}).content.decode()
    assert "<h2>Kop</h2>" in shown
    assert "<strong>vet</strong>" in shown
    assert "<script>" not in shown
    assert Unit.objects.get(pk=unit.pk).revision == unit.revision


def test_a_section_renamed_by_two_shows_both_titles(writing, colleague, draft):
    section = draft.sections.first()
    authoring.edit_section(by=colleague, section=section, title={"nl": "Van de collega"})
    body = {"do": "rename", "title_nl": "Van mij", "revision": section.revision}
    answer = writing.post(to("change_section", section.pk), body)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Van de collega" in html
    assert 'value="Van mij"' in html
    assert str(Section.objects.get(pk=section.pk)) == "Van de collega"
    with pytest.raises(Conflict):
        authoring.edit_section(by=colleague, section=section, title={"nl": "X"}, revision=section.revision)
    fresh = Section.objects.get(pk=section.pk)
    writing.post(to("change_section", section.pk), {**body, "revision": fresh.revision})
    assert str(Section.objects.get(pk=section.pk)) == "Van mij"


def test_a_section_is_renamed_by_api_from_the_revision_that_was_read(api, teacher, draft):
    caller, section = api(teacher), draft.sections.first()
    address = f"/api/v1/sections/{section.pk}/"
    assert caller.patch(address, {"title": {"nl": "X"}}, format="json").status_code == 400
    old = caller.get(address).json()["revision"]
    assert caller.patch(address, {"title": {"nl": "X"}, "revision": old}, format="json").status_code == 200
    refused = caller.patch(address, {"title": {"nl": "Y"}, "revision": old}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "stale")


def test_a_unit_is_put_in_another_section_and_the_page_says_where_it_is(writing, draft):
    unit, goal = unit_of(draft), draft.sections.last()
    body = {"do": "move", "section": goal.pk, "position": "1"}
    shown = writing.post(to("change_unit", unit.pk), body, follow=True).content.decode()
    assert "staat nu op plaats 2 van 3 in “Einde”" in shown
    assert [row.pk for row in goal.units.all()][1] == unit.pk
    shown = writing.post(to("change_section", goal.pk), {"do": "up"}, follow=True).content.decode()
    assert "hoofdstuk 1 van 2" in shown
    writing.post(to("change_section", goal.pk), {"do": "move", "position": "1"})
    assert [str(section) for section in draft.sections.all()] == ["Begin", "Einde"]


@pytest.mark.parametrize(
    "body", [{"section": "x"}, {"section": "01a20d44-d8f7-74d7-9bea-89449bfa3c2f"}, {"position": "-1"}, {}]
)
def test_a_move_to_nowhere_changes_nothing(writing, draft, body):
    unit = unit_of(draft)
    assert writing.post(to("change_unit", unit.pk), {"do": "move", **body}).status_code == 404
    assert Unit.objects.get(pk=unit.pk).section_id == unit.section_id


def test_scripts_are_files_of_our_own():
    """The content security policy lets nothing else run."""
    for template in Path("courses/templates/courses/authoring").glob("*.html"):
        html = template.read_text()
        assert "onclick=" not in html
        assert "<script>" not in html
        assert "style=" not in html

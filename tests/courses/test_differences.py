"""The difference between two versions, field by field and unit by unit."""

import copy
import time

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from courses.differences import compare_versions, versions_to_compare
from courses.differences.words import shortened, text_runs
from courses.models import ModuleVersion, Section, Sector, Skill, Unit
from courses.services import authoring
from lms.core.clock import now
from tests.factories import ModuleVersionFactory, UserFactory, quiz_unit, text_unit

TEXT = st.text(alphabet=st.sampled_from("ab \n,."), max_size=60)


@given(TEXT, TEXT)
def test_nothing_of_either_text_is_lost(old, new):
    runs = text_runs(old, new)
    assert "".join(run.text for run in runs if run.mark != "added") == old
    assert "".join(run.text for run in runs if run.mark != "removed") == new


def test_a_word_that_changed_is_a_word_that_is_shown():
    runs = [(run.mark, run.text) for run in text_runs("Zet de spindel uit.", "Zet de machine uit.")]
    assert runs == [("same", "Zet de "), ("removed", "spindel "), ("added", "machine "), ("same", "uit.")]


def test_long_unchanged_text_is_cut_around_the_change():
    long = "woord " * 200
    shown = list(shortened(text_runs(f"{long}oud {long}", f"{long}nieuw {long}")))
    assert [run.mark for run in shown] == ["same", "removed", "added", "same"]
    assert all(len(run.text) < 120 for run in shown)
    assert shown[0].text.startswith(" … ")


def test_very_long_texts_are_compared_in_time():
    old = "\n".join(f"regel {n} van de tekst" for n in range(4000))
    runs = text_runs(old, old.replace("regel 2000 ", "zin 2000 ").replace("\n", " ", 1))
    assert {run.mark for run in runs} == {"same", "added", "removed"}


@pytest.fixture
def pair(provider, teacher):
    """A published version with two sections, and the draft that follows it."""
    first = ModuleVersionFactory(module__provider=provider)
    begin = Section.objects.create(version=first, position=0, title={"nl": "Begin"})
    end = Section.objects.create(version=first, position=1, title={"nl": "Einde"})
    for position in range(3):
        text_unit(begin, position)
    quiz_unit(end)
    return first, next_draft(first, teacher)


def next_draft(version, teacher):
    ModuleVersion.objects.filter(pk=version.pk).update(approved_at=now(), published_at=now())
    return authoring.create_draft(by=teacher, module=version.module)


def compared(pair, names=None):
    old, new = versions_to_compare(ModuleVersion.objects.get(pk=pair[1].pk))
    return compare_versions(old, new, names or {})


def edit(pair, teacher, **facts):
    draft = ModuleVersion.objects.get(pk=pair[1].pk)
    authoring.edit_version(by=teacher, version=draft, revision=draft.revision, facts=facts)


def unit_named(pair, title):
    return Unit.objects.get(section__version=pair[1], title__nl=title)


def test_texts_of_the_same_line_over_and_over_are_compared_at_once():
    old, new = "a\n" * 20_000 + "x", "b\n" + "a\n" * 20_000 + "y"
    started = time.perf_counter()
    runs = text_runs(old, new)
    assert "".join(run.text for run in runs if run.mark != "removed") == new
    assert time.perf_counter() - started < 5


@pytest.mark.django_db
class TestVersions:
    def test_a_fresh_draft_differs_in_nothing(self, pair):
        assert compared(pair).is_empty

    def test_facts_texts_and_lists(self, pair, teacher):
        skill = Skill.objects.create(uri="http://example.org/1", label_en="turn metal", label_nl="draaien")
        edit(
            pair,
            teacher,
            level=3,
            document_type="participation",
            summary={"nl": "Instellen en frezen zonder ongelukken.", "en": "New"},
            outcomes=[{"nl": "Stelt de machine veilig in."}, {"nl": "Meet na."}],
            rule={"units": "any", "count": 2},
            skills=[skill],
        )
        pair[1].sectors.add(Sector.objects.create(code="C25", label_nl="Metaal", label_en="Metal"))
        changes = {(change.label, change.language): change for change in compared(pair).facts}
        assert (changes["niveau (NLQF/EQF)", ""].old, changes["niveau (NLQF/EQF)", ""].new) == ("2", "3")
        assert changes["document", ""].new == "bewijs van deelname"
        assert ("removed", "draaien ") in [(run.mark, run.text) for run in changes["samenvatting", "nl"].runs]
        assert changes["samenvatting", "en"].new == "New"
        assert changes["leeruitkomsten", "nl"].added == ["Meet na."]
        assert changes["vaardigheden", ""].added == ["draaien"]
        assert changes["sectoren", ""].added == ["Metaal"]
        rule = next(change for (label, _language), change in changes.items() if "regel" in label)
        assert rule.new == "U rondt deze module af als u 2 onderdelen naar keuze doet."

    def test_sections_and_units_that_came_went_and_moved(self, pair, teacher):
        begin, end = pair[1].sections.all()
        authoring.move_unit(by=teacher, unit=unit_named(pair, "Les 3"), position=0, section=end)
        authoring.delete_unit(by=teacher, unit=unit_named(pair, "Les 2"))
        authoring.add_unit(by=teacher, section=begin, kind="text", title={"nl": "Nieuwe les"})
        authoring.edit_section(by=teacher, section=begin, title={"nl": "Start"})
        extra = authoring.add_section(by=teacher, version=pair[1], title={"nl": "Extra"})
        authoring.move_section(by=teacher, section=extra, position=0)
        sections = {section.title: section for section in compared(pair).sections}
        assert {title: section.happened for title, section in sections.items()} == {
            "Extra": "added",
            "Start": "kept",
            "Einde": "kept",
        }
        assert [change.new for change in sections["Start"].changes] == ["Start"]
        assert {(unit.title, unit.happened) for unit in sections["Start"].units} == {
            ("Nieuwe les", "added"),
            ("Les 2", "removed"),
        }
        (moved,) = sections["Einde"].units
        assert (moved.title, moved.moved_from) == ("Les 3", "Begin")

    def test_a_unit_that_moves_up_is_the_only_one_that_moved(self, pair, teacher):
        authoring.move_unit(by=teacher, unit=unit_named(pair, "Les 3"), position=0)
        (section,) = compared(pair).sections
        assert [(unit.title, unit.moved_from) for unit in section.units] == [("Les 3", "Begin")]

    def test_a_deleted_section_is_told_with_its_units(self, pair, teacher):
        authoring.delete_section(by=teacher, section=pair[1].sections.last())
        (section,) = compared(pair).sections
        assert (section.title, section.happened) == ("Einde", "removed")
        assert [(unit.title, unit.happened) for unit in section.units] == [("Toets", "removed")]

    def test_sections_that_swap_places(self, pair, teacher):
        authoring.move_section(by=teacher, section=pair[1].sections.last(), position=0)
        assert [section.moved for section in compared(pair).sections] == [True]

    def test_inside_a_unit(self, pair, teacher):
        unit = unit_named(pair, "Les 1")
        data = {"body": {"nl": "Lees dit **heel** goed.", "en": "Read."}}
        authoring.edit_unit(by=teacher, unit=unit, title={"nl": "Les één"}, minutes=40, required=False, data=data)
        (difference,) = compared(pair).sections[0].units
        assert difference.title == "Les één"
        found = {(change.label, change.language): (change.old, change.new) for change in difference.changes}
        assert found["geschatte minuten", ""] == ("15", "40")
        assert found["tekst", "en"] == ("", "Read.")
        assert found["titel", "nl"] == ("Les 1", "Les één")
        assert len(found) == 5

    def test_inside_a_quiz(self, pair, teacher):
        unit = unit_named(pair, "Toets")
        data = copy.deepcopy(unit.data)
        first, second = data["questions"]
        first["text"]["nl"] = "Welke één?"
        first["correct"] = ["b"]
        first["options"][2]["text"]["nl"] = "Helemaal fout"
        second["options"].append({"id": "d", "text": {"nl": "Vierde"}})
        third = copy.deepcopy(second) | {"id": "q3", "text": {"nl": "Nog een vraag?"}}
        data |= {"pass_mark": 80, "questions": [second, first, third]}
        authoring.edit_unit(by=teacher, unit=unit, data=data)
        (difference,) = compared(pair).sections[0].units
        found = {change.label: change for change in difference.changes}
        assert (found["cesuur"].old, found["cesuur"].new) == ("50", "80")
        assert found["vragen"].added == ["Nog een vraag?"]
        assert found["volgorde van de vragen"].new == "2, 1"
        assert found["vraag 2: goede antwoorden"].added == ["Ook"]
        assert found["vraag 2: goede antwoorden"].removed == ["Goed"]
        assert found["vraag 2: antwoordoptie"].new == "Helemaal fout"
        assert found["vraag 2: formulering"].old == "Eén?"
        assert found["vraag 1: antwoordopties"].added == ["Vierde"]

    @pytest.mark.parametrize("data", [{"questions": "geen lijst"}, {"body": ["x"]}, {"a": {"b": None}}, {}])
    def test_a_malformed_draft_is_compared_too(self, pair, data):
        for title in ("Les 1", "Toets"):
            Unit.objects.filter(pk=unit_named(pair, title).pk).update(data=data)
        assert not compared(pair).is_empty

    def test_it_takes_a_bounded_number_of_queries(self, pair, django_assert_max_num_queries):
        with django_assert_max_num_queries(14):
            compared(pair)


@pytest.mark.django_db
class TestDoors:
    def address(self, version):
        return reverse("courses:difference", args=[version.pk])

    def test_the_page_says_what_changed_in_words_and_not_by_color_alone(self, client, pair, teacher):
        edit(pair, teacher, summary={"nl": "Instellen en frezen zonder ongelukken."})
        client.force_login(teacher)
        html = client.get(self.address(pair[1])).content.decode()
        assert "<ins>" in html
        assert "toegevoegd:" in html
        assert "verwijderd:" in html
        back = client.get(f"{self.address(pair[0])}?met=2")
        assert back.context["against"].number == 2

    def test_a_first_version_has_nothing_before_it(self, client, pair, teacher):
        client.force_login(teacher)
        assert "eerste versie" in client.get(self.address(pair[0])).content.decode()

    @pytest.mark.parametrize("asked", ["9", "x", "-1", "99999999999999999999"])
    def test_a_version_that_is_not_there(self, client, api, pair, teacher, asked):
        client.force_login(teacher)
        assert client.get(f"{self.address(pair[1])}?met={asked}").status_code == 404
        assert api(teacher).get(f"/api/v1/versions/{pair[1].pk}/diff/?against={asked}").status_code == 404

    def test_it_is_for_who_may_see_drafts_because_it_holds_answers(self, client, api, pair, stranger):
        for person, codes in ((stranger, (404, 403)), (UserFactory(), (404, 403))):
            client.force_login(person)
            for version, code in zip((pair[1], pair[0]), codes, strict=True):
                assert client.get(self.address(version)).status_code == code
                assert api(person).get(f"/api/v1/versions/{version.pk}/diff/?against=1").status_code == code

    def test_by_api(self, api, pair, teacher):
        edit(pair, teacher, level=4)
        answer = api(teacher).get(f"/api/v1/versions/{pair[1].pk}/diff/?against=1").data
        assert (answer["against"], answer["number"]) == (1, 2)
        assert [(change["old"], change["new"]) for change in answer["facts"]] == [("2", "4")]
        assert api(teacher).get(f"/api/v1/versions/{pair[1].pk}/diff/").data == answer

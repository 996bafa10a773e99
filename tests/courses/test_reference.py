import pytest

from courses.models import Occupation, OccupationSkill, Skill
from courses.reference import qualification, search_qualifications
from courses.services.esco import load_esco


def test_a_qualification_is_found_by_its_crebo():
    verspaner = qualification("25302")

    assert (verspaner.name, verspaner.level, verspaner.leerweg) == ("Verspaner", 2, "BOL/BBL")
    assert verspaner.dossier == "Precisietechniek"


def test_an_unknown_crebo_is_nothing():
    assert qualification("99999") is None


def test_searching_takes_every_word_and_ignores_case():
    assert [found.crebo for found in search_qualifications("Allround LASSER")] == ["25287"]
    assert {found.crebo for found in search_qualifications("precisietechniek verspaner")} == {"25298", "25302"}
    assert [found.name for found in search_qualifications("25344")] == ["Technicus mechatronica systemen"]


@pytest.mark.parametrize("text", ["", "   ", "sterrenwichelaar"])
def test_searching_for_nothing_finds_nothing(text):
    assert search_qualifications(text) == []


@pytest.mark.django_db
def test_esco_loads_whole_and_a_second_time_changes_nothing(django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        counts = load_esco()
    assert counts == {"occupations": 146, "skills": 909, "pairs": 3108}
    ids = set(Skill.objects.values_list("pk", flat=True))

    assert load_esco() == counts
    assert set(Skill.objects.values_list("pk", flat=True)) == ids
    assert OccupationSkill.objects.count() == 3108


@pytest.mark.django_db
def test_a_label_that_was_changed_here_becomes_escos_again():
    load_esco()
    Occupation.objects.filter(label_en="welder").update(label_nl="iets anders")

    load_esco()

    assert Occupation.objects.get(label_en="welder").label_nl == "lasser"

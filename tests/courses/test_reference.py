import pytest

from courses.models import Occupation, OccupationSkill, Sector, Skill
from courses.reference import qualification, search_qualifications
from courses.services.esco import load_esco
from courses.services.sectors import load_sectors


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
        loaded = load_esco()
    assert loaded.totals == {"occupation": 146, "skill": 909, "pair": 3108}
    ids = set(Skill.objects.values_list("pk", flat=True))

    again = load_esco()
    assert (again.created, again.changed, again.retired, again.related, again.unchanged) == (0, 0, 0, 0, 1055)
    assert set(Skill.objects.values_list("pk", flat=True)) == ids
    assert OccupationSkill.objects.count() == 3108


@pytest.mark.django_db
def test_a_label_that_was_changed_here_becomes_escos_again():
    load_esco()
    Occupation.objects.filter(label_en="welder").update(label_nl="iets anders")

    load_esco()

    assert Occupation.objects.get(label_en="welder").label_nl == "lasser"


@pytest.mark.django_db
def test_every_esco_skill_is_found_in_dutch_and_says_that_the_dutch_is_ours():
    load_esco()

    assert not Skill.objects.filter(label_nl="").exists()
    assert set(Skill.objects.values_list("label_nl_is_ours", flat=True)) == {True}
    assert set(Occupation.objects.values_list("label_nl_is_ours", flat=True)) == {False}
    assert Skill.objects.values("label_nl").distinct().count() == 909
    assert "draaibanken bedienen" in Skill.objects.named("draaibank").values_list("label_nl", flat=True)
    assert Skill.objects.named("TIG lassen").get().label_en == "perform tungsten inert gas welding"


@pytest.mark.django_db
def test_sectors_load_and_a_second_time_changes_nothing():
    Sector.objects.create(code="25", label_nl="iets", label_en="something")
    assert load_sectors() == 37
    ids = dict(Sector.objects.values_list("code", "pk"))

    assert load_sectors() == 37
    assert dict(Sector.objects.values_list("code", "pk")) == ids
    assert {str(n) for n in range(10, 34)} < set(ids)
    assert Sector.objects.get(code="25").label_nl.startswith("Vervaardiging van producten van metaal")

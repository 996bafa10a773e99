"""Programmes: written by authors of a provider, of modules of any provider; level and load follow from those."""

from decimal import Decimal
from itertools import combinations

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from courses.models import LoadUnit, ModuleVersion, Prerequisite, Programme, ProgrammeItem
from courses.programme_outline import Outline, Step, outline_of, outlines_of
from courses.services.programmes import (
    Place,
    arrange_programme,
    create_programme,
    edit_programme,
    programme_check,
    publish_programme,
    retire_programme,
)
from courses.templatetags.programme_words import loads_words, programme_level_words
from lms.accounts.models import User
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.permissions.roles import Role
from tests.factories import ModuleVersionFactory, ProviderFactory, UserFactory, person_with_role, published_version

pytestmark = pytest.mark.django_db

TEXT = {"nl": "Van draaien naar regelen."}


@pytest.fixture
def provider():
    return ProviderFactory()


@pytest.fixture
def teacher(provider):
    return person_with_role(provider, Role.TEACHER)


@pytest.fixture
def publisher(provider):
    return person_with_role(provider, Role.PUBLISHER)


@pytest.fixture
def programme(provider, teacher):
    return create_programme(by=teacher, provider=provider, code="vakman", title={"nl": "Van operator naar vakman"})


def module(title="Les", provider=None, **facts):
    return published_version(provider or ProviderFactory(), units=("text",), title={"nl": title}, **facts).module


def arranged(by, programme, *places):
    rows = [Place(row, required) for row, required in places]
    return arrange_programme(by=by, programme=programme, revision=programme.revision, places=rows)


def written(by, programme, **facts):
    facts = {"summary": TEXT, "description": TEXT} | facts
    return edit_programme(by=by, programme=programme, revision=programme.revision, facts=facts)


def problems(programme):
    return [error.field for error in programme_check(programme)]


def test_from_the_first_title_to_the_lists_and_off_again(programme, teacher, publisher):
    assert problems(programme) == ["summary/nl", "description/nl", "items"]
    programme = written(teacher, programme)
    programme = arranged(teacher, programme, (module("Draaien", programme.provider), True), (module("Regelen"), False))
    assert problems(programme) == []
    assert list(Programme.objects.on_offer()) == []
    with pytest.raises(Forbidden):
        publish_programme(by=teacher, programme=programme)
    publish_programme(by=publisher, programme=programme)
    assert list(Programme.objects.on_offer()) == [programme]
    with pytest.raises(Conflict):
        publish_programme(by=publisher, programme=programme)
    retire_programme(by=publisher, programme=programme)
    assert list(Programme.objects.on_offer()) == []
    publish_programme(by=publisher, programme=programme)
    assert list(Programme.objects.on_offer()) == [programme]


def test_what_keeps_a_programme_from_being_published(programme, teacher, publisher):
    programme = written(teacher, programme, optional_minimum=2)
    programme = arranged(teacher, programme, (module(), True), (module(), False))
    assert problems(programme) == ["optional_minimum"]
    with pytest.raises(Invalid):
        publish_programme(by=publisher, programme=programme)
    programme = written(teacher, programme, optional_minimum=0)
    assert problems(arranged(teacher, programme, (module(), False))) == ["items"]


def test_a_module_comes_after_what_it_asks_beforehand(programme, teacher, publisher):
    first, second = module("Meten"), module("Regelen")
    Prerequisite.objects.create(module=second, requires=first)
    programme = arranged(teacher, written(teacher, programme), (second, True), (first, True))
    (error,) = programme_check(programme)
    assert (error.field, error.code) == ("items/0", "order")
    assert "Meten" in error.message
    programme = arranged(teacher, programme, (first, True), (second, True))
    publish_programme(by=publisher, programme=programme)
    programme.refresh_from_db()
    with pytest.raises(Invalid):  # what is on offer stays fit to be
        arranged(publisher, programme, (second, True), (first, True))
    assert [item.module for item in programme.items.all()] == [first, second]


def test_two_authors_do_not_overwrite_each_other(programme, teacher, publisher):
    written(publisher, programme)
    for change in (lambda: written(teacher, programme), lambda: arranged(teacher, programme, (module(), True))):
        with pytest.raises(Conflict) as refused:
            change()
        assert refused.value.code == "stale"


def test_only_published_modules_each_once(programme, teacher):
    draft, row = ModuleVersionFactory().module, module()
    for places in ([(draft, True)], [(row, True), (row, False)]):
        with pytest.raises(Invalid):
            arranged(teacher, programme, *places)
    assert ProgrammeItem.objects.count() == 0


def test_who_may_not(programme, provider, teacher, publisher):
    stranger = person_with_role(ProviderFactory(), Role.PUBLISHER)
    for other in (stranger, UserFactory()):
        with pytest.raises(NotFound):
            written(other, programme)
        with pytest.raises(Forbidden):
            create_programme(by=other, provider=provider, code="x", title=TEXT)
    with pytest.raises(Conflict):
        create_programme(by=teacher, provider=provider, code="vakman", title=TEXT)
    with pytest.raises(Invalid):
        create_programme(by=teacher, provider=provider, code="leeg", title={"en": "No Dutch"})
    live = arranged(teacher, written(teacher, programme), (module(), True))
    publish_programme(by=publisher, programme=live)
    live.refresh_from_db()
    with pytest.raises(Forbidden):  # it would be live at once
        written(teacher, live)
    with pytest.raises(Forbidden):
        written(stranger, live)


def test_the_level_is_the_highest_required_and_official_only_where_all_are(programme, teacher):
    official = module("Officieel", level=3, nlqf_basis="formal", crebo="25297")
    higher = module("Hoger", track="hbo", level=5, nlqf_basis="register", nlqf_number="NL-1")
    guessed, silent, choice = module("Schatting", level=4), module("Stil", level=None), module("Keuze", level=7)
    programme = arranged(teacher, programme, (official, True), (higher, True), (choice, False))
    level = outline_of(programme).level
    assert (level.level, level.is_official) == (5, True)
    assert [version.module for version in level.stated_by] == [higher]
    for weaker in (guessed, silent):
        programme = arranged(teacher, programme, (official, True), (higher, True), (weaker, True))
        assert (outline_of(programme).level.level, outline_of(programme).level.is_official) == (5, False)
    assert "indicati" in programme_level_words(outline_of(programme).level)
    assert outline_of(arranged(teacher, programme, (silent, True), (choice, False))).level is None


def test_the_load_is_summed_per_unit_with_a_range_where_there_is_a_choice(programme, teacher):
    sbu = module("SBU", load=Decimal(240), load_unit="sbu")
    ects = module("EC", load=Decimal(5), load_unit="ects")
    light, heavy = module("Licht", load=Decimal(8)), module("Zwaar", load=Decimal("16.5"))
    programme = written(teacher, programme, optional_minimum=1)
    programme = arranged(teacher, programme, (sbu, True), (ects, True))
    assert loads_words(outline_of(programme).loads) == "240 SBU + 5 EC"
    programme = arranged(teacher, programme, (sbu, True), (light, False), (heavy, False), (ects, False))
    loads = {load.unit: (load.least, load.most) for load in outline_of(programme).loads}
    assert loads == {"hour": (0, Decimal("16.5")), "sbu": (240, 240), "ects": (0, 5)}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@given(
    st.lists(st.tuples(st.sampled_from(list(LoadUnit)), st.integers(0, 9), st.booleans()), max_size=7),
    st.integers(0, 4),
)
def test_every_choice_lies_within_the_range(modules, minimum):
    rows = Programme(optional_minimum=minimum)
    steps = tuple(
        Step(ProgrammeItem(required=required), ModuleVersion(load=Decimal(load), load_unit=unit), ())
        for unit, load, required in modules
    )
    outline = Outline(rows, steps)
    ranges = {load.unit: (load.least, load.most) for load in outline.loads}
    choose = min(minimum, len(outline.optional))
    for unit in LoadUnit:
        sums = [
            sum(step.version.load for step in (*outline.required, *chosen) if step.version.load_unit == unit)
            for chosen in combinations(outline.optional, choose)
        ]
        assert ranges.get(unit, (0, 0)) == (min(sums), max(sums))


def test_many_programmes_cost_what_one_costs(django_assert_num_queries, provider, teacher):
    def make(code):
        row = create_programme(by=teacher, provider=provider, code=code, title=TEXT)
        return arranged(teacher, row, (module(), True), (module(), False))

    rows = [make(f"p{n}") for n in range(4)]
    with django_assert_num_queries(3):
        assert len(outlines_of(rows)) == 4


def test_by_page(client, provider, publisher):
    User.objects.update(language="en")
    client.force_login(User.objects.get(pk=publisher.pk))
    first, second = module("Meten", provider), module("Regelen")
    form = {"provider": provider.pk, "code": "proces", "title_nl": "Procesoperator"}
    page = client.post(reverse("courses:new_programme"), form).url
    programme = Programme.objects.get()
    facts = {"title_nl": "Procesoperator", "summary_nl": "Kort", "description_nl": "Lang", "optional_minimum": 1}
    assert client.post(page, facts | {"revision": 0}).status_code == 302
    stale = client.post(page, facts | {"revision": 0}).content.decode()
    assert "A colleague changed this programme" in stale
    assert str(second.pk) in client.get(page, {"q": "regelen"}).content.decode()
    steps = reverse("courses:arrange_programme", args=[programme.pk])
    for row, do in ((first, "add"), (second, "add"), (second, "up"), (second, "choose")):
        programme.refresh_from_db()
        client.post(steps, {"module": row.pk, "do": do, "revision": programme.revision})
    assert [(item.module, item.required) for item in programme.items.all()] == [(second, False), (first, True)]
    old = client.post(steps, {"module": second.pk, "do": "remove", "revision": 0}, follow=True).content.decode()
    assert "A colleague changed this programme" in old
    assert programme.items.count() == 2
    client.post(reverse("courses:publish_programme", args=[programme.pk]))
    assert "Procesoperator" in client.get(reverse("courses:programmes")).content.decode()
    client.post(reverse("courses:retire_programme", args=[programme.pk]))
    assert "Procesoperator" not in client.get(reverse("courses:programmes")).content.decode()
    assert "Procesoperator" in client.get(reverse("courses:own_programmes")).content.decode()


def test_by_api(provider, publisher):
    api, anybody = APIClient(), APIClient()
    api.force_authenticate(publisher)
    url = "/api/v1/programmes/"
    body = {"provider": provider.slug, "code": "proces", "title": TEXT}
    made = api.post(url, body, format="json").json()
    one = f"{url}{made['id']}/"
    assert anybody.get(one).status_code == 404
    facts = {"revision": 0, "summary": TEXT, "description": TEXT}
    assert api.patch(one, facts, format="json").json()["revision"] == 1
    assert api.patch(one, facts, format="json").status_code == 409
    assert api.get(f"{one}publish-check/").json()["publishable"] is False
    rows = [{"module": str(module("Meten").pk)}, {"module": str(module("Regelen").pk), "required": False}]
    placed = api.post(f"{one}arrange/", {"revision": 1, "modules": rows}, format="json").json()
    assert [(step["title"]["nl"], step["required"]) for step in placed["modules"]] == [
        ("Meten", True),
        ("Regelen", False),
    ]
    assert api.post(f"{one}publish/").status_code == 200
    (listed,) = anybody.get(url).json()["results"]
    assert listed["loads"] == [{"load_unit": "hour", "least": "8.0", "most": "8.0"}]
    assert listed["level"] == {"level": 2, "is_official": False}
    assert api.post(f"{one}retire/").status_code == 200
    assert anybody.get(url).json()["results"] == []
    assert anybody.get(one).status_code == 200

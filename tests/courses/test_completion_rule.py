"""The completion rule: its shape, its sentence, what nobody could meet, and the page that builds it."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from courses.completion_rule import rule_errors, sentence, unreachable
from courses.models import ModuleVersion, Section, Unit
from courses.services import authoring
from courses.services.publishing import publish_check
from lms.core.errors import Conflict, Invalid
from lms.permissions.roles import Role
from tests.factories import ModuleVersionFactory, person_with_role, published_version, quiz_unit, text_unit

pytestmark = pytest.mark.django_db

UNITS = st.one_of(
    st.just({"units": "all"}),
    st.integers(1, 10_000).map(lambda n: {"units": "any", "count": n}),
    st.integers(1, 10_000).map(lambda n: {"units": "points", "points": n}),
)
SHARES = st.fixed_dictionaries({}, optional={"average": st.integers(1, 100), "attendance": st.integers(1, 100)})
RULES = st.builds(lambda units, shares: {**units, **shares}, UNITS, SHARES)
LEAVES = st.none() | st.booleans() | st.integers(-3, 200) | st.sampled_from(["all", "any", "points", ""])
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["units", "count", "points", "average", "attendance", "x"]), inner, max_size=5
        )
    ),
    max_leaves=8,
)


@given(rule=RULES)
def test_every_rule_that_can_be_kept_has_one_sentence_in_both_languages(rule):
    assert list(rule_errors(rule)) == []
    for language, start in (("nl", "U rondt deze module af als u "), ("en", "You complete this module when you ")):
        words = sentence(rule, language)
        assert words.startswith(start)
        assert words.count(".") == 1
        for name, number in rule.items():
            assert name == "units" or str(number) in words


@given(rule=ANYTHING)
def test_whatever_is_sent_is_refused_with_its_field_or_has_a_sentence(rule):
    errors = list(rule_errors(rule))
    assert all(error.field.startswith("rule/") and error.message for error in errors)
    if not errors:
        assert sentence(rule, "nl")


@pytest.mark.parametrize(
    ("rule", "dutch"),
    [
        ({"units": "all"}, "U rondt deze module af als u alle verplichte onderdelen doet."),
        ({"units": "any", "count": 1}, "U rondt deze module af als u 1 onderdeel naar keuze doet."),
        (
            {"units": "points", "points": 10, "average": 70, "attendance": 80},
            (
                "U rondt deze module af als u met onderdelen 10 punten haalt, gemiddeld 70% of meer haalt voor de "
                "toetsen en bij minstens 80% van de lestijd aanwezig bent."
            ),
        ),
    ],
)
def test_the_sentence_reads_well(rule, dutch):
    assert sentence(rule, "nl") == dutch


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ("all", "rule/units"),
        ({}, "rule"),
        ({"units": "most"}, "rule/units"),
        ({"units": ["all"]}, "rule/units"),
        ({"units": "any"}, "rule/count"),
        ({"units": "any", "count": 0}, "rule/count"),
        ({"units": "any", "count": True}, "rule/count"),
        ({"units": "any", "count": 2, "points": 3}, "rule/points"),
        ({"units": "points", "points": "10"}, "rule/points"),
        ({"units": "all", "average": 101}, "rule/average"),
        ({"units": "all", "attendance": None}, "rule/attendance"),
        ({"units": "all", "hours": 3}, "rule/hours"),
    ],
)
def test_a_rule_that_means_nothing_is_refused_and_not_kept(teacher, provider, rule, field):
    draft = ModuleVersionFactory(module__provider=provider)
    with pytest.raises(Invalid) as raised:
        authoring.edit_version(by=teacher, version=draft, revision=0, facts={"rule": rule})
    assert field in {error.field for error in raised.value.errors}
    assert ModuleVersion.objects.get(pk=draft.pk).rule == {"units": "all"}


@pytest.fixture
def draft(provider):
    """Two texts and a quiz that count, worth 1, 2 and 3 points; and one text that does not count."""
    version = ModuleVersionFactory(module__provider=provider)
    section = Section.objects.create(version=version, position=0, title={"nl": "Begin"})
    text_unit(section, 0, points=1)
    text_unit(section, 1, points=2)
    quiz_unit(section, 2, points=3)
    text_unit(section, 3, required=False, points=50)
    return version


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ({"units": "all", "average": 100}, []),
        ({"units": "any", "count": 3}, []),
        ({"units": "any", "count": 4}, ["rule/count"]),
        ({"units": "points", "points": 6}, []),
        ({"units": "points", "points": 7}, ["rule/points"]),
    ],
)
def test_what_nobody_could_meet_is_not_published(draft, rule, fields):
    ModuleVersion.objects.filter(pk=draft.pk).update(rule=rule)
    draft.refresh_from_db()
    assert [error.field for error in publish_check(draft)] == fields


def test_an_average_needs_something_that_is_judged(draft):
    Unit.objects.filter(section__version=draft, kind="quiz").update(required=False)
    units = list(Unit.objects.filter(section__version=draft))
    assert [error.field for error in unreachable({"units": "all", "average": 60}, units)] == ["rule/average"]


def test_the_next_draft_keeps_rule_and_points(teacher, provider):
    first = published_version(provider, rule={"units": "points", "points": 2})
    second = authoring.create_draft(by=teacher, module=first.module)
    assert second.rule == {"units": "points", "points": 2}
    assert {unit.points for unit in Unit.objects.filter(section__version=second)} == {1}


def page(draft, name="rule"):
    return reverse(f"courses:{name}", args=[draft.pk])


def test_a_teacher_builds_the_rule_and_reads_it_back(client, teacher, draft):
    client.force_login(teacher)
    assert "alle verplichte onderdelen doet." in client.get(page(draft)).content.decode()
    body = {"units": "any", "count": "2", "average": "70", "attendance": "", "points": "", "revision": "0"}
    preview = client.post(page(draft, "rule_sentence"), body).content.decode()
    assert "2 onderdelen naar keuze doet en gemiddeld 70% of meer haalt voor de toetsen." in preview
    assert ModuleVersion.objects.get(pk=draft.pk).revision == 0
    assert client.post(page(draft), body).status_code == 302
    assert ModuleVersion.objects.get(pk=draft.pk).rule == {"units": "any", "count": 2, "average": 70}
    assert client.get(page(draft)).context["form"]["count"].value() == 2


def test_the_form_says_which_number_is_missing_and_what_cannot_be_reached(client, teacher, draft):
    client.force_login(teacher)
    answer = client.post(page(draft), {"units": "points", "revision": "0"})
    assert answer.context["form"].errors["points"]
    answer = client.post(page(draft, "rule_sentence"), {"units": "any", "count": "9", "revision": "0"})
    assert [problem.field for problem in answer.context["problems"]] == ["rule/count"]


def test_a_colleagues_rule_is_shown_beside_mine_and_nothing_is_lost(client, teacher, provider, draft):
    colleague = person_with_role(provider, Role.TEACHER)
    authoring.edit_version(by=colleague, version=draft, revision=0, facts={"rule": {"units": "any", "count": 3}})
    client.force_login(teacher)
    body = {"units": "any", "count": "1", "revision": "0"}
    answer = client.post(page(draft), body)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "3 onderdelen naar keuze doet" in html
    assert "1 onderdeel naar keuze doet" in html
    assert client.post(page(draft), {**body, "revision": answer.context["form"]["revision"].value()}).status_code == 302
    with pytest.raises(Conflict):
        authoring.edit_version(by=colleague, version=draft, revision=1, facts={"rule": {"units": "all"}})


def test_points_are_asked_at_a_unit_only_where_the_rule_counts_them(client, teacher, draft):
    client.force_login(teacher)
    unit = Unit.objects.get(section__version=draft, position=0)
    address = reverse("courses:unit", args=[unit.pk])
    assert "points" not in client.get(address).context["form"].fields
    ModuleVersion.objects.filter(pk=draft.pk).update(rule={"units": "points", "points": 2})
    assert client.get(address).context["form"]["points"].value() == 1
    body = {"title_nl": "Les", "minutes": 5, "required": "on", "points": "4", "body_nl": "x", "revision": unit.revision}
    client.post(address, {**body, "do": "save"})
    assert Unit.objects.get(pk=unit.pk).points == 4


def test_the_rule_by_api_and_on_the_public_page(api, client, teacher, provider, draft):
    caller = api(teacher)
    address = f"/api/v1/versions/{draft.pk}/"
    answer = caller.patch(address, {"revision": 0, "rule": {"units": "any", "count": 2}}, format="json")
    assert answer.json()["rule"] == {"units": "any", "count": 2}
    assert answer.json()["rule_sentence"].startswith("U rondt deze module af als u 2 onderdelen")
    refused = caller.patch(address, {"revision": 1, "rule": {"units": "any"}}, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "rule/count")
    version = published_version(provider, rule={"units": "any", "count": 1, "attendance": 80})
    html = client.get(reverse("courses:module", args=[provider.slug, version.module.code])).content.decode()
    assert sentence(version.rule, "nl") in html
    assert api().get(f"/api/v1/catalogue/{version.pk}/").json()["rule_sentence"] == sentence(version.rule, "nl")

"""Minutes of units against the study load, and a walk through a version as a learner meets it."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from courses.models import ModuleVersion, Section, Unit
from courses.services.publishing import publish_warnings
from courses.study_time import is_far_off, sentence
from enrollments.models import Attempt, UnitProgress
from tests.factories import ModuleVersionFactory, quiz_unit, text_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(provider):
    """Three units of 15 minutes, the last of them a quiz."""
    version = ModuleVersionFactory(module__provider=provider)
    first = Section.objects.create(version=version, position=0, title={"nl": "Begin"})
    text_unit(first, 0)
    text_unit(first, 1, required=False)
    quiz_unit(Section.objects.create(version=version, position=1, title={"nl": "Einde"}), 0)
    return version


@pytest.mark.parametrize(
    ("load", "unit", "minutes", "words", "far"),
    [
        ("12", "hour", 540, "De onderdelen samen duren 9 uur; de studielast is 12 uur.", False),
        ("12", "sbu", 539, "De onderdelen samen duren 8 uur en 59 minuten; de studielast is 12 uur.", True),
        ("1", "hour", 76, "De onderdelen samen duren 1 uur en 16 minuten; de studielast is 1 uur.", True),
        ("0", "hour", 1, "De onderdelen samen duren 1 minuut; er is nog geen studielast opgegeven.", False),
        (
            "2.5",
            "ects",
            70 * 60,
            "De onderdelen samen duren 70 uur; de studielast is 2,5 EC, dat is 70 uur.",
            False,
        ),
    ],
)
def test_the_time_of_the_units_beside_the_load(load, unit, minutes, words, far):
    version = ModuleVersion(load=Decimal(load), load_unit=unit)
    with translation.override("nl"):
        assert sentence(version, minutes) == words
    assert is_far_off(version, minutes) == far


def test_the_tree_adds_up_and_the_check_warns_without_refusing(client, publisher, draft):
    client.force_login(publisher)
    html = client.get(reverse("courses:content", args=[draft.pk])).content.decode()
    assert "De onderdelen samen duren 45 minuten; de studielast is 8 uur." in html
    assert "30 minuten" in html
    page = client.get(reverse("courses:check", args=[draft.pk]))
    assert page.context["problems"] == []
    assert "45 minuten" in page.content.decode()
    ModuleVersion.objects.filter(pk=draft.pk).update(load="0.8")
    draft.refresh_from_db()
    assert publish_warnings(draft) == []


def test_attendance_in_the_rule_is_told_to_need_sessions(api, publisher, draft):
    rule = {"units": "all", "attendance": 80}
    ModuleVersion.objects.filter(pk=draft.pk).update(rule=rule, load="0.8")
    told = api(publisher).get(f"/api/v1/versions/{draft.pk}/publish-check/").json()
    assert (told["publishable"], len(told["warnings"])) == (True, 1)
    assert "bijeenkomsten" in told["warnings"][0]


def test_an_author_walks_through_a_version_as_a_learner_and_nothing_is_recorded(client, teacher, draft):
    client.force_login(teacher)
    outline = client.get(reverse("courses:preview_learning", args=[draft.pk])).content.decode()
    assert "Voorbeeld" in outline
    units = list(Unit.objects.filter(section__version=draft).order_by("section__position", "position"))
    for before, unit, after in zip([None, *units], units, [*units[1:], None], strict=False):
        address = reverse("courses:preview_unit", args=[unit.pk])
        assert address in outline
        html = client.get(address).content.decode()
        for neighbor, way in ((before, "prev"), (after, "next")):
            link = (
                f'rel="{way}" href="{reverse("courses:preview_unit", args=[neighbor.pk])}"'
                if neighbor
                else f'rel="{way}"'
            )
            assert (link in html) == bool(neighbor)
    quiz = reverse("courses:preview_unit", args=[units[-1].pk])
    shown = client.post(quiz, {"q-q1": ["a"], "q-q2": ["c"]})
    assert "50%" in shown.content.decode()
    assert client.post(quiz, {"q-q1": ["a"]}).context["errors"].keys() == {"q2"}
    assert not Attempt.objects.exists()
    assert not UnitProgress.objects.exists()


def test_a_quiz_that_is_not_finished_is_shown_and_not_judged(client, teacher, draft):
    client.force_login(teacher)
    quiz = Unit.objects.get(section__version=draft, kind="quiz")
    Unit.objects.filter(pk=quiz.pk).update(data={"questions": [{"id": "q1", "text": "x"}]})
    answer = client.post(reverse("courses:preview_unit", args=[quiz.pk]), {"q-q1": ["a"]})
    assert (answer.status_code, answer.context["verdict"]) == (200, None)


def test_texts_have_no_answers_to_hand_in(client, teacher, draft):
    client.force_login(teacher)
    text = Unit.objects.filter(section__version=draft, kind="text").first()
    assert client.post(reverse("courses:preview_unit", args=[text.pk]), {}).status_code == 200

"""The API: who sees which fields, and what a learner does with it."""

import json

import pytest
from rest_framework.test import APIClient

from courses.models import Unit
from enrollments.models import Attempt, Enrollment
from enrollments.services.enrolling import enroll_staff
from enrollments.services.learning import submit_attempt
from lms.permissions.roles import Role
from tests.factories import (
    EmploymentFactory,
    OrganizationFactory,
    UserFactory,
    offering_of,
    person_with_role,
    published_version,
)

pytestmark = pytest.mark.django_db

URL = "/api/v1/enrollments/"
WRONG = {"q1": ["b"], "q2": ["c"]}
RIGHT = {"q1": ["a"], "q2": ["a", "b"]}


def api(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def employer():
    return OrganizationFactory()


@pytest.fixture
def hr(employer):
    return person_with_role(employer, Role.HR_MANAGER)


@pytest.fixture
def arranged(employer, hr):
    """An enrollment that HR arranged, in a text and a quiz."""
    employment = EmploymentFactory(employer=employer)
    outcome = enroll_staff(by=hr, employer=employer, offering=offering_of(), learners=[employment.user])
    return outcome.active[0]


def unit_url(enrollment, kind, verb=""):
    unit = Unit.objects.get(section__version=enrollment.version_id, kind=kind)
    return f"{URL}{enrollment.pk}/units/{unit.pk}/{verb}"


def test_a_learner_works_from_the_first_unit_to_the_end(arranged):
    client = api(arranged.learner)
    content = client.get(unit_url(arranged, "text")).json()["content"]
    assert content == {"body": "Lees dit **goed**."}
    assert client.post(unit_url(arranged, "text", "open/")).json()["state"] == "started"
    assert client.post(unit_url(arranged, "text", "done/")).json()["state"] == "done"
    tried = client.post(unit_url(arranged, "quiz", "attempts/"), {"answers": WRONG})
    assert (tried.status_code, tried.json()["passed"], tried.json()["right"]) == (
        201,
        False,
        {"q1": False, "q2": False},
    )
    detail = client.get(f"{URL}{arranged.pk}/").json()
    assert (detail["percent"], detail["progress"]["missing"][0]["who"]) == (50, "learner")
    assert client.post(unit_url(arranged, "quiz", "attempts/"), {"answers": RIGHT}).json()["passed"] is True
    assert client.get(f"{URL}{arranged.pk}/").json()["state"] == "completed"
    assert [row["number"] for row in client.get(unit_url(arranged, "quiz", "attempts/")).json()] == [1, 2]
    refused = client.post(unit_url(arranged, "quiz", "attempts/"), {"answers": RIGHT})
    assert (refused.status_code, refused.json()["code"]) == (409, "completed")
    assert client.get(unit_url(arranged, "quiz")).status_code == 200


def test_the_right_answers_are_nowhere_in_what_a_learner_gets(arranged):
    client = api(arranged.learner)
    for url in (unit_url(arranged, "quiz"), f"{URL}{arranged.pk}/", f"{URL}{arranged.pk}/units/"):
        assert "correct" not in client.get(url).content.decode()


def canary_keys(value):
    """Every key anywhere in a JSON document."""
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in canary_keys(inner)}
    if isinstance(value, list):
        return {key for inner in value for key in canary_keys(inner)}
    return set()


def test_hr_gets_exactly_the_fields_of_the_privacy_list(arranged, hr):
    quiz = Unit.objects.get(section__version=arranged.version_id, kind="quiz")
    submit_attempt(by=arranged.learner, enrollment=arranged, unit=quiz, answers={"q1": ["a"], "q2": ["c"]})
    assert Attempt.objects.get().score == 50
    client = api(hr)
    detail, listed = client.get(f"{URL}{arranged.pk}/").json(), client.get(URL).json()["results"]
    assert detail.pop("progress") is None
    assert listed == [detail]
    assert set(detail) == {
        "id", "state", "learner", "offering", "version", "provider", "employer", "arranged_by", "mandatory",
        "created_at", "activated_at", "ended_at", "percent", "overdue", "completed_at",
        "attended_minutes", "grade", "masked",
    }  # fmt: skip
    assert (detail["grade"], detail["masked"]) == (None, None)
    forbidden = {"answers", "attempts", "score", "best_score", "units", "right", "missing", "result", "last_unit"}
    assert not canary_keys(detail) & forbidden
    assert "50.0" not in json.dumps(detail)
    for verb in ("", "open/", "done/", "attempts/"):
        for method in (client.get, client.post):
            assert method(unit_url(arranged, "quiz", verb)).status_code in (403, 405)
    assert client.get(f"{URL}{arranged.pk}/units/").status_code == 403
    assert client.post(unit_url(arranged, "quiz", "attempts/"), {"answers": RIGHT}).status_code == 403


def test_the_provider_sees_progress_and_never_answers(arranged):
    quiz = Unit.objects.get(section__version=arranged.version_id, kind="quiz")
    submit_attempt(by=arranged.learner, enrollment=arranged, unit=quiz, answers=WRONG)
    client = api(person_with_role(arranged.provider, Role.TEACHER))
    assert client.get(f"{URL}{arranged.pk}/").json()["progress"]["units"][1]["attempts"] == 1
    assert client.get(f"{URL}{arranged.pk}/units/").status_code == 200
    assert client.get(unit_url(arranged, "quiz", "attempts/")).status_code == 403


def test_to_others_it_does_not_exist(arranged):
    strangers = [
        UserFactory(),
        person_with_role(OrganizationFactory(), Role.HR_MANAGER),
        person_with_role(published_version().module.provider, Role.TEACHER),
    ]
    for stranger in strangers:
        client = api(stranger)
        assert client.get(URL).json()["results"] == []
        paths = [f"{URL}{arranged.pk}/", f"{URL}{arranged.pk}/units/", unit_url(arranged, "text")]
        assert {client.get(path).status_code for path in paths} == {404}
        verbs = [unit_url(arranged, "text", "open/"), unit_url(arranged, "text", "done/")]
        posts = [f"{URL}{arranged.pk}/withdraw/", unit_url(arranged, "quiz", "attempts/"), *verbs]
        assert {client.post(path, {"answers": {}}).status_code for path in posts} == {404}
    assert APIClient().get(URL).status_code == 401


def test_a_unit_of_another_enrollment_is_not_found_inside_this_one(arranged):
    other = published_version()
    unit = Unit.objects.filter(section__version=other).first()
    client = api(arranged.learner)
    for verb in ("open/", "done/", "attempts/"):
        assert client.post(f"{URL}{arranged.pk}/units/{unit.pk}/{verb}", {"answers": {}}).status_code == 404


def test_one_enrolls_oneself_in_a_public_offering_only():
    learner = UserFactory()
    answer = api(learner).post(URL, {"offering": offering_of().code})
    assert answer.status_code == 201
    assert answer.json()["active"] == [str(Enrollment.objects.get(learner=learner).pk)]
    again = api(learner).post(URL, {"offering": Enrollment.objects.get().offering.code})
    assert (again.status_code, again.json()["code"]) == (409, "existing")
    hidden = api(learner).post(URL, {"offering": offering_of(visibility="employers").code})
    assert hidden.status_code == 400


def test_hr_enrolls_people_by_id_address_or_number(employer, hr):
    people = [EmploymentFactory(employer=employer) for _ in range(3)]
    names = [str(people[0].user_id), people[1].user.email.upper(), people[2].personnel_number]
    offering = offering_of(capacity=2)
    answer = api(hr).post(URL, {"offering": offering.code, "employer": employer.slug, "learners": names})
    outcome = answer.json()
    assert outcome.pop("shortage")
    counts = {key: len(ids) for key, ids in outcome.items()}
    assert counts == {"active": 2, "waitlisted": 1, "existing": 0, "lacking": 0}


def test_strangers_and_foreign_employers_are_refused_by_field(employer, hr):
    stranger = EmploymentFactory()
    body = {"offering": offering_of().code, "employer": employer.slug, "learners": [str(stranger.user_id)]}
    answer = api(hr).post(URL, body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "learners/0")
    answer = api(hr).post(URL, body | {"employer": stranger.employer.slug})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "employer")
    answer = api(hr).post(URL, {"offering": body["offering"], "employer": employer.slug})
    assert answer.json()["errors"][0]["field"] == "learners"
    assert not Enrollment.objects.exists()


def test_withdrawing(arranged, hr):
    assert api(hr).post(f"{URL}{arranged.pk}/withdraw/").json()["state"] == "withdrawn"
    again = api(arranged.learner).post(f"{URL}{arranged.pk}/withdraw/")
    assert (again.status_code, again.json()["code"]) == (409, "state")


def test_filters_cut_the_list(employer, hr, arranged):
    client = api(hr)

    def count(query):
        return len(client.get(URL + query).json()["results"])

    number = arranged.learner.employments.get().personnel_number
    family = arranged.learner.family_name
    for query in (
        "?state=active&state=waitlisted",
        f"?offering={arranged.offering.code}",
        f"?employer={employer.slug}",
        f"?learner={number}",
        f"?learner=anouk+{family}",
        f"?learner={arranged.learner.email}",
    ):
        assert count(query) == 1, query
    for query in ("?state=completed", "?offering=x", "?employer=x", "?learner=P99999x"):
        assert count(query) == 0, query
    assert client.get(f"{URL}?state=nonsense").status_code == 400


@pytest.mark.parametrize("who", ["hr", "teacher", "learner"])
def test_a_list_costs_five_queries_at_most(employer, hr, who, django_assert_max_num_queries):
    offering = offering_of()
    people = [EmploymentFactory(employer=employer).user for _ in range(30)]
    enroll_staff(by=hr, employer=employer, offering=offering, learners=people)
    user = {"hr": hr, "teacher": person_with_role(offering.provider, Role.TEACHER), "learner": people[0]}[who]
    client = api(type(user).objects.get(pk=user.pk))
    with django_assert_max_num_queries(5):
        body = client.get(URL).json()
    assert len(body["results"]) == (1 if who == "learner" else 30)


def test_pages_follow_a_cursor_without_gaps_or_doubles(employer, hr):
    people = [EmploymentFactory(employer=employer).user for _ in range(7)]
    enroll_staff(by=hr, employer=employer, offering=offering_of(), learners=people)
    client, url, seen = api(hr), f"{URL}?page_size=3", []
    while url:
        body = client.get(url).json()
        seen += [row["id"] for row in body["results"]]
        url = body["next"]
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 7

"""Who takes part, by the Open Education API: for the learner, the provider and the employer that arranged it alone."""

import json
from datetime import timedelta

import pytest

from courses.models import Offering
from enrollments.models import Enrollment, EnrollmentState
from enrollments.ooapi import mapping_v5, mapping_v6
from enrollments.services.enrolling import enroll_self, enroll_staff
from enrollments.services.learning import mark_unit_done, submit_attempt
from lms.core.clock import now, today
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, UserFactory, offering_of, person_with_role, published_version
from tests.ooapi.asking import ACCEPT, ask, told
from tests.ooapi.documents import errors, schema_errors

ONE = {"5.0": "/associations/{associationId}", "6.0": "/course-offering-associations/{courseOfferingAssociationId}"}
OF_OFFERING = {
    "5.0": "/offerings/{offeringId}/associations",
    "6.0": "/course-offerings/{courseOfferingId}/course-offering-associations",
}
OF_PERSON = {"5.0": "/persons/{personId}/associations", "6.0": "/persons/{personId}/course-offering-associations"}
CANCELLED = {"5.0": "canceled", "6.0": "cancelled"}
BOTH = pytest.mark.parametrize("version", ["5.0", "6.0"])


@pytest.fixture
def enrolled(region):
    """HR enrolls two people in the school's short course; the first has completed it with a quiz."""
    region.hr = person_with_role(region.employer, Role.HR_MANAGER)
    region.teacher = person_with_role(region.school, Role.TEACHER)
    region.bert, region.esra = (EmploymentFactory(employer=region.employer).user for _each in range(2))
    region.short = offering_of(published_version(region.school, units=("quiz",), load="8.0"), capacity=2)
    both = enroll_staff(
        by=region.hr, employer=region.employer, offering=region.short, learners=[region.bert, region.esra]
    )
    region.done, region.busy = both.active
    quiz = region.short.version.sections.get().units.get()
    submit_attempt(by=region.bert, enrollment=region.done, unit=quiz, answers={"q1": ["a"], "q2": ["a", "b"]})
    region.own = enroll_self(by=region.bert, offering=offering_of(region.lathe, code="eigen"))
    return region


def ids(template, pk):
    return {template[template.index("{") + 1 : template.index("}")]: pk}


def one(client, enrollment, version="5.0", **query):
    return told(client, ONE[version], version, ids=ids(ONE[version], enrollment.pk), **query)


def listed(client, templates, version, pk, **query):
    return told(client, templates[version], version, ids=ids(templates[version], pk), **query)["items"]


def patch(client, enrollment, version, body, kind="application/merge-patch+json"):
    path = ONE[version].partition("{")[0] + str(enrollment.pk)
    text = body if isinstance(body, str) else json.dumps(body)
    return client.patch(f"/ooapi{path}", text, content_type=kind, headers={"accept": ACCEPT[version]})


@BOTH
def test_a_completed_enrollment_says_passed_the_day_and_the_load_and_no_score(enrolled, client, version):
    for person in (enrolled.bert, enrolled.hr, enrolled.teacher):
        client.force_login(person)
        body = one(client, enrolled.done, version)
        assert body["state"] == {"5.0": "associated", "6.0": "finished"}[version]
        assert body["result"]["pass"] == "passed"
        assert body["result"]["studyLoad"] == {"studyLoadUnit": "hour", "value": 8.0}
        assert body["result"][{"5.0": "resultDate", "6.0": "resultDateTime"}[version]].startswith(str(today()))
        assert "score" not in json.dumps(body).lower()
        assert "result" not in one(client, enrolled.busy, version) if person != enrolled.bert else True


@BOTH
def test_who_may_know_sees_it_and_to_others_it_is_not_there(enrolled, client, version):
    def seen(person):
        client.force_login(person)
        return {item["associationId"] for item in listed(client, OF_OFFERING, version, enrolled.short.pk)}

    done, busy = str(enrolled.done.pk), str(enrolled.busy.pk)
    assert seen(enrolled.teacher) == seen(enrolled.hr) == {done, busy}
    assert seen(enrolled.bert) == {done}
    assert seen(enrolled.esra) == {busy}
    for stranger in (UserFactory(), person_with_role(enrolled.college.module.provider, Role.TEACHER)):
        assert seen(stranger) == set()
        assert ask(client, ONE[version].partition("{")[0] + done, version).status_code == 404
        for path in (f"/persons/{enrolled.bert.pk}", OF_PERSON[version].replace("{personId}", str(enrolled.bert.pk))):
            assert ask(client, path, version).status_code == 404


@BOTH
def test_hr_sees_nothing_that_somebody_takes_on_their_own_account(enrolled, client, version):
    client.force_login(enrolled.hr)
    assert {item["associationId"] for item in listed(client, OF_PERSON, version, enrolled.bert.pk)} == {
        str(enrolled.done.pk)
    }
    assert ask(client, ONE[version].partition("{")[0] + str(enrolled.own.pk), version).status_code == 404
    active = {"5.0": "activeEnrollment", "6.0": "activeEnrolment"}[version]
    assert told(client, "/persons/{personId}", version, ids={"personId": enrolled.bert.pk})[active] is False
    client.force_login(enrolled.bert)
    assert told(client, "/persons/me", version)[active] is True
    assert len(listed(client, OF_PERSON, version, enrolled.bert.pk)) == 2


@BOTH
def test_of_who_left_hr_sees_how_it_stood_also_by_filter(enrolled, client, version):
    enrolled.employer.employments.filter(user=enrolled.bert).update(
        starts_on=today() - timedelta(days=90), ends_on=today() - timedelta(days=1)
    )
    Enrollment.objects.filter(pk=enrolled.done.pk).update(
        created_at=now() - timedelta(days=9), activated_at=now() - timedelta(days=9)
    )
    client.force_login(enrolled.hr)
    body = one(client, enrolled.done, version)
    assert (body["state"], "result" in body) == ("associated", False)
    name = {"5.0": "result-state", "6.0": "resultState"}[version]
    assert listed(client, OF_OFFERING, version, enrolled.short.pk, **{name: "completed"}) == []
    if version == "6.0":
        assert listed(client, OF_OFFERING, version, enrolled.short.pk, state="finished") == []


@BOTH
def test_every_state_of_ours_has_a_word_that_the_document_knows(enrolled, client, version):
    mapping = {"5.0": mapping_v5, "6.0": mapping_v6}[version]
    assert set(mapping.STATES) == set(EnrollmentState)
    for state in EnrollmentState:
        asked = state in ("requested", "refused")  # of the employer: the provider sees nothing of it
        client.force_login(enrolled.hr if asked else enrolled.teacher)
        Enrollment.objects.filter(pk=enrolled.busy.pk).update(state=state, ended_at=now(), answer_by=now())
        body = one(client, enrolled.busy, version)
        assert body["state"] == mapping.STATES[state]
        again = listed(client, OF_OFFERING, version, enrolled.short.pk, state=body["state"])
        assert str(enrolled.busy.pk) in {item["associationId"] for item in again}
        assert ("result" in body) == (state in ("completed", "not_passed", "expired"))


@BOTH
def test_person_and_offering_come_whole_when_asked(enrolled, client, version):
    client.force_login(enrolled.teacher)
    names = {"5.0": "person,offering", "6.0": "person,course_offering,academic_session"}[version]
    body = one(client, enrolled.busy, version, expand=names)
    assert body["person"]["displayName"] == str(enrolled.esra)
    assert body[{"5.0": "offering", "6.0": "courseOffering"}[version]]["primaryCode"]["code"] == enrolled.short.code
    one(client, enrolled.busy, version, expand="grades", status=400)
    if version == "6.0":
        (item,) = listed(client, OF_PERSON, version, enrolled.esra.pk, expand="course_offering")
        assert item["courseOffering"]["primaryCode"]["code"] == enrolled.short.code


def test_who_has_no_address_gets_one_that_cannot_receive_mail_in_version_5_only(enrolled, client):
    nameless = UserFactory(email=None, family_name="")
    client.force_login(nameless)
    assert told(client, "/persons/me")["mail"].endswith(".invalid")
    assert "email" not in told(client, "/persons/me", "6.0")


@BOTH
@pytest.mark.parametrize("who", ["esra", "hr"])
def test_who_may_withdraw_cancels_from_outside_and_the_place_goes_to_who_waits(enrolled, client, version, who):
    waiting = enroll_self(by=UserFactory(), offering=Offering.objects.get(pk=enrolled.short.pk))
    assert waiting.state == "waitlisted"
    client.force_login(getattr(enrolled, who))
    answer = patch(client, enrolled.busy, version, {"remoteState": CANCELLED[version]})
    assert (answer.status_code, answer.json()["state"]) == (200, CANCELLED[version])
    assert errors(version, ONE[version], answer.json(), method="patch") == []
    assert answer["Content-Type"].endswith(version)
    assert one(client, enrolled.busy, version)["state"] == CANCELLED[version]
    waiting.refresh_from_db()
    assert waiting.state == "active"
    again = patch(client, enrolled.busy, version, {"remoteState": CANCELLED[version]})
    assert again.status_code == 200, "a second time changes nothing"


@BOTH
@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"remoteState": "associated"}, 200, ""),
        ({}, 200, ""),
        ({"remoteState": "pending"}, 409, "annuleren"),
        ({"remoteState": "weg"}, 400, "remoteState"),
        ({"remoteState": None}, 400, "remoteState"),
        ({"remoteState": ["canceled"]}, 400, "remoteState"),
        ({"state": "associated"}, 400, "remoteState"),
        ({"result": {"state": "completed", "pass": "passed"}}, 403, "resultaat"),
        ({"remoteState": "associated", "result": None}, 403, "resultaat"),
        ([], 400, "object"),
        ("{", 400, ""),
    ],
)
def test_every_other_change_is_answered_in_words_and_changes_nothing(enrolled, client, version, body, status, words):
    client.force_login(enrolled.esra)
    before = Enrollment.objects.values().get(pk=enrolled.busy.pk)
    answer = patch(client, enrolled.busy, version, body)
    assert answer.status_code == status, answer.content
    assert words in answer.json().get("detail", "")
    if status != 200:
        assert schema_errors(version, "#/components/schemas/Problem", answer.json()) == []
    assert Enrollment.objects.values().get(pk=enrolled.busy.pk) == before


@BOTH
def test_who_may_see_but_not_withdraw_is_refused_and_what_is_completed_stays(enrolled, client, version):
    asked = {"remoteState": CANCELLED[version]}
    client.force_login(enrolled.teacher)
    assert patch(client, enrolled.busy, version, asked).status_code == 403
    client.force_login(UserFactory())
    assert patch(client, enrolled.busy, version, asked).status_code == 404
    client.force_login(enrolled.bert)
    assert patch(client, enrolled.done, version, asked).status_code == 409
    client.logout()
    assert patch(client, enrolled.busy, version, asked).status_code == 401


def test_what_the_mbo_profile_shares_with_us_is_what_it_says(enrolled, client):
    """It is about tests of components and who sits them; offerings of courses it does not know."""
    unit = enrolled.lathe.sections.get().units.first()
    client.force_login(enrolled.teacher)
    for template, pk in {
        "/": "",
        "/organizations/{organizationId}": enrolled.school.pk,
        "/components/{componentId}": unit.pk,
        "/persons/{personId}": enrolled.bert.pk,
    }.items():
        body = ask(client, template.partition("{")[0] + str(pk)).json()
        assert errors("mbo", template, body) == [], template
        spoiled = dict.fromkeys(body, 7)
        assert errors("mbo", template, spoiled), template
    run = ask(client, f"/offerings/{enrolled.short.pk}").json()
    assert errors("mbo", "/offerings/{offeringId}", run), (
        "the profile has come to know offerings of courses: hold us to it"
    )


def test_a_body_of_another_kind_is_refused(enrolled, client):
    client.force_login(enrolled.esra)
    assert patch(client, enrolled.busy, "5.0", "remoteState=canceled", "text/plain").status_code == 415
    assert patch(client, enrolled.busy, "5.0", {"remoteState": "canceled"}, "application/json").status_code == 200


@BOTH
def test_lists_of_people_cost_the_same_whatever_their_length(enrolled, client, version, django_assert_max_num_queries):
    def cost():
        path = OF_OFFERING[version].replace(OF_OFFERING[version].split("/")[2], str(offering.pk))
        with django_assert_max_num_queries(16) as seen:
            assert len(ask(client, path, version, pageSize=250).json()["items"]) == offering.enrollments.count()
        return len(seen)

    offering = offering_of(published_version(enrolled.school, units=("text",)))
    client.force_login(enrolled.teacher)
    enroll_self(by=UserFactory(), offering=offering)
    before = cost()
    for _each in range(8):
        enrollment = enroll_self(by=UserFactory(), offering=offering)
    unit = offering.version.sections.get().units.get()
    mark_unit_done(by=enrollment.learner, enrollment=enrollment, unit=unit)
    assert cost() == before

"""What an employer sees is the list of the law and nothing else, through every door; the worker sees the same."""

import datetime as dt
import json

import pytest

from enrollments.models import Attempt, Enrollment, GradeShare
from enrollments.reports.catalog import REPORTS
from enrollments.services.enrolling import enroll_self, enroll_staff
from enrollments.services.learning import submit_attempt
from enrollments.services.sharing import share_grade, unshare_grade
from lms.audit.models import AuditEntry
from lms.core.clock import now, today
from lms.core.errors import Conflict, Forbidden
from lms.organizations.models import Employment
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, offering_of, person_with_role, published_version

from .reports.test_people import api_of, client_of

pytestmark = pytest.mark.django_db
OWN_CHOICE = "Alleen voor mijzelf"
# STANDARDS: dates, attended hours, status, progress, passed and date, certificate, cost; a grade when it is shared.
ROW_KEYS = {
    *("id", "state", "learner", "offering", "version", "provider", "employer", "arranged_by", "mandatory"),
    *("created_at", "activated_at", "ended_at", "attended_minutes", "percent", "overdue", "completed_at"),
    *("grade", "masked"),
}
LEARNER_KEYS = {"id", "name", "email", "personnel_number", "department", "left_on"}
PAGES = (
    *("/medewerkers/", "/inschrijvingen/", "/start/", "/rapporten/mijn-mensen/", "/rapporten/mijn-mensen/regels/"),
    *("/rapporten/subsidie/", "/rapporten/subsidie/regels/"),
)
FILES = [f"/rapporten/{report.slug}/regels.csv" for report in REPORTS.values()]
ADDRESSES = (
    *("/api/v1/enrollments/", "/api/v1/reports/people/", "/api/v1/reports/people/rows/"),
    *("/api/v1/reports/funding/rows/", "/api/v1/reports/people/csv/"),
)


@pytest.fixture
def graded():
    """Somebody who completed what the employer arranged, with a grade, and takes something on their own account."""
    employment = EmploymentFactory(starts_on=today() - dt.timedelta(days=60))
    hr = person_with_role(employment.employer, Role.HR_MANAGER)
    offering = offering_of(published_version(units=("quiz",)))
    outcome = enroll_staff(by=hr, employer=employment.employer, offering=offering, learners=[employment.user])
    enrollment = outcome.active[0]
    quiz = offering.version.sections.get().units.get()
    submit_attempt(by=employment.user, enrollment=enrollment, unit=quiz, answers={"q1": ["a"], "q2": ["a", "b"]})
    attempt = Attempt.objects.get()
    assert attempt.passed
    enroll_self(by=employment.user, offering=offering_of(published_version(title={"nl": OWN_CHOICE})))
    return hr, employment, Enrollment.objects.select_related("learner").get(pk=enrollment.pk)


def shown_everywhere(hr, employment):
    """All that HR gets to read about this employer's people, from every page, file and answer."""
    page, api = client_of(hr), api_of(hr)
    shown = {}
    for address in (*PAGES, f"/medewerkers/{employment.pk}/", *FILES):
        answer = page.get(address)
        shown[address] = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200, address
    for address in ADDRESSES:
        answer = api.get(address)
        shown[address] = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200, address
    return {address: content.decode("utf-8-sig") for address, content in shown.items()}


def test_through_no_door_an_employer_sees_more(graded):
    hr, employment, enrollment = graded
    result = enrollment.completion.result
    assert result["score"] == 100.0
    for address, text in shown_everywhere(hr, employment).items():
        for canary in (OWN_CHOICE, '"q1"', '"answers"', '"score"', "best_score", '"feedback"'):
            assert canary not in text, (address, canary)
    rows = api_of(hr).get("/api/v1/enrollments/").json()["results"]
    assert [set(row) for row in rows] == [ROW_KEYS]
    assert set(rows[0]["learner"]) == LEARNER_KEYS
    assert rows[0]["grade"] is None
    detail = api_of(hr).get(f"/api/v1/enrollments/{enrollment.pk}/").json()
    assert set(detail) == {*ROW_KEYS, "progress"}
    assert detail["progress"] is None
    for kind, report in REPORTS.items():
        for row in api_of(hr).get(f"/api/v1/reports/{kind}/rows/").json()["results"]:
            assert set(row) - {"id", "lacks"} == {column.key for column in report.columns}


def test_a_grade_is_seen_while_it_is_shared(graded):
    hr, employment, enrollment = graded
    assert api_of(hr).get("/api/v1/enrollments/").json()["results"][0]["grade"] is None
    assert api_of(employment.user).post(f"/api/v1/enrollments/{enrollment.pk}/grade-share/").status_code == 204
    share_grade(by=employment.user, enrollment=enrollment)
    assert GradeShare.objects.count() == 1
    assert api_of(hr).get("/api/v1/enrollments/").json()["results"][0]["grade"] == 100.0
    assert "100" in client_of(hr).get(f"/medewerkers/{employment.pk}/").content.decode()
    assert api_of(employment.user).delete(f"/api/v1/enrollments/{enrollment.pk}/grade-share/").status_code == 204
    assert api_of(hr).get("/api/v1/enrollments/").json()["results"][0]["grade"] is None
    actions = AuditEntry.objects.filter(action__contains="share_grade").order_by("id")
    assert [entry.action for entry in actions] == ["enrollments.share_grade", "enrollments.unshare_grade"]


def test_nobody_shares_for_another_and_nothing_without_a_grade(graded):
    hr, employment, enrollment = graded
    with pytest.raises(Forbidden):
        share_grade(by=hr, enrollment=enrollment)
    own = Enrollment.objects.of_learner(employment.user).get(arranged_by="learner")
    with pytest.raises(Forbidden):
        share_grade(by=employment.user, enrollment=own)
    running = enroll_staff(by=hr, employer=employment.employer, offering=offering_of(), learners=[employment.user])
    with pytest.raises(Conflict):
        share_grade(by=employment.user, enrollment=running.active[0])
    unshare_grade(by=employment.user, enrollment=enrollment)


def test_a_grade_shared_after_leaving_is_not_the_former_employers(graded):
    hr, employment, enrollment = graded
    long_ago = now() - dt.timedelta(days=30)
    Enrollment.objects.filter(pk=enrollment.pk).update(created_at=long_ago, activated_at=long_ago)
    Employment.objects.filter(pk=employment.pk).update(ends_on=today() - dt.timedelta(days=1))
    share_grade(by=employment.user, enrollment=enrollment)
    (row,) = api_of(hr).get("/api/v1/enrollments/").json()["results"]
    assert (row["grade"], row["completed_at"], row["state"]) == (None, None, "active")
    assert row["masked"]


def test_the_worker_sees_exactly_what_the_employer_sees(graded):
    hr, employment, enrollment = graded
    b"".join(client_of(hr).get("/rapporten/mijn-mensen/regels.csv").streaming_content)
    page = client_of(employment.user).get("/mijn-leren/wat-mijn-werkgever-ziet/")
    (employer,) = page.context["employers"]
    told = employer["told"][0]["row"]
    (row,) = api_of(hr).get("/api/v1/enrollments/").json()["results"]
    assert json.loads(json.dumps(told, default=str)).keys() == row.keys()
    assert (str(told["id"]), told["percent"], told["grade"]) == (row["id"], row["percent"], row["grade"])
    assert page.context["hidden"] == 1
    said = {cell["column"].key: cell["value"] for cell in employer["told"][0]["said"]}
    (line,) = api_of(hr).get("/api/v1/reports/funding/rows/").json()["results"]
    assert said["certificate_number"] == line["certificate_number"]
    assert "grade" not in said
    assert len(employer["files"]) == 1
    assert OWN_CHOICE not in page.content.decode()
    client_of(employment.user).post(f"/mijn-leren/{enrollment.pk}/cijfer-delen/", {"share": "yes"})
    assert (
        client_of(employment.user)
        .get("/mijn-leren/wat-mijn-werkgever-ziet/")
        .context["employers"][0]["told"][0]["shared_at"]
    )
    client_of(employment.user).post(f"/mijn-leren/{enrollment.pk}/cijfer-delen/", {"share": "no"})
    assert not GradeShare.objects.filter(ended_at=None).exists()


def test_a_former_employer_is_on_the_workers_page_with_the_reason(graded):
    _hr, employment, _enrollment = graded
    long_ago = now() - dt.timedelta(days=30)
    Enrollment.objects.update(created_at=long_ago, activated_at=long_ago)
    Employment.objects.filter(pk=employment.pk).update(ends_on=today() - dt.timedelta(days=1))
    (employer,) = client_of(employment.user).get("/mijn-leren/wat-mijn-werkgever-ziet/").context["employers"]
    assert employer["has_left"]
    assert employer["told"][0]["row"]["masked"]

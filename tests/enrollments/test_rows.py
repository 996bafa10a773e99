"""What an employer sees of what it arranged, also after somebody left."""

import datetime as dt

import pytest
import time_machine

from courses.models import Unit
from enrollments.models import Enrollment
from enrollments.rows import columns_of, rows_for
from enrollments.services.enrolling import enroll_self, enroll_staff, withdraw_enrollment
from enrollments.services.learning import mark_unit_done
from lms.accounts.services import issue_token
from lms.core.clock import now, today
from lms.core.errors import Forbidden
from lms.organizations.models import Department, Employment
from lms.organizations.services import end_employment
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, OrganizationFactory, offering_of, person_with_role, published_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def employment():
    return EmploymentFactory(starts_on=today() - dt.timedelta(days=100))


@pytest.fixture
def hr(employment):
    return person_with_role(employment.employer, Role.HR_MANAGER)


def arrange(hr, employment, **offering):
    offering = offering_of(published_version(units=("text", "text")), **offering)
    outcome = enroll_staff(by=hr, employer=employment.employer, offering=offering, learners=[employment.user])
    return (outcome.active + outcome.waitlisted)[0]


def finish(enrollment, position):
    unit = Unit.objects.get(section__version=enrollment.version_id, position=position)
    mark_unit_done(by=enrollment.learner, enrollment=enrollment, unit=unit)


def seen_by(user, **states):
    return rows_for(user, columns_of(Enrollment.objects.visible_to(user).order_by("id")), **states)


def test_the_employer_sees_the_number_and_department_and_others_do_not(hr, employment):
    Employment.objects.update(department=Department.objects.create(employer=employment.employer, name="Zagerij"))
    enrollment = arrange(hr, employment)
    (row,) = seen_by(hr)
    assert (row["learner"]["personnel_number"], row["learner"]["department"]) == (
        employment.personnel_number,
        "Zagerij",
    )
    (row,) = seen_by(person_with_role(enrollment.provider, Role.TEACHER))
    assert (row["learner"]["personnel_number"], row["learner"]["department"]) == (None, None)


def test_what_somebody_took_on_their_own_account_is_unknown_to_the_employer(hr, employment):
    enroll_self(by=employment.user, offering=offering_of())
    assert seen_by(hr) == []


def test_of_who_left_the_employer_sees_the_last_day(hr, employment):
    enrollment = arrange(hr, employment)
    finish(enrollment, 0)
    with time_machine.travel(now() + dt.timedelta(days=10)):
        end_employment(by=hr, employment=employment, ends_on=today() - dt.timedelta(days=5))
        finish(enrollment, 1)
        (row,) = seen_by(hr)
        assert (row["state"], row["percent"], row["ended_at"], row["completed_at"]) == ("active", 50, None, None)
        assert seen_by(hr, states=["completed"]) == []
        assert seen_by(employment.user)[0]["state"] == "completed"
        assert seen_by(person_with_role(enrollment.provider, Role.TEACHER))[0]["state"] == "completed"


def test_who_left_is_not_withdrawn_by_the_former_employer(hr, employment):
    enrollment = arrange(hr, employment)
    with time_machine.travel(now() + dt.timedelta(days=10)):
        end_employment(by=hr, employment=employment, ends_on=today() - dt.timedelta(days=5))
        assert seen_by(hr)[0]["learner"]["left_on"] == today() - dt.timedelta(days=5)
        with pytest.raises(Forbidden):
            withdraw_enrollment(by=hr, enrollment=enrollment)
        withdraw_enrollment(by=employment.user, enrollment=enrollment)


def test_what_was_completed_before_somebody_left_stays_the_employers(hr, employment):
    enrollment = arrange(hr, employment)
    finish(enrollment, 0)
    finish(enrollment, 1)
    with time_machine.travel(now() + dt.timedelta(days=10)):
        end_employment(by=hr, employment=employment, ends_on=today() - dt.timedelta(days=5))
        (row,) = seen_by(hr)
        assert (row["state"], row["percent"]) == ("completed", 100)
        assert row["completed_at"] is not None


def test_a_place_that_came_after_somebody_left_is_not_seen(hr, employment):
    colleague = EmploymentFactory(employer=employment.employer).user
    offering = offering_of(capacity=1)
    outcome = enroll_staff(
        by=hr, employer=employment.employer, offering=offering, learners=[colleague, employment.user]
    )
    waiting = Enrollment.objects.filter(pk=outcome.waitlisted[0].pk)
    with time_machine.travel(now() + dt.timedelta(days=10)):
        waiting.update(state="active", activated_at=now())
        end_employment(by=hr, employment=employment, ends_on=today() - dt.timedelta(days=5))
        row = next(row for row in seen_by(hr) if row["learner"]["id"] == employment.user_id)
        assert (row["state"], row["activated_at"]) == ("waitlisted", None)


def test_another_employer_sees_nothing(hr, employment):
    arrange(hr, employment)
    other = person_with_role(OrganizationFactory(), Role.HR_MANAGER)
    EmploymentFactory(employer=other.memberships.get().organization, user=employment.user)
    assert seen_by(other) == []


def test_a_page_of_the_api_takes_three_queries_whatever_is_on_it(hr, employment, client, django_assert_num_queries):
    offering = offering_of()
    people = [EmploymentFactory(employer=employment.employer, department="Zagerij").user for _n in range(60)]
    enroll_staff(by=hr, employer=employment.employer, offering=offering, learners=people)
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {issue_token(hr, 'lijst')}"
    client.get("/api/v1/enrollments/")
    with django_assert_num_queries(3):
        first = client.get("/api/v1/enrollments/").json()
    second = client.get(first["next"]).json()
    back = client.get(second["previous"]).json()
    assert [len(page["results"]) for page in (first, second, back)] == [50, 10, 50]
    assert back["results"] == first["results"]
    assert (first["previous"], second["next"]) == (None, None)
    assert {row["learner"]["department"] for row in first["results"]} == {"Zagerij"}

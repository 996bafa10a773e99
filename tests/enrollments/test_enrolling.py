"""Enrolling and withdrawing, through the one service behind every door."""

import datetime as dt

import pytest

from courses.models import Offering
from enrollments.models import Enrollment
from enrollments.services.enrolling import enroll_self, enroll_staff, withdraw_enrollment
from lms.core.clock import today
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.events.models import DomainEvent
from lms.organizations.services import add_member
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, OrganizationFactory, UserFactory, offering_of, person_with_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def employer():
    return OrganizationFactory()


@pytest.fixture
def hr(employer):
    return person_with_role(employer, Role.HR_MANAGER)


def staff(employer, count):
    return [EmploymentFactory(employer=employer).user for _ in range(count)]


def test_overflow_goes_to_the_waiting_list_in_order(employer, hr):
    offering = offering_of(capacity=2)
    people = staff(employer, 3)
    outcome = enroll_staff(by=hr, employer=employer, offering=offering, learners=people)
    assert [e.learner for e in outcome.active] == people[:2]
    assert [e.learner for e in outcome.waitlisted] == people[2:]
    assert Offering.objects.get(pk=offering.pk).taken == 2
    assert DomainEvent.objects.filter(name="enrollment.activated").count() == 2


def test_the_same_people_again_change_nothing(employer, hr):
    offering = offering_of()
    people = staff(employer, 2)
    enroll_staff(by=hr, employer=employer, offering=offering, learners=people)
    again = enroll_staff(by=hr, employer=employer, offering=offering, learners=people + people)
    assert (len(again.active), len(again.existing)) == (0, 2)
    assert Enrollment.objects.count() == 2


def test_a_withdrawal_gives_the_place_to_who_waits_longest(employer, hr):
    offering = offering_of(capacity=1)
    first, second, third = staff(employer, 3)
    enroll_staff(by=hr, employer=employer, offering=offering, learners=[first, second, third])
    withdraw_enrollment(by=first, enrollment=Enrollment.objects.get(learner=first))
    states = dict(Enrollment.objects.values_list("learner", "state"))
    assert states == {first.pk: "withdrawn", second.pk: "active", third.pk: "waitlisted"}
    assert Offering.objects.get(pk=offering.pk).taken == 1


def test_only_hr_of_that_employer_enrolls_its_staff(employer):
    offering = offering_of()
    people = staff(employer, 1)
    other = person_with_role(OrganizationFactory(), Role.HR_MANAGER)
    with pytest.raises(Forbidden):
        enroll_staff(by=other, employer=employer, offering=offering, learners=people)


def test_a_stranger_is_not_staff(employer, hr):
    with pytest.raises(Invalid) as raised:
        enroll_staff(by=hr, employer=employer, offering=offering_of(), learners=[UserFactory()])
    assert raised.value.errors[0].code == "not_employed"


def test_a_reserved_offering_is_unknown_to_others(employer, hr):
    offering = offering_of(visibility="employers")
    with pytest.raises(NotFound):
        enroll_staff(by=hr, employer=employer, offering=offering, learners=[])
    offering.employers.add(employer)
    enroll_staff(by=hr, employer=employer, offering=offering, learners=staff(employer, 1))


def test_hr_of_two_employers_uses_a_reserved_offering_only_for_the_one_it_is_reserved_for(employer, hr):
    other = OrganizationFactory()
    add_member(by=None, organization=other, user=hr, role=Role.HR_MANAGER)
    offering = offering_of(visibility="employers")
    offering.employers.add(employer)
    with pytest.raises(Forbidden):
        enroll_staff(by=hr, employer=other, offering=offering, learners=staff(other, 1))


def test_nobody_jumps_the_queue_when_places_were_added(employer, hr):
    offering = offering_of(capacity=1)
    first, second = staff(employer, 2)
    enroll_staff(by=hr, employer=employer, offering=offering, learners=[first, second])
    Offering.objects.filter(pk=offering.pk).update(capacity=2)
    enroll_staff(by=hr, employer=employer, offering=offering, learners=staff(employer, 1))
    assert Enrollment.objects.get(learner=second).state == "active"
    assert Enrollment.objects.filter(state="waitlisted").count() == 1


def test_a_closed_offering_takes_nobody():
    offering = offering_of(enroll_until=today() - dt.timedelta(days=1))
    with pytest.raises(Conflict):
        enroll_self(by=UserFactory(), offering=offering)


def test_the_number_of_queries_does_not_grow_with_the_people(employer, hr, django_assert_max_num_queries):
    offering = offering_of()
    people = staff(employer, 40)
    with django_assert_max_num_queries(26):
        enroll_staff(by=hr, employer=employer, offering=offering, learners=people)

"""Employments: what leaving ends, and numbers that are somebody's."""

import datetime as dt

import pytest

from lms.core.clock import today
from lms.core.errors import Conflict
from lms.organizations.services import change_employments, end_employment
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, OrganizationFactory, person_with_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def employer():
    return OrganizationFactory()


@pytest.fixture
def hr(employer):
    return person_with_role(employer, Role.HR_MANAGER)


def test_who_left_does_not_come_back_by_another_last_day(employer, hr):
    left = EmploymentFactory(employer=employer, starts_on=dt.date(2020, 1, 1), ends_on=today() - dt.timedelta(days=30))
    with pytest.raises(Conflict):
        end_employment(by=hr, employment=left, ends_on=today() + dt.timedelta(days=365))
    earlier = end_employment(by=hr, employment=left, ends_on=left.ends_on - dt.timedelta(days=1))
    assert earlier.ends_on < left.ends_on


def test_a_last_day_that_lies_ahead_can_move(employer, hr):
    leaving = EmploymentFactory(employer=employer, ends_on=today() + dt.timedelta(days=10))
    later = today() + dt.timedelta(days=40)
    assert end_employment(by=hr, employment=leaving, ends_on=later).ends_on == later


def test_a_number_of_somebody_else_is_refused_in_words(employer, hr):
    first, second = EmploymentFactory(employer=employer), EmploymentFactory(employer=employer)
    with pytest.raises(Conflict, match=first.personnel_number):
        change_employments(by=hr, employer=employer, changed=[(second, {"personnel_number": first.personnel_number})])
    change_employments(by=hr, employer=employer, changed=[(second, {"personnel_number": second.personnel_number})])

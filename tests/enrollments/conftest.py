"""People in the middle of learning."""

import pytest
from rest_framework.test import APIClient

from enrollments.services.enrolling import enroll_self, enroll_staff
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, UserFactory, offering_of, person_with_role, published_version


@pytest.fixture
def learner():
    return UserFactory()


@pytest.fixture
def enrolled(learner):
    """Enroll the learner in a new offering of a version with these kinds of units."""

    def enroll(*kinds, **offering):
        return enroll_self(by=learner, offering=offering_of(published_version(units=kinds), **offering))

    return enroll


@pytest.fixture
def api():
    """The API as somebody sees it."""

    def as_user(user):
        client = APIClient()
        client.force_authenticate(user)
        return client

    return as_user


@pytest.fixture
def hr_world():
    """HR of an employer, and an enrollment that it arranged."""
    employment = EmploymentFactory()
    hr = person_with_role(employment.employer, Role.HR_MANAGER)
    outcome = enroll_staff(by=hr, employer=employment.employer, offering=offering_of(), learners=[employment.user])
    return hr, outcome.active[0]

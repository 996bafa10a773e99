"""People in the middle of learning."""

import pytest

from enrollments.services.enrolling import enroll_self
from tests.factories import UserFactory, offering_of, published_version


@pytest.fixture
def learner():
    return UserFactory()


@pytest.fixture
def enrolled(learner):
    """Enroll the learner in a new offering of a version with these kinds of units."""

    def enroll(*kinds, **offering):
        return enroll_self(by=learner, offering=offering_of(published_version(units=kinds), **offering))

    return enroll

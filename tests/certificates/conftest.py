"""Somebody completes a module, through the services."""

import pytest

from certificates.models import Certificate
from courses.models import Unit
from enrollments.services.enrolling import enroll_self
from enrollments.services.learning import mark_unit_done
from lms.accounts.models import User
from tests.factories import UserFactory, offering_of, published_version


def completed_by(learner=None, *, offering=None, **version_fields) -> Certificate:
    """The certificate of a completion that just happened."""
    learner = learner or UserFactory()
    offering = offering or offering_of(published_version(units=("text",), **version_fields))
    enrollment = enroll_self(by=learner, offering=offering)
    mark_unit_done(by=learner, enrollment=enrollment, unit=Unit.objects.get(section__version=offering.version))
    return Certificate.objects.get(completion__enrollment=enrollment)


@pytest.fixture
def learner(db) -> User:
    return UserFactory(given_name="Anouk", name_prefix="van der", family_name="Meulen")


@pytest.fixture
def certificate(learner) -> Certificate:
    return completed_by(learner)

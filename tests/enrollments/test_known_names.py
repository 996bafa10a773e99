"""HR reads the name it wrote for people who have not signed in yet, and never the one behind their address."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from courses.models import Prerequisite
from enrollments.models import Enrollment
from enrollments.services.enrolling import enroll_staff
from lms.core.clock import today
from lms.core.errors import Conflict
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, UserFactory, offering_of, person_with_role, published_version

from .money import agreement_of, employer_with_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def hr(client):
    employer, hr, _people = employer_with_staff(0)
    client.force_login(hr)
    return employer, hr


@pytest.fixture
def awaited(hr):
    person = UserFactory(given_name="Eigen", family_name="Naamgever")
    return EmploymentFactory(employer=hr[0], user=person, listed_as="W. Opgeschreven").user


@pytest.fixture
def offering():
    starts = today() + timedelta(days=30)
    return offering_of(published_version(), starts_on=starts, price=Decimal(100), capacity=1)


def names_on(client, address, *args):
    page = client.get(reverse(address, args=args)).content.decode()
    return "Opgeschreven" in page, "Naamgever" in page


def test_who_lacks_what_comes_first(hr, awaited, offering):
    Prerequisite.objects.create(module=offering.version.module, requires=published_version().module)
    ready = EmploymentFactory(employer=hr[0]).user
    enroll_staff(by=hr[1], employer=hr[0], offering=offering_of(published_version()), learners=[ready])
    with pytest.raises(Conflict) as refused:
        enroll_staff(by=hr[1], employer=hr[0], offering=offering, learners=[awaited, ready])
    told = " ".join(error.message for error in refused.value.errors)
    assert "Opgeschreven" in told
    assert "Naamgever" not in told
    assert ready.family_name in told


def test_waiting_and_withdrawing(client, hr, awaited, offering):
    first = EmploymentFactory(employer=hr[0]).user
    outcome = enroll_staff(by=hr[1], employer=hr[0], offering=offering, learners=[first, awaited])
    (waits,) = outcome.waitlisted
    assert names_on(client, "enrollments:waiting_list", offering.code) == (True, False)
    assert names_on(client, "enrollments:withdraw", waits.pk) == (True, False)


def test_the_ledger_for_each_side(client, hr, awaited, offering):
    agreement = agreement_of(hr[0], offering.provider, seats=2)
    enroll_staff(by=hr[1], employer=hr[0], offering=offering, learners=[awaited])
    assert Enrollment.objects.get().reservation.agreement == agreement
    assert names_on(client, "enrollments:agreement", agreement.pk) == (True, False)
    client.force_login(person_with_role(offering.provider, Role.PUBLISHER))
    assert names_on(client, "enrollments:agreement", agreement.pk) == (False, True)


def test_no_search_tells_the_name_behind_an_address(client, hr, awaited, offering):
    """Else HR could guess who somebody is: each word is answered with yes or no."""
    agreement = agreement_of(hr[0], offering.provider, seats=2)
    enroll_staff(by=hr[1], employer=hr[0], offering=offering, learners=[awaited])

    def found(words):
        ledger = client.get(reverse("enrollments:agreement", args=[agreement.pk]), {"q": words})
        where = client.get(reverse("enrollments:who_is_where"), {"q": words})
        listed = client.get("/api/v1/enrollments/", {"learner": words}).json()["results"]
        return len(ledger.context["lines"]), len(where.context["rows"]), len(listed)

    assert found("Opgeschreven") == (1, 1, 1)
    assert found("Naamgever") == (0, 0, 0)
    client.force_login(person_with_role(offering.provider, Role.PUBLISHER))
    participants = reverse("enrollments:participants", args=[offering.code])
    for words, number in (("Naamgever", 1), ("Opgeschreven", 0)):
        assert len(client.get(participants, {"q": words}).context["rows"]) == number
        assert len(client.get("/api/v1/enrollments/", {"learner": words}).json()["results"]) == number

"""Places that one employer has for itself: nobody else takes them, until they are given up."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation
from rest_framework.test import APIClient

from courses.models import Offering, ReservedPlaces
from courses.services.offerings import edit_offering
from courses.services.places import room_in
from courses.services.reserving import give_up_due_places, give_up_places, reserve_places
from lms.accounts.models import User
from lms.audit.models import AuditEntry
from lms.core.clock import today
from lms.core.errors import Conflict, Invalid, NotFound
from lms.permissions.roles import Role
from tests.factories import OrganizationFactory, offering_of, person_with_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def offering():
    starts = today() + timedelta(days=30)
    return offering_of(capacity=10, starts_on=starts, ends_on=starts + timedelta(days=5))


@pytest.fixture
def planner(offering):
    return person_with_role(offering.provider, Role.PUBLISHER)


@pytest.fixture
def employer():
    return OrganizationFactory()


def left(offering):
    """For everybody."""
    return Offering.objects.get(pk=offering.pk).places_left


def test_reserved_places_are_taken_from_everybody(offering, planner, employer):
    reserve_places(by=planner, offering=offering, employer=employer, places=4)
    room = room_in(Offering.objects.get(pk=offering.pk))
    assert (left(offering), room.left_for(employer.pk), room.left_for(OrganizationFactory().pk)) == (6, 10, 6)


def test_reserving_again_changes_the_number(offering, planner, employer):
    reserve_places(by=planner, offering=offering, employer=employer, places=4)
    reserve_places(by=planner, offering=offering, employer=employer, places=2, price=Decimal(99))
    assert (left(offering), ReservedPlaces.objects.get().price) == (8, Decimal(99))


def test_more_than_there_are_is_refused_with_the_number(offering, planner, employer):
    reserve_places(by=planner, offering=offering, employer=OrganizationFactory(), places=7)
    with pytest.raises(Conflict, match="Only 3 places"):
        reserve_places(by=planner, offering=offering, employer=employer, places=4)
    assert left(offering) == 3


def test_the_capacity_stays_above_what_is_taken_and_held_back(offering, planner, employer):
    reserve_places(by=planner, offering=offering, employer=employer, places=7)
    with pytest.raises(Invalid, match="0 places are taken and 7 are held back for employers: give at least 7"):
        edit_offering(by=planner, offering=offering, capacity=6)
    edit_offering(by=planner, offering=offering, capacity=7)


def test_an_employer_gets_in_where_only_chosen_ones_may(offering, planner, employer):
    Offering.objects.update(visibility="employers")
    reserve_places(by=planner, offering=offering, employer=employer, places=2)
    assert list(offering.employers.all()) == [employer]


@pytest.mark.parametrize("facts", [{"places": 0}, {"price": Decimal(-1)}, {"until": today() - timedelta(days=1)}])
def test_what_makes_no_sense_is_refused(offering, planner, employer, facts):
    with pytest.raises(Invalid):
        reserve_places(by=planner, offering=offering, employer=employer, **({"places": 2} | facts))
    assert left(offering) == 10


def test_the_day_passes_and_the_places_are_for_everybody(offering, planner, employer):
    reserve_places(by=planner, offering=offering, employer=employer, places=4, until=today())
    reserve_places(by=planner, offering=offering, employer=OrganizationFactory(), places=3)
    assert give_up_due_places() == 0
    ReservedPlaces.objects.filter(employer=employer).update(until=today() - timedelta(days=1))
    assert (give_up_due_places(), left(offering), give_up_due_places()) == (1, 7, 0)


def test_without_a_day_they_are_held_until_it_starts(offering, planner, employer):
    reserve_places(by=planner, offering=offering, employer=employer, places=4)
    Offering.objects.update(starts_on=today())
    assert (give_up_due_places(), left(offering)) == (1, 10)


def test_the_employer_gives_them_up_itself_and_nobody_else_does(offering, planner, employer):
    reserved = reserve_places(by=planner, offering=offering, employer=employer, places=4)
    teacher = person_with_role(offering.provider, Role.TEACHER)
    with pytest.raises(NotFound):
        give_up_places(by=teacher, reserved=reserved)
    give_up_places(by=person_with_role(employer, Role.HR_MANAGER), reserved=reserved)
    assert left(offering) == 10
    with pytest.raises(Conflict):
        give_up_places(by=planner, reserved=reserved)


def test_some_are_given_up_and_the_others_stay(offering, planner, employer):
    reserved = reserve_places(by=planner, offering=offering, employer=employer, places=4)
    hr = person_with_role(employer, Role.HR_MANAGER)
    give_up_places(by=hr, reserved=reserved, places=3)
    assert (left(offering), room_in(offering).own) == (9, {employer.pk: 1})
    entry = AuditEntry.objects.filter(action="courses.give_up_places").latest("id")
    assert (entry.organization_id, entry.changes["places"]) == (employer.pk, [4, 1])
    for wrong in (0, 2):
        with pytest.raises(Invalid, match="between 1 and 1"):
            give_up_places(by=hr, reserved=reserved, places=wrong)
    give_up_places(by=hr, reserved=reserved, places=1)
    reserved.refresh_from_db()
    assert reserved.given_up_at
    assert left(offering) == 10


def test_hr_gives_up_by_page_what_it_does_not_need(client, offering, planner, employer):
    reserved = reserve_places(by=planner, offering=offering, employer=employer, places=4)
    reserve_places(by=planner, offering=offering, employer=OrganizationFactory(name="Een ander"), places=2)
    hr = person_with_role(employer, Role.HR_MANAGER)
    User.objects.filter(pk=hr.pk).update(language="en")
    client.force_login(hr)
    address = reverse("courses:own_places")
    page = client.get(address).content.decode()
    assert "4 of 4" in page
    assert "Een ander" not in page
    give_up = reverse("courses:give_up_places", args=[reserved.pk])
    client.post(give_up, {"places": "x"})
    assert left(offering) == 4
    assert "3 of 3" in client.post(give_up, {"places": "1"}, follow=True).content.decode()
    assert "No places are held for you" in client.post(give_up, {}, follow=True).content.decode()
    assert left(offering) == 8


def test_by_api_the_provider_holds_and_the_employer_gives_up(offering, planner, employer):
    api = APIClient()
    api.force_authenticate(planner)
    asked = {"offering": offering.code, "employer": employer.slug, "places": 3, "price": "90.00"}
    made = api.post("/api/v1/reserved-places/", asked, format="json")
    assert (made.status_code, made.data["held_back"], made.data["price"]) == (201, 3, "90.00")
    full = api.post("/api/v1/reserved-places/", asked | {"places": 11}, format="json")
    assert (full.status_code, full.json()["code"]) == (409, "full")
    api.force_authenticate(person_with_role(employer, Role.HR_MANAGER))
    assert api.post("/api/v1/reserved-places/", asked, format="json").status_code == 403
    (seen,) = api.get("/api/v1/reserved-places/", {"offering": offering.code}).json()["results"]
    address = f"/api/v1/reserved-places/{seen['id']}/give-up/"
    assert api.post(address, {"places": 9}, format="json").status_code == 400
    assert api.post(address, {"places": 1}, format="json").data["held_back"] == 2
    assert api.post(address, {}, format="json").data["held_back"] == 0
    assert api.get("/api/v1/reserved-places/", {"given_up": "false"}).json()["results"] == []
    api.force_authenticate(person_with_role(OrganizationFactory(), Role.HR_MANAGER))
    assert api.post(address, {}, format="json").status_code == 404


def test_an_employer_sees_its_own_alone(offering, planner, employer):
    other = OrganizationFactory()
    for one in (employer, other):
        reserve_places(by=planner, offering=offering, employer=one, places=2)
    hr = person_with_role(employer, Role.HR_MANAGER)
    assert [reserved.employer for reserved in ReservedPlaces.objects.visible_to(hr)] == [employer]
    assert ReservedPlaces.objects.visible_to(planner).count() == 2

"""What HR is told before it confirms, and what is kept between employers that share an offering."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from courses.models import Offering
from courses.services.reserving import reserve_places
from enrollments.models import Enrollment
from lms.core.clock import today
from lms.organizations.models import Employment
from lms.permissions.roles import Role
from tests.factories import offering_of, person_with_role, published_version

from .money import agreement_of, employer_with_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def offering():
    starts = today() + timedelta(days=30)
    version = published_version(units=("text",))
    dates = {"starts_on": starts, "ends_on": starts + timedelta(days=5)}
    return offering_of(version, capacity=5, price=Decimal(400), **dates)


@pytest.fixture
def planner(offering):
    return person_with_role(offering.provider, Role.PUBLISHER)


def chosen(party, offering, **more):
    people = Employment.objects.filter(employer=party[0]).values_list("pk", flat=True)
    return {"person": [str(pk) for pk in people], "offering": offering.code} | more


def test_hr_sees_what_it_costs_what_is_left_and_why_somebody_would_wait(client, offering):
    party = employer_with_staff(4)
    agreement_of(party[0], offering.provider, seats=3, reference="Techniek")
    client.force_login(party[1])
    plan = client.get(reverse("enrollments:enroll_staff"), chosen(party, offering)).context["plan"]
    assert (plan.starting, plan.waiting, "Techniek" in plan.shortage) == (3, 1, True)
    assert [(share.places, share.cost, share.seats_after) for share in plan.shares] == [(3, Decimal(1200), 0)]
    client.post(reverse("enrollments:enroll_staff"), chosen(party, offering))
    assert sorted(Enrollment.objects.values_list("state", flat=True)) == ["active"] * 3 + ["waitlisted"]


def test_what_the_law_requires_and_cost_recovery_do_not_go_together(client, offering):
    party = employer_with_staff(1)
    client.force_login(party[1])
    both = {"mandatory": "on", "cost_recovery": "on"}
    page = client.get(reverse("enrollments:enroll_staff"), chosen(party, offering, **both))
    assert "7:611a" in page.content.decode()
    assert page.context["plan"] is None
    client.post(reverse("enrollments:enroll_staff"), chosen(party, offering, cost_recovery="on", due_on="2099-01-01"))
    enrollment = Enrollment.objects.get()
    assert (enrollment.cost_recovery, str(enrollment.due_on)) == (True, "2099-01-01")


def test_the_provider_holds_places_and_each_employer_sees_only_its_own(client, offering, planner):
    ours, theirs = employer_with_staff(4), employer_with_staff(1)
    client.force_login(planner)
    url = reverse("courses:reserved_places", args=[offering.code])
    assert client.post(url, {"employer": theirs[0].slug, "places": 2, "price": "350.00"}).status_code == 302
    reserve_places(by=planner, offering=offering, employer=ours[0], places=1)
    assert theirs[0].name in client.get(url).content.decode()
    assert client.post(url, {"employer": ours[0].slug, "places": 9}).context["form"].errors
    assert Offering.objects.get().held_back == 3
    client.force_login(ours[1])
    assert client.get(url).status_code == 403
    page = client.get(reverse("enrollments:enroll_staff"), chosen(ours, offering))
    assert theirs[0].name not in page.content.decode()
    assert (page.context["plan"].own_left, page.context["plan"].starting) == (1, 3)


def test_held_places_are_given_up_by_the_employer_itself(client, offering, planner):
    ours, theirs = employer_with_staff(1), employer_with_staff(1)
    reserved = reserve_places(by=planner, offering=offering, employer=ours[0], places=2)
    url = reverse("courses:give_up_places", args=[reserved.pk])
    client.force_login(theirs[1])
    assert client.post(url).status_code == 404
    client.force_login(ours[1])
    client.post(url)
    assert Offering.objects.get().held_back == 0

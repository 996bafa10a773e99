"""Seats and money: reserved with the place, given back or used, never below zero, and always the sum of the ledger."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.utils import translation

from courses.services.reserving import reserve_places
from enrollments.models import Agreement, Enrollment, LedgerEntry, SeatReservation
from enrollments.services.enrolling import enroll_staff, place_approved, withdraw_enrollment
from enrollments.services.paying import funding_for
from lms.core.clock import now, today
from lms.core.errors import Invalid
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, offering_of, person_with_role, published_version

from .money import agreement_of, balance, employer_with_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def version():
    return published_version(units=("text",))


@pytest.fixture
def later(version):
    """An offering of 400 euros that starts in a month."""
    starts = today() + timedelta(days=30)
    ends = starts + timedelta(days=9)
    return offering_of(version, price=Decimal(400), vat_percentage=Decimal(21), starts_on=starts, ends_on=ends)


def ledger(agreement):
    sums = LedgerEntry.objects.filter(agreement=agreement).aggregate(seats=Sum("seats"), money=Sum("amount"))
    return sums["seats"], sums["money"]


def kinds(agreement):
    return list(LedgerEntry.objects.filter(agreement=agreement).values_list("kind", flat=True))


def test_a_place_reserves_a_seat_and_its_price(later):
    employer, hr, people = employer_with_staff(2)
    agreement = agreement_of(employer, later.provider, seats=5, budget=1000)
    enroll_staff(by=hr, employer=employer, offering=later, learners=people)
    assert balance(agreement) == (3, Decimal(200)) == ledger(agreement)
    reservation = SeatReservation.objects.filter(agreement=agreement).first()
    assert (reservation.amount, reservation.vat, reservation.state) == (Decimal(400), Decimal(84), "reserved")
    assert set(LedgerEntry.objects.filter(kind="reservation").values_list("by", flat=True)) == {hr.pk}


def test_who_finds_no_seat_waits_and_hears_why(later):
    employer, hr, people = employer_with_staff(3)
    agreement = agreement_of(employer, later.provider, seats=2, reference="Techniek 2026")
    outcome = enroll_staff(by=hr, employer=employer, offering=later, learners=people)
    assert [e.learner for e in outcome.waitlisted] == people[2:]
    assert outcome.shortage == "There are no seats left in agreement Techniek 2026."
    assert balance(agreement) == (0, None)
    assert ledger(agreement)[0] == 0


def test_the_budget_decides_where_it_is_less_than_the_seats(later):
    employer, hr, people = employer_with_staff(3)
    agreement = agreement_of(employer, later.provider, seats=5, budget=900, reference="B")
    outcome = enroll_staff(by=hr, employer=employer, offering=later, learners=people)
    assert (len(outcome.active), balance(agreement)) == (2, (3, Decimal(100)))
    assert outcome.shortage == "Agreement B has € 100.00 left, and a place costs € 400.00."


def test_the_agreed_price_goes_before_that_of_reserved_places_and_of_the_offering(later, version):
    employer, _hr, _people = employer_with_staff(1)
    planner = person_with_role(later.provider, Role.PUBLISHER)
    assert funding_for(employer, later).price == Decimal(400)
    reserve_places(by=planner, offering=later, employer=employer, places=2, price=Decimal(350))
    assert (funding_for(employer, later).price, funding_for(employer, later).agreement) == (Decimal(350), None)
    agreement = agreement_of(employer, later.provider, seats=5)
    assert (funding_for(employer, later).price, funding_for(employer, later).agreement) == (Decimal(350), agreement)
    agreement.prices.create(module=version.module, price=Decimal(300))
    assert funding_for(employer, later).price == Decimal(300)


@pytest.mark.parametrize(
    "facts",
    [
        {"accepted_at": None},
        {"starts_on": today() + timedelta(days=1)},
        {"ends_on": today() - timedelta(days=1)},
        {"only_priced": True},
    ],
)
def test_what_is_not_in_force_or_does_not_cover_the_module_pays_nothing(later, facts):
    employer, hr, people = employer_with_staff(1)
    agreement = agreement_of(employer, later.provider, seats=0, **facts)
    outcome = enroll_staff(by=hr, employer=employer, offering=later, learners=people)
    assert (len(outcome.active), kinds(agreement)) == (1, ["grant"])


def test_a_second_agreement_pays_what_the_first_cannot(later):
    employer, hr, people = employer_with_staff(3)
    first = agreement_of(employer, later.provider, seats=2, ends_on=today() + timedelta(days=40))
    second = agreement_of(employer, later.provider, seats=2)
    outcome = enroll_staff(by=hr, employer=employer, offering=later, learners=people)
    assert (len(outcome.active), balance(first)[0], balance(second)[0]) == (3, 0, 1)


def test_a_withdrawal_in_time_gives_back_and_a_later_one_does_not(later):
    employer, hr, people = employer_with_staff(2)
    agreement = agreement_of(employer, later.provider, seats=2, budget=800, release_days=30)
    first, second = enroll_staff(by=hr, employer=employer, offering=later, learners=people).active
    withdraw_enrollment(by=hr, enrollment=first)
    assert balance(agreement) == (1, Decimal(400)) == ledger(agreement)
    Agreement.objects.update(release_days=31)
    withdraw_enrollment(by=hr, enrollment=second)
    assert balance(agreement) == (1, Decimal(400)) == ledger(agreement)
    assert kinds(agreement) == ["grant", "reservation", "reservation", "release", "use"]
    assert [r.state for r in SeatReservation.objects.order_by("enrollment")] == ["released", "used"]


def test_where_there_is_no_end_a_seat_comes_back_until_something_was_begun(version):
    employer, hr, people = employer_with_staff(2)
    offering = offering_of(version)
    agreement = agreement_of(employer, offering.provider, seats=2)
    first, second = enroll_staff(by=hr, employer=employer, offering=offering, learners=people).active
    Enrollment.objects.filter(pk=second.pk).update(last_activity_at=second.created_at)
    withdraw_enrollment(by=hr, enrollment=first)
    withdraw_enrollment(by=hr, enrollment=second)
    assert balance(agreement)[0] == 1


def test_the_place_that_comes_free_goes_to_the_next_with_the_seat_that_comes_free(later):
    employer, hr, people = employer_with_staff(3)
    agreement = agreement_of(employer, later.provider, seats=2)
    outcome = enroll_staff(by=hr, employer=employer, offering=later, learners=people)
    withdraw_enrollment(by=hr, enrollment=outcome.active[0])
    assert Enrollment.objects.get(learner=people[2]).state != "waitlisted"
    assert balance(agreement)[0] == ledger(agreement)[0] == 0


def test_an_agreement_that_is_over_does_not_turn_who_waits_into_an_invoice(later):
    employer, hr, people = employer_with_staff(2)
    agreement = agreement_of(employer, later.provider, seats=1)
    outcome = enroll_staff(by=hr, employer=employer, offering=later, learners=people)
    Agreement.objects.update(ended_at=now())
    withdraw_enrollment(by=hr, enrollment=outcome.active[0])
    assert Enrollment.objects.get(learner=people[1]).state == "waitlisted"
    assert balance(agreement)[0] == 1


def test_what_was_approved_is_placed_like_any_other(later):
    employer, hr, people = employer_with_staff(2)
    agreement = agreement_of(employer, later.provider, seats=1)
    facts = {"offering": later, "version": later.version, "provider": later.provider, "employer": employer}
    approved = [
        Enrollment.objects.create(learner=person, arranged_by="employer", state="approved", **facts)
        for person in people
    ]
    assert [place_approved(enrollment, by=hr).state for enrollment in approved] == ["active", "waitlisted"]
    assert balance(agreement)[0] == 0


def test_what_the_law_requires_is_never_recovered_from_the_worker(later):
    employer, hr, people = employer_with_staff(1)
    facts = {"by": hr, "employer": employer, "offering": later, "learners": people}
    with pytest.raises(Invalid) as raised:
        enroll_staff(**facts, mandatory=True, cost_recovery=True)
    assert raised.value.errors[0].field == "cost_recovery"
    assert "7:611a" in str(raised.value)
    assert enroll_staff(**facts, cost_recovery=True).active[0].cost_recovery


def test_many_people_cost_as_many_statements_as_few(later, django_assert_max_num_queries):
    employer, hr, _people = employer_with_staff(0)
    agreement = agreement_of(employer, later.provider, seats=100, budget=100_000)
    people = [EmploymentFactory(employer=employer).user for _ in range(60)]
    with django_assert_max_num_queries(32):
        enroll_staff(by=hr, employer=employer, offering=later, learners=people)
    assert balance(agreement) == (40, Decimal(76_000))

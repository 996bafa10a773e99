"""The whole life of enrollments, in any order: whatever happens, places, seats, money and people agree."""

import os
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Count
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from courses.models import Offering, ReservedPlaces
from courses.services.offerings import cancel_offering, edit_offering
from courses.services.reserving import give_up_places, reserve_places
from enrollments.ledger import find_mismatches
from enrollments.models import HOLDS_PLACE_STATES, LIVE_STATES, Completion, Enrollment, ReservationState
from enrollments.services.agreements import add_to_agreement, correct_agreement
from enrollments.services.ending import expire_over, mark_not_passed, use_begun
from enrollments.services.enrolling import enroll_self, enroll_staff, place_approved, withdraw_enrollment
from enrollments.services.learning import mark_unit_done
from enrollments.services.offers import accept_place, accept_unanswered, decline_place
from enrollments.services.waiting import promote_everywhere
from lms.core.clock import at, now, today
from lms.core.errors import DomainError
from lms.events.models import DomainEvent
from lms.organizations.models import Employment
from lms.permissions.roles import Role
from tests.factories import UserFactory, offering_of, person_with_role, published_version

from .money import agreement_of, employer_with_staff

EXAMPLES = int(os.environ.get("LIVES", "15"))
PARTIES, STAFF, RUNS = 2, 4, 2
party, member, run = (st.integers(0, top - 1) for top in (PARTIES, STAFF, RUNS))
few = st.integers(1, 3)


class Life(RuleBasedStateMachine):
    """Two employers with agreements, people on their own, a run that starts later and one that has begun."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        version = published_version(units=("text",))
        self.provider = version.module.provider
        self.planner = person_with_role(self.provider, Role.PUBLISHER)
        begins = (today() + timedelta(days=20), today() - timedelta(days=1))
        self.runs = [
            offering_of(version, capacity=3, price=Decimal(100), starts_on=begin, ends_on=today() + timedelta(days=40))
            for begin in begins
        ]
        self.parties = [employer_with_staff(STAFF) for _ in range(PARTIES)]
        limits = ({"seats": 3, "budget": 400}, {"seats": 2})
        self.agreements = [
            agreement_of(employer, self.provider, **limit, release_days=5)
            for (employer, _hr, _people), limit in zip(self.parties, limits, strict=True)
        ]
        self.alone = [UserFactory() for _ in range(2)]

    @initialize(reserved=few, first=party)
    def begin_crowded(self, reserved, first):
        """Every life begins with held places, a full run and people who wait, so that what follows matters."""
        for employer, *_rest in self.parties:
            held = {"employer": employer, "places": 1, "until": today() + timedelta(days=9)}
            self.attempt(reserve_places, by=self.planner, offering=self.runs[0], **held)
        self.reserve(first, 1, reserved)
        for number in (first, 1 - first):
            self.enroll(number, list(range(STAFF)), 0)
            self.enroll(number, [number], 1)
        for number in range(len(self.alone)):
            self.enroll_alone(number, number)
        self.withdraw(0)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def attempt(self, verb, **facts):
        """A refusal is an answer too; it must leave nothing behind."""
        try:
            with transaction.atomic():
                return verb(**facts)
        except DomainError:
            return None

    def one(self, number, *states):
        """Any enrollment in these states."""
        found = list(Enrollment.objects.filter(state__in=states).order_by("id"))
        return found[number % len(found)] if found else None

    @rule(party=party, members=st.lists(member, min_size=1, max_size=STAFF), run=run)
    def enroll(self, party, members, run):
        employer, hr, people = self.parties[party]
        learners = [people[number] for number in members]
        self.attempt(enroll_staff, by=hr, employer=employer, offering=self.runs[run], learners=learners)

    @rule(number=st.integers(0, 1), run=run)
    def enroll_alone(self, number, run):
        self.attempt(enroll_self, by=self.alone[number], offering=self.runs[run])

    @rule(party=party, member=member, run=run)
    def approve(self, party, member, run):
        """What a manager approved is placed."""
        employer, hr, people = self.parties[party]
        offering = self.runs[run]
        if Enrollment.objects.filter(learner=people[member], offering=offering, state__in=LIVE_STATES).exists():
            return
        approved = Enrollment.objects.create(
            learner=people[member],
            offering=offering,
            version_id=offering.version_id,
            provider=self.provider,
            employer=employer,
            arranged_by="employer",
            state="approved",
            units_required=1,
        )
        self.attempt(place_approved, enrollment=approved, by=hr)

    @rule(number=st.integers(0, 30))
    def withdraw(self, number):
        if enrollment := self.one(number, "active", "waitlisted", "offered"):
            self.attempt(withdraw_enrollment, by=enrollment.learner, enrollment=enrollment)

    @rule(number=st.integers(0, 30))
    def accept(self, number):
        if enrollment := self.one(number, "offered"):
            self.attempt(accept_place, by=enrollment.learner, enrollment=enrollment)

    @rule(number=st.integers(0, 30))
    def decline(self, number):
        if enrollment := self.one(number, "offered"):
            self.attempt(decline_place, by=enrollment.learner, enrollment=enrollment)

    @rule()
    def let_deadlines_pass(self):
        with at(now() + timedelta(days=3, minutes=1)):
            accept_unanswered()

    @rule(number=st.integers(0, 30))
    def complete(self, number):
        if enrollment := self.one(number, "active"):
            unit = enrollment.version.sections.get().units.get()
            self.attempt(mark_unit_done, by=enrollment.learner, enrollment=enrollment, unit=unit)

    @rule(number=st.integers(0, 30))
    def fail(self, number):
        if enrollment := self.one(number, "active"):
            with at(now() + timedelta(days=41)):
                self.attempt(mark_not_passed, by=self.planner, enrollment=enrollment, reason="Niet gehaald")

    @rule()
    def let_everything_run_out(self):
        with at(now() + timedelta(days=80)):
            expire_over()

    @rule()
    def use_what_has_begun(self):
        use_begun()

    @rule(run=run, capacity=st.integers(1, 8))
    def change_capacity(self, run, capacity):
        self.attempt(edit_offering, by=self.planner, offering=self.runs[run], capacity=capacity)
        promote_everywhere()

    @rule(run=run)
    @precondition(lambda self: Enrollment.objects.count() > 6)
    def cancel(self, run):
        """What has begun is used by then: it comes back all the same."""
        use_begun()
        self.attempt(cancel_offering, by=self.planner, offering=self.runs[run])

    @rule(party=party, run=run, places=few)
    def reserve(self, party, run, places):
        facts = {"employer": self.parties[party][0], "places": places, "until": today() + timedelta(days=9)}
        self.attempt(reserve_places, by=self.planner, offering=self.runs[run], **facts)
        promote_everywhere()

    @rule(number=st.integers(0, 3))
    def give_up(self, number):
        held = list(ReservedPlaces.objects.order_by("id"))
        if held:
            self.attempt(give_up_places, by=self.planner, reserved=held[number % len(held)])
            promote_everywhere()

    @rule(party=party, seats=few)
    def add_seats(self, party, seats):
        self.attempt(add_to_agreement, by=self.planner, agreement=self.agreements[party], seats=seats)
        promote_everywhere()

    @rule(party=party, seats=st.integers(-3, 3))
    def correct(self, party, seats):
        facts = {"agreement": self.agreements[party], "seats": seats, "reason": "Telfout"}
        self.attempt(correct_agreement, by=self.planner, **facts)

    @rule(party=party, member=member)
    def leave_employer(self, party, member):
        employer, _hr, people = self.parties[party]
        ended = {"starts_on": today() - timedelta(days=9), "ends_on": today() - timedelta(days=1)}
        Employment.objects.filter(employer=employer, user=people[member]).update(**ended)

    @invariant()
    def ledgers_balances_and_places_agree(self):
        assert find_mismatches() == []

    @invariant()
    def money_is_held_for_who_has_a_place(self):
        """A place of an employer with an agreement has a reservation that is not released, unless it was cancelled."""
        holding = Enrollment.objects.filter(state__in=HOLDS_PLACE_STATES, employer__isnull=False)
        for enrollment in holding.select_related("reservation", "offering"):
            released = enrollment.reservation.state == ReservationState.RELEASED
            assert released == (
                enrollment.offering.cancelled_at is not None and enrollment.state in ("active", "offered")
            )
        without = Enrollment.objects.filter(state__in=("waitlisted", "approved", "declined"))
        assert not without.filter(reservation__state__in=("reserved", "used")).exists()

    @invariant()
    def places_are_within_the_capacity(self):
        for offering in Offering.objects.all():
            held = sum(reserved.held_back for reserved in ReservedPlaces.objects.filter(offering=offering))
            assert offering.held_back == held
            assert offering.taken + held <= offering.capacity

    @invariant()
    def nobody_takes_an_offering_twice(self):
        live = Enrollment.objects.filter(state__in=LIVE_STATES).values("learner", "offering").order_by()
        assert not live.annotate(n=Count("pk")).filter(n__gt=1).exists()

    @invariant()
    def what_is_completed_stays_so(self):
        assert not Completion.objects.exclude(enrollment__state="completed").exists()
        assert Completion.objects.count() == Enrollment.objects.filter(state="completed").count()

    @invariant()
    def nobody_is_told_the_same_twice(self):
        told = DomainEvent.objects.filter(name__startswith="enrollment.").values_list("name", "subject_id")
        assert not [fact for fact, times in Counter(told).items() if times > 1]


@pytest.mark.django_db
def test_whatever_happens_everything_agrees():
    """`LIVES=1000` makes it a soak."""
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=20,
            deadline=None,
            phases=[Phase.generate] if EXAMPLES < 100 else list(Phase),
            suppress_health_check=list(HealthCheck),
        ),
    )

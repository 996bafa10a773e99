"""The waiting list: fair between parties, told once, with time to decline where the start is far enough."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from courses.models import Offering
from courses.services.offerings import cancel_offering, edit_offering
from courses.services.reserving import give_up_places, reserve_places
from enrollments.models import Enrollment, LedgerEntry, SeatReservation
from enrollments.services.ending import expire_over, mark_not_passed, use_begun
from enrollments.services.enrolling import enroll_self, enroll_staff, withdraw_enrollment
from enrollments.services.offers import accept_place, accept_unanswered, decline_place
from enrollments.services.paying import grant
from enrollments.services.waiting import promote_everywhere, promote_waiting, standings
from lms.accounts.models import User
from lms.core.clock import at, now, today
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.events.models import DomainEvent
from lms.events.services import deliver_due
from lms.notifications.models import SentMessage
from lms.organizations.models import Employment
from lms.permissions.roles import Role
from tests.factories import UserFactory, offering_of, person_with_role, published_version

from .money import agreement_of, balance, employer_with_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def run_of(capacity, starts_in=30, **fields):
    starts = today() + timedelta(days=starts_in)
    dates = {"starts_on": starts, "ends_on": starts + timedelta(days=9)}
    return offering_of(published_version(units=("text",)), capacity=capacity, **(dates | fields))


def state(person):
    return Enrollment.objects.filter(learner=person).latest("id").state


def states(people):
    return [state(person) for person in people]


def enroll(party, offering):
    employer, hr, people = party
    return enroll_staff(by=hr, employer=employer, offering=offering, learners=people)


def first_of(offering, party):
    return Enrollment.objects.filter(offering=offering, employer=party[0]).earliest("id")


def test_far_from_the_start_a_place_is_offered_and_held():
    offering, party = run_of(1), employer_with_staff(3)
    enroll(party, offering)
    withdraw_enrollment(by=party[2][0], enrollment=first_of(offering, party))
    assert states(party[2]) == ["withdrawn", "offered", "waitlisted"]
    assert Offering.objects.get().taken == 1
    waits = Enrollment.objects.get(state="offered").answer_by - now()
    assert timedelta(days=2, hours=23) < waits <= timedelta(days=3)


@pytest.mark.parametrize("starts_in", [0, 3])
def test_near_the_start_who_waits_starts_at_once(starts_in):
    offering, party = run_of(1, starts_in), employer_with_staff(2)
    enroll(party, offering)
    withdraw_enrollment(by=party[2][0], enrollment=first_of(offering, party))
    assert states(party[2]) == ["withdrawn", "active"]


def offered_place(seats=1):
    """Somebody with an offered place that an agreement pays, and somebody who waits behind."""
    offering, party = run_of(1), employer_with_staff(3)
    agreement = agreement_of(party[0], offering.provider, seats=seats)
    enroll(party, offering)
    withdraw_enrollment(by=party[2][0], enrollment=first_of(offering, party))
    return offering, party, agreement, Enrollment.objects.get(state="offered")


def test_accepting_makes_it_active_and_costs_no_second_seat():
    _offering, _party, agreement, enrollment = offered_place(seats=3)
    accept_place(by=enrollment.learner, enrollment=enrollment)
    assert (state(enrollment.learner), balance(agreement)[0]) == ("active", 2)
    with pytest.raises(Conflict):
        decline_place(by=enrollment.learner, enrollment=enrollment)


def test_declining_gives_place_and_seat_to_who_is_next():
    _offering, party, agreement, enrollment = offered_place()
    decline_place(by=enrollment.learner, enrollment=enrollment)
    assert states(party[2]) == ["withdrawn", "declined", "offered"]
    assert (Offering.objects.get().taken, balance(agreement)[0]) == (1, 0)


def test_silence_is_acceptance_at_the_deadline_and_not_before():
    _offering, _party, _agreement, enrollment = offered_place()
    assert accept_unanswered() == 0
    with at(enrollment.answer_by):
        assert (accept_unanswered(), accept_unanswered()) == (1, 0)
    assert state(enrollment.learner) == "active"


def test_hr_answers_only_for_who_has_no_account_yet():
    _offering, party, _agreement, enrollment = offered_place()
    with pytest.raises(Forbidden):
        accept_place(by=party[1], enrollment=enrollment)
    User.objects.filter(pk=enrollment.learner_id).update(activated_at=None)
    accept_place(by=party[1], enrollment=enrollment)


def test_people_are_told_once():
    _offering, _party, _agreement, enrollment = offered_place()
    deliver_due(100)
    accept_place(by=enrollment.learner, enrollment=enrollment)
    deliver_due(100)
    kinds = SentMessage.objects.filter(recipient=enrollment.learner).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["waitlisted", "place_offered"]


def test_hr_hears_of_a_place_for_who_has_no_account():
    offering, party = run_of(1), employer_with_staff(2)
    User.objects.filter(pk=party[2][1].pk).update(activated_at=None)
    enroll(party, offering)
    withdraw_enrollment(by=party[2][0], enrollment=first_of(offering, party))
    deliver_due(100)
    told = SentMessage.objects.get(kind="place_offered_to_staff")
    assert (told.recipient, told.context["name"]) == (party[1], party[2][1].full_name)


def test_the_party_with_the_fewest_places_comes_first_then_who_waits_longest():
    offering = run_of(4, starts_in=0)
    big, small, alone = employer_with_staff(6), employer_with_staff(2), UserFactory()
    enroll(big, offering)
    enroll(small, offering)
    enroll_self(by=alone, offering=offering)
    assert [standing.place for standing in standings(offering).values()] == [1, 2, 3, 4, 5]
    order = [Enrollment.objects.get(pk=pk).learner for pk in standings(offering)]
    assert order == [small[2][0], alone, small[2][1], big[2][4], big[2][5]]
    Offering.objects.update(capacity=7)
    promote_waiting(Offering.objects.get())
    assert states([*small[2], alone, *big[2][4:]]) == ["active", "active", "active", "waitlisted", "waitlisted"]


def test_who_cannot_be_paid_for_is_passed_over_and_keeps_the_turn():
    offering = run_of(1, starts_in=0)
    poor, rich = employer_with_staff(1), employer_with_staff(3)
    agreement = agreement_of(poor[0], offering.provider, seats=0)
    holder = enroll_self(by=UserFactory(), offering=offering)
    enroll(poor, offering)
    enroll(rich, offering)
    withdraw_enrollment(by=holder.learner, enrollment=holder)
    assert (state(poor[2][0]), states(rich[2])) == ("waitlisted", ["active", "waitlisted", "waitlisted"])
    grant(agreement, 1, Decimal(0), by=None, reason="", kind="grant")
    withdraw_enrollment(by=rich[2][0], enrollment=first_of(offering, rich))
    assert (state(poor[2][0]), balance(agreement)[0]) == ("active", 0)


def test_who_left_the_employer_is_passed_over():
    offering, party = run_of(1, starts_in=0), employer_with_staff(3)
    enroll(party, offering)
    left = {"starts_on": today() - timedelta(days=9), "ends_on": today() - timedelta(days=1)}
    Employment.objects.filter(user=party[2][1]).update(**left)
    withdraw_enrollment(by=party[2][0], enrollment=first_of(offering, party))
    assert states(party[2]) == ["withdrawn", "waitlisted", "active"]


def test_a_seat_that_comes_back_helps_whoever_waits_for_it_elsewhere():
    version = published_version(units=("text",))
    starts = {"starts_on": today() + timedelta(days=30), "ends_on": today() + timedelta(days=40)}
    here, there = (offering_of(version, **starts) for _ in range(2))
    first, second = employer_with_staff(1), None
    employer, hr, people = first
    agreement = agreement_of(employer, here.provider, seats=1)
    second = employer_with_staff(1)[2]
    Employment.objects.create(employer=employer, user=second[0], personnel_number="T2")
    enroll_staff(by=hr, employer=employer, offering=here, learners=people)
    enroll_staff(by=hr, employer=employer, offering=there, learners=second)
    assert state(second[0]) == "waitlisted"
    withdraw_enrollment(by=hr, enrollment=Enrollment.objects.get(learner=people[0]))
    deliver_due(100)
    assert (state(second[0]), balance(agreement)[0]) == ("offered", 0)


def test_more_places_and_places_given_up_go_to_who_waits():
    offering, ours, theirs = run_of(2, starts_in=0, visibility="public"), employer_with_staff(2), employer_with_staff(2)
    Offering.objects.update(starts_on=today() + timedelta(days=1), ends_on=today() + timedelta(days=9))
    planner = person_with_role(offering.provider, Role.PUBLISHER)
    reserved = reserve_places(by=planner, offering=offering, employer=ours[0], places=2)
    enroll(theirs, offering)
    assert states(theirs[2]) == ["waitlisted", "waitlisted"]
    edit_offering(by=planner, offering=offering, capacity=3)
    deliver_due(100)
    assert states(theirs[2]) == ["active", "waitlisted"]
    give_up_places(by=planner, reserved=reserved)
    deliver_due(100)
    assert states(theirs[2]) == ["active", "active"]


def test_an_employer_takes_its_own_places_first_and_gives_them_back_last():
    offering, ours = run_of(4), employer_with_staff(3)
    planner = person_with_role(offering.provider, Role.PUBLISHER)
    reserve_places(by=planner, offering=offering, employer=ours[0], places=2)
    enroll(ours, offering)
    assert (Offering.objects.get().taken, Offering.objects.get().held_back) == (3, 0)
    for enrollment in Enrollment.objects.order_by("id")[:2]:
        withdraw_enrollment(by=ours[1], enrollment=enrollment)
    assert (Offering.objects.get().taken, Offering.objects.get().held_back) == (1, 1)
    assert Offering.objects.get().places_left == 2


def test_the_calendar_frees_too():
    offering, party = run_of(1, starts_in=0), employer_with_staff(1)
    agreement = agreement_of(party[0], offering.provider, seats=0)
    enroll(party, offering)
    agreement_of(party[0], offering.provider, seats=1)
    assert (promote_everywhere(), promote_everywhere(), state(party[2][0])) == (1, 0, "active")
    assert balance(agreement)[0] == 0


def test_a_cancelled_offering_gives_everything_back():
    offering, party = run_of(None, starts_in=0), employer_with_staff(3)
    agreement = agreement_of(party[0], offering.provider, seats=3)
    first, _second, third = enroll(party, offering).active
    assert use_begun() == 3
    Enrollment.objects.filter(pk=third.pk).update(state="completed")
    withdraw_enrollment(by=party[1], enrollment=first)
    assert balance(agreement)[0] == 0
    cancel_offering(by=person_with_role(offering.provider, Role.PUBLISHER), offering=offering)
    assert balance(agreement)[0] == 2
    assert sorted(SeatReservation.objects.values_list("state", flat=True)) == ["released", "released", "used"]


def test_a_seat_is_used_when_the_run_starts_or_work_begins():
    later, party = run_of(None), employer_with_staff(1)
    agreement_of(party[0], later.provider, seats=3)
    enroll(party, later)
    endless = offering_of(later.version)
    enroll(party, endless)
    assert use_begun() == 0
    Offering.objects.filter(pk=later.pk).update(starts_on=today())
    Enrollment.objects.filter(offering=endless).update(last_activity_at=now())
    assert (use_begun(), use_begun()) == (2, 0)
    assert LedgerEntry.objects.filter(kind="use").count() == 2


def test_not_passed_needs_the_end_a_reason_and_the_provider():
    offering, party = run_of(None, starts_in=0), employer_with_staff(1)
    agreement_of(party[0], offering.provider, seats=1)
    enrollment = enroll(party, offering).active[0]
    teacher = person_with_role(offering.provider, Role.TEACHER)
    with pytest.raises(Conflict):
        mark_not_passed(by=teacher, enrollment=enrollment, reason="Twee keer afwezig bij het examen")
    Offering.objects.update(starts_on=today() - timedelta(days=9), ends_on=today() - timedelta(days=1))
    with pytest.raises(Invalid):
        mark_not_passed(by=teacher, enrollment=enrollment, reason="  ")
    with pytest.raises(Forbidden):
        mark_not_passed(by=party[1], enrollment=enrollment, reason="Nee")
    ended = mark_not_passed(by=teacher, enrollment=enrollment, reason="Twee keer afwezig bij het examen")
    assert (ended.state, ended.end_reason) == ("not_passed", "Twee keer afwezig bij het examen")
    assert SeatReservation.objects.get().state == "used"
    assert DomainEvent.objects.filter(name="enrollment.not_passed").count() == 1


def test_who_has_not_completed_expires_after_the_grace():
    offering, party = run_of(None, starts_in=0), employer_with_staff(1)
    enroll(party, offering)
    Offering.objects.update(starts_on=today() - timedelta(days=60), ends_on=today() - timedelta(days=30))
    assert expire_over() == 0
    Offering.objects.update(ends_on=today() - timedelta(days=31))
    assert (expire_over(), expire_over(), state(party[2][0])) == (1, 0, "expired")


def test_the_queue_costs_as_many_queries_for_many_as_for_few(django_assert_max_num_queries):
    offering = run_of(1, starts_in=0)
    parties = [employer_with_staff(6) for _ in range(3)]
    for party in parties:
        agreement_of(party[0], offering.provider, seats=20)
        enroll(party, offering)
    Offering.objects.update(capacity=16)
    with django_assert_max_num_queries(32):
        promote_waiting(Offering.objects.get())
    assert Enrollment.objects.filter(state="active").count() == 16

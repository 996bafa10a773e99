"""Places, seats and money with several people pressing at once, fifty rounds; each with a control that must fail."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import QuerySet, Sum

from courses.models import Offering
from courses.services.reserving import give_up_places, reserve_places
from enrollments.ledger import find_mismatches
from enrollments.models import Agreement, Enrollment
from enrollments.services.enrolling import enroll_staff, withdraw_enrollment
from enrollments.services.offers import accept_unanswered, decline_place
from lms.core.clock import now
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.events.models import DomainEvent
from lms.events.registry import registry
from lms.organizations.models import Employment
from lms.permissions.roles import Role
from tests.enrollments.test_races import rounds_that_broke
from tests.factories import OrganizationFactory, UserFactory, offering_of, person_with_role, published_version

from .money import agreement_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PRESSES = 20  # people per HR user


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch):
    """Telling people is another matter, and slow."""
    monkeypatch.setattr(registry, "subscribed", {})


@pytest.fixture
def locks_off(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self.all())


@pytest.fixture
def together():
    """Runs calls at the same instant; returns what was unexpected: anything but success or a refusal."""
    pool = ThreadPoolExecutor(6)

    def run(verbs):
        barrier = Barrier(len(verbs))

        def call(verb):
            barrier.wait(30)
            try:
                verb()
            except (Conflict, Forbidden, Invalid):
                return None
            except Exception as error:
                return error
            finally:
                connection.close()
            return None

        return [error for error in pool.map(call, verbs) if error]

    yield run
    pool.shutdown()


class House:
    """An employer with two HR users and forty people."""

    def __init__(self):
        self.employer = OrganizationFactory()
        self.hr = [person_with_role(self.employer, Role.HR_MANAGER) for _ in range(2)]
        self.people = UserFactory.create_batch(2 * PRESSES)
        Employment.objects.bulk_create(
            Employment(employer=self.employer, user=person, personnel_number=f"N{number}")
            for number, person in enumerate(self.people)
        )

    def press(self, which, offering):
        people = self.people[which * PRESSES : (which + 1) * PRESSES]
        return lambda: enroll_staff(by=self.hr[which], employer=self.employer, offering=offering, learners=people)


def two_press(together, house):
    """30 places, 32 seats, money for 28: two HR users enroll 20 people each; then one of those with a place leaves."""
    version = published_version(units=("text",))

    def agrees(agreement, offering, active):
        entries = agreement.entries.aggregate(seats=Sum("seats"), money=Sum("amount"))
        agreement.refresh_from_db()
        taken = Offering.objects.get(pk=offering.pk).taken
        left = (agreement.seats_left, agreement.budget_left)
        right = (32 - active, Decimal(2800 - 100 * active))
        return left == right == (entries["seats"], entries["money"]) and taken == active

    def play():
        Agreement.objects.update(ended_at=now())
        offering = offering_of(version, capacity=30, price=Decimal(100))
        agreement = agreement_of(house.employer, offering.provider, seats=32, budget=2800)
        errors = together([house.press(0, offering), house.press(1, offering)])
        taking = Enrollment.objects.filter(offering=offering).order_by("created_at", "id")
        active = list(taking.filter(state="active"))
        waiting = list(taking.filter(state="waitlisted"))
        if errors or (len(active), len(waiting)) != (28, 12) or not agrees(agreement, offering, 28):
            return True
        leaver = active[0]
        errors = together([lambda: withdraw_enrollment(by=leaver.learner, enrollment=leaver)] * 5)
        now_active = Enrollment.objects.filter(pk__in=[e.pk for e in waiting], state="active")
        promoted = [e.pk for e in now_active]
        told = DomainEvent.objects.filter(name="enrollment.activated", subject_id__in=[e.pk for e in waiting]).count()
        return errors or (promoted, told) != ([waiting[0].pk], 1) or not agrees(agreement, offering, 28)

    return play


def test_two_hr_users_press_at_once_and_everything_agrees(together):
    assert rounds_that_broke(two_press(together, House())) == 0
    assert find_mismatches() == []


def test_control_without_locks_two_presses_do_not_agree(together, locks_off):
    assert rounds_that_broke(two_press(together, House()), most=1) == 1


def shared_places(together, houses):
    """Ten places of which the first employer has four to itself; both enroll twenty people at the same instant."""
    version = published_version(units=("text",))
    planner = person_with_role(version.module.provider, Role.PUBLISHER)
    first, second = houses

    def play():
        offering = offering_of(version, capacity=10)
        reserve_places(by=planner, offering=offering, employer=first.employer, places=4)
        errors = together([first.press(0, offering), second.press(0, offering)])
        active = Enrollment.objects.filter(offering=offering, state="active")
        offering.refresh_from_db()
        own = active.filter(employer=first.employer).count()
        return errors or own < 4 or (active.count(), offering.taken, offering.held_back) != (10, 10, 0)

    return play


def test_reserved_places_are_never_taken_by_others(together):
    assert rounds_that_broke(shared_places(together, [House(), House()])) == 0


def test_control_without_locks_shared_places_are_miscounted(together, locks_off):
    assert rounds_that_broke(shared_places(together, [House(), House()]), most=1) == 1


def give_up_and_enroll(together, houses):
    """The first employer gives two of its four places up, twice at once, while both enroll: the counts agree."""
    version = published_version(units=("text",))
    planner = person_with_role(version.module.provider, Role.PUBLISHER)
    first, second = houses

    def play():
        offering = offering_of(version, capacity=10)
        held = reserve_places(by=planner, offering=offering, employer=first.employer, places=4)
        give_up = partial(give_up_places, by=first.hr[0], reserved=held, places=2)
        errors = together([give_up, give_up, first.press(0, offering), second.press(0, offering)])
        active = Enrollment.objects.filter(offering=offering, state="active").count()
        offering.refresh_from_db()
        held.refresh_from_db()
        return errors or (offering.taken, offering.held_back) != (active, held.held_back) or active > 10

    return play


def test_giving_up_and_enrolling_agree(together):
    assert rounds_that_broke(give_up_and_enroll(together, [House(), House()])) == 0


def test_control_without_locks_giving_up_is_miscounted(together, locks_off):
    assert rounds_that_broke(give_up_and_enroll(together, [House(), House()]), most=1) == 1


def answer_and_deadline(together, house):
    """The deadline passes at the moment in which the learner declines: one of both, and one person on the place."""
    version = published_version(units=("text",))
    people = house.people[:2]

    def play():
        offering = offering_of(version, capacity=1)
        facts = {"offering": offering, "version": version, "provider": offering.provider, "employer": house.employer}
        offered, waiting = (
            Enrollment.objects.create(learner=person, arranged_by="employer", state=state, **facts | extra)
            for person, state, extra in (
                (people[0], "offered", {"answer_by": now()}),
                (people[1], "waitlisted", {}),
            )
        )
        Offering.objects.filter(pk=offering.pk).update(taken=1)
        decline = lambda: decline_place(by=people[0], enrollment=offered)  # noqa: E731
        errors = together([decline, accept_unanswered, decline, accept_unanswered])
        states = [Enrollment.objects.get(pk=enrollment.pk).state for enrollment in (offered, waiting)]
        once = DomainEvent.objects.filter(subject_id__in=[offered.pk, waiting.pk]).count()
        taken = Offering.objects.get(pk=offering.pk).taken
        right = (["declined", "active"], 2), (["active", "waitlisted"], 1)
        return errors or taken != 1 or (states, once) not in right

    return play


def test_an_answer_and_the_deadline_give_one_outcome(together):
    assert rounds_that_broke(answer_and_deadline(together, House())) == 0


def test_control_without_locks_an_answer_and_the_deadline_both_count(together, locks_off):
    assert rounds_that_broke(answer_and_deadline(together, House()), most=1) == 1

"""Twenty people at once, fifty rounds. Each with a control in which the locks are switched off, and which must fail."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import QuerySet

from courses.models import Offering, Unit
from enrollments.models import Completion, Enrollment, UnitProgress, VersionMove
from enrollments.services.enrolling import enroll_self, withdraw_enrollment
from enrollments.services.learning import mark_unit_done, submit_attempt
from enrollments.services.moving import move_enrollments
from lms.accounts.models import User
from lms.core.clock import now
from lms.core.errors import Conflict, NotFound
from lms.events.models import DomainEvent
from lms.events.registry import registry
from tests.enrollments.worlds import renewed
from tests.factories import UserFactory, offering_of, published_version

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS, THREADS = 50, 20


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch):
    """Telling people is another matter, and slow."""
    monkeypatch.setattr(registry, "subscribed", {})


@pytest.fixture
def locks_off(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self.all())


@pytest.fixture
def crowd():
    """Runs twenty calls at the same moment; returns what was unexpected: anything but success or a Conflict."""
    barrier = Barrier(THREADS)

    def call(verb):
        barrier.wait(30)
        try:
            verb()
        except Conflict:
            return None
        except Exception as error:
            return error
        return None

    with ThreadPoolExecutor(THREADS) as pool:
        yield lambda verbs: [error for error in pool.map(call, verbs) if error]
        list(pool.map(lambda _n: (barrier.wait(30), connection.close()), range(THREADS)))


@pytest.fixture
def people():
    return UserFactory.create_batch(THREADS)


def rounds_that_broke(play, most=ROUNDS):
    """How many rounds did not keep the rule; a control stops at the first."""
    broken = 0
    for _round in range(ROUNDS):
        broken += bool(play())
        if broken >= most:
            break
    return broken


def last_seat(crowd, people):
    version = published_version(units=("text",))

    def play():
        offering = offering_of(version, capacity=1)
        errors = crowd([lambda person=person: enroll_self(by=person, offering=offering) for person in people])
        active = Enrollment.objects.filter(offering=offering, state="active").count()
        everybody = Enrollment.objects.filter(offering=offering).count()
        taken = Offering.objects.get(pk=offering.pk).taken
        return errors or (active, taken, everybody) != (1, 1, THREADS)

    return play


def test_the_last_seat_goes_to_one(crowd, people):
    assert rounds_that_broke(last_seat(crowd, people)) == 0


def test_control_without_the_lock_the_last_seat_goes_to_several(crowd, people, locks_off):
    assert rounds_that_broke(last_seat(crowd, people), most=1) == 1


def double_completion(crowd, people):
    """Tabs that finish the last two units, and the same unit twice, at the same moment."""
    version = published_version(units=("text", "text"))
    units = list(Unit.objects.filter(section__version=version).select_related("section"))
    learner = people[0]

    def play():
        enrollment = enroll_self(by=learner, offering=offering_of(version))
        errors = crowd(
            [
                lambda unit=units[n % 2]: mark_unit_done(by=learner, enrollment=enrollment, unit=unit)
                for n in range(THREADS)
            ]
        )
        stored = Enrollment.objects.get(pk=enrollment.pk)
        completions = Completion.objects.filter(enrollment=enrollment).count()
        told = DomainEvent.objects.filter(name="enrollment.completed", subject_id=enrollment.pk).count()
        return errors or (stored.state, stored.units_done, completions, told) != ("completed", 2, 1, 1)

    return play


def test_tabs_that_finish_together_complete_once(crowd, people):
    assert rounds_that_broke(double_completion(crowd, people)) == 0


def test_control_without_the_lock_tabs_lose_each_others_units(crowd, people, locks_off):
    assert rounds_that_broke(double_completion(crowd, people), most=1) == 1


def completing_and_moving(crowd, people):
    """Ten people finish version 1 at the moment in which all ten are moved to version 2."""
    world = renewed(halfway=0, completed=0)
    quiz = world.unit(world.first, 2)
    answers = {"q1": ["a"], "q2": ["a", "b"]}

    def finish(enrollment):
        try:
            submit_attempt(by=enrollment.learner, enrollment=enrollment, unit=quiz, answers=answers)
        except NotFound:
            pass  # moved before: this unit is of the old version

    def play():
        halfway = halfway_in(world, people[: THREADS // 2])
        pks = [enrollment.pk for enrollment in halfway]
        choice = {"by": world.publisher, "version": world.second, "redo_changed": False}
        errors = crowd(
            [lambda mine=mine: finish(mine) for mine in halfway]
            + [lambda pk=pk: move_enrollments(enrollments=[pk], **choice) for pk in pks]
        )
        moved = Enrollment.objects.filter(pk__in=pks, state="completed").exclude(version=world.first)
        both = VersionMove.objects.filter(enrollment__in=pks, enrollment__state="completed")
        settled = Enrollment.objects.filter(pk__in=pks, state="completed", version=world.first).count()
        settled += VersionMove.objects.filter(enrollment__in=pks, enrollment__version=world.second).count()
        return errors or moved.exists() or both.exists() or settled != len(pks)

    return play


def halfway_in(world, learners):
    """These people in a new offering of version 1, with all but the quiz done."""
    offering = offering_of(world.first)
    facts = {"provider": offering.provider, "arranged_by": "learner", "state": "active", "units_required": 3}
    people = Enrollment.objects.bulk_create(
        Enrollment(learner=learner, offering=offering, version=world.first, units_done=2, **facts)
        for learner in learners
    )
    UnitProgress.objects.bulk_create(
        UnitProgress(enrollment=enrollment, unit=world.unit(world.first, place), done_at=now())
        for place in (0, 1)
        for enrollment in people
    )
    return people


def test_who_completes_while_being_moved_is_one_or_the_other(crowd, people):
    assert rounds_that_broke(completing_and_moving(crowd, people)) == 0


def test_control_without_the_lock_somebody_completed_is_moved(crowd, people, locks_off):
    assert rounds_that_broke(completing_and_moving(crowd, people), most=1) == 1


def withdrawals(crowd, people):
    """Two places are given up, each by many clicks; three people wait: two get a place, each once."""
    version = published_version(units=("text",))
    first, second, *others = (User.objects.get(pk=person.pk) for person in people[:5])

    def play():
        offering = offering_of(version, capacity=2)
        held = [enroll_self(by=person, offering=offering) for person in (first, second)]
        waiting = [enroll_self(by=person, offering=offering) for person in others]
        errors = crowd(
            [lambda mine=held[n % 2]: withdraw_enrollment(by=mine.learner, enrollment=mine) for n in range(THREADS)]
        )
        states = [Enrollment.objects.get(pk=enrollment.pk).state for enrollment in held + waiting]
        promoted = DomainEvent.objects.filter(
            name="enrollment.activated", subject_id__in=[enrollment.pk for enrollment in waiting]
        ).count()
        taken = Offering.objects.get(pk=offering.pk).taken
        right = ["withdrawn", "withdrawn", "active", "active", "waitlisted"]
        return errors or (states, promoted, taken) != (right, 2, 2)

    return play


def test_places_given_up_together_go_to_as_many_people_once(crowd, people):
    assert rounds_that_broke(withdrawals(crowd, people)) == 0


def test_control_without_the_lock_a_place_is_given_twice_or_lost(crowd, people, locks_off):
    assert rounds_that_broke(withdrawals(crowd, people), most=1) == 1

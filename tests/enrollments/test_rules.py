"""Completion by other rules than "everything": a number of units, points, an average score, attendance."""

import datetime as dt
import itertools
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.events import SESSION_CANCELLED
from courses.models import Session, Unit
from enrollments.handlers import count_attendance
from enrollments.models import Attendance, Completion, Enrollment, UnitProgress
from enrollments.presence import Presence
from enrollments.progress import Actor, derive, explain_many, explain_progress
from enrollments.services.completing import complete_forgotten, update_progress, update_progress_in
from enrollments.services.learning import lock_enrollment, mark_unit_done, submit_attempt
from lms.core.clock import now
from lms.events.models import DomainEvent
from lms.events.registry import registry
from tests.enrollments.worlds import enroll_in

pytestmark = pytest.mark.django_db

RIGHT = {"q1": ["a"], "q2": ["a", "b"]}
HALF = {"q1": ["a"], "q2": ["c"]}
TEXT, QUIZ = ("text", True, None), ("quiz", True, None)

RULES = st.builds(
    lambda units, shares: {**units, **shares},
    st.one_of(
        st.just({"units": "all"}),
        st.integers(1, 4).map(lambda n: {"units": "any", "count": n}),
        st.integers(1, 7).map(lambda n: {"units": "points", "points": n}),
    ),
    st.fixed_dictionaries({}, optional={"average": st.integers(1, 100), "attendance": st.integers(1, 100)}),
)
SCORES = st.sampled_from([None, 0, 40, 50, 100])
STEPS = st.lists(
    st.tuples(st.sampled_from(["text", "quiz"]), st.booleans(), st.integers(0, 3), SCORES, st.booleans()), max_size=4
)
PRESENCE = (
    st.integers(0, 3)
    .flatmap(lambda sessions: st.tuples(st.just(60 * sessions), st.integers(0, 60 * sessions)))
    .map(lambda pair: Presence(present=pair[1], planned=pair[0], ahead=pair[0] - pair[1]))
)


def world(steps):
    """Units and facts in memory: kind, required, points, best score, done."""
    units, facts = [], {}
    for kind, required, points, score, done in steps:
        unit = Unit(pk=uuid.uuid4(), kind=kind, required=required, points=points)
        unit.max_attempts, unit.pass_mark = None, 50
        units.append(unit)
        facts[unit.pk] = UnitProgress(
            unit=unit, done_at=now() if done else None, best_score=score if kind == "quiz" else None
        )
    return units, facts


def met(rule, steps, presence):
    """The rule in other words than the product's: is there a set of done units that satisfies it?"""
    counting = [step for step in steps if step[1]] or steps
    done = [step for step in counting if step[4]]
    enough = {
        "all": lambda some: len(some) == len(counting),
        "any": lambda some: len(some) == rule.get("count"),
        "points": lambda some: sum(step[2] for step in some) >= rule.get("points", 0),
    }[rule["units"]]
    subsets = itertools.chain.from_iterable(itertools.combinations(done, n) for n in range(len(done) + 1))
    scores = [step[3] or 0 for step in counting if step[0] == "quiz"]
    return (
        bool(counting or rule["units"] != "all" or set(rule) - {"units"})
        and any(enough(subset) for subset in subsets)
        and ("average" not in rule or (bool(scores) and sum(scores) >= rule["average"] * len(scores)))
        and (
            "attendance" not in rule
            or (presence.planned > 0 and presence.present / presence.planned >= rule["attendance"] / 100)
        )
    )


@given(rule=RULES, steps=STEPS, presence=PRESENCE)
def test_complete_is_what_the_rule_says_in_other_words(rule, steps, presence):
    progress = derive(rule, *world(steps), {}, presence=presence)
    assert progress.is_complete == met(rule, steps, presence)
    assert 0 <= progress.done <= progress.required
    assert (progress.percent == 100) == progress.is_complete
    assert bool(progress.missing) == (progress.done < progress.required)


@given(rule=RULES, steps=STEPS.filter(bool), presence=PRESENCE, data=st.data())
def test_a_fact_more_never_takes_anything_away(rule, steps, presence, data):
    before = derive(rule, *world(steps), {}, presence=presence)
    kind, required, points, score, done = steps.pop(index := data.draw(st.integers(0, len(steps) - 1)))
    better = data.draw(st.integers(score or 0, 100))
    steps.insert(index, (kind, required, points, better, done or data.draw(st.booleans())))
    present = data.draw(st.integers(presence.present, presence.planned))
    after = derive(rule, *world(steps), {}, presence=Presence(present, presence.planned, 0))
    assert (after.done, after.percent) >= (before.done, before.percent)
    assert after.is_complete or not before.is_complete


def units_of(enrollment):
    return list(Unit.objects.filter(section__version=enrollment.version_id).order_by("position"))


def fresh(enrollment):
    return Enrollment.objects.get(pk=enrollment.pk)


def counters(enrollment):
    stored = fresh(enrollment)
    return stored.units_done, stored.units_required, stored.state


def missing(enrollment):
    return [(found.unit, found.who) for found in explain_progress(fresh(enrollment)).missing]


def mark(enrollment, session, minutes, number=1):
    """What the marking of attendance does with the counters."""
    Attendance.objects.create(enrollment=enrollment, session=session, minutes=minutes, number=number)
    return update_progress(lock_enrollment(enrollment))


def session_of(enrollment, hours=1, **fields):
    begin = now() - dt.timedelta(days=1)
    return Session.objects.create(
        offering=enrollment.offering, starts_at=begin, ends_at=begin + dt.timedelta(hours=hours), **fields
    )


def test_any_two_of_three_is_enough_and_the_third_holds_nobody_up():
    learner, enrollment = enroll_in([TEXT, TEXT, QUIZ], rule={"units": "any", "count": 2})
    first, _second, quiz = units_of(enrollment)
    assert counters(enrollment) == (0, 2, "active")
    mark_unit_done(by=learner, enrollment=enrollment, unit=first)
    assert counters(enrollment) == (1, 2, "active")
    assert missing(enrollment) == [(None, Actor.LEARNER)]
    submit_attempt(by=learner, enrollment=enrollment, unit=quiz, answers=HALF)
    assert counters(enrollment) == (2, 2, "completed")
    assert Completion.objects.get().result == {"score": 50.0, "units": 2, "minutes": 30}


def test_points_add_up_and_never_beyond_what_is_asked():
    _learner, enrollment = enroll_in([TEXT, TEXT, TEXT], rule={"units": "points", "points": 5})
    units = units_of(enrollment)
    for unit, points in zip(units, (2, 2, 7), strict=True):
        unit.points = points
    done = UnitProgress(done_at=now())
    progress = derive(enrollment.version.rule, units, {units[0].pk: done}, {})
    assert (progress.done, progress.required, progress.next) == (2, 5, units[1])
    progress = derive(enrollment.version.rule, units, {units[0].pk: done, units[2].pk: done}, {})
    assert (progress.done, progress.required, progress.next) == (5, 5, None)


def test_where_the_attempts_run_out_the_teacher_must_act():
    learner, enrollment = enroll_in([TEXT, ("quiz", True, 1)], rule={"units": "any", "count": 2})
    submit_attempt(by=learner, enrollment=enrollment, unit=units_of(enrollment)[1], answers={"q1": ["c"], "q2": ["c"]})
    assert missing(enrollment) == [(None, Actor.TEACHER)]


def test_a_better_score_after_passing_still_completes():
    learner, enrollment = enroll_in([QUIZ], rule={"units": "all", "average": 80})
    (quiz,) = units_of(enrollment)
    submit_attempt(by=learner, enrollment=enrollment, unit=quiz, answers=HALF)
    assert counters(enrollment) == (1, 2, "active")
    assert (missing(enrollment), explain_progress(fresh(enrollment)).next) == ([(None, Actor.LEARNER)], quiz)
    submit_attempt(by=learner, enrollment=enrollment, unit=quiz, answers=RIGHT)
    assert counters(enrollment) == (2, 2, "completed")


def test_an_average_that_cannot_be_mended_is_for_the_teacher():
    learner, enrollment = enroll_in([("quiz", True, 1)], rule={"units": "all", "average": 80})
    submit_attempt(by=learner, enrollment=enrollment, unit=units_of(enrollment)[0], answers=HALF)
    assert missing(enrollment) == [(None, Actor.TEACHER)]


def test_attendance_counts_all_that_is_planned_and_the_latest_marking():
    learner, enrollment = enroll_in([TEXT], rule={"units": "all", "attendance": 75})
    assert counters(enrollment) == (0, 2, "active")
    mark_unit_done(by=learner, enrollment=enrollment, unit=units_of(enrollment)[0])
    assert missing(enrollment) == [(None, Actor.TEACHER)], "nothing is planned"
    long, short = session_of(enrollment, hours=3), session_of(enrollment)
    session_of(enrollment, hours=9, cancelled_at=now())
    assert missing(enrollment) == [(None, Actor.LEARNER)]
    assert mark(enrollment, long, 90).percent == 50
    assert mark(enrollment, short, 600).percent == 50, "nobody attends more than there was"
    assert counters(enrollment) == (1, 2, "active")
    assert missing(enrollment) == [(None, Actor.TEACHER)], "nothing lies ahead"
    mark(enrollment, long, 120, number=2)
    assert counters(enrollment) == (2, 2, "completed")
    assert DomainEvent.objects.filter(name="enrollment.completed").count() == 1


def test_what_is_completed_stays_so_whatever_is_corrected():
    learner, enrollment = enroll_in([TEXT], rule={"units": "all", "attendance": 100})
    session = session_of(enrollment)
    mark(enrollment, session, 60)
    mark_unit_done(by=learner, enrollment=enrollment, unit=units_of(enrollment)[0])
    before = counters(enrollment)
    progress = mark(enrollment, session, 0, number=2)
    assert before == counters(enrollment) == (2, 2, "completed")
    assert (progress.percent, progress.missing) == (100, ())


def test_the_reconciler_believes_the_facts_of_every_rule():
    _learner, enrollment = enroll_in([TEXT, TEXT], rule={"units": "any", "count": 1})
    Enrollment.objects.update(units_done=1)
    assert complete_forgotten() == 0
    UnitProgress.objects.create(enrollment=enrollment, unit=units_of(enrollment)[0], done_at=now())
    assert complete_forgotten() == 1
    assert counters(enrollment) == (1, 1, "completed")


def test_other_session_time_is_counted_anew():
    learner, enrollment = enroll_in([TEXT], rule={"units": "all", "attendance": 75})
    others = enroll_in([TEXT])[1]
    mark_unit_done(by=learner, enrollment=enrollment, unit=units_of(enrollment)[0])
    kept, dropped = session_of(enrollment, hours=2), session_of(enrollment, hours=1)
    mark(enrollment, kept, 120)
    assert counters(enrollment) == (1, 2, "active")
    Session.objects.filter(pk=dropped.pk).update(cancelled_at=now())
    cancelled = DomainEvent(name=SESSION_CANCELLED, payload={"offering": str(enrollment.offering_id)})
    for handler in registry.subscribed[SESSION_CANCELLED].values():
        if handler is count_attendance:
            handler(cancelled)
            handler(cancelled)
    assert counters(enrollment) == (2, 2, "completed")
    assert Completion.objects.count() == 1
    assert update_progress_in(others.offering_id) == 0


def test_a_page_of_cards_with_attendance_costs_six_queries(django_assert_max_num_queries):
    enrollments = [enroll_in([TEXT], rule={"units": "all", "attendance": 50})[1] for _n in range(4)]
    with django_assert_max_num_queries(6):
        explain_many(enrollments)

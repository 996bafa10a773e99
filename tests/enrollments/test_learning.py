"""Opening units, saying that they are done, answering questions."""

import datetime as dt

import pytest
import time_machine

from courses.models import Unit
from enrollments.models import Attempt, Completion, Enrollment, UnitProgress
from enrollments.services import learning
from enrollments.services.completing import complete_forgotten
from enrollments.services.enrolling import enroll_self, enroll_staff, withdraw_enrollment
from lms.core.clock import now, today
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.events.models import DomainEvent
from lms.events.registry import join, registry
from tests.enrollments.worlds import enroll_in
from tests.factories import EmploymentFactory, UserFactory, offering_of, person_with_role

pytestmark = pytest.mark.django_db

RIGHT = {"q1": ["a"], "q2": ["a", "b"]}
HALF = {"q1": ["a"], "q2": ["c"]}
WRONG = {"q1": ["c"], "q2": ["c"]}


def units_of(enrollment):
    return list(Unit.objects.filter(section__version=enrollment.version_id).order_by("position"))


def fresh(enrollment):
    return Enrollment.objects.get(pk=enrollment.pk)


def test_opening_a_unit_keeps_where_the_learner_is(learner, enrolled):
    enrollment = enrolled("text", "text")
    unit = units_of(enrollment)[1]
    learning.open_unit(by=learner, enrollment=enrollment, unit=unit)
    learning.open_unit(by=learner, enrollment=enrollment, unit=unit)
    assert UnitProgress.objects.count() == 1
    assert fresh(enrollment).last_unit == unit
    assert fresh(enrollment).last_activity_at is not None


def test_marking_done_twice_counts_once(learner, enrolled):
    enrollment = enrolled("text", "text")
    unit = units_of(enrollment)[0]
    first = learning.mark_unit_done(by=learner, enrollment=enrollment, unit=unit)
    again = learning.mark_unit_done(by=learner, enrollment=enrollment, unit=unit)
    assert first.done_at == again.done_at
    assert (fresh(enrollment).units_done, fresh(enrollment).percent) == (1, 50)


def test_the_best_of_several_attempts_counts_and_all_are_kept(learner, enrolled):
    enrollment = enrolled("quiz", "text")
    quiz = units_of(enrollment)[0]
    scores = [
        learning.submit_attempt(by=learner, enrollment=enrollment, unit=quiz, answers=answers).score
        for answers in (WRONG, RIGHT, HALF)
    ]
    assert scores == [0, 100, 50]
    assert list(Attempt.objects.values_list("number", flat=True)) == [1, 2, 3]
    fact = UnitProgress.objects.get()
    assert (fact.best_score, fresh(enrollment).units_done) == (100, 1)


def test_the_last_unit_completes_with_a_result_and_one_event(learner, enrolled):
    enrollment = enrolled("text", "quiz")
    text, quiz = units_of(enrollment)
    learning.mark_unit_done(by=learner, enrollment=enrollment, unit=text)
    learning.submit_attempt(by=learner, enrollment=enrollment, unit=quiz, answers=HALF)
    completion = Completion.objects.get(enrollment=enrollment)
    assert completion.result == {"score": 50.0, "units": 2, "minutes": 30}
    assert (fresh(enrollment).state, fresh(enrollment).ended_at) == ("completed", completion.completed_at)
    event = DomainEvent.objects.get(name="enrollment.completed")
    assert event.payload["completion"] == str(completion.pk)
    assert event.payload["learner"] == str(learner.pk)


def test_what_joins_the_completion_stands_or_falls_with_it(learner, enrolled):
    enrollment = enrolled("text")

    def refuse(_event):
        raise RuntimeError

    join("enrollment.completed", "tests.refuse", refuse)
    try:
        with pytest.raises(RuntimeError):
            learning.mark_unit_done(by=learner, enrollment=enrollment, unit=units_of(enrollment)[0])
    finally:
        del registry.joined["enrollment.completed"]["tests.refuse"]
    assert (fresh(enrollment).state, fresh(enrollment).units_done, UnitProgress.objects.count()) == ("active", 0, 0)


def test_after_completion_reading_stays_and_nothing_changes(learner, enrolled):
    enrollment = enrolled("quiz")
    quiz = units_of(enrollment)[0]
    learning.submit_attempt(by=learner, enrollment=enrollment, unit=quiz, answers=RIGHT)
    before = fresh(enrollment).last_activity_at
    with pytest.raises(Conflict) as raised:
        learning.submit_attempt(by=learner, enrollment=enrollment, unit=quiz, answers=RIGHT)
    assert raised.value.code == "completed"
    assert learning.open_unit(by=learner, enrollment=enrollment, unit=quiz).done_at
    assert fresh(enrollment).last_activity_at == before


def test_attempts_run_out():
    learner, enrollment = enroll_in([("quiz", True, 1)])
    quiz = units_of(enrollment)[0]
    learning.submit_attempt(by=learner, enrollment=enrollment, unit=quiz, answers=WRONG)
    with pytest.raises(Conflict) as raised:
        learning.submit_attempt(by=learner, enrollment=enrollment, unit=quiz, answers=RIGHT)
    assert raised.value.code == "no_attempts_left"


def test_answers_that_do_not_fit_are_refused_and_not_kept(learner, enrolled):
    enrollment = enrolled("quiz")
    quiz = units_of(enrollment)[0]
    for answers in ({}, {"q1": ["z"], "q2": ["a"]}, {"q1": "a", "q2": None}, RIGHT | {"q9": ["a"]}):
        with pytest.raises(Invalid):
            learning.submit_attempt(by=learner, enrollment=enrollment, unit=quiz, answers=answers)
    assert not Attempt.objects.exists()


def test_a_quiz_is_not_done_by_saying_so_and_a_text_has_no_questions(learner, enrolled):
    text, quiz = units_of(enrollment := enrolled("text", "quiz"))
    with pytest.raises(Conflict):
        learning.mark_unit_done(by=learner, enrollment=enrollment, unit=quiz)
    with pytest.raises(Conflict):
        learning.submit_attempt(by=learner, enrollment=enrollment, unit=text, answers={})


def test_a_unit_of_another_version_is_unknown(learner, enrolled):
    enrollment, other = enrolled("text"), enrolled("text")
    with pytest.raises(NotFound):
        learning.open_unit(by=learner, enrollment=enrollment, unit=units_of(other)[0])


def test_nobody_learns_for_somebody_else(enrolled):
    enrollment = enrolled("text")
    for stranger in (UserFactory(), person_with_role(enrollment.provider, "teacher")):
        with pytest.raises(Forbidden):
            learning.mark_unit_done(by=stranger, enrollment=enrollment, unit=units_of(enrollment)[0])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"starts_on": today() + dt.timedelta(days=3)}, "not_started"),
        ({"cancelled_at": now()}, "cancelled"),
        ({"starts_on": today() - dt.timedelta(days=9), "ends_on": today() - dt.timedelta(days=1)}, "over"),
    ],
)
def test_learning_happens_while_the_offering_runs(learner, enrolled, change, code):
    enrollment = enrolled("text")
    type(enrollment.offering).objects.filter(pk=enrollment.offering_id).update(**change)
    with pytest.raises(Conflict) as raised:
        learning.open_unit(by=learner, enrollment=enrollment, unit=units_of(enrollment)[0])
    assert raised.value.code == code


def test_the_last_day_still_counts(learner, enrolled):
    enrollment = enrolled("text", ends_on=today())
    with time_machine.travel(dt.datetime.combine(today(), dt.time(21, 59), dt.UTC), tick=False):
        learning.open_unit(by=learner, enrollment=enrollment, unit=units_of(enrollment)[0])


def test_who_waits_or_has_left_does_not_learn(learner):
    offering = offering_of(capacity=1)
    first = enroll_self(by=UserFactory(), offering=offering)
    waiting = enroll_self(by=learner, offering=offering)
    with pytest.raises(Conflict) as raised:
        learning.open_unit(by=learner, enrollment=waiting, unit=units_of(waiting)[0])
    assert raised.value.code == "no_place"
    withdraw_enrollment(by=first.learner, enrollment=first)
    learning.open_unit(by=learner, enrollment=waiting, unit=units_of(waiting)[0])
    withdraw_enrollment(by=learner, enrollment=waiting)
    with pytest.raises(Conflict) as raised:
        learning.open_unit(by=learner, enrollment=waiting, unit=units_of(waiting)[0])
    assert raised.value.code == "ended"


def test_hr_may_withdraw_but_not_learn(learner):
    employment = EmploymentFactory(user=learner)
    hr = person_with_role(employment.employer, "hr_manager")
    outcome = enroll_staff(by=hr, employer=employment.employer, offering=offering_of(), learners=[learner])
    with pytest.raises(Forbidden):
        learning.open_unit(by=hr, enrollment=outcome.active[0], unit=units_of(outcome.active[0])[0])


def test_the_reconciler_completes_what_was_forgotten(learner, enrolled):
    enrollment = enrolled("text")
    unit = units_of(enrollment)[0]
    UnitProgress.objects.create(enrollment=enrollment, unit=unit, done_at=now())
    Enrollment.objects.update(units_done=1)
    assert complete_forgotten() == 1
    assert fresh(enrollment).state == "completed"
    assert complete_forgotten() == 0


def test_the_reconciler_believes_the_facts_not_the_counter(learner, enrolled):
    enrollment = enrolled("text")
    Enrollment.objects.update(units_done=1)
    assert complete_forgotten() == 0
    assert fresh(enrollment).state == "active"

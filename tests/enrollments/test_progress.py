"""Progress: derived from facts, never back, complete exactly when all that counts is done."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from courses.models import Unit
from enrollments.models import Attempt, Completion, Enrollment
from enrollments.progress import StepState, explain_many, explain_progress
from enrollments.services.learning import mark_unit_done, open_unit, submit_attempt
from lms.core.errors import Conflict
from lms.events.models import DomainEvent
from tests.enrollments.worlds import enroll_in

pytestmark = pytest.mark.django_db

ANSWERS = {
    100: {"q1": ["a"], "q2": ["a", "b"]},
    50: {"q1": ["a"], "q2": ["c"]},
    0: {"q1": ["b"], "q2": ["c"]},
}


class Learning(RuleBasedStateMachine):
    """Somebody does anything in any order."""

    @initialize(
        units=st.lists(
            st.tuples(st.sampled_from(["text", "quiz"]), st.booleans(), st.sampled_from([None, 1, 2])),
            min_size=1,
            max_size=4,
        ),
        asked=st.sampled_from(
            [
                {"units": "all"},
                {"units": "all"},
                {"units": "any", "count": 1},
                {"units": "points", "points": 2},
                {"units": "all", "average": 60},
                {"units": "any", "count": 1, "average": 40},
            ]
        ),
    )
    def start(self, units, asked):
        self.asked = asked
        self.learner, self.enrollment = enroll_in(units, rule=asked)
        self.units = list(Unit.objects.filter(section__version=self.enrollment.version_id).order_by("position"))
        self.percent, self.done, self.best = 0, set(), {}

    def try_to(self, verb, unit, **more):
        try:
            verb(by=self.learner, enrollment=self.enrollment, unit=unit, **more)
        except Conflict:
            return

    @rule(index=st.integers(0, 3))
    def open(self, index):
        self.try_to(open_unit, self.units[index % len(self.units)])

    @rule(index=st.integers(0, 3))
    def mark_done(self, index):
        self.try_to(mark_unit_done, self.units[index % len(self.units)])

    @rule(index=st.integers(0, 3), score=st.sampled_from([0, 50, 100]))
    def attempt(self, index, score):
        self.try_to(submit_attempt, self.units[index % len(self.units)], answers=ANSWERS[score])

    @invariant()
    def counters_equal_the_derivation(self):
        stored = Enrollment.objects.get(pk=self.enrollment.pk)
        progress = explain_progress(stored)
        assert (stored.units_done, stored.units_required) == (progress.done, progress.required)
        assert stored.percent == progress.percent

    @invariant()
    def nothing_goes_back(self):
        progress = explain_progress(self.enrollment)
        assert self.percent <= progress.percent <= 100
        done = {step.unit.pk for step in progress.steps if step.state == StepState.DONE}
        assert self.done <= done
        best = {step.unit.pk: step.best_score for step in progress.steps if step.best_score is not None}
        assert all(best[unit] >= score for unit, score in self.best.items())
        self.percent, self.done, self.best = progress.percent, done, best

    @invariant()
    def completed_exactly_when_all_that_counts_is_done(self):
        progress = explain_progress(self.enrollment)
        stored = Enrollment.objects.get(pk=self.enrollment.pk)
        completions = Completion.objects.filter(enrollment=stored).count()
        events = DomainEvent.objects.filter(name="enrollment.completed", subject_id=stored.pk).count()
        complete = int(not progress.missing)
        assert (progress.is_complete, stored.state == "completed", completions, events) == (complete,) * 4
        assert (progress.percent == 100) == bool(complete)

    @invariant()
    def what_is_missing_is_what_is_not_done(self):
        progress = explain_progress(self.enrollment)
        counting = {step.unit.pk for step in progress.steps if step.counts}
        if self.asked == {"units": "all"}:
            assert {missing.unit.pk for missing in progress.missing} == counting - self.done
        if progress.next:
            assert progress.missing
            assert progress.next.pk in counting
            assert progress.next.pk not in self.done or "average" in self.asked

    @invariant()
    def attempts_stay_within_their_limit(self):
        for unit in self.units:
            limit = unit.data.get("max_attempts")
            made = Attempt.objects.filter(enrollment=self.enrollment, unit=unit).count()
            assert limit is None or made <= limit


def test_any_order_of_learning_keeps_the_counters_true():
    run_state_machine_as_test(
        Learning,
        settings=settings(
            max_examples=25,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_where_nothing_is_required_everything_counts():
    learner, enrollment = enroll_in([("text", False, None), ("text", False, None)])
    first, second = Unit.objects.filter(section__version=enrollment.version_id).order_by("position")
    assert Enrollment.objects.get().units_required == 2
    mark_unit_done(by=learner, enrollment=enrollment, unit=first)
    assert Enrollment.objects.get().state == "active"
    mark_unit_done(by=learner, enrollment=enrollment, unit=second)
    assert Enrollment.objects.get().state == "completed"


def test_optional_units_do_not_hold_anybody_up():
    learner, enrollment = enroll_in([("text", True, None), ("quiz", False, None)])
    mark_unit_done(by=learner, enrollment=enrollment, unit=Unit.objects.get(kind="text"))
    assert Enrollment.objects.get().state == "completed"


def test_without_units_nobody_is_ever_done():
    _learner, enrollment = enroll_in([])
    progress = explain_progress(enrollment)
    assert (progress.percent, enrollment.percent, progress.is_complete, progress.next) == (0, 0, False, None)


def test_it_says_what_is_missing_why_and_who_must_act():
    learner, enrollment = enroll_in([("text", True, None), ("quiz", True, None), ("quiz", True, 1)])
    text, quiz, last_chance = Unit.objects.filter(section__version=enrollment.version_id).order_by("position")
    for unit in (quiz, last_chance):
        submit_attempt(by=learner, enrollment=enrollment, unit=unit, answers=ANSWERS[0])
    enrollment.refresh_from_db()
    missing = {m.unit.pk: (m.who, m.why) for m in explain_progress(enrollment).missing}
    assert missing[text.pk][0] == "learner"
    assert missing[quiz.pk][0] == "learner"
    assert "50" in missing[quiz.pk][1]
    assert missing[last_chance.pk][0] == "teacher"


def test_one_resumes_where_one_was_else_at_the_first_thing_missing():
    learner, enrollment = enroll_in([("text", True, None)] * 3)
    first, second, third = Unit.objects.filter(section__version=enrollment.version_id).order_by("position")
    assert explain_progress(enrollment).next == first
    open_unit(by=learner, enrollment=enrollment, unit=third)
    enrollment.refresh_from_db()
    assert explain_progress(enrollment).next == third
    mark_unit_done(by=learner, enrollment=enrollment, unit=third)
    mark_unit_done(by=learner, enrollment=enrollment, unit=first)
    enrollment.refresh_from_db()
    assert explain_progress(enrollment).next == second


def test_many_are_explained_in_four_queries(django_assert_max_num_queries):
    enrollments = [enroll_in([("text", True, None), ("quiz", True, None)])[1] for _ in range(5)]
    with django_assert_max_num_queries(4):
        explained = explain_many(enrollments)
        assert all(progress.missing[0].unit.section.title for progress in explained.values())

"""Duties while time passes: people are hired, move, leave and complete; rules begin and end. What must always hold."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from enrollments.duties.coverage import staff_under
from enrollments.duties.notices import remind_duties
from enrollments.duties.plan import renews_on
from enrollments.models import Enrollment, TrainingDuty
from enrollments.services.duties import keep_all_duties, keep_changed_duties
from enrollments.services.training_rules import end_rule
from lms.core.clock import at, now, today
from lms.notifications.models import SentMessage
from lms.organizations.models import Employment
from tests.enrollments.shops import Shop
from tests.factories import offering_of

TITLES = ("Lasser", "Operator")
MOST_PEOPLE = 5


class Duties(RuleBasedStateMachine):
    """One employer with two rules for one module: for all staff, valid for a year; for welders, for good."""

    def __init__(self):
        super().__init__()
        self.database = transaction.atomic()
        self.database.__enter__()
        self.clock = ExitStack()
        self.day, self.kept, self.met = 0, False, {}

    @initialize()
    def open_shop(self):
        self.begin = now()
        self.shop = Shop()
        self.offering = offering_of(self.shop.version, capacity=40)
        self.rules = [self.shop.rule(valid_months=12, renew_days=60), self.shop.rule(job_title="Lasser")]
        self.hire(TITLES[0])

    @rule(title=st.sampled_from(TITLES))
    def hire(self, title):
        if Employment.objects.filter(employer=self.shop.employer).count() < MOST_PEOPLE:
            self.shop.hire(starts_on=today(), job_title=title)
            self.kept = False

    @rule(which=st.integers(0, MOST_PEOPLE), title=st.sampled_from(TITLES))
    def change_function(self, which, title):
        if employment := self._employed(which):
            Employment.objects.filter(pk=employment.pk).update(job_title=title)
            self.kept = False

    @rule(which=st.integers(0, MOST_PEOPLE))
    def leave(self, which):
        employment = self._employed(which)
        if employment and employment.starts_on < today():
            Employment.objects.filter(pk=employment.pk).update(ends_on=today() - timedelta(days=1))
            self.kept = False

    @rule(which=st.integers(0, MOST_PEOPLE))
    def complete(self, which):
        active = list(Enrollment.objects.filter(state="active").select_related("offering", "learner").order_by("id"))
        if active:
            self.shop.complete(active[which % len(active)])
            self.kept = False

    @rule(days=st.sampled_from([1, 6, 30, 200, 310]))
    def time_passes(self, days):
        self.day += days
        self.clock.close()
        self.clock.enter_context(at(self.begin + timedelta(days=self.day)))
        self.kept = False

    @precondition(lambda self: len([rule for rule in self.rules if not rule.ended_at]) > 1)
    @rule()
    def end_a_rule(self):
        self.rules[1] = end_rule(by=self.shop.hr, rule=self.rules[1])

    @rule()
    def daily_task(self):
        keep_all_duties()
        before = self._snapshot()
        assert keep_all_duties() == 0
        assert keep_changed_duties() == 0
        assert self._snapshot() == before
        self.kept = True

    @rule()
    def remind(self):
        remind_duties()
        assert remind_duties() == 0

    @invariant()
    def one_open_duty_per_rule_and_person(self):
        todo = TrainingDuty.objects.todo().values_list("rule", "learner")
        assert len(todo) == len(set(todo))

    @invariant()
    def what_was_met_stays_met(self):
        for duty in TrainingDuty.objects.filter(met_at__isnull=False):
            assert self.met.setdefault(duty.pk, duty.met_at) == duty.met_at
        assert TrainingDuty.objects.filter(pk__in=self.met, met_at__isnull=False).count() == len(self.met)

    @invariant()
    def what_was_completed_stays_so(self):
        met_by = Enrollment.objects.filter(training_duties__met_at__isnull=False)
        assert not met_by.exclude(state="completed").exists()

    @invariant()
    def a_new_cycle_is_inside_the_window(self):
        for duty in TrainingDuty.objects.filter(cycle__gt=1).select_related("rule"):
            before = TrainingDuty.objects.filter(rule=duty.rule, learner=duty.learner, cycle=duty.cycle - 1).get()
            if before.lifted_at is None or (duty.lifted_at and before.met_at and before.lifted_at == duty.lifted_at):
                assert before.met_at
                assert renews_on(duty.rule, before) <= today()

    @invariant()
    def nobody_is_forgotten_after_the_task(self):
        for one in getattr(self, "rules", []) if self.kept else []:
            covered = set() if one.ended_at else set(staff_under(one).values_list("user", flat=True))
            standing = TrainingDuty.objects.filter(rule=one).standing()
            assert set(standing.values_list("learner", flat=True)) == covered

    @invariant()
    def one_ongoing_enrollment_and_no_mail_twice(self):
        ongoing = list(Enrollment.objects.ongoing().values_list("learner", "offering"))
        assert len(ongoing) == len(set(ongoing))
        told = list(SentMessage.objects.filter(kind="duty_due").values_list("recipient", "about"))
        assert len(told) == len(set(told))

    def teardown(self):
        self.clock.close()
        transaction.set_rollback(True)
        self.database.__exit__(None, None, None)

    def _employed(self, which):
        present = list(Employment.objects.current().filter(employer=self.shop.employer).order_by("id"))
        return present[which % len(present)] if present else None

    @staticmethod
    def _snapshot():
        return list(TrainingDuty.objects.order_by("id").values()), Enrollment.objects.count()


@pytest.mark.django_db
def test_whatever_happens_nobody_is_forgotten_or_asked_twice():
    run_state_machine_as_test(
        Duties, settings=settings(max_examples=12, stateful_step_count=20, suppress_health_check=list(HealthCheck))
    )

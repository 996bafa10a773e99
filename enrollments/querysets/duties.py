"""Named questions about what people must have, and what that asks of each of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from lms.core.clock import today
from lms.organizations.models import Department, Employment
from lms.permissions.services import anchors_allowing

if TYPE_CHECKING:
    from enrollments.models import TrainingDuty, TrainingRule  # noqa: F401

DUTY_STATES = ("todo", "open", "overdue", "met", "expiring", "lifted")


class TrainingRuleQuerySet(models.QuerySet["TrainingRule"]):
    """What an employer's people must have."""

    def visible_to(self, user: Any) -> TrainingRuleQuerySet:
        """Those of employers for which the user makes rules or enrolls."""
        if user.is_superuser:
            return self
        anchors = {*anchors_allowing(user, "manage_rules"), *anchors_allowing(user, "enroll_staff")}
        return self.filter(employer__in=anchors)

    def running(self) -> TrainingRuleQuerySet:
        """Begun and not ended."""
        return self.filter(ended_at=None, starts_on__lte=today())


class TrainingDutyQuerySet(models.QuerySet["TrainingDuty"]):
    """What rules ask of people."""

    def visible_to(self, user: Any) -> TrainingDutyQuerySet:
        """One's own, those of employers for which the user enrolls, and those of people one manages there today."""
        if user.is_superuser:
            return self
        hr = Q(employer__in=anchors_allowing(user, "enroll_staff"))
        return self.filter(Q(learner=user.pk) | hr | Q(Exists(_managed_by(user))))

    def standing(self) -> TrainingDutyQuerySet:
        """Not lifted, and the latest cycle: one per rule and person that it covers."""
        later = self.model._default_manager.filter(
            rule=OuterRef("rule"), learner=OuterRef("learner"), cycle__gt=OuterRef("cycle"), lifted_at=None
        )
        return self.filter(~Exists(later), lifted_at=None)

    def todo(self) -> TrainingDutyQuerySet:
        """Still to be done."""
        return self.filter(met_at=None, lifted_at=None)

    def overdue(self) -> TrainingDutyQuerySet:
        """Still to be done, and due before today."""
        return self.todo().filter(due_on__lt=today())

    def expiring(self, days: int) -> TrainingDutyQuerySet:
        """Met, but no longer valid within so many days, and not met anew. Of present staff."""
        day = today()
        renewed = self.model._default_manager.filter(
            rule=OuterRef("rule"), learner=OuterRef("learner"), cycle__gt=OuterRef("cycle"), met_at__isnull=False
        )
        soon = self.filter(valid_until__range=(day, day + timedelta(days=days)), met_at__isnull=False, lifted_at=None)
        return soon.filter(~Exists(renewed)).of_present_staff()

    def of_present_staff(self) -> TrainingDutyQuerySet:
        """Of people who work for the employer today."""
        return self.filter(Exists(_employments()))

    def in_state(self, state: str, days: int = 90) -> TrainingDutyQuerySet:
        """One of DUTY_STATES: `todo` is open with overdue; all standing ones when nothing is asked."""
        if state == "expiring":
            return self.expiring(days)
        if state == "lifted":
            return self.filter(lifted_at__isnull=False)
        if state == "met":
            return self.standing().filter(met_at__isnull=False)
        if state == "open":
            return self.todo().filter(due_on__gte=today())
        return {"todo": self.todo, "overdue": self.overdue}.get(state, self.standing)()

    def in_department(self, department: UUID | Department) -> TrainingDutyQuerySet:
        """Of people in the department or one below it."""
        return self.filter(Exists(_employments().filter(department__in=Department.objects.within(department))))

    def with_function(self, title: str) -> TrainingDutyQuerySet:
        """Of people with this function."""
        return self.filter(Exists(_employments().filter(job_title__iexact=title)))

    def managed_by(self, user: Any) -> TrainingDutyQuerySet:
        """Of people whom this person manages today."""
        return self.filter(Exists(_managed_by(user)))

    def for_lists(self) -> TrainingDutyQuerySet:
        """With what a list shows, in the same query."""
        return self.select_related(
            "rule__module__provider", "rule__department", "employer", "learner", "enrollment__offering"
        )

    def met_meanwhile(self) -> TrainingDutyQuerySet:
        """To be done according to their row, while their own enrollment was completed."""
        return self.todo().filter(enrollment__state="completed", enrollment__ended_at__isnull=False)

    def of_ended_rules(self) -> TrainingDutyQuerySet:
        """Not lifted, while their rule has ended."""
        return self.filter(lifted_at=None, rule__ended_at__isnull=False)

    def worst_first(self) -> TrainingDutyQuerySet:
        """What was due first comes first."""
        return self.order_by(F("due_on").asc(), "id")


def _employments() -> models.QuerySet[Employment]:
    return Employment.objects.current().filter(employer=OuterRef("employer"), user=OuterRef("learner"))


def _managed_by(user: Any) -> models.QuerySet[Employment]:
    there = Employment.objects.current().filter(employer=OuterRef("employer"), user=user.pk)
    return _employments().filter(Exists(there), manager=user.pk)

"""Duties as pages and API show them: who, what, by when, how it stands and what holds it up.

An employer sees of the enrollment behind a duty what it may see of any that it arranged; of what a worker did on their
own account and showed, only that it was done and when.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q

from enrollments.models import Enrollment, TrainingDuty, TrainingRule
from lms.core.clock import today
from lms.core.texts import Text
from lms.organizations.models import Employment

from .notices import titles_of


@dataclass
class DutyRow:
    """One duty with the person's employment: the present one, else the one that ended last."""

    duty: TrainingDuty
    title: Text
    employment: Employment | None

    @property
    def name(self) -> str:
        """What the employer calls the person."""
        return self.employment.name if self.employment else str(self.duty.learner)

    @property
    def is_shown(self) -> bool:
        """Met by something that the employer did not arrange: the worker showed it."""
        enrollment = self.duty.enrollment
        return bool(self.duty.met_at and enrollment and not self._arranged(enrollment))

    @property
    def enrollment(self) -> Enrollment | None:
        """By which it is to be met, as far as the employer arranged it."""
        enrollment = self.duty.enrollment
        return enrollment if enrollment and self._arranged(enrollment) else None

    @property
    def days_late(self) -> int:
        """How many days it is overdue; 0 when it is not."""
        return max(0, (today() - self.duty.due_on).days) if self.duty.is_open else 0

    def _arranged(self, enrollment: Enrollment) -> bool:
        return enrollment.arranged_by == "employer" and enrollment.employer_id == self.duty.employer_id


@dataclass
class RuleRow:
    """One rule with its figures: of whom it covers, who met it, who has it to do still, and who is late with it."""

    rule: TrainingRule
    title: Text
    covered: int = 0
    met: int = 0
    open: int = 0
    overdue: int = 0


def read_duties(ids: Iterable[UUID]) -> list[DutyRow]:
    """The duties with these ids, in that order. Three queries, however many."""
    wanted = list(ids)
    by_id = {duty.pk: duty for duty in TrainingDuty.objects.filter(pk__in=wanted).for_lists()}
    titles = titles_of(duty.rule.module_id for duty in by_id.values())
    employments = _employments_of(list(by_id.values()))
    return [
        DutyRow(duty, titles.get(duty.rule.module_id, {}), employments.get((duty.employer_id, duty.learner_id)))
        for duty in (by_id[pk] for pk in wanted if pk in by_id)
    ]


def read_rules(rules: Iterable[TrainingRule]) -> list[RuleRow]:
    """These rules with their figures, in that order. Two queries, however many."""
    chosen = list(rules)
    titles = titles_of(rule.module_id for rule in chosen)
    todo, late = Q(met_at=None, due_on__gte=today()), Q(met_at=None, due_on__lt=today())
    grouped = TrainingDuty.objects.filter(rule__in=chosen).standing().values("rule").order_by()
    counted: Any = grouped.annotate(
        covered=Count("pk"),
        met=Count("pk", filter=Q(met_at__isnull=False)),
        open=Count("pk", filter=todo),
        overdue=Count("pk", filter=late),
    )
    figures = {row.pop("rule"): row for row in counted}
    return [RuleRow(rule, titles.get(rule.module_id, {}), **figures.get(rule.pk, {})) for rule in chosen]


def obstacles_of(rule: TrainingRule) -> dict[str, int]:
    """Why people under a rule could not be enrolled by itself, and how many."""
    waiting = TrainingDuty.objects.filter(rule=rule).todo().exclude(obstacle="").values("obstacle").order_by()
    return {row["obstacle"]: row["people"] for row in waiting.annotate(people=Count("pk"))}


def own_duties(user: Any) -> list[DutyRow]:
    """What is still asked of oneself, most urgent first."""
    mine = TrainingDuty.objects.filter(learner=user.pk).todo().of_present_staff().worst_first()
    return read_duties(mine.values_list("pk", flat=True))


def _employments_of(duties: list[TrainingDuty]) -> dict[tuple[UUID, UUID], Employment]:
    people = {duty.learner_id: duty.learner for duty in duties}
    found = Employment.objects.filter(employer__in={duty.employer_id for duty in duties}, user__in=people)
    employments = {}
    for one in found.select_related("department", "manager").order_by(F("ends_on").asc(nulls_last=True), "id"):
        one.user = people[one.user_id]
        employments[one.employer_id, one.user_id] = one
    return employments

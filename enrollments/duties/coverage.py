"""Whom a training rule covers, and what of them the employer knows to be completed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from enrollments.models import ArrangedBy, Enrollment, EnrollmentState, TrainingDuty, TrainingRule
from lms.organizations.models import Department, Employment


@dataclass(frozen=True)
class Known:
    """A completion of the module that the employer may know of."""

    enrollment_id: UUID
    completed_at: datetime


def staff_under(rule: TrainingRule) -> QuerySet[Employment]:
    """Present employments that the rule is about, whether it runs or not."""
    staff = Employment.objects.current().filter(employer=rule.employer_id, user__is_active=True)
    if rule.department_id:
        staff = staff.filter(department__in=Department.objects.within(rule.department_id))
    return staff.filter(job_title__iexact=rule.job_title) if rule.job_title else staff


def hired_under(rule: TrainingRule) -> dict[UUID, date]:
    """By person whom the rule is about, the day they were hired. One query."""
    hired: dict[UUID, date] = {}
    for user, starts_on in staff_under(rule).values_list("user", "starts_on"):
        hired[user] = min(starts_on, hired.get(user, starts_on))
    return hired


def names_under(rule: TrainingRule, people: Iterable[UUID]) -> dict[UUID, str]:
    """What the employer calls these people, by person. One query."""
    staff = staff_under(rule).filter(user__in=list(people)).select_related("user")
    return {employment.user_id: employment.name for employment in staff}


def known_completions(rule: TrainingRule) -> dict[UUID, Known]:
    """By person the latest completion of the module that the employer may know: of what it arranged itself, and of what
    the worker showed it. What people did on their own account is theirs, unless they show it. Two queries.
    """
    arranged = Enrollment.objects.filter(
        version__module=rule.module_id,
        employer=rule.employer_id,
        arranged_by=ArrangedBy.EMPLOYER,
        state=EnrollmentState.COMPLETED,
        ended_at__isnull=False,
    ).values_list("learner", "pk", "ended_at")
    shown = TrainingDuty.objects.filter(
        employer=rule.employer_id, rule__module=rule.module_id, met_at__isnull=False, enrollment__isnull=False
    ).values_list("learner", "enrollment", "met_at")
    known: dict[UUID, Known] = {}
    for learner, enrollment, moment in (*arranged, *shown):
        if moment and enrollment and (learner not in known or moment > known[learner].completed_at):
            known[learner] = Known(enrollment, moment)
    return known

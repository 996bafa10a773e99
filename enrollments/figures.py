"""Figures about enrollments: how many in which state, in one query."""

from typing import Any

from django.db.models import Count, Q

from lms.core.clock import today

from .models import EnrollmentState
from .querysets import EnrollmentQuerySet
from .querysets.enrollments import due


def counts_by_state(enrollments: EnrollmentQuerySet) -> dict[str, int]:
    """`active`, of which `overdue`, `waiting`, `completed`, of which `completed_this_month`."""
    completed = Q(state=EnrollmentState.COMPLETED)
    counts: dict[str, Any] = enrollments.aggregate(
        active=Count("pk", filter=Q(state=EnrollmentState.ACTIVE)),
        overdue=Count("pk", filter=Q(state=EnrollmentState.ACTIVE) & due(lt=today())),
        waiting=Count("pk", filter=Q(state__in=[EnrollmentState.WAITLISTED, EnrollmentState.OFFERED])),
        completed=Count("pk", filter=completed),
        completed_this_month=Count("pk", filter=completed & Q(ended_at__date__gte=today().replace(day=1))),
    )
    return counts

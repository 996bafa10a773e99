"""Named questions about turns to decide on what a worker asks for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from lms.core.clock import now
from lms.organizations.models import Employment
from lms.permissions.services import anchors_allowing

if TYPE_CHECKING:
    from enrollments.models import ApprovalStep  # noqa: F401

EMPLOYER, LEARNER = "enrollment__employer", "enrollment__learner"


class ApprovalStepQuerySet(models.QuerySet["ApprovalStep"]):
    """Turns to decide on requests."""

    def visible_to(self, user: Any) -> ApprovalStepQuerySet:
        """Those of one's own request, those of whom one is the manager and works there, those for which one is HR."""
        if user.is_superuser:
            return self
        hr = Q(enrollment__employer__in=anchors_allowing(user, "approve_requests"))
        at_work = Employment.objects.current().filter(employer=OuterRef(EMPLOYER), user=user.pk)
        return self.filter(Q(enrollment__learner=user.pk) | hr | Q(Exists(at_work), manager=user.pk))

    def open(self) -> ApprovalStepQuerySet:
        """Those on which somebody is still to decide."""
        return self.filter(decided_at=None, enrollment__state="requested")

    def to_decide_by(self, user: Any) -> ApprovalStepQuerySet:
        """Those on which this user is to decide; never on one's own request."""
        hr = Q(approver="hr", enrollment__employer__in=anchors_allowing(user, "approve_requests"))
        if user.is_superuser:
            hr = Q(approver="hr")
        return (
            self.open()
            .filter(hr | Q(_manages(), approver="manager", manager=user.pk))
            .exclude(enrollment__learner=user.pk)
        )

    def past_their_manager(self) -> ApprovalStepQuerySet:
        """Open ones whose manager may not decide any more: left, not active, or somebody else's manager now."""
        return self.open().filter(approver="manager").filter(Q(manager=None) | ~_manages())

    def past_their_asker(self) -> ApprovalStepQuerySet:
        """Open ones of people who do not work for the employer any more."""
        present = Employment.objects.current().filter(employer=OuterRef(EMPLOYER), user=OuterRef(LEARNER))
        return self.open().filter(~Exists(present))

    def waiting_as_long_as(self, field: str) -> ApprovalStepQuerySet:
        """Open ones that wait as many days as their employer's policy says in `field`."""
        from enrollments.models import ApprovalPolicy

        usual = getattr(ApprovalPolicy(), field)
        due = Q(enrollment__employer__approval_policy=None, asked_at__lte=now() - timedelta(days=usual))
        for days in ApprovalPolicy.objects.values_list(field, flat=True).distinct():
            of_policy = {f"enrollment__employer__approval_policy__{field}": days}
            due |= Q(asked_at__lte=now() - timedelta(days=days), **of_policy)
        return self.open().filter(due)


def _manages() -> Exists:
    """The step's manager manages the asker today, works there, and has an account that works."""
    at_work = Employment.objects.current().filter(
        employer=OuterRef(OuterRef(EMPLOYER)), user=OuterRef(OuterRef("manager"))
    )
    managed = Employment.objects.current().filter(
        Exists(at_work),
        employer=OuterRef(EMPLOYER),
        user=OuterRef(LEARNER),
        manager=OuterRef("manager"),
        manager__is_active=True,
    )
    return Exists(managed)

"""Named questions about what a person wants or was allowed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from courses.models import Module, Offering, Visibility
from lms.organizations.models import Employment
from lms.permissions.services import anchors_allowing

if TYPE_CHECKING:
    from enrollments.models import Interest, PrerequisiteOverride  # noqa: F401


class InterestQuerySet(models.QuerySet["Interest"]):
    """Who would take which module."""

    def visible_to(self, user: Any) -> InterestQuerySet:
        """One's own: who else is interested is nobody's business."""
        return self.filter(user=user.pk)

    def counted_for(self, user: Any) -> InterestQuerySet:
        """Those in modules of one's own provider, to be counted and never named; a hub coordinator counts all."""
        if anchors_allowing(user, "bundle_needs"):
            return self.filter(user__is_active=True)
        return self.filter(module__in=Module.objects.with_drafts_for(user).values("pk"), user__is_active=True)

    def waiting_for(self, offering: Offering, planned_at: datetime) -> InterestQuerySet:
        """Those who waited when it was planned, may join it and do not take its module already."""
        from enrollments.models import Enrollment

        taking = Enrollment.objects.ongoing().filter(learner=OuterRef("user"), version__module=OuterRef("module"))
        found = self.filter(
            ~Exists(taking), module=offering.version.module_id, since__lte=planned_at, user__is_active=True
        )
        if offering.visibility == Visibility.PUBLIC:
            return found
        staff = Employment.objects.current().filter(employer__in=offering.employers.values("pk"))
        return found.filter(user__in=staff.values("user"))


class OverrideQuerySet(models.QuerySet["PrerequisiteOverride"]):
    """People let in without a prerequisite."""

    def visible_to(self, user: Any) -> OverrideQuerySet:
        """One's own, those of one's participants, and those that one gave as HR.

        A provider sees none of people who did not enroll: that would tell who has an account.
        """
        if user.is_superuser:
            return self
        from enrollments.models import Enrollment

        participants = Enrollment.objects.participants_for(user).filter(
            learner=OuterRef("learner"), version__module=OuterRef("module")
        )
        staff = Employment.objects.filter(
            user=OuterRef("learner"), employer__in=anchors_allowing(user, "enroll_staff")
        ).current()
        return self.filter(Q(learner=user.pk) | Q(Exists(participants)) | Q(Exists(staff), given_by=user.pk))

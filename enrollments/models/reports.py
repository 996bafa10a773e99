"""Reports that come by mail, and grades that a worker chose to show."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enrollments.querysets import ScheduledReportQuerySet
from lms.core.clock import now
from lms.core.models import Entity
from lms.organizations.models import Organization

from .enrollments import Enrollment


class ReportKind(models.TextChoices):
    """What can be reported."""

    PEOPLE = "people", _("my people now")
    EXPIRY = "expiry", _("certificates that expire")
    BUDGET = "budget", _("seats and budget")
    NEEDS = "needs", _("training needs")
    FUNDING = "funding", _("evidence for the subsidy office")


class Frequency(models.TextChoices):
    """How often."""

    WEEKLY = "weekly", _("every Monday")
    MONTHLY = "monthly", _("on the first of the month")


class ScheduledReport(Entity):
    """A report that somebody gets by mail, with the filters it was asked with. Rights are checked when it is sent."""

    employer = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="scheduled_reports")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="scheduled_reports")
    kind = models.CharField(max_length=10, choices=ReportKind)
    filters = models.JSONField(default=dict)
    frequency = models.CharField(max_length=7, choices=Frequency)
    next_on = models.DateField()
    last_sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    objects = ScheduledReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheduled report")
        verbose_name_plural = _("scheduled reports")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ReportKind.values), name="report_kind_known"),
            models.CheckConstraint(condition=Q(frequency__in=Frequency.values), name="report_frequency_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.frequency}"


class GradeShare(Entity):
    """A worker lets the employer see the grade of one enrollment, until they take it back. Each time is a row."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="grade_shares")
    shared_at = models.DateTimeField(default=now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("shared grade")
        verbose_name_plural = _("shared grades")
        constraints = [
            models.UniqueConstraint(fields=["enrollment"], condition=Q(ended_at=None), name="one_grade_share")
        ]

    def __str__(self) -> str:
        return str(self.enrollment_id)

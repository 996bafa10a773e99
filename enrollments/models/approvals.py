"""Who says yes to what a worker asks for."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enrollments.querysets import ApprovalStepQuerySet
from lms.core.clock import now
from lms.core.models import Entity
from lms.organizations.models import Organization

from .enrollments import Enrollment

DAYS = [MinValueValidator(1), MaxValueValidator(60)]


class ApprovalPolicy(Entity):
    """How an employer decides on requests: the manager first, HR where the rule says so. An employer has one."""

    employer = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="approval_policy")
    hr_always = models.BooleanField(_("HR decides on every request"), default=False)
    hr_above = models.DecimalField(
        _("HR decides above (EUR ex VAT)"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    remind_after_days = models.PositiveSmallIntegerField(_("remind after (days)"), default=3, validators=DAYS)
    escalate_after_days = models.PositiveSmallIntegerField(_("pass on to HR after (days)"), default=7, validators=DAYS)

    class Meta:
        verbose_name = _("approval rule")
        verbose_name_plural = _("approval rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(escalate_after_days__gt=models.F("remind_after_days")), name="escalation_after_reminder"
            )
        ]

    def __str__(self) -> str:
        return str(self.employer_id)


class Approver(models.TextChoices):
    """Whose turn it is."""

    MANAGER = "manager", _("manager")
    HR = "hr", _("HR")


class Decision(models.TextChoices):
    """How a step ended: by a decision, by somebody else's turn, or because the worker asks no more."""

    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    PASSED_ON = "passed_on", _("passed on")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ApprovalStep(Entity):
    """One person's (or HR's) turn to decide on a request. Steps come one after the other; one is open at a time."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="approval_steps")
    number = models.PositiveSmallIntegerField()
    approver = models.CharField(max_length=7, choices=Approver)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="approvals_to_decide"
    )
    asked_at = models.DateTimeField(default=now, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    decision = models.CharField(max_length=9, choices=Decision, blank=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)

    objects = ApprovalStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of an approval")
        verbose_name_plural = _("steps of approvals")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "number"], name="approval_step_once"),
            models.UniqueConstraint(fields=["enrollment"], condition=Q(decided_at=None), name="one_open_approval_step"),
            models.CheckConstraint(condition=~Q(decision="refused") | ~Q(reason=""), name="refusal_has_reason"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decision="") | Q(decided_at__isnull=False) & ~Q(decision=""),
                name="decision_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrollment_id} {self.approver} {self.decision}"

    @property
    def is_open(self) -> bool:
        """Nobody decided yet."""
        return self.decided_at is None

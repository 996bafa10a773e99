"""What an employer's people must have: rules by function or department, and what each rule asks of each person."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Module, Occupation
from enrollments.querysets import TrainingDutyQuerySet, TrainingRuleQuerySet
from lms.core.clock import now, today
from lms.core.models import Entity
from lms.organizations.models import Department, Organization

from .enrollments import Enrollment


class JobFunction(Entity):
    """A function as an employer names it, and the ESCO occupation that it is. Set once, for everybody who has it."""

    employer = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="job_functions")
    title = models.CharField(_("function"), max_length=120)
    occupation = models.ForeignKey(
        Occupation, on_delete=models.PROTECT, null=True, blank=True, related_name="job_functions"
    )

    class Meta:
        verbose_name = _("function")
        verbose_name_plural = _("functions")
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["employer", "title"], name="job_function_once")]

    def __str__(self) -> str:
        return self.title


class TrainingRule(Entity):
    """Everybody in a department (and those below it), or with a function, or all staff, must have a module.

    Due `due_days` after hiring, or after the rule began for who worked there already. What was completed counts for
    `valid_months` (empty: for good); `renew_days` before that ends the next cycle begins.
    """

    employer = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="training_rules")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="training_rules")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="training_rules"
    )
    job_title = models.CharField(_("function"), max_length=120, blank=True)
    due_days = models.PositiveSmallIntegerField(_("due within (days)"), default=30)
    valid_months = models.PositiveSmallIntegerField(
        _("valid for (months)"), null=True, blank=True, help_text=_("empty: for good")
    )
    renew_days = models.PositiveSmallIntegerField(_("renew from (days before)"), default=60)
    legal = models.BooleanField(
        _("required by law or CAO"), default=True, help_text=_("free for the worker (BW 7:611a)")
    )
    starts_on = models.DateField(_("from"), default=today)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = TrainingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("training rule")
        verbose_name_plural = _("training rules")
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "module", "department", "job_title"],
                condition=Q(ended_at=None, department__isnull=False),
                name="training_rule_once",
            ),
            models.UniqueConstraint(
                fields=["employer", "module", "job_title"],
                condition=Q(ended_at=None, department=None),
                name="training_rule_once_everywhere",
            ),
            models.CheckConstraint(condition=Q(valid_months=None) | Q(valid_months__gte=1), name="rule_valid_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.employer_id} {self.module_id}"

    @property
    def state(self) -> str:
        """`ahead`, `running` or `ended`."""
        if self.ended_at:
            return "ended"
        return "ahead" if self.starts_on > today() else "running"


class Obstacle(models.TextChoices):
    """Why nobody could be enrolled for a duty by itself. It is tried again each day."""

    NO_OFFERING = "no_offering", _("no open offering")
    FULL = "full", _("all places are taken")
    NO_SEATS = "no_seats", _("no seats or budget left in the agreement")
    PREREQUISITES = "prerequisites", _("something else must be completed first")
    STOPPED = "stopped", _("withdrew or did not pass: talk to the worker")
    ASK_WORKER = "ask_worker", _("cannot be enrolled by itself: talk to the worker")


class TrainingDuty(Entity):
    """What a rule asks of one person in one cycle: done by `due_on`. A new cycle is a new row; history stays.

    `enrollment` is the one by which it is (to be) met; `met_at` when it was, and `valid_until` how long that counts.
    `lifted_at`: the rule asks it no more (left, other function, rule ended).
    """

    rule = models.ForeignKey(TrainingRule, on_delete=models.CASCADE, related_name="duties")
    employer = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="training_duties")
    cycle = models.PositiveSmallIntegerField(default=1)
    due_on = models.DateField()
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.SET_NULL, null=True, blank=True, related_name="training_duties"
    )
    met_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    obstacle = models.CharField(max_length=13, choices=Obstacle, blank=True, default="", db_default="")
    since = models.DateTimeField(default=now, editable=False)

    objects = TrainingDutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("training duty")
        verbose_name_plural = _("training duties")
        constraints = [
            models.UniqueConstraint(fields=["rule", "learner", "cycle"], name="training_duty_once"),
            models.UniqueConstraint(
                fields=["rule", "learner"],
                condition=Q(met_at=None, lifted_at=None),
                name="one_open_training_duty",
            ),
        ]
        indexes = [
            models.Index(
                fields=["employer", "due_on"], condition=Q(met_at=None, lifted_at=None), name="training_duty_open"
            ),
            models.Index(fields=["employer", "valid_until"], name="training_duty_expiring"),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} {self.rule_id} {self.cycle}"

    @property
    def is_open(self) -> bool:
        """Still to be done."""
        return self.met_at is None and self.lifted_at is None

    @property
    def state(self) -> str:
        """`open`, `overdue`, `met` or `lifted`."""
        if self.lifted_at:
            return "lifted"
        if self.met_at:
            return "met"
        return "overdue" if self.due_on < today() else "open"

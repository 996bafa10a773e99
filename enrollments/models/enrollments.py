"""A learner takes an offering."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import ModuleVersion, Offering, Unit
from enrollments.querysets import EnrollmentQuerySet
from lms.core.clock import now
from lms.core.models import Entity
from lms.organizations.models import Organization


class EnrollmentState(models.TextChoices):
    """Where an enrollment is in its life. The arrows between them are in `enrollments.flow`."""

    REQUESTED = "requested", _("requested")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    WAITLISTED = "waitlisted", _("on the waiting list")
    OFFERED = "offered", _("place offered")
    DECLINED = "declined", _("declined")
    ACTIVE = "active", _("active")
    COMPLETED = "completed", _("completed")
    NOT_PASSED = "not_passed", _("not passed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")


LIVE_STATES = ("requested", "approved", "waitlisted", "offered", "active", "completed")
ONGOING_STATES = tuple(state for state in LIVE_STATES if state != "completed")
TAKES_PART_STATES = ("active", "completed")
PLACE_STATES = ("active", "completed", "not_passed", "expired")
HOLDS_PLACE_STATES = ("offered", *PLACE_STATES)  # what an offering counts as taken


class ArrangedBy(models.TextChoices):
    """Who arranged it, and so who may see it."""

    EMPLOYER = "employer", _("employer")
    LEARNER = "learner", _("learner")


def percent_of(done: int, required: int) -> int:
    """A share as people read it: rounded down, so that 100 means all; 0 where there is nothing to do."""
    return done * 100 // required if required else 0


class Enrollment(Entity):
    """A learner takes an offering, pinned to its version. Carries provider and employer, so that rows can be sharded.

    `units_done` of `units_required` is what the version's completion rule asks and what of it is there, counted by
    `enrollments.progress` and kept up to date with each fact, in the same transaction.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrollments")
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="enrollments")
    version = models.ForeignKey(ModuleVersion, on_delete=models.PROTECT, related_name="enrollments")
    provider = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    employer = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="arranged_enrollments"
    )
    arranged_by = models.CharField(max_length=8, choices=ArrangedBy)
    mandatory = models.BooleanField(
        _("required by law or CAO"),
        default=False,
        help_text=_("free for the worker (BW 7:611a): no cost recovery"),
    )
    cost_recovery = models.BooleanField(
        _("costs may be recovered from the worker"),
        default=False,
        db_default=False,
        help_text=_("by a study cost agreement; never for training that is required by law or CAO"),
    )
    motivation = models.CharField(_("motivation"), max_length=1000, blank=True, db_default="")
    due_on = models.DateField(_("to be done by"), null=True, blank=True)
    answer_by = models.DateTimeField(_("to be answered by"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=EnrollmentState)
    created_at = models.DateTimeField(default=now, editable=False)
    activated_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(_("reason"), max_length=1000, blank=True, db_default="")
    units_required = models.PositiveIntegerField(default=0)
    units_done = models.PositiveIntegerField(default=0)
    last_activity_at = models.DateTimeField(null=True, blank=True)
    last_unit = models.ForeignKey(Unit, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="next_cycles")

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrollment")
        verbose_name_plural = _("enrollments")
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "offering"],
                condition=models.Q(state__in=ONGOING_STATES),
                name="one_ongoing_enrollment",
            ),
            models.CheckConstraint(condition=models.Q(state__in=EnrollmentState.values), name="enrollment_state_known"),
            models.CheckConstraint(
                condition=models.Q(units_done__lte=models.F("units_required")),
                name="enrollment_done_within_required",
            ),
            models.CheckConstraint(
                condition=models.Q(arranged_by="learner") | models.Q(employer__isnull=False),
                name="arranged_by_employer_names_it",
            ),
            models.CheckConstraint(
                condition=models.Q(mandatory=False) | models.Q(cost_recovery=False),
                name="mandatory_is_free_for_the_worker",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="offered") | models.Q(answer_by__isnull=False),
                name="offered_place_has_a_deadline",
            ),
        ]
        indexes = [
            # Lists are read from these two alone. Without what is included, the database rather walks everybody's rows.
            models.Index(
                fields=["employer", "-id"],
                include=["arranged_by", "learner", "created_at"],
                name="enrollment_employer_list",
            ),
            models.Index(
                fields=["employer", "state"],
                include=["arranged_by", "learner", "offering", "due_on", "last_activity_at", "ended_at"],
                name="enrollment_dashboard",
            ),
            models.Index(fields=["provider", "-id"], include=["state"], name="enrollment_provider_list"),
            models.Index(fields=["learner", "-id"], name="enrollment_learner"),
            models.Index(fields=["offering", "state"], name="enrollment_offering"),
            models.Index(fields=["answer_by"], condition=models.Q(state="offered"), name="enrollment_to_be_answered"),
            models.Index(
                fields=["id"],
                condition=models.Q(state="active", units_done__gte=models.F("units_required")),
                name="enrollment_all_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} in {self.offering_id} ({self.state})"

    @property
    def percent(self) -> int:
        """Share of what the rule asks that is there, 0 to 100, rounded down: 100 only when all is."""
        return percent_of(self.units_done, self.units_required)

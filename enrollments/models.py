"""Who takes what is offered: enrollments, facts about units, attempts, completions, staff imports."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import Module, ModuleVersion, Offering, Session, Unit
from lms.core.clock import now
from lms.core.models import Entity
from lms.organizations.models import Organization

from .querysets import EnrollmentQuerySet, InterestQuerySet, OverrideQuerySet, StaffImportQuerySet


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
    state = models.CharField(max_length=10, choices=EnrollmentState)
    created_at = models.DateTimeField(default=now, editable=False)
    activated_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
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
                condition=models.Q(state__in=LIVE_STATES),
                name="one_live_enrollment",
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
        ]
        indexes = [
            models.Index(fields=["employer", "-id"], name="enrollment_employer"),
            models.Index(fields=["provider", "-id"], name="enrollment_provider"),
            models.Index(fields=["learner", "-id"], name="enrollment_learner"),
            models.Index(fields=["offering", "state"], name="enrollment_offering"),
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


class UnitProgress(Entity):
    """Facts about one unit in one enrollment, made when first needed. Only moves forward."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="unit_progress")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True, blank=True)
    best_score = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("unit progress")
        verbose_name_plural = _("unit progress")
        constraints = [models.UniqueConstraint(fields=["enrollment", "unit"], name="unit_progress_once")]

    def __str__(self) -> str:
        return f"{self.enrollment_id} {self.unit_id}"


class Attempt(Entity):
    """One try at a unit that is judged. Append-only evidence; never shown to an employer."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="attempts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    answers = models.JSONField()
    score = models.DecimalField(max_digits=5, decimal_places=2)
    passed = models.BooleanField()
    submitted_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["enrollment", "unit", "number"], name="attempt_number_once")]

    def __str__(self) -> str:
        return f"{self.enrollment_id} {self.unit_id} #{self.number}"


class Completion(Entity):
    """This enrollment met its rule at this moment, with this result. One per enrollment, never updated."""

    enrollment = models.OneToOneField(Enrollment, on_delete=models.PROTECT, related_name="completion")
    completed_at = models.DateTimeField(default=now, editable=False)
    result = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")

    def __str__(self) -> str:
        return f"{self.enrollment_id} {self.completed_at:%Y-%m-%d}"


class StaffImport(Entity):
    """A spreadsheet that an employer's HR uploaded for one offering: previewed first, carried out when confirmed."""

    employer = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="staff_imports")
    offering = models.ForeignKey(Offering, on_delete=models.CASCADE, related_name="staff_imports")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    mandatory = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    report = models.JSONField(default=dict)

    objects = StaffImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff import")
        verbose_name_plural = _("staff imports")

    def __str__(self) -> str:
        return self.file_name


class Attendance(Entity):
    """How long a participant was at a session. Append-only evidence: a correction is the next number, with a reason."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="attendance")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendance")
    number = models.PositiveIntegerField(default=1)
    minutes = models.PositiveIntegerField(_("minutes present"))
    reason = models.CharField(_("reason of the correction"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "session", "number"], name="attendance_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.enrollment_id} {self.session_id} {self.minutes}"


class VersionMove(Entity):
    """An enrollment went on in a newer version, by somebody's choice. What was done came along, unit by unit."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="version_moves")
    from_version = models.ForeignKey(ModuleVersion, on_delete=models.PROTECT, related_name="+")
    to_version = models.ForeignKey(ModuleVersion, on_delete=models.PROTECT, related_name="+")
    carried = models.JSONField(default=dict)
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    moved_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("move to another version")
        verbose_name_plural = _("moves to another version")
        constraints = [models.UniqueConstraint(fields=["enrollment", "to_version"], name="version_move_once")]

    def __str__(self) -> str:
        return f"{self.enrollment_id} {self.from_version_id} > {self.to_version_id}"


class PrerequisiteOverride(Entity):
    """Somebody may take a module without having completed what it asks beforehand, for this reason."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="overrides")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="overrides")
    reason = models.CharField(_("reason"), max_length=1000)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField(default=now, editable=False)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("prerequisite override")
        verbose_name_plural = _("prerequisite overrides")
        constraints = [
            models.UniqueConstraint(fields=["learner", "module"], name="override_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="override_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} {self.module_id}"


class Interest(Entity):
    """A person would take a module when there is a date: providers see how many, not who."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="interests")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="interests")
    since = models.DateTimeField(default=now, editable=False)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        constraints = [models.UniqueConstraint(fields=["user", "module"], name="interest_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.module_id}"


class CalendarFeed(Entity):
    """A person's private calendar address. Only the hash of its secret is kept; a new address ends the old one."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return str(self.user_id)

"""What is kept of learning: facts about units, attempts, attendance, completion, moves between versions."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import ModuleVersion, Session, Unit
from lms.core.clock import now
from lms.core.models import Entity

from .enrollments import Enrollment


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

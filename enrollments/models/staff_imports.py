"""HR's spreadsheets."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from courses.models import Offering
from enrollments.querysets import ImportRowQuerySet, StaffImportQuerySet
from lms.core.clock import now
from lms.core.models import Entity
from lms.organizations.models import Employment, Organization


class ImportState(models.TextChoices):
    """Where a staff list is: reading -> planned (the preview) -> running -> done, or failed as a whole."""

    READING = "reading", _("being read")
    PLANNED = "planned", _("ready to confirm")
    RUNNING = "running", _("being carried out")
    DONE = "done", _("carried out")
    FAILED = "failed", _("failed")


class StaffImport(Entity):
    """A spreadsheet that an employer's HR uploaded, for one offering or for the staff list alone.

    Read first, then previewed, then carried out when confirmed: in parcels of rows, each in a transaction of its own,
    so that it goes on where it was when a worker dies. `rows_done` of `rows_total` is how far it is, `done_until` the
    last row of the sheet that was carried out, `worked_at` when. The file itself is dropped as soon as it was read.
    """

    employer = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="staff_imports")
    offering = models.ForeignKey(
        Offering, on_delete=models.CASCADE, null=True, blank=True, related_name="staff_imports"
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(max_length=200)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    content = models.BinaryField()
    mandatory = models.BooleanField(default=False)
    whole_staff = models.BooleanField(
        _("this is our whole staff"), default=False, db_default=False, help_text=_("who is not on the list has left")
    )
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.PLANNED, db_default="planned")
    rows_total = models.PositiveIntegerField(default=0, db_default=0)
    rows_done = models.PositiveIntegerField(default=0, db_default=0)
    done_until = models.PositiveIntegerField(default=0, db_default=0)
    worked_at = models.DateTimeField(default=now, db_default=Now(), editable=False)
    failures = models.PositiveSmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(default=now, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    report = models.JSONField(default=dict)

    objects = StaffImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff import")
        verbose_name_plural = _("staff imports")
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=ImportState.values), name="import_state_known"),
            models.CheckConstraint(
                condition=models.Q(rows_done__lte=models.F("rows_total")), name="import_done_within_total"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class RowOutcome(models.TextChoices):
    """What became of a row: blank until its parcel is carried out, and after it when nothing had to change."""

    REJECTED = "rejected", _("not gone in")
    ACTIVE = "active", _("enrolled")
    WAITLISTED = "waitlisted", _("on the waiting list")


class StaffOutcome(models.TextChoices):
    """What a row changed in the staff list."""

    NEW = "new", _("new on the staff list")
    CHANGED = "changed", _("changed")
    LEFT = "left", _("left")


_OUTLIVES: Any = {"db_constraint": False, "db_index": False, "related_name": "+"}


class ImportRow(models.Model):
    """One row of a staff list as it was read, and what became of it: the outcome that HR downloads.

    It is the record of what an import did to a person, beside one audit entry for each parcel. `problems` are
    [column, value, reason] for each cell that kept the row out; of a row that went in, for each cell left aside.
    `before` is what a changed employment said until then. Whether somebody is invited is no business of the employer.
    Person and employment are kept as ids, as in the audit log: the record outlives them.
    """

    staff_import = models.ForeignKey(StaffImport, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    email = models.CharField(max_length=254, blank=True)
    personnel_number = models.CharField(max_length=40, blank=True)
    given_name = models.CharField(max_length=100, blank=True)
    name_prefix = models.CharField(max_length=30, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    department = models.CharField(max_length=400, blank=True)
    job_title = models.CharField(max_length=120, blank=True)
    manager = models.CharField(max_length=254, blank=True, db_default="")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, blank=True, **_OUTLIVES)
    employment = models.ForeignKey(Employment, models.DO_NOTHING, null=True, blank=True, **_OUTLIVES)
    outcome = models.CharField(max_length=12, choices=RowOutcome, blank=True, db_default="")
    staff = models.CharField(max_length=8, choices=StaffOutcome, blank=True, db_default="")
    invite = models.BooleanField(default=False, db_default=False)
    problems = models.JSONField(null=True, blank=True)
    before = models.JSONField(null=True, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a staff import")
        verbose_name_plural = _("rows of staff imports")
        constraints = [models.UniqueConstraint(fields=["staff_import", "number"], name="import_row_once")]

    def __str__(self) -> str:
        return f"{self.staff_import_id} {self.number} {self.outcome}"

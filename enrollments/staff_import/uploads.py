"""An uploaded staff list: kept while HR looks at the preview, carried out once, then forgotten."""

from datetime import timedelta
from typing import cast

from django.db import transaction

from courses.models import Offering
from enrollments.models import StaffImport
from enrollments.policies import can_enroll_staff
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.clock import now
from lms.core.errors import Forbidden
from lms.organizations.models import Organization

from .services import import_staff

KEPT_UNCONFIRMED = timedelta(days=1)
KEPT_REASONS = timedelta(days=30)
SHOWN_PEOPLE = 200


def upload_staff_list(
    *, by: User, employer: Organization, offering: Offering, content: bytes, file_name: str, mandatory: bool = False
) -> StaffImport:
    """Keep a staff list with its preview: what would happen. Nobody is enrolled yet.

    Requires and raises: as `import_staff`. Audits: yes.
    """
    report = import_staff(
        by=by, employer=employer, offering=offering, content=content, mandatory=mandatory, dry_run=True
    )
    with transaction.atomic():
        staff_import = StaffImport.objects.create(
            employer=employer,
            offering=offering,
            uploaded_by=by,
            file_name=file_name[-200:],
            content=content,
            mandatory=mandatory,
            report=report.for_employer(shown=SHOWN_PEOPLE),
        )
        record_audit("enrollments.upload_staff_list", staff_import, organization_id=employer.pk)
    return staff_import


@transaction.atomic
def confirm_staff_import(*, by: User, staff_import: StaffImport) -> StaffImport:
    """Carry an uploaded list out. Confirming again returns what the first time did; the file itself is dropped.

    Requires and raises: as `import_staff`; things may have changed since the preview. Audits: yes, with the counts.
    """
    staff_import = (
        StaffImport.objects.select_for_update(of=("self",))
        .select_related("employer", "offering__version")
        .get(pk=staff_import.pk)
    )
    if not can_enroll_staff(by, staff_import.employer):
        raise Forbidden
    if staff_import.confirmed_at is not None:
        return staff_import
    report = import_staff(
        by=by,
        employer=staff_import.employer,
        offering=cast(Offering, staff_import.offering),
        content=bytes(staff_import.content),
        mandatory=staff_import.mandatory,
    )
    staff_import.confirmed_at = now()
    staff_import.content = b""
    staff_import.report = report.for_employer(shown=0)
    staff_import.save(update_fields=["confirmed_at", "content", "report"])
    counts = ("created", "existing", "added", "waitlisted", "rejected")
    record_audit(
        "enrollments.confirm_staff_import",
        staff_import,
        changes={name: (None, getattr(report, name)) for name in counts},
        organization_id=staff_import.employer_id,
    )
    return staff_import


def forget_old_uploads() -> int:
    """Reconciler: drop lists that nobody confirmed within a day, and reasons (they name people) after a month."""
    with transaction.atomic():
        unconfirmed = StaffImport.objects.filter(confirmed_at=None, created_at__lt=now() - KEPT_UNCONFIRMED)
        forgotten = unconfirmed.delete()[0]
        old = StaffImport.objects.filter(
            confirmed_at__lt=now() - KEPT_REASONS, report__has_key="rejected_rows"
        ).select_for_update()
        for staff_import in old.defer("content"):
            staff_import.report.pop("rejected_rows")
            staff_import.save(update_fields=["report"])
            forgotten += 1
    return forgotten

"""A confirmed list is carried out, parcel by parcel. Anything may stop it; whoever comes next goes on where it was."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Offering
from courses.services.places import lock_offering
from enrollments.models import ImportRow, ImportState, StaffImport
from enrollments.policies import can_enroll_staff
from enrollments.services.enrolling import require_enrollable
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.clock import now
from lms.core.errors import Conflict, DomainError, Forbidden
from lms.organizations.models import Organization
from lms.organizations.policies import can_manage_staff

from . import sql
from .departments import departments_made
from .leaving import end_leavers
from .parcels import PARCEL, Overtaken, Parcel, next_stretch
from .plan import has_others
from .report import figures_of
from .reporting_lines import set_reporting_lines
from .settled import first_unsettled

TRIES = 5
_PROGRESS = ["state", "rows_total", "rows_done", "done_until", "failures", "report"]


def carry_on(staff_import: StaffImport, *, size: int = PARCEL) -> None:
    """Carry out what is left of a confirmed list, each parcel in a transaction of its own.

    Whoever else does the same at the same time waits for a parcel, and finds the next one. A list that is not running
    stays as it is. Raises: DomainError when it cannot go on, which the list then says.
    """
    try:
        departments = _departments(staff_import)
        others = has_others(staff_import)
        parcels = 0
        while staff_import.state == ImportState.RUNNING and staff_import.rows_done < staff_import.rows_total:
            if parcels == int(not others) and staff_import.rows_total > size:
                sql.refresh_statistics()
            _carry_out_next(staff_import, departments, others, size)
            parcels += 1
        _finish(staff_import)
    except DomainError as error:
        fail(staff_import, error.detail)
        raise


def fail(staff_import: StaffImport, why: str) -> None:
    """It cannot go on; what was carried out stays. Confirming it again goes on with the rest."""
    with transaction.atomic():
        lock_import(staff_import)
        if staff_import.state in (ImportState.READING, ImportState.RUNNING):
            staff_import.state = ImportState.FAILED
            staff_import.report |= {"error": why}
            staff_import.save(update_fields=["state", "report"])


def lock_import(staff_import: StaffImport) -> None:
    """Hold the list until the transaction ends, and see how far it is. Requires: an open transaction."""
    held = StaffImport.objects.select_for_update(of=("self",), no_key=True)
    staff_import.refresh_from_db(fields=_PROGRESS, from_queryset=held)


def require_importable(by: User | None, employer: Organization, offering: Offering | None) -> None:
    """May this user send a list of this employer's staff (for this offering) now?

    Raises: NotFound; Forbidden; Conflict when enrollment is not open.
    """
    if offering is not None:
        require_enrollable(by, employer, offering)
    if by is not None and not (can_manage_staff(by, employer) and can_enroll_staff(by, employer)):
        raise Forbidden


@transaction.atomic
def _departments(staff_import: StaffImport) -> dict[str, Any]:
    _lock_employer(staff_import)
    return departments_made(staff_import)


def _carry_out_next(staff_import: StaffImport, departments: dict[str, Any], others: bool, size: int) -> None:
    for _attempt in range(TRIES):
        try:
            return _carry_out_parcel(staff_import, departments, others, size)
        except Overtaken:
            continue
    raise Conflict(_("Others register the same people at this moment: try again."))


@transaction.atomic
def _carry_out_parcel(staff_import: StaffImport, departments: dict[str, Any], others: bool, size: int) -> None:
    lock_import(staff_import)
    if staff_import.state != ImportState.RUNNING:
        return
    _lock_employer(staff_import)
    if staff_import.offering_id:
        staff_import.offering = lock_offering(staff_import.offering_id)
    require_importable(staff_import.confirmed_by, staff_import.employer, staff_import.offering)
    if not staff_import.rows_done and others and _pass_over_settled(staff_import, departments):
        return
    until, rows = next_stretch(staff_import, staff_import.done_until, size)
    if rows:
        Parcel(staff_import, staff_import.done_until, until, departments, others).carry_out()
        _note_done(staff_import, until, staff_import.rows_done + rows)


def _pass_over_settled(staff_import: StaffImport, departments: dict[str, Any]) -> bool:
    """Go to the first row that asks for something. False when that is the first of all."""
    first = first_unsettled(staff_import, departments)
    rows = ImportRow.objects.filter(staff_import=staff_import)
    above = rows if first is None else rows.filter(number__lt=first)
    count = above.count()
    if count:
        _note_done(staff_import, above.order_by("-number").values_list("number", flat=True)[0], count)
    return bool(count)


def _note_done(staff_import: StaffImport, until: int, rows: int) -> None:
    staff_import.done_until, staff_import.rows_done, staff_import.worked_at = until, rows, now()
    staff_import.save(update_fields=["done_until", "rows_done", "worked_at"])


@transaction.atomic
def _finish(staff_import: StaffImport) -> None:
    """When every row is carried out: who reports to whom, who left, and what it came to."""
    lock_import(staff_import)
    if staff_import.state != ImportState.RUNNING:
        return
    _lock_employer(staff_import)
    set_reporting_lines(staff_import)
    if staff_import.whole_staff:
        end_leavers(staff_import)
    figures = figures_of(staff_import).for_employer()
    staff_import.state = ImportState.DONE
    staff_import.finished_at = now()
    facts = ("sheet", "header_row", "titles", "ignored_columns")
    staff_import.report = {name: staff_import.report[name] for name in facts} | figures
    staff_import.save(update_fields=["state", "finished_at", "report"])
    record_audit(
        "enrollments.finish_staff_import",
        staff_import,
        changes={name: (None, count) for name, count in figures.items()},
        organization_id=staff_import.employer_id,
    )


def _lock_employer(staff_import: StaffImport) -> None:
    """Two lists of one employer go one after the other; NO KEY leaves rows that only refer to it free."""
    (staff_import.employer,) = Organization.objects.select_for_update(no_key=True).filter(pk=staff_import.employer_id)

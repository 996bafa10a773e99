"""Verbs on a staff list: send it, look at what it would do, carry it out; one engine behind page, API and command.

reading -> planned -> running -> done. A small list goes through all of it at once; a large one in the background, where
it goes on by itself after whatever stopped it.
"""

from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from courses.models import Offering
from enrollments.models import ImportRow, ImportState, StaffImport
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.clock import now
from lms.core.errors import Conflict, DomainError
from lms.organizations.models import Organization

from .carrying import carry_on, fail, lock_import, require_importable
from .kinds_of_file import is_workbook
from .leaving import count_leavers, staff_now, too_many
from .people import PeopleReader
from .plan import foresee
from .reading import read_sheet
from .report import Report, report_of
from .staging import store_rows

log = structlog.get_logger(__name__)

SHOWN_PEOPLE = 200
KEPT_PROBLEMS = 1_000
AT_ONCE_BYTES = 60_000  # read while one waits: some 200 people as a workbook, some 600 as CSV
AT_ONCE_ROWS = 200  # carried out while one waits
LEFT_ALONE = timedelta(seconds=60)
TRIES = 5
KEPT_UNCONFIRMED = timedelta(days=1)
KEPT_REASONS = timedelta(days=30)


def import_staff(
    *,
    by: User | None,
    employer: Organization,
    content: bytes,
    offering: Offering | None = None,
    mandatory: bool = False,
    whole_staff: bool = False,
    many_leave: bool = False,
    dry_run: bool = False,
    file_name: str = "",
) -> Report:
    """An employer's staff list goes in, here and now: unknown people become pending accounts, good rows are enrolled.

    Without an offering it is the staff list itself; with `whole_staff`, who is not on it has left. One bad row never
    stops the others; the same file again changes nothing. A dry run says what would happen and writes nothing.
    `by` None is the platform itself (command line).

    Requires: manage_staff at the employer, and enroll_staff. Raises: Unreadable for the file as a whole; Forbidden;
    NotFound; Conflict when enrollment is not open, or more than a third would leave. Emits:
    enrollment.imported.
    """
    require_importable(by, employer, offering)
    staff_import = StaffImport(
        employer=employer,
        offering=offering,
        uploaded_by=by,
        confirmed_by=by,
        file_name=file_name[-200:],
        content=content,
        mandatory=mandatory,
        whole_staff=whole_staff,
        state=ImportState.READING,
    )
    with transaction.atomic():
        staff_import.save(force_insert=True)
        read_list(staff_import)
        if dry_run:
            report = foresee(staff_import, people=SHOWN_PEOPLE)
            transaction.set_rollback(True)
            return report
        require_sane_leaving(staff_import, many_leave)
        start_carrying_out(staff_import, by)
    carry_on(staff_import)
    return report_of(staff_import)


def require_sane_leaving(staff_import: StaffImport, many_leave: bool) -> None:
    """Half a list must not end half of the employments. Raises: Conflict unless `many_leave` says that it is so."""
    if not staff_import.whole_staff or many_leave:
        return
    leaving, staff = count_leavers(staff_import), staff_now(staff_import)
    if too_many(leaving, staff):
        message = _(
            "%(leaving)d of your %(staff)d people are not on this list and would have left. Is the list complete? "
            "Confirm once more that so many left, or send the whole list."
        )
        raise Conflict(message % {"leaving": leaving, "staff": staff}, code="many_leave")


def read_list(staff_import: StaffImport) -> None:
    """Read the file into rows, and drop it. Once: a list that was read already stays as it is.

    Parsed before anything is locked: a large workbook takes a while. Raises: Unreadable.
    """
    sheet = read_sheet(bytes(staff_import.content))
    batches = list(PeopleReader(sheet, employed_today=staff_import.offering_id is not None).read())
    with transaction.atomic():
        lock_import(staff_import)
        if staff_import.state != ImportState.READING:
            return
        staff_import.rows_total = store_rows(staff_import, batches)
        staff_import.content = b""
        staff_import.state = ImportState.PLANNED
        staff_import.report = {
            "sheet": sheet.name,
            "header_row": sheet.header_row,
            "titles": {name: sheet.columns.title(name) for name in sheet.columns.at},
            "ignored_columns": [{"title": c.title, "reason": c.reason} for c in sheet.columns.ignored],
        }
        staff_import.save(update_fields=["rows_total", "content", "state", "report"])


def plan_list(staff_import: StaffImport) -> None:
    """Keep the preview: what would happen, with the first people and problems.

    Requires: a list that was read and not confirmed.
    """
    report = foresee(staff_import, people=SHOWN_PEOPLE, problems=KEPT_PROBLEMS)
    preview = {
        "people": [line._asdict() for line in report.lines],
        "rejected_rows": [problem._asdict() for problem in report.problems[:KEPT_PROBLEMS]],
    }
    staff_import.report |= report.for_employer() | preview
    staff_import.save(update_fields=["report"])


def start_carrying_out(staff_import: StaffImport, by: User | None) -> None:
    """From now on it goes on by itself. Requires: an open transaction, the list read. Audits: yes."""
    staff_import.state = ImportState.RUNNING
    staff_import.confirmed_at = now()
    staff_import.confirmed_by = by
    staff_import.failures = 0
    staff_import.save(update_fields=["state", "confirmed_at", "confirmed_by", "failures"])
    rows = {"rows": (None, staff_import.rows_total)}
    record_audit(
        "enrollments.confirm_staff_import", staff_import, changes=rows, organization_id=staff_import.employer_id
    )


def upload_staff_list(
    *,
    by: User,
    employer: Organization,
    content: bytes,
    file_name: str,
    offering: Offering | None = None,
    mandatory: bool = False,
    whole_staff: bool = False,
) -> StaffImport:
    """Keep a staff list with its preview: what would happen. Nothing is carried out yet.

    A large file is read and previewed in the background. Requires and raises: as `import_staff`. Audits: yes.
    """
    require_importable(by, employer, offering)
    is_workbook(content)
    with transaction.atomic():
        staff_import = StaffImport.objects.create(
            employer=employer,
            offering=offering,
            uploaded_by=by,
            file_name=file_name[-200:],
            content=content,
            mandatory=mandatory and offering is not None,
            whole_staff=whole_staff and offering is None,
            state=ImportState.READING,
        )
        record_audit("enrollments.upload_staff_list", staff_import, organization_id=employer.pk)
        if len(content) <= AT_ONCE_BYTES:
            read_list(staff_import)
            plan_list(staff_import)
        else:
            transaction.on_commit(lambda: _wake(staff_import))
    return staff_import


def confirm_staff_import(*, by: User, staff_import: StaffImport, many_leave: bool = False) -> StaffImport:
    """Carry a list out that was previewed; a large one in the background. One that failed goes on where it was.

    Confirming again returns what the first time did. Requires and raises: as `import_staff`; things may have changed
    since the preview. Audits: yes.
    """
    require_importable(by, staff_import.employer, staff_import.offering)
    with transaction.atomic():
        lock_import(staff_import)
        if staff_import.state == ImportState.READING:
            raise Conflict(_("The list is still being read: look again in a moment."), code="reading")
        if staff_import.state in (ImportState.RUNNING, ImportState.DONE) or not staff_import.rows_total:
            return staff_import
        require_sane_leaving(staff_import, many_leave)
        start_carrying_out(staff_import, by)
        if staff_import.rows_total > AT_ONCE_ROWS:
            transaction.on_commit(lambda: _wake(staff_import))
    if staff_import.rows_total <= AT_ONCE_ROWS:
        carry_on(staff_import)
    return staff_import


def work_on(staff_import: StaffImport) -> None:
    """Whatever the list waits for: being read, or being carried out. What stops it time and again makes it fail."""
    by = staff_import.confirmed_by or staff_import.uploaded_by
    with translation.override(by.language if by else "nl"):
        try:
            if staff_import.state == ImportState.READING:
                read_list(staff_import)
                plan_list(staff_import)
            elif staff_import.state == ImportState.RUNNING:
                carry_on(staff_import)
        except DomainError as error:
            fail(staff_import, error.detail)
        except Exception:
            log.exception("staff_import_stopped", staff_import=str(staff_import.pk))
            _count_failure(staff_import)


def continue_lists() -> int:
    """Reconciler: lists on which nobody worked for a minute. Returns how many."""
    still = StaffImport.objects.filter(
        state__in=(ImportState.READING, ImportState.RUNNING), worked_at__lt=now() - LEFT_ALONE
    )
    left_alone = list(still.select_related("employer", "offering__version", "uploaded_by", "confirmed_by"))
    for staff_import in left_alone:
        work_on(staff_import)
    return len(left_alone)


@transaction.atomic
def forget_old_lists() -> int:
    """Reconciler: drop lists that nobody confirmed within a day; after a month the words of rows, which name people.

    What became of a person stays: it is the record beside the audit log.
    """
    unconfirmed = StaffImport.objects.filter(confirmed_at=None, created_at__lt=now() - KEPT_UNCONFIRMED)
    forgotten = unconfirmed.count()
    unconfirmed.delete()
    old = StaffImport.objects.filter(confirmed_at__lt=now() - KEPT_REASONS, report__has_key="titles")
    for staff_import in old.exclude(state=ImportState.RUNNING).select_for_update().defer("content"):
        rows = ImportRow.objects.filter(staff_import=staff_import)
        rows.refused().delete()
        texts = ("email", "personnel_number", "given_name", "name_prefix", "family_name", "department", "job_title")
        rows.update(problems=None, starts_on=None, ends_on=None, manager="", **dict.fromkeys(texts, ""))
        for words in ("titles", "people", "rejected_rows"):
            staff_import.report.pop(words, None)
        staff_import.save(update_fields=["report"])
        forgotten += 1
    return forgotten


def _count_failure(staff_import: StaffImport) -> None:
    staff_import.failures += 1
    StaffImport.objects.filter(pk=staff_import.pk).update(failures=staff_import.failures, worked_at=now())
    if staff_import.failures >= TRIES:
        fail(
            staff_import,
            _("It stopped several times for a reason unknown. The administrator of this site can see more."),
        )


def _wake(staff_import: StaffImport) -> None:
    """Ask a worker to go on with it now; the reconciler asks again."""
    from enrollments.tasks import work_on_staff_list

    try:
        work_on_staff_list.delay(str(staff_import.pk))
    except Exception as error:
        log.warning("staff_import_not_woken", error=str(error))

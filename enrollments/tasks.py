"""Celery entry points: thin, idempotent, safe to lose and safe to run twice."""

from celery import shared_task

from lms.core.actor import Actor, acting

from .duties.notices import remind_duties, send_digests
from .ledger import report_all_mismatches
from .models import StaffImport
from .services.duties import keep_all_duties
from .services.waiting import promote_everywhere
from .staff_import.services import work_on


@shared_task(name="enrollments.work_on_staff_list")
def work_on_staff_list(pk: str) -> None:
    """Read it, or carry it out."""
    found = StaffImport.objects.select_related("employer", "offering__version", "uploaded_by", "confirmed_by")
    staff_import = found.filter(pk=pk).first()
    if staff_import is not None:
        by = staff_import.confirmed_by_id or staff_import.uploaded_by_id
        with acting(Actor(by, via="task", origin="enrollments.work_on_staff_list")):
            work_on(staff_import)


@shared_task(name="enrollments.promote_waiting")
def promote_waiting() -> int:
    """Give places that came free by the calendar to who waits."""
    return promote_everywhere()


@shared_task(name="enrollments.keep_duties")
def keep_duties() -> tuple[int, int, int]:
    """Each day: duties as rules ask, reminders to people, a digest to HR."""
    return keep_all_duties(), remind_duties(), send_digests()


@shared_task(name="enrollments.check_ledgers")
def check_ledgers() -> int:
    """Each day: add up every ledger; administrators hear of what does not agree."""
    return report_all_mismatches()

"""Reports that come by mail: on Mondays or on the first of the month, each moment once."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import translation

from enrollments.models import Frequency, ScheduledReport
from enrollments.reports.catalog import REPORTS
from enrollments.reports.filters import Asked
from enrollments.reports.report import Report
from enrollments.reports.words import figure_in_words
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.clock import now, today
from lms.core.errors import Forbidden, Invalid, NotFound
from lms.notifications.services import Notice, notify


@transaction.atomic
def schedule_report(*, report: Report, asked: Asked, frequency: str) -> ScheduledReport:
    """Mail this report with these filters to who asks. Asking the same again changes nothing.

    Requires: `asked` from `Report.ask`, which lets in only who may see the report; a known frequency.
    """
    schedule, new = ScheduledReport.objects.get_or_create(
        recipient=asked.user,
        employer=asked.employer,
        kind=report.kind,
        filters=asked.parameters,
        frequency=frequency,
        defaults={"next_on": moment_after(today(), frequency)},
    )
    if new:
        said = {"report": (None, report.kind), "frequency": (None, frequency)}
        record_audit("enrollments.schedule_report", schedule, changes=said, organization_id=asked.employer.pk)
    return schedule


@transaction.atomic
def stop_schedule(*, by: User, pk: UUID) -> None:
    """No more mails of it. Raises: NotFound for what is not one's own."""
    schedule = ScheduledReport.objects.visible_to(by).select_for_update().filter(pk=pk).first()
    if schedule is None:
        raise NotFound
    _end(schedule, "stopped")


def send_due_reports() -> int:
    """Mail what is due; returns how many moments were dealt with. Called every minute, by any number of workers.

    Each moment has one transaction of its own, in which the mail is queued and the next moment set: a kill leaves both
    or none, and who comes second finds the row locked or the moment passed.
    """
    due = list(ScheduledReport.objects.filter(next_on__lte=today()).order_by("next_on").values_list("pk", flat=True))
    return sum(_send(pk) for pk in due)


def moment_after(day: date, frequency: str) -> date:
    """The next Monday, or the next first of the month."""
    if frequency == Frequency.WEEKLY:
        return day + timedelta(days=7 - day.weekday())
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


@transaction.atomic
def _send(pk: UUID) -> bool:
    waiting = ScheduledReport.objects.select_for_update(skip_locked=_can_skip(), of=("self",))
    schedule = waiting.select_related("recipient").filter(pk=pk, next_on__lte=today()).first()
    if schedule is None:
        return False
    asked = _asked_today(schedule)
    if asked is None:
        _end(schedule, "no longer allowed, or a filter is gone")
        return True
    about = f"{schedule.pk} {schedule.next_on}"
    told = _told(REPORTS[schedule.kind], asked)
    notify([Notice("scheduled_report", schedule.recipient_id, about, told)])
    schedule.next_on, schedule.last_sent_at = moment_after(today(), schedule.frequency), now()
    schedule.save(update_fields=["next_on", "last_sent_at"])
    return True


def _asked_today(schedule: ScheduledReport) -> Asked | None:
    """What it asks, with the rights of this moment; None where they are gone."""
    if not schedule.recipient.is_active:
        return None
    try:
        return REPORTS[schedule.kind].ask(schedule.recipient, schedule.filters)
    except (Forbidden, Invalid):
        return None


def _told(report: Report, asked: Asked) -> dict[str, Any]:
    """Figures alone: names stay behind the sign-in."""
    counts, amounts = report.count(asked), report.amounts(asked)
    with translation.override(asked.user.language):
        return {
            "title": str(report.title),
            "employer": asked.employer.name,
            "figures": [figure_in_words(report, figure, counts, amounts) for figure in report.shown(asked)],
            "path": f"{reverse('enrollments:report', args=[report.slug])}?{urlencode(asked.parameters)}",
        }


def _end(schedule: ScheduledReport, why: str) -> None:
    said = {"report": (schedule.kind, None), "why": (None, why)}
    record_audit("enrollments.end_scheduled_report", schedule, changes=said, organization_id=schedule.employer_id)
    schedule.delete()


def _can_skip() -> bool:
    return bool(transaction.get_connection().features.has_select_for_update_skip_locked)

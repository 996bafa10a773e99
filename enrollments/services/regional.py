"""Figures of the region are published once per quarter; a file of them leaves the product."""

from django.db import transaction
from django.db.models import Min
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from enrollments.models import Enrollment, RegionalQuarter, TrainingNeed
from enrollments.policies import can_view_regional_figures
from enrollments.region.counting import Counted, count_quarter
from enrollments.region.figures import COLUMNS, Period, lines_of
from enrollments.region.quarters import Quarter
from enrollments.region.suppression import protect
from enrollments.region.tables import MEASURES
from enrollments.reports import csv_file, xlsx_file
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.errors import Forbidden


def publish_next_quarter() -> int:
    """Publish the oldest quarter that is over and not published yet, for good. Says how many that were: one or none.

    One at a time, so that a platform with a long past catches up without a long job. Idempotent.
    """
    quarter = _next_quarter()
    if quarter is None or not quarter.is_over:
        return 0
    publish_quarter(quarter, count_quarter(quarter))
    return 1


def publish_quarter(quarter: Quarter, counted: dict[str, Counted]) -> None:
    """Keep for good what may be told of what was counted. What is published already stays as it is."""
    figures = {measure.key: _told(counted[measure.key]) for measure in MEASURES}
    row = RegionalQuarter(year=quarter.year, quarter=quarter.number, figures=figures)
    RegionalQuarter.objects.bulk_create([row], ignore_conflicts=True)


def export_regional_figures(*, by: User, period: Period, form: str) -> StreamingHttpResponse:
    """The figures of a period as a file, in the language of who asks.

    Requires: can_view_regional_figures; `form` is csv or xlsx. Raises: Forbidden. Audits: yes.
    """
    if not can_view_regional_figures(by):
        raise Forbidden
    with transaction.atomic():
        said = {"period": (None, period.key), "form": (None, form)}
        record_audit("enrollments.export_regional_figures", period.quarters[-1], changes=said)
    lines = lines_of(period)
    if form == "csv":
        portions, media = csv_file.csv_portions(COLUMNS, lines), csv_file.MEDIA_TYPE
    else:
        portions, media = xlsx_file.xlsx_portions(_("Figures of the region"), COLUMNS, lines), xlsx_file.MEDIA_TYPE
    headers = {"Content-Disposition": f'attachment; filename="regiocijfers-{period.key}.{form}"'}
    return StreamingHttpResponse(list(portions), content_type=media, headers=headers | {"Cache-Control": "no-store"})


def _next_quarter() -> Quarter | None:
    last = RegionalQuarter.objects.first()
    if last is not None:
        return Quarter(last.year, last.quarter).next
    began = Enrollment.objects.aggregate(first=Min("created_at"))["first"]
    asked = TrainingNeed.objects.aggregate(first=Min("posted_at"))["first"]
    first = min((moment for moment in (began, asked) if moment), default=None)
    return Quarter.of(timezone.localdate(first)) if first else None


def _told(counted: Counted) -> dict[str, object]:
    """What is kept of a measure: nothing that is not published."""
    tables = {key: protect(cells) for key, cells in counted.cells.items()}
    total = next((table.total for table in tables.values()), 0)
    return {
        "total": total,
        "people": counted.people if total is not None else None,
        "tables": {key: table.shown for key, table in tables.items()},
    }

"""Files of reports leave the product: it is kept who took which."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.http import StreamingHttpResponse
from django.utils import translation

from enrollments.reports import csv_file, xlsx_file
from enrollments.reports.filters import Asked
from enrollments.reports.report import Report
from lms.audit.services import record_audit
from lms.core.clock import today

EXPORTED = "enrollments.export_report"


def export_report(*, report: Report, asked: Asked, form: str) -> StreamingHttpResponse:
    """The chosen rows as a file that is sent while it is made, in the language of who asks; kept nowhere on the way.

    Requires: `form` is csv or xlsx; `asked` from `Report.ask`, which lets in only who may see the report.
    """
    said: dict[str, Any] = {"report": report.kind, "form": form, **asked.parameters}
    with transaction.atomic():
        record_audit(
            EXPORTED,
            asked.employer,
            changes={name: (None, value) for name, value in said.items()},
            organization_id=asked.employer.pk,
        )
    name = f"{report.slug}-{asked.employer.slug}-{today():%Y-%m-%d}.{form}"
    return StreamingHttpResponse(
        _portions(report, asked, form, translation.get_language() or "nl"),
        content_type=csv_file.MEDIA_TYPE if form == "csv" else xlsx_file.MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _portions(report: Report, asked: Asked, form: str, language: str) -> Iterator[bytes]:
    with translation.override(language):
        lines = report.stream(asked)
        if form == "csv":
            yield from csv_file.csv_portions(report.columns, lines)
        else:
            yield from xlsx_file.xlsx_portions(str(report.title), report.columns, lines)

"""What became of each row, as a file that Excel in the Netherlands opens well; no cell can act as a formula."""

import csv
import io
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Any

import openpyxl
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from enrollments.models import ImportRow, ImportState, StaffImport

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 2_000
_READ = (
    *("number", "personnel_number", "given_name", "name_prefix", "family_name", "email", "department", "outcome"),
    *("staff", "problems"),
)


def outcome_file(staff_import: StaffImport, kind: str, *, only_refused: bool = False) -> HttpResponseBase:
    """The file of this kind, csv or xlsx, sent as it is made: 100,000 rows never stand in memory."""
    name = "afgewezen-rijen" if only_refused else "uitkomst-personeelslijst"
    if kind == "csv":
        response: HttpResponseBase = StreamingHttpResponse(
            _as_csv(staff_import, only_refused), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return response
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    _write_workbook(staff_import, file, only_refused)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def refused_as_csv(problems: list[dict[str, Any]]) -> bytes:
    """What a preview says cannot go in."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Row"), _("Column"), _("Value"), _("Reason")])
    for problem in problems:
        writer.writerow([problem["row"], *(_inert(problem[name]) for name in ("column", "value", "reason"))])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def headers() -> list[str]:
    """Of the columns, in the language in force."""
    return [
        *(_("Row"), _("Personnel number"), _("Name"), _("E-mail address"), _("Department"), _("Outcome")),
        *(_("Column"), _("Value"), _("Reason")),
    ]


def outcome_lines(staff_import: StaffImport, *, only_refused: bool = False) -> Iterator[list[str | int]]:
    """A line for each row, one more for each further problem, and one for each person who left without a row."""
    rows = ImportRow.objects.filter(staff_import=staff_import).order_by("number")
    rows = rows.refused() if only_refused else rows
    told = _words(staff_import)
    last = staff_import.done_until if staff_import.state == ImportState.DONE else None
    for number, numbered, given, prefix, family, email, department, outcome, staff, problems in rows.values_list(
        *_READ
    ).iterator(chunk_size=CHUNK):
        name = " ".join(part for part in (given, prefix, family) if part)
        shown = "" if last is not None and number > last else number
        undone = last is None and outcome == "" and number > staff_import.done_until
        what = _("not carried out yet") if undone else told[outcome, staff]
        for column, value, reason in problems or [("", "", "")]:
            yield [shown, numbered, name, email, department, what, column, value, reason]


def _words(staff_import: StaffImport) -> dict[tuple[str, str], str]:
    """By outcome and what changed in the staff list."""
    staff = {"new": _("new on the staff list"), "changed": _("changed"), "left": _("left"), "": ""}
    outcomes = {
        "rejected": _("not gone in"),
        "active": _("enrolled"),
        "waitlisted": _("on the waiting list"),
        "": _("enrolled already") if staff_import.offering_id else _("unchanged"),
    }
    words = {}
    for outcome, did in outcomes.items():
        for change, changed in staff.items():
            both = [changed] if not outcome and change and not staff_import.offering_id else [did, changed]
            words[outcome, change] = ", ".join(filter(None, both))
    return words


def _as_csv(staff_import: StaffImport, only_refused: bool) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(headers())
    for number, line in enumerate(outcome_lines(staff_import, only_refused=only_refused)):
        writer.writerow([_inert(cell) for cell in line])
        if number % CHUNK == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _write_workbook(staff_import: StaffImport, file: IO[bytes], only_refused: bool) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(_("Outcome"))
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHI", (8, 18, 28, 34, 24, 26, 20, 28, 70), strict=True):
        sheet.column_dimensions[letter].width = width
    heads = []
    for title in headers():
        cell = WriteOnlyCell(sheet, title)
        cell.font = Font(bold=True)
        heads.append(cell)
    sheet.append(heads)
    for line in outcome_lines(staff_import, only_refused=only_refused):
        sheet.append([_plain(sheet, cell) for cell in line])
    book.save(file)


def _plain(sheet: Any, value: str | int) -> object:
    """A text that starts like a formula stays a text."""
    if isinstance(value, str) and value.startswith("="):
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"
        return cell
    return value


def _inert(text: str | int) -> str | int:
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA_STARTS) else text

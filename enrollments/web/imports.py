"""HR sends a staff list, sees what would happen, confirms, and keeps the report."""

import csv
import io
from typing import Any
from uuid import UUID

import openpyxl
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from openpyxl.styles import Font

from enrollments.models import StaffImport
from enrollments.policies import can_enroll_staff_anywhere
from enrollments.staff_import.kinds_of_file import MAX_BYTES
from enrollments.staff_import.report import rejected_as_csv
from enrollments.staff_import.uploads import SHOWN_PEOPLE, confirm_staff_import, upload_staff_list
from lms.core.errors import DomainError, Forbidden

from .import_forms import StaffListForm

TEMPLATE_COLUMNS = [
    "Personeelsnummer", "Voornaam", "Tussenvoegsel", "Achternaam", "E-mail", "Afdeling", "Functie", "Datum in dienst",
]  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_http_methods(["GET", "POST"])
def import_staff(request: HttpRequest) -> HttpResponse:
    """Choose employer, offering and file; the file leads to its preview."""
    user: Any = request.user
    if not can_enroll_staff_anywhere(user):
        raise Forbidden
    initial = {name: request.GET[name] for name in ("employer", "offering") if name in request.GET}
    form = StaffListForm(request.POST or None, request.FILES or None, user=user, initial=initial)
    if form.is_valid():
        staff_import = _upload(form, user)
        if staff_import is not None:
            return redirect("enrollments:staff_import", staff_import.pk)
    return render(request, "enrollments/import_staff.html", {"form": form, "columns": TEMPLATE_COLUMNS})


@login_required
@never_cache
@require_safe
def staff_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The preview; once confirmed, the result."""
    found = _visible(request, pk)
    report = found.report
    context = {
        "staff_import": found,
        "report": report,
        "rejected": report.get("rejected_rows", [])[:SHOWN_PEOPLE],
        "rejected_more": max(0, len(report.get("rejected_rows", [])) - SHOWN_PEOPLE),
        "people_more": max(0, report["created"] + report["existing"] - len(report["people"])),
        "going_in": report["created"] - report["waitlisted"],
    }
    return render(request, "enrollments/staff_import.html", context)


@login_required
@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Carry it out."""
    user: Any = request.user
    confirm_staff_import(by=user, staff_import=_visible(request, pk))
    return redirect("enrollments:staff_import", pk)


@login_required
@never_cache
@require_safe
def rejected_rows(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The rejected rows as a file for Excel."""
    found = _visible(request, pk)
    content = rejected_as_csv(found.report.get("rejected_rows", []))
    return _download(content, "text/csv; charset=utf-8", "afgewezen-rijen.csv")


@login_required
@require_safe
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty staff list to fill in."""
    if not can_enroll_staff_anywhere(request.user):
        raise Http404
    if kind == "csv":
        out = io.StringIO()
        csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(TEMPLATE_COLUMNS)
        return _download(b"\xef\xbb\xbf" + out.getvalue().encode(), "text/csv; charset=utf-8", "personeelslijst.csv")
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Personeel"
    sheet.append(TEMPLATE_COLUMNS)
    sheet.freeze_panes = "A2"
    for letter in "ABCDEFGH":
        sheet.column_dimensions[letter].width = 22
        sheet[f"{letter}1"].font = Font(bold=True)
    for row in range(2, 502):
        sheet.cell(row=row, column=1).number_format = "@"  # keeps leading zeros
    content = io.BytesIO()
    book.save(content)
    return _download(content.getvalue(), XLSX, "personeelslijst.xlsx")


def _upload(form: StaffListForm, user: Any) -> StaffImport | None:
    """The stored list, or None with what is wrong on the form."""
    asked = form.cleaned_data
    try:
        return upload_staff_list(
            by=user,
            employer=asked["employer"],
            offering=asked["offering"],
            content=asked["file"].read(MAX_BYTES + 1),
            file_name=asked["file"].name,
            mandatory=asked["mandatory"],
        )
    except DomainError as error:
        for problem in error.errors:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        if not error.errors:
            form.add_error(None, error.detail)
        return None


def _visible(request: HttpRequest, pk: UUID) -> StaffImport:
    visible = StaffImport.objects.visible_to(request.user).select_related("employer", "offering__version")
    return get_object_or_404(visible.defer("content"), pk=pk)


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )

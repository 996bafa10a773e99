"""HR sends a staff list, sees what would happen, confirms, and keeps the report."""

import csv
import io
from typing import Any
from uuid import UUID

import openpyxl
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from openpyxl.styles import Font

from enrollments.models import ImportState, StaffImport
from enrollments.policies import can_enroll_staff_anywhere
from enrollments.staff_import.kinds_of_file import MAX_BYTES
from enrollments.staff_import.leaving import find_leavers, staff_now, too_many
from enrollments.staff_import.outcome import XLSX, outcome_file, refused_as_csv
from enrollments.staff_import.report import shown_report
from enrollments.staff_import.services import SHOWN_PEOPLE, confirm_staff_import, upload_staff_list
from lms.core.errors import Conflict, DomainError, Forbidden

from .import_forms import StaffListForm

TEMPLATE_COLUMNS = [
    "Personeelsnummer", "Voornaam", "Tussenvoegsel", "Achternaam", "E-mail", "Afdeling", "Functie", "Leidinggevende",
    "Datum in dienst", "Datum uit dienst",
]  # fmt: skip


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
    """Being read, the preview, being carried out, the result: whichever it is now.

    While it works, htmx asks for the same address and gets only how far it is; without scripts one reloads.
    """
    found = _visible(request, pk)
    works = found.state in (ImportState.READING, ImportState.RUNNING)
    if request.headers.get("HX-Request") and works:
        return render(request, "enrollments/staff_import_progress.html", {"staff_import": found})
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "enrollments/staff_import.html", _shown(found, works))


@login_required
@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Carry it out."""
    user: Any = request.user
    many_leave = request.POST.get("many_leave") == "on"
    try:
        confirm_staff_import(by=user, staff_import=_visible(request, pk), many_leave=many_leave)
    except Conflict as problem:
        if problem.code not in ("many_leave", "reading"):
            raise
        messages.error(request, problem.detail)
    return redirect("enrollments:staff_import", pk)


@login_required
@never_cache
@require_safe
def rejected_rows(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The rejected rows as a file for Excel: as foreseen, or as they are once it is carried out."""
    found = _visible(request, pk)
    if found.confirmed_at is None:
        problems = shown_report(found, problems=0)["rejected_rows"]
        return _download(refused_as_csv(problems), "text/csv; charset=utf-8", "afgewezen-rijen.csv")
    return outcome_file(found, "csv", only_refused=True)


@login_required
@never_cache
@require_safe
def outcome(request: HttpRequest, pk: UUID, kind: str) -> HttpResponseBase:
    """What became of each row, for Excel."""
    return outcome_file(_visible(request, pk), kind)


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
    for letter in "ABCDEFGHIJ":
        sheet.column_dimensions[letter].width = 22
        sheet[f"{letter}1"].font = Font(bold=True)
    for row in range(2, 502):
        for column in (1, 8):
            sheet.cell(row=row, column=column).number_format = "@"  # keeps leading zeros
    content = io.BytesIO()
    book.save(content)
    return _download(content.getvalue(), XLSX, "personeelslijst.xlsx")


def _shown(found: StaffImport, works: bool) -> dict[str, Any]:
    report = shown_report(found, problems=SHOWN_PEOPLE)
    leaving = find_leavers(found, SHOWN_PEOPLE) if found.whole_staff and found.state == ImportState.PLANNED else []
    done = report["created"] if found.offering_id else report["added"] + report["changed"]
    return {
        "staff_import": found,
        "works": works,
        "report": report,
        "error": found.report.get("error", ""),
        "rejected": report["rejected_rows"][:SHOWN_PEOPLE],
        "rejected_more": max(0, report["rejected"] - SHOWN_PEOPLE),
        "people_more": max(0, done + report["existing"] - len(report["people"])),
        "going_in": report["created"] - report["waitlisted"],
        "leaving": leaving,
        "many_leave": bool(leaving) and too_many(report["left"], staff_now(found)),
        "something": done or report["left"] or report["existing"],
    }


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
            whole_staff=asked["whole_staff"],
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

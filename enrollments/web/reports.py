"""Reports: figures, the rows behind each, and the same rows as a file."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from enrollments.models import ReportKind
from enrollments.policies import can_record_funding, can_view_some_reports
from enrollments.reports.addresses import address_of
from enrollments.reports.catalog import REPORTS, reports_for
from enrollments.reports.columns import Column, Kind, Line
from enrollments.reports.expiry import matrix_of, people_of
from enrollments.reports.filters import Asked, employers_reporting_to
from enrollments.reports.report import Report
from enrollments.reports.words import amount_lines
from enrollments.services.reporting import export_report
from lms.core.errors import Forbidden
from lms.web.paging import keyset_page

from .report_budget import budget_context
from .report_forms import ReportFilter
from .scheduling import FrequencyForm

FIRST = 5  # rows shown below the figures of what cannot wait
URGENT = ("overdue", "due_soon", "waiting", "incomplete")


@login_required
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """The first of the reports leads to the others."""
    if not can_view_some_reports(request.user):
        raise Forbidden
    return redirect("enrollments:report", next(iter(REPORTS.values())).slug)


@login_required
@never_cache
@require_safe
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures, and the first rows of what cannot wait."""
    found = _report(slug)
    form, asked = _asked(request, found)
    counts, amounts = found.count(asked), found.amounts(asked)
    context = {
        "report": found,
        "reports": reports_for(as_hr=asked.team_of is None),
        "asked": asked,
        "form": form,
        "is_filtered": bool(set(asked.parameters) - {"employer", "figure"}),
        "figures": [
            {
                "figure": figure,
                "count": counts[figure.key],
                "amounts": amount_lines(found, amounts[figure.key]) if amounts else [],
                "url": address_of("report_rows", found, asked, figure.key),
            }
            for figure in found.shown(asked)
        ],
        "all_url": address_of("report_rows", found, asked),
        "frequency": FrequencyForm(),
        "first": _first_rows(found, asked, counts),
    }
    if found.by_department:
        context["departments"] = _departments(found, asked, found.by_department(asked))
        context["department_figures"] = found.figures
    if found.kind == ReportKind.BUDGET:
        context |= budget_context(asked)
    if found.kind == ReportKind.EXPIRY:
        order = ("user__family_name", "user__given_name", "id")
        page = keyset_page(request, people_of(asked), order=order, size=25)
        titles, people, left = matrix_of(asked, page.items)
        context |= {"page": page, "titles": titles, "people": people, "titles_left": left}
    return render(request, "enrollments/reports/report.html", context)


@login_required
@never_cache
@require_safe
def rows(request: HttpRequest, slug: str) -> HttpResponse:
    """The rows behind a figure."""
    found = _report(slug)
    form, asked = _asked(request, found)
    page = keyset_page(request, found.chosen(asked).only("id"))
    context = {
        "report": found,
        "asked": asked,
        "form": form,
        "is_filtered": bool(set(asked.parameters) - {"employer", "figure"}),
        "figure": next((figure for figure in found.openable if figure.key == asked.figure), None),
        "up_url": address_of("report", found, asked, ""),
        "page": page,
        "may_record": found.kind == ReportKind.FUNDING and can_record_funding(request.user, asked.employer),
        "files": [
            (extension, address_of("report_file", found, asked, asked.figure, form=extension))
            for extension in ("csv", "xlsx")
        ],
        **_table(found, found.lines(asked, [row.pk for row in page])),
    }
    return render(request, "enrollments/reports/rows.html", context)


@login_required
@require_safe
def file(request: HttpRequest, slug: str, form: str) -> StreamingHttpResponse:
    """The same rows for Excel. It is kept who took them."""
    found = _report(slug)
    asked = found.ask(request.user, request.GET)
    return export_report(report=found, asked=asked, form=form)


def _report(slug: str) -> Report:
    found = next((report for report in REPORTS.values() if report.slug == slug), None)
    if found is None:
        raise Http404
    return found


def _asked(request: HttpRequest, report: Report) -> tuple[forms.Form, Asked]:
    asked = report.ask(request.user, request.GET)
    return ReportFilter(report, asked, employers_reporting_to(request.user, as_hr=report.hr_only)), asked


def _first_rows(report: Report, asked: Asked, counts: dict[str, int]) -> list[dict[str, Any]]:
    shown = []
    for figure in report.figures:
        if figure.key in URGENT and counts[figure.key]:
            rows = report.query(asked).filter(figure.fits(""))
            keys = list(rows.order_by("-id").values_list("id", flat=True)[:FIRST])
            shown.append((figure, keys))
    lines = {line["id"]: line for line in report.lines(asked, [key for _figure, keys in shown for key in keys])}
    return [
        {
            "figure": figure,
            "count": counts[figure.key],
            "url": address_of("report_rows", report, asked, figure.key),
            **_table(report, [lines[key] for key in keys if key in lines]),
        }
        for figure, keys in shown
    ]


def _departments(report: Report, asked: Asked, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for row in rows:
        there = {**asked.parameters, "department": str(row["department"])}
        address = reverse("enrollments:report_rows", kwargs={"slug": report.slug})
        row["url"] = f"{reverse('enrollments:report', kwargs={'slug': report.slug})}?{urlencode(there)}"
        row["cells"] = [
            {
                "label": figure.label,
                "count": row["figures"][figure.key],
                "amounts": amount_lines(report, row["amounts"][figure.key]) if report.measures else [],
                "url": f"{address}?{urlencode({**there, 'figure': figure.key})}",
            }
            for figure in report.figures
        ]
    return rows


def _table(report: Report, lines: list[Line]) -> dict[str, Any]:
    columns = [column for column in report.columns if column.brief]
    return {
        "columns": columns,
        "lines": [
            {
                "id": line["id"],
                "name": line.get("name"),
                "cells": [shown_cell(column, line.get(column.key)) for column in columns],
            }
            for line in lines
        ],
    }


def shown_cell(column: Column, value: Any) -> dict[str, Any]:
    """A value as people read it, with its column."""
    if value is None or value == "":
        shown = ""
    elif column.kind is Kind.YES_NO:
        shown = _("yes") if value else _("no")
    elif column.kind is Kind.DAY:
        shown = formats.date_format(value, "SHORT_DATE_FORMAT")
    elif column.kind is Kind.MONEY:
        shown = formats.number_format(value, 2)
    else:
        shown = str(value)
    return {"column": column, "value": shown}

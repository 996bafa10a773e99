"""What each employer sees of me, generated from what it does see; and the grades that I share."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from enrollments.models import Enrollment
from enrollments.reports.catalog import REPORTS
from enrollments.reports.filters import Asked
from enrollments.reports.funding import FUNDING
from enrollments.reports.people import PEOPLE
from enrollments.rows import Row, columns_of, rows_for_employer
from enrollments.services.reporting import EXPORTED
from enrollments.services.sharing import share_grade, unshare_grade
from lms.audit.models import AuditEntry
from lms.core.clock import today
from lms.core.errors import Conflict
from lms.organizations.models import Employment

from .reports import shown_cell

SHOWN, LOOKED = 200, 10


@login_required
@never_cache
@require_safe
def what_my_employer_sees(request: HttpRequest) -> HttpResponse:
    """Per employer, former ones too: exactly its rows about me, and who took files that I may be in."""
    user: Any = request.user
    works = Employment.objects.filter(user=user.pk).select_related("employer", "department").order_by("starts_on")
    latest = {employment.employer_id: employment for employment in works}
    arranged = Enrollment.objects.of_learner(user).shown_to_its_employer().order_by("-id")[:SHOWN]
    seen = rows_for_employer(columns_of(arranged))
    own = {row["id"]: row for row in columns_of(Enrollment.objects.filter(pk__in=[row["id"] for row in seen]))}
    told: dict[str, list[dict[str, Any]]] = {}
    for row in seen:
        mine = own[row["id"]]
        told.setdefault(row["employer"]["slug"], []).append({"row": row, **_grade(mine)})
    employers = [
        {
            "employment": employment,
            "has_left": employment.ends_on is not None and employment.ends_on < today(),
            "told": _with_reports(user, employment, told.get(employment.employer.slug, [])),
            "files": _files(employment),
        }
        for employment in latest.values()
    ]
    hidden = Enrollment.objects.of_learner(user).exclude(pk__in=list(own)).count()
    return render(request, "enrollments/my_employer.html", {"employers": employers, "hidden": hidden})


@login_required
@require_POST
def share(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Share the grade, or stop."""
    user: Any = request.user
    enrollment = get_object_or_404(Enrollment.objects.of_learner(user), pk=pk)
    try:
        if request.POST.get("share") == "no":
            unshare_grade(by=user, enrollment=enrollment)
            messages.success(request, _("Your employer does not see this grade any more."))
        else:
            share_grade(by=user, enrollment=enrollment)
            messages.success(request, _("Your employer sees this grade until you take it back."))
    except Conflict as problem:
        messages.error(request, problem.detail)
    return redirect("enrollments:what_my_employer_sees")


def _with_reports(user: Any, employment: Employment, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Beside each row what HR's reports and files say of it, by the functions that make those."""
    asked, keys = Asked(user=user, employer=employment.employer), [one["row"]["id"] for one in told]
    lines: dict[Any, dict[str, Any]] = {}
    columns = {column.key: column for report in (FUNDING, PEOPLE) for column in report.columns}
    for report in (PEOPLE, FUNDING):
        for line in report.lines(asked, keys):
            lines.setdefault(line["id"], {}).update(line)
    for one in told:
        said = lines.get(one["row"]["id"], {})
        cells = [shown_cell(column, said.get(key)) for key, column in columns.items()]
        one["said"] = [cell for cell in cells if cell["value"] != ""]
    return told


def _grade(mine: Row) -> dict[str, Any]:
    """My own grade, and since when I share it."""
    completed = mine["state"] == "completed"
    return {"grade": mine["grade"] if completed else None, "shared_at": mine["grade_shared_at"]}


def _files(employment: Employment) -> list[dict[str, Any]]:
    """Files of this employer's reports, taken while I worked there: I may be in them."""
    entries = AuditEntry.objects.filter(action=EXPORTED, organization_id=employment.employer_id)
    while_there = entries.filter(at__date__gte=employment.starts_on)
    if employment.ends_on:
        while_there = while_there.filter(at__date__lte=employment.ends_on)
    return [{"at": one.at, "title": _title(one)} for one in while_there.order_by("-id")[:LOOKED]]


def _title(entry: AuditEntry) -> Any:
    kind = entry.changes["report"][1]
    return REPORTS[kind].title if kind in REPORTS else kind

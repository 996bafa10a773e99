"""The page on which a teacher says who was there."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.models import Session
from enrollments.models import PLACE_STATES, Enrollment
from enrollments.policies import can_mark_attendance, can_view_session
from enrollments.services.attending import latest_marks, mark_attendance
from lms.core.errors import Forbidden, Invalid, NotFound


@login_required
@require_http_methods(["GET", "POST"])
def attendance(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One row per participant; `all` marks everybody who has no mark yet as there the whole time."""
    session = get_object_or_404(Session.objects.for_lists(), pk=pk)
    if not can_view_session(request.user, session):
        raise NotFound
    if not can_mark_attendance(request.user, session):
        raise Forbidden
    rows = _rows(session)
    problem = None
    if request.method == "POST":
        user: Any = request.user
        try:
            said = _said(request, session, rows)
            mark_attendance(by=user, session=session, minutes=said, reason=request.POST.get("reason", ""))
        except Invalid as refused:
            problem = refused
            _show_again(request, rows, refused)
        else:
            messages.success(request, _("The attendance is saved."))
            return redirect("enrollments:attendance", pk=pk)
    context = {
        "session": session,
        "rows": rows,
        "problem": problem,
        "marked": any(row["mark"] for row in rows),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "enrollments/attendance.html", context, status=400 if problem else 200)


def _rows(session: Session) -> list[dict[str, Any]]:
    """Everybody with a place, by name, with what was marked last."""
    places = Enrollment.objects.filter(offering=session.offering_id, state__in=PLACE_STATES)
    marks = latest_marks(session)
    return [
        {
            "enrollment": enrollment,
            "mark": marks.get(enrollment.pk),
            "minutes": marks[enrollment.pk].minutes if enrollment.pk in marks else "",
            "error": "",
        }
        for enrollment in places.select_related("learner").order_by("learner__family_name", "learner__given_name", "id")
    ]


def _said(request: HttpRequest, session: Session, rows: list[dict[str, Any]]) -> dict[UUID, int]:
    """What was typed per participant; an empty field says nothing."""
    said: dict[UUID, int] = {}
    for row in rows:
        key = row["enrollment"].pk
        typed = request.POST.get(f"minutes-{key}", "").strip()
        if typed:
            said[key] = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else -1
        elif "all" in request.POST and row["mark"] is None:
            said[key] = session.minutes
    return said


def _show_again(request: HttpRequest, rows: list[dict[str, Any]], refused: Invalid) -> None:
    errors = {error.field: error.message for error in refused.errors}
    for row in rows:
        key = row["enrollment"].pk
        row["minutes"] = request.POST.get(f"minutes-{key}", "")
        row["error"] = errors.get(f"minutes/{key}", "")

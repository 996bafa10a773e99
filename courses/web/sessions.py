"""Pages of an offering's sessions for the provider, and the week of its rooms and teachers."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import Offering, Session
from courses.policies import can_plan_offering, can_plan_session, can_view_participants
from courses.services.session_rules import room_warning
from courses.services.sessions import cancel_session, move_session, plan_series, plan_session
from courses.timetable import AMSTERDAM, YEARS
from lms.accounts.models import User
from lms.core.clock import today
from lms.core.errors import Conflict, DomainError, Forbidden, Invalid

from .refusals import add_errors
from .session_forms import AgendaForm, MeetingForm, SeriesForm, SessionForm

MOST = 500
FIELDS = {"starts_at": "begins", "ends_at": "ends"}


@login_required
@require_safe
def sessions(request: HttpRequest, code: str) -> HttpResponse:
    """All sessions of an offering, soonest first."""
    offering = _offering(request, code)
    context = {
        **_about(offering),
        "sessions": list(offering.sessions.for_lists().order_by("starts_at", "id")[:MOST]),
        "may_plan": can_plan_offering(request.user, offering.provider) and not offering.archived_at,
    }
    return render(request, "courses/authoring/sessions.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_session(request: HttpRequest, code: str) -> HttpResponse:
    """Plan one."""
    offering = _offering_to_plan(request, code)
    form = SessionForm(request.POST or None, user=request.user, offering=offering)
    if form.is_valid():
        try:
            session = plan_session(by=_user(request), offering=offering, **form.facts)
        except (Invalid, Conflict) as refused:
            _place(form, refused)
        else:
            _say(request, [session], _("The session is planned."))
            return redirect("courses:sessions", code)
    return render(request, "courses/authoring/session.html", {"form": form, **_about(offering)})


@login_required
@require_http_methods(["GET", "POST"])
def new_series(request: HttpRequest, code: str) -> HttpResponse:
    """Plan a weekly series, whole or not at all."""
    offering = _offering_to_plan(request, code)
    form = SeriesForm(request.POST or None, user=request.user, offering=offering)
    if form.is_valid():
        try:
            made = plan_series(by=_user(request), offering=offering, **form.facts)
        except (Invalid, Conflict) as refused:
            _place(form, refused)
        else:
            words = ngettext("%(n)d session is planned.", "%(n)d sessions are planned.", len(made))
            _say(request, made, words % {"n": len(made)})
            return redirect("courses:sessions", code)
    return render(request, "courses/authoring/session.html", {"form": form, "series": True, **_about(offering)})


@login_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change one; who takes part is told of another time, place or link."""
    session = _session_to_plan(request, pk)
    form = SessionForm(request.POST or None, user=request.user, offering=session.offering, session=session)
    if form.is_valid():
        try:
            moved = move_session(by=_user(request), session=session, **form.facts)
        except (Invalid, Conflict) as refused:
            _place(form, refused)
        else:
            told = moved.moves > session.moves
            _say(request, [moved], _("Saved. Who takes part is told.") if told else _("Saved."))
            return redirect("courses:sessions", session.offering.code)
    context = {"form": form, "session": session, **_about(session.offering)}
    return render(request, "courses/authoring/session.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask, then call it off."""
    session = _session_to_plan(request, pk)
    if request.method == "POST":
        cancel_session(by=_user(request), session=session)
        messages.success(request, _("The session is cancelled. Who takes part is told."))
        return redirect("courses:sessions", session.offering.code)
    context = {"session": session, **_about(session.offering)}
    return render(request, "courses/authoring/cancel_session.html", context)


@login_required
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """A week of sessions, day by day: all of one's providers, of one teacher, or of one room, whoever has it."""
    managed = Offering.objects.managed_by(request.user)
    if not managed.exists():
        raise Forbidden
    teachers = User.objects.filter(taught_sessions__offering__in=managed).distinct().order_by("family_name", "id")
    asked_for = {"week": today().isoformat()} | request.GET.dict()
    form = AgendaForm(asked_for, user=request.user, teachers=teachers)
    form.is_valid()
    asked = form.cleaned_data
    monday = _monday(asked.get("week"))
    starts = datetime.combine(monday, time(0), AMSTERDAM)
    ends = datetime.combine(monday + timedelta(days=7), time(0), AMSTERDAM)
    found = Session.objects.booked().overlapping(starts, ends).for_lists()
    own = set(managed.filter(sessions__in=found).values_list("pk", flat=True))
    found = found.filter(room=asked["room"]) if asked.get("room") else found.filter(offering__in=own)
    if asked.get("teacher"):
        found = found.filter(teacher=asked["teacher"], offering__in=own)
    week = list(found.order_by("starts_at", "id")[:MOST])
    days = [monday + timedelta(days=n) for n in range(7)]
    context = {
        "form": form,
        "days": [(day, [s for s in week if s.starts_at.astimezone(AMSTERDAM).date() == day]) for day in days],
        "own": own,
        "today": today(),
        "before": _address(request, monday - timedelta(days=7)),
        "after": _address(request, monday + timedelta(days=7)),
    }
    return render(request, "courses/authoring/agenda.html", context)


def _monday(asked: date | None) -> date:
    """Of the week of that day; of this week where none is asked that can be."""
    day = asked if asked is not None and asked.year in YEARS else today()
    return day - timedelta(days=day.weekday())


def _address(request: HttpRequest, monday: date) -> str:
    query = request.GET.copy()
    query["week"] = monday.isoformat()
    return f"?{query.urlencode()}"


def _offering(request: HttpRequest, code: str) -> Offering:
    visible = Offering.objects.visible_to(request.user).select_related("version__module__provider", "provider")
    offering = get_object_or_404(visible, code=code)
    if not (can_view_participants(request.user, offering) or can_plan_session(request.user, offering)):
        raise Forbidden
    return offering


def _offering_to_plan(request: HttpRequest, code: str) -> Offering:
    offering = _offering(request, code)
    if not can_plan_session(request.user, offering):
        raise Forbidden
    return offering


def _session_to_plan(request: HttpRequest, pk: UUID) -> Session:
    session = get_object_or_404(Session.objects.visible_to(request.user).for_lists(), pk=pk)
    if not can_plan_session(request.user, session.offering):
        raise Forbidden
    return session


def _about(offering: Offering) -> dict[str, Any]:
    return {"offering": offering, "version": offering.version, "module": offering.version.module}


def _place(form: MeetingForm, refused: DomainError) -> None:
    """Put what the service refused at the fields that people typed."""
    errors = [replace(error, field=FIELDS.get(error.field, error.field)) for error in refused.errors]
    add_errors(form, Invalid(refused.detail, errors=errors))


def _say(request: HttpRequest, sessions: list[Session], words: str) -> None:
    messages.success(request, words)
    if warning := room_warning(sessions[0]):
        messages.warning(request, warning)


def _user(request: HttpRequest) -> Any:
    return request.user

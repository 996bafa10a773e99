"""Pages of one's own sessions: Mijn agenda, one session, and calendars of them."""

import hashlib
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from rest_framework.throttling import SimpleRateThrottle

from courses.icalendar import CONTENT_TYPE, calendar_of
from courses.models import Offering, Session
from courses.policies import can_view_participants, teaches
from enrollments.agenda import agenda_of, sessions_of
from enrollments.models import TAKES_PART_STATES, CalendarFeed, Enrollment
from enrollments.policies import can_join_session, can_mark_attendance, can_view_session
from enrollments.services.feeds import end_feed, owner_of_feed, renew_feed
from lms.accounts.services import digest_of
from lms.core.clock import now
from lms.core.errors import Forbidden, NotFound

SHOWN = 100


class CalendarThrottle(SimpleRateThrottle):
    """A calendar program that asks without end is held back, by its secret; that cannot be guessed."""

    scope = "calendar"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return str(self.cache_format % {"scope": self.scope, "ident": digest_of(request.path)})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def my_agenda(request: HttpRequest) -> HttpResponse:
    """My sessions to come, those that were, and my calendar's address: shown once, in the answer that makes it."""
    address = ""
    if request.method == "POST":
        secret = renew_feed(by=_user(request))
        address = settings.BASE_URL + reverse("enrollments:feed", args=[secret])
    mine = sessions_of(request.user)
    context = {
        "ahead": list(mine.filter(ends_at__gt=now())[:SHOWN]),
        "past": list(mine.filter(ends_at__lte=now()).order_by("-starts_at")[:SHOWN]),
        "feed": CalendarFeed.objects.filter(user=request.user.pk).first(),
        "address": address,
    }
    return render(request, "enrollments/my_agenda.html", context)


@login_required
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """The address stops working."""
    end_feed(by=_user(request))
    messages.success(request, _("Your calendar address no longer works."))
    return redirect("enrollments:my_agenda")


@login_required
@require_safe
def session(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One session: when, where, with whom; the link to the digital classroom in time."""
    shown = _visible_session(request, pk)
    own = Enrollment.objects.of_learner(request.user).filter(offering=shown.offering_id)
    enrollment = own.filter(state__in=TAKES_PART_STATES).first()
    context = {
        "session": shown,
        "link": shown.link if can_join_session(request.user, shown) else "",
        "may_mark": can_mark_attendance(request.user, shown),
        "staff": can_view_participants(request.user, shown.offering),
        "enrollment": enrollment,
        "presence": shown.attendance.filter(enrollment=enrollment).order_by("number").last() if enrollment else None,
    }
    return render(request, "enrollments/session.html", context)


@login_required
@require_safe
def session_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One session as a calendar file."""
    shown = _visible_session(request, pk)
    body = _calendar([shown], str(shown.offering.code), get_language() or "nl")
    return _answer(request, body, f"{shown.offering.code}-{shown.starts_at:%Y-%m-%d}.ics")


@login_required
@require_safe
def offering_file(request: HttpRequest, code: str) -> HttpResponse:
    """All sessions of an offering as a calendar file, for who takes part, teaches in it, or offers it."""
    offering = get_object_or_404(Offering.objects.select_related("version", "provider"), code=code)
    sessions = list(offering.sessions.for_lists().order_by("starts_at", "id"))
    own = Enrollment.objects.of_learner(request.user).filter(offering=offering, state__in=TAKES_PART_STATES)
    taught = any(teaches(request.user, session) for session in sessions)
    if not (taught or can_view_participants(request.user, offering) or own.exists()):
        seen = Offering.objects.visible_to(request.user).filter(pk=offering.pk).exists()
        raise Forbidden if seen else NotFound
    return _answer(request, _calendar(sessions, offering.code, get_language() or "nl"), f"{offering.code}.ics")


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """A person's sessions for a calendar program, behind a secret address. An unknown one is a plain 404."""
    throttle = CalendarThrottle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]
        wait = str(int(throttle.wait() or 60))
        return HttpResponse(status=429, content_type="text/plain", headers={"Retry-After": wait})
    try:
        owner = owner_of_feed(secret)
    except NotFound:
        return HttpResponse(status=404, content_type="text/plain")
    body = _calendar(agenda_of(owner), settings.SITE_NAME, owner.language)
    return _answer(request, body, "")


def _visible_session(request: HttpRequest, pk: UUID) -> Session:
    found = get_object_or_404(Session.objects.for_lists(), pk=pk)
    if not can_view_session(request.user, found):
        raise NotFound
    return found


def _calendar(sessions: Any, name: str, language: str) -> bytes:
    def page(session: Session) -> str:
        return settings.BASE_URL + reverse("enrollments:session", args=[session.pk])

    return calendar_of(sessions, name=name, language=language, page=page)


def _answer(request: HttpRequest, body: bytes, name: str) -> HttpResponse:
    """With a fingerprint, so that a program that has this already hears 304."""
    etag = quote_etag(hashlib.sha256(body).hexdigest())
    response = HttpResponse(body, content_type=CONTENT_TYPE)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    if name:
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return get_conditional_response(request, etag=etag, response=response) or response


def _user(request: HttpRequest) -> Any:
    return request.user

"""Sessions as iCalendar (RFC 5545): the same event everywhere, with a number that rises when it moves.

The link to a digital classroom is never in it: calendars are shared and copied. The event points to the session's page.
"""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils import translation
from icalendar import Calendar, Event, Timezone

from courses.models import Session
from courses.timetable import AMSTERDAM
from lms.core.texts import localized

CONTENT_TYPE = "text/calendar; charset=utf-8"


def calendar_of(sessions: Iterable[Session], *, name: str, language: str, page: Callable[[Session], str]) -> bytes:
    """A calendar with these sessions, cancelled ones as cancelled. `page` gives the address of a session's page.

    Requires: sessions with their offering's version, location and room at hand (`for_lists`).
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Europe/Amsterdam")
    calendar.add_component(Timezone.from_tzinfo(AMSTERDAM))
    with translation.override(language):
        for session in sessions:
            calendar.add_component(_event(session, page(session)))
    return calendar.to_ical()


def _event(session: Session, page: str) -> Event:
    """Two versions of one event share their UID; the one with the higher SEQUENCE is newer."""
    title = localized(session.offering.version.title)
    event = Event()
    event.add("uid", f"{session.pk}@{_host()}")
    event.add("dtstamp", session.changed_at)
    event.add("sequence", session.moves + bool(session.cancelled_at))
    event.add("dtstart", session.starts_at.astimezone(AMSTERDAM))
    event.add("dtend", session.ends_at.astimezone(AMSTERDAM))
    event.add("summary", f"{title}: {localized(session.title)}" if session.title else title)
    event.add("status", "CANCELLED" if session.cancelled_at else "CONFIRMED")
    event.add("url", page)
    event.add("description", page)
    if session.where:
        event.add("location", session.where)
    return event


def _host() -> str:
    return settings.BASE_URL.split("//")[-1].split("/")[0].split(":")[0]

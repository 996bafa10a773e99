"""The one clock. Stored in UTC; `today()` is the calendar day in Europe/Amsterdam, where deadlines are read."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """This moment, aware."""
    return timezone.now()  # noqa: TID251 - the one place


def today() -> date:
    """The calendar day people in the region live in."""
    return timezone.localdate(now())

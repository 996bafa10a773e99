"""The one clock. Stored in UTC; `today()` is the calendar day in Europe/Amsterdam, where deadlines are read."""

import calendar
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """This moment, aware."""
    return _told.get() or timezone.now()  # noqa: TID251 - the one place


def today() -> date:
    """The calendar day people in the region live in."""
    return timezone.localdate(now())


def months_after(day: date, months: int) -> date:
    """The same day of the month, so many months later; the month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside the block it is `moment`. Only the demo story does this, to tell what happened some months ago."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)

"""The one clock. Stored in UTC; `today()` is the calendar day in Europe/Amsterdam, where deadlines are read."""

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


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside the block it is `moment`. Only the demo story does this, to tell what happened some months ago."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)

"""When things happen in the demo story: so many days before it is told, with somebody acting."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from lms.accounts.models import User
from lms.core import clock
from lms.core.actor import Actor, acting


def day(days_ago: int) -> date:
    """The calendar day so many days before today; negative for days to come. Not inside `ago`: there today is past."""
    return clock.today() - timedelta(days=days_ago)


@contextmanager
def ago(days: int, hours: float = 0, by: User | None = None) -> Iterator[None]:
    """Inside the block it is so many days and hours ago, and `by` is the one who acts."""
    moment = clock.now() - timedelta(days=days, hours=hours)
    with clock.at(moment), acting(Actor(by.pk if by else None, via="command", origin="demo")):
        yield

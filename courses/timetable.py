"""When meetings are: typed as the clock says in Amsterdam, a series by its weeks, stored as moments in UTC."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from lms.core.errors import FieldError, Invalid

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WEEK = timedelta(days=7)
LONGEST_SERIES = 60
YEARS = range(2000, 3000)  # beyond them a date is a typing error
_TYPED = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})[-/.](?P<m2>\d{1,2})[-/.](?P<y2>\d{4})")


def moment(day: date, clock: time, field: str = "starts_at") -> datetime:
    """The moment at which the clock in Amsterdam shows this.

    Raises: Invalid when the clock skips that time (last Sunday of March) or shows it twice (last Sunday of October).
    """
    if day.year not in YEARS:
        raise _refused(field, "range", _("Look whether the year is right."))
    local = datetime.combine(day, clock.replace(tzinfo=None, fold=0), AMSTERDAM)
    shown = {"time": clock.strftime("%H:%M"), "day": formats.date_format(day, "DATE_FORMAT")}
    if local.astimezone(UTC).astimezone(AMSTERDAM).replace(fold=0) != local:
        message = _("%(time)s does not exist on %(day)s: the clock goes from 02:00 to 03:00. Choose another time.")
        raise _refused(field, "clock_skips", message % shown)
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        message = _(
            "%(time)s comes twice on %(day)s: the clock goes back from 03:00 to 02:00. Choose a time before 02:00 or "
            "from 03:00, or by API give the offset."
        )
        raise _refused(field, "clock_repeats", message % shown)
    return local.astimezone(UTC)


def weekly(first: date, times: int, skipping: Collection[date] = ()) -> list[date]:
    """The days of `times` weekly meetings from `first`; a skipped day is passed over and the series runs on.

    Raises: Invalid for a number out of bounds, or a day to skip that is none of the series.
    """
    if not 1 <= times <= LONGEST_SERIES:
        message = _("Give a number of meetings from 1 to %(most)d.") % {"most": LONGEST_SERIES}
        raise _refused("times", "range", message)
    if first.year not in YEARS:
        raise _refused("first", "range", _("Look whether the year is right."))
    days: list[date] = []
    day = first
    while len(days) < times:
        if day not in skipping:
            days.append(day)
        day += WEEK
    strange = sorted(skip for skip in set(skipping) if not (first <= skip < day and (skip - first).days % 7 == 0))
    if strange:
        named = ", ".join(formats.date_format(skip, "DATE_FORMAT") for skip in strange)
        message = _("No meeting of this series is on %(days)s: look whether the date is right.") % {"days": named}
        raise _refused("skipping", "not_in_series", message)
    return days


def read_days(text: str) -> list[date]:
    """Dates typed by a person, such as `24-12-2026, 31-12-2026` or `2026-12-24`, one or more to a line.

    Raises: Invalid naming what is no date.
    """
    days = []
    for part in re.split(r"[,;\s]+", text.strip()):
        if not part:
            continue
        day = _day(part)
        if day is None:
            message = _("“%(part)s” is no date: write it as 24-12-2026.") % {"part": part[:30]}
            raise _refused("skipping", "date", message)
        days.append(day)
    return days


def _day(typed: str) -> date | None:
    found = _TYPED.fullmatch(typed)
    if found is None:
        return None
    year, month, day = (int(found[name] or found[f"{name}2"]) for name in "ymd")
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _refused(field: str, code: str, message: str) -> Invalid:
    return Invalid(message, code=code, errors=[FieldError(field, code, message)])

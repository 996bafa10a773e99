"""Times as the clock in Amsterdam shows them, and series by their weeks."""

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.timetable import AMSTERDAM, moment, read_days, weekly
from lms.core.errors import Invalid

FORWARD, BACK = dt.date(2027, 3, 28), dt.date(2026, 10, 25)


def test_winter_and_summer():
    assert moment(dt.date(2027, 1, 11), dt.time(9)) == dt.datetime(2027, 1, 11, 8, tzinfo=dt.UTC)
    assert moment(dt.date(2027, 7, 12), dt.time(9)) == dt.datetime(2027, 7, 12, 7, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("day", "clock", "code"),
    [
        (FORWARD, dt.time(2, 0), "clock_skips"),
        (FORWARD, dt.time(2, 59), "clock_skips"),
        (BACK, dt.time(2, 0), "clock_repeats"),
        (BACK, dt.time(2, 59), "clock_repeats"),
    ],
)
def test_a_time_that_is_not_or_is_twice_is_refused(day, clock, code):
    with pytest.raises(Invalid, match=clock.strftime("%H:%M")) as raised:
        moment(day, clock, "begins")
    assert (raised.value.code, raised.value.errors[0].field) == (code, "begins")


@pytest.mark.parametrize(
    ("day", "clock", "utc"),
    [
        (FORWARD, dt.time(1, 59), dt.datetime(2027, 3, 28, 0, 59)),
        (FORWARD, dt.time(3, 0), dt.datetime(2027, 3, 28, 1, 0)),
        (BACK, dt.time(1, 59), dt.datetime(2026, 10, 24, 23, 59)),
        (BACK, dt.time(3, 0), dt.datetime(2026, 10, 25, 2, 0)),
    ],
)
def test_just_beside_the_switch(day, clock, utc):
    assert moment(day, clock) == utc.replace(tzinfo=dt.UTC)


days = st.dates(dt.date(2000, 1, 1), dt.date(2999, 12, 31))


@given(days, st.times())
def test_a_moment_shows_the_time_that_was_typed(day, clock):
    try:
        found = moment(day, clock)
    except Invalid:
        assert clock.hour == 2
        return
    shown = found.astimezone(AMSTERDAM)
    assert (shown.date(), shown.time()) == (day, clock)


@given(days.filter(lambda day: day.year < 2900), st.integers(1, 60), st.sets(st.integers(0, 80), max_size=12))
def test_a_series_has_its_number_of_weeks_and_none_that_is_skipped(first, times, weeks):
    skipping = {first + dt.timedelta(weeks=week) for week in weeks}
    try:
        found = weekly(first, times, skipping)
    except Invalid:
        assert max(skipping) >= first + dt.timedelta(weeks=times)
        return
    assert len(found) == len(set(found)) == times
    assert not skipping & set(found)
    assert found == sorted(found)
    assert all((day - first).days % 7 == 0 for day in found)
    held = set(found) | skipping
    assert all(first + dt.timedelta(weeks=week) in held for week in range((found[-1] - first).days // 7))


@pytest.mark.parametrize("times", [0, -1, 61])
def test_a_number_out_of_bounds(times):
    with pytest.raises(Invalid):
        weekly(dt.date(2027, 1, 4), times)


@pytest.mark.parametrize("skip", [dt.date(2027, 1, 12), dt.date(2026, 12, 28), dt.date(2027, 3, 1)])
def test_a_day_that_is_none_of_the_series_is_named(skip):
    with pytest.raises(Invalid, match=str(skip.day)):
        weekly(dt.date(2027, 1, 4), 3, [skip])


@given(st.lists(st.tuples(days, st.sampled_from(["%d-%m-%Y", "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"])), max_size=8))
def test_typed_days_are_read(typed):
    text = ", ".join(day.strftime(form) for day, form in typed)
    assert read_days(text) == [day for day, _form in typed]


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_in_words(text):
    with suppress(Invalid):
        assert all(isinstance(day, dt.date) for day in read_days(text))


@pytest.mark.parametrize("text", ["31-02-2027", "morgen", "2027-13-01", "24-12"])
def test_what_is_no_date_is_named(text):
    with pytest.raises(Invalid, match=text):
        read_days(f"24-12-2026, {text}")

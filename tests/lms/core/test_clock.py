from datetime import UTC, datetime

from lms.core import clock


def test_inside_a_told_moment_it_is_that_moment_and_afterwards_it_is_now_again():
    with clock.at(datetime(2026, 3, 1, 23, 30, tzinfo=UTC)):
        assert clock.now() == datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
        assert clock.today().isoformat() == "2026-03-02", "the calendar day is that of Amsterdam"
    assert clock.now() != datetime(2026, 3, 1, 23, 30, tzinfo=UTC)

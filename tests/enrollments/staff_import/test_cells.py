"""What single cells say."""

import datetime as dt

import pytest

from enrollments.staff_import.cells import Unusable, as_day, as_email, as_name, as_number, as_text, clean


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Jan@Bedrijf.NL", "jan@bedrijf.nl"),
        ("  jan@bedrijf.nl\u00a0", "jan@bedrijf.nl"),
        ("\u200bjan@bedrijf.nl\ufeff", "jan@bedrijf.nl"),
        ("mailto:jan@bedrijf.nl", "jan@bedrijf.nl"),
        ("Jan Smit <jan@bedrijf.nl>", "jan@bedrijf.nl"),
        ("<jan@bedrijf.nl>;", "jan@bedrijf.nl"),
        ("jan@bedrijf.nl;", "jan@bedrijf.nl"),
        ("jan@bedrijf.nl.", "jan@bedrijf.nl"),
        ("'jan@bedrijf.nl'", "jan@bedrijf.nl"),
        ("j.o'brien+test@sub.bedrijf.co.uk", "j.o'brien+test@sub.bedrijf.co.uk"),
        ("", ""),
        ("-", ""),
        ("n.v.t.", ""),
        ("Geen", ""),
    ],
)
def test_addresses_are_taken_kindly(typed, address):
    assert as_email(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "jan",
        "jan@",
        "@bedrijf.nl",
        "jan@bedrijf",
        "jan bedrijf@x.nl",
        "jan@bedrijf,nl",
        "jan@x.nl; piet@x.nl",
        "jan@@x.nl",
        "josé@bedrijf.nl",
        "jan@bücher.nl",
        "jan.@bedrijf.nl",
        "jan..smit@bedrijf.nl",
        '=A1&"@x.nl"',
        "jan\x07@x.nl",
        "#N/B",
        "x" * 250 + "@x.nl",
        "jan@-x.nl",
        "jan(at)bedrijf.nl",
        "jan@bedrijf.nl of piet",
    ],
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(Unusable):
        as_email(typed)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("31-12-2026", (2026, 12, 31)),
        ("1-2-2024", (2024, 2, 1)),
        ("1/2/24", (2024, 2, 1)),
        ("1.2.1999", (1999, 2, 1)),
        ("3/4/98", (1998, 4, 3)),
        ("2024-02-29", (2024, 2, 29)),
        ("2024-02-29 00:00:00", (2024, 2, 29)),
        ("2024-02-29T00:00:00Z", (2024, 2, 29)),
        ("01-02-2024 0:00", (2024, 2, 1)),
        ("45292", (2024, 1, 1)),
        ("45292.0", (2024, 1, 1)),
        ("20240201", (2024, 2, 1)),
        ("01022024", (2024, 2, 1)),
        ("1 maart 2019", (2019, 3, 1)),
        ("1-mrt-19", (2019, 3, 1)),
        ("12 dec. 2020", (2020, 12, 12)),
        ("5 May 2021", (2021, 5, 5)),
        ("maandag 4 januari 2021", (2021, 1, 4)),
        ("ma 04-01-2021", (2021, 1, 4)),
    ],
)
def test_days_as_people_write_them(typed, day):
    assert as_day(typed) == dt.date(*day)


@pytest.mark.parametrize("typed", ["", "-", "n.v.t.", "00-00-0000", "0", "0000-00-00"])
def test_no_day(typed):
    assert as_day(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "31-02-2024",
        "29-02-2023",
        "12/31/2024",
        "32-1-2024",
        "1-13-2024",
        "morgen",
        "2024",
        "=TODAY()",
        "#WAARDE!",
        "1-1-0000",
        "99999999",
        "1 foo 2024",
        "1-1-20245",
    ],
)
def test_days_that_do_not_exist(typed):
    with pytest.raises(Unusable):
        as_day(typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("00123", "00123"),
        ("1234.0", "1234"),
        ("1234,00", "1234"),
        ("'00123", "00123"),
        (" 12 34 ", "12 34"),
        ("A-17", "A-17"),
        ("-", ""),
        ("P/12.b", "P/12.b"),
    ],
)
def test_personnel_numbers(typed, number):
    assert as_number(typed) == number


@pytest.mark.parametrize(
    "typed", ["1,23457E+11", "1E5", "=A1", "x" * 41, "jan@x.nl", "#N/A", "0000", "***", "12\x0034"]
)
def test_numbers_that_name_nobody(typed):
    with pytest.raises(Unusable):
        as_number(typed)


@pytest.mark.parametrize(
    "typed", ["=1+1", "+31612345678", "@SUM(A1)", "-2+3", "jan@x.nl", "12345", "x" * 101, "Jan\x07", "J\ufffdsé"]
)
def test_what_is_no_name(typed):
    with pytest.raises(Unusable):
        as_name(typed, 100)


@pytest.mark.parametrize(
    ("typed", "text"), [("Jos\u0065\u0301", "José"), ("Jan\u00a0Piet", "Jan Piet"), ("JosÃ©", "José"), ("ZoÃ«", "Zoë")]
)
def test_text_is_put_right(typed, text):
    assert clean(typed) == text


def test_a_department_may_be_any_text_but_a_formula():
    assert as_text("R&D (Emmen) – ploeg 2", 120) == "R&D (Emmen) – ploeg 2"
    with pytest.raises(Unusable):
        as_text('=HYPERLINK("http://x")', 120)

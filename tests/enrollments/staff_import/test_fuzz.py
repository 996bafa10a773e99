"""Whatever the bytes, the reader answers with a sheet or with a sentence; whatever the form, the staff survives it."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enrollments.staff_import.cells import Unusable, as_day, as_email, as_name, as_number
from enrollments.staff_import.kinds_of_file import Unreadable
from enrollments.staff_import.names import split_name
from enrollments.staff_import.reading import read_sheet
from tests.enrollments.staff_import.sheets import csv_file, read_people, xlsx_file

SLOW = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
LETTERS = "abcdefghijklmnopqrstuvwxyzéëïöüçáóABCDEFGHIJ"
name = st.text(LETTERS, min_size=2, max_size=12).map(str.capitalize)
noise = st.text(max_size=60)


def read(content):
    try:
        return read_people(read_sheet(content))
    except Unreadable as error:
        return None if error.detail else pytest.fail("refused without a reason")


@SLOW
@given(st.binary(max_size=400))
def test_arbitrary_bytes(content):
    read(content)


@SLOW
@given(st.lists(noise, max_size=8), st.sampled_from([";", ",", "\t"]), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_arbitrary_rows_below_a_header(rows, separator, encoding):
    text = separator.join(["E-mail", "Personeelsnummer", "Naam", "In dienst"]) + "\r\n" + "\r\n".join(rows)
    people = read(text.encode(encoding, errors="replace"))
    if people:
        assert all(person.email or (person.number and any(person.name)) for person in people.good)


@SLOW
@given(st.integers(0, 6000), st.integers(0, 255))
def test_a_workbook_with_a_broken_byte(position, value):
    content = bytearray(xlsx_file([["E-mail", "Naam"], ["a@x.nl", "Jan"]]))
    content[position % len(content)] = value
    read(bytes(content))


@SLOW
@given(
    st.lists(st.tuples(name, st.sampled_from(["", "de", "van der", "'t"]), name), min_size=1, max_size=12),
    st.sampled_from([";", ",", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from(["\r\n", "\n", "\r"]),
    st.integers(),
    st.booleans(),
)
def test_round_trip_in_every_form(names, separator, encoding, newline, seed, workbook):
    headers = ["Personeelsnummer", "Voornaam", "Tussenvoegsel", "Achternaam", "E-mail", "Vrij veld"]
    rows = [[f"{index:05}", *parts, f"m{index}@x.test", "iets"] for index, parts in enumerate(names, start=1)]
    order = random.Random(seed).sample(range(6), 6)
    shuffled = [[row[at] for at in order] for row in [headers, *rows]]
    if workbook:
        content = xlsx_file(shuffled)
    else:
        content = csv_file(shuffled[1:], headers=shuffled[0], separator=separator, encoding=encoding, newline=newline)
    people = read(content)
    assert people.problems == []
    assert [[person.number, *person.name, person.email] for person in people.good] == [row[:5] for row in rows]


@SLOW
@given(noise)
def test_arbitrary_cells(text):
    for reader in (as_day, as_email, as_number, lambda cell: as_name(cell, 100)):
        try:
            reader(text)
        except Unusable as error:
            words = str(error)
        else:
            words = "read"
        assert words
    split_name(text)

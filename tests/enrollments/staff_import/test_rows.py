"""What a row may say, and what is told of one that may not go in."""

import pytest
import time_machine

from enrollments.staff_import.reading import read_sheet
from tests.enrollments.staff_import.sheets import csv_file, read_people

pytestmark = pytest.mark.usefixtures("in_november")


@pytest.fixture
def in_november():
    with time_machine.travel("2026-11-23 12:00", tick=False):
        yield


def problems(rows, headers=("Personeelsnummer", "Naam", "E-mail", "In dienst", "Uit dienst")):
    people = read_people(read_sheet(csv_file(rows, headers=list(headers))))
    return [(problem.row, problem.column, problem.value) for problem in people.problems], people


GOOD = ["1", "Jan Smit", "jan@x.nl", "1-1-2020", ""]


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (["2", "Bo Bos", "bo@", "", ""], "E-mail", "bo@"),
        (["2", "Bo Bos", "", "31-02-2020", ""], "In dienst", "31-02-2020"),
        (["2", "Bo Bos", "", "01-12-2026", ""], "In dienst", "01-12-2026"),
        (["2", "Bo Bos", "", "", "22-11-2026"], "Uit dienst", "22-11-2026"),
        (["2", "Bo Bos", "", "1-5-2026", "1-4-2026"], "Uit dienst", "1-4-2026"),
        (["2", "", "", "", ""], "Naam", ""),
        (["", "Bo Bos", "", "", ""], "E-mail", ""),
        (["", "Bo Bos", "n.v.t.", "", ""], "E-mail", "n.v.t."),
        (["2", "=cmd|' /C calc'!A0", "bo@x.nl", "", ""], "Naam", "=cmd|' /C calc'!A0"),
        (["1,2E+10", "Bo Bos", "", "", ""], "Personeelsnummer", "1,2E+10"),
        (["2", "Bo Bos", "jan@x.nl", "", ""], "E-mail", "jan@x.nl"),
        (["1", "Bo Bos", "bo@x.nl", "", ""], "Personeelsnummer", "1"),
        (["1", "Jan Smit", "jan@x.nl", "1-1-2020", ""], "E-mail", "jan@x.nl"),
        (["2", "x" * 120, "bo@x.nl", "", ""], "Naam", "x" * 120),
        (["2", "Bo Bos", "bo@x.nl", "", "", "te veel"], "Uit dienst", "te veel"),
    ],
)
def test_one_bad_row_is_named_and_stops_no_other(row, column, value):
    found, people = problems([GOOD, row, ["9", "Wim Wit", "wim@x.nl", "", ""]])
    assert found == [(3, column, value)]
    assert [person.row for person in people.good] == [2, 4]


def test_every_problem_of_a_row_is_told():
    found, _people = problems([["1", "Jan", "jan@", "31-04-2020", "x"]])
    assert [column for _row, column, _value in found] == ["E-mail", "In dienst", "Uit dienst"]


def test_a_double_says_where_the_first_one_is():
    _found, people = problems([GOOD, GOOD, ["7", "Bo Bos", "jan@x.nl", "", ""]])
    assert "rij 2" in people.problems[0].reason
    assert people.problems[0].reason.startswith("Dubbel")
    assert not people.problems[1].reason.startswith("Dubbel")


def test_leaving_in_future_or_never_is_no_problem():
    found, people = problems(
        [["1", "Jan", "j@x.nl", "1-1-2020", "31-12-2026"], ["2", "Bo", "b@x.nl", "", "31-12-9999"]]
    )
    assert found == []
    assert people.good[1].ends_on is None


def test_an_address_alone_is_enough():
    found, people = problems([["jan@x.nl"]], headers=["E-mail"])
    assert found == []
    assert people.good[0].email == "jan@x.nl"


def test_names_come_from_their_own_columns_first():
    headers = ["E-mail", "Naam", "Voorletters", "Roepnaam", "Voorvoegsel", "Achternaam"]
    rows = [
        ["a@x.nl", "Jong, A. de", "A.", "Anouk", "de", "Jong"],
        ["b@x.nl", "Vries, de, Bram", "B.", "", "", ""],
        ["c@x.nl", "", "C.", "", "", "Berg, van den"],
        ["d@x.nl", "", "", "Daan", "van", "van Dijk"],
        ["e@x.nl", "Smit, J. (Joost)", "", "", "", ""],
    ]
    _found, people = problems(rows, headers)
    assert [tuple(person.name) for person in people.good] == [
        ("Anouk", "de", "Jong"),
        ("B.", "de", "Vries"),
        ("C.", "van den", "Berg"),
        ("Daan", "van", "Dijk"),
        ("Joost", "", "Smit"),
    ]


def test_words_of_a_bad_cell_are_cut_and_hold_no_invisible_characters():
    _found, people = problems([["1", "Jan", "\u202ejan@" + "x" * 500, "", ""]])
    assert len(people.problems[0].value) == 200
    assert "\u202e" not in people.problems[0].value

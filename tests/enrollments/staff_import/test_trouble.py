"""Spreadsheets as HR really sends them: each row goes in right, or says row, column and reason."""

import datetime as dt
import io

import openpyxl
import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from enrollments.staff_import.headers import Field
from enrollments.staff_import.reading import read_sheet
from tests.enrollments.staff_import.sheets import read_people, xlsx_file
from tests.separate import ROOT

SAMPLES = ROOT / "docs" / "samples"


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel("2026-11-24 12:00", tick=False):
        yield


def read(content):
    sheet = read_sheet(content)
    return sheet, read_people(sheet)


@pytest.mark.parametrize("name", ["personeel-moeilijk.csv", "personeel-moeilijk.xlsx"])
def test_the_difficult_sample_goes_in_and_each_refusal_has_row_column_and_reason(name):
    sheet, people = read((SAMPLES / name).read_bytes())
    assert len(people.good) + len({problem.row for problem in people.problems}) == 40
    assert [(p.row, p.column) for p in people.problems] == [
        (29, "E-mail"),
        (31, "E-mail"),
        (33, "Naam"),
        (34, "Datum in dienst"),
        (36, "E-mail"),
        (37, "Personeelsnr"),
        (38, "E-mail"),
        (39, "Datum in dienst"),
        (40, "E-mail"),
        (41, "Personeelsnr"),
        (42, "Naam"),
        (43, "Datum uit dienst"),
    ]
    assert all(problem.reason for problem in people.problems)
    assert {"BSN", "Uren p/w"} <= {column.title for column in sheet.columns.ignored}
    by_number = {person.number: person for person in people.good}
    assert by_number["2016"].name == ("Wim", "van", "Dijk")
    assert by_number["02021"].name == ("Façade", "", "Nuñez")
    assert by_number["2017"].email == "truus.vanooijen@zwaluwstaal.example"
    assert {person.starts_on for person in people.good if person.number in ("2016", "2019", "2020")} == {
        dt.date(2004, 2, 16),
        dt.date(2021, 6, 1),
        dt.date(2021, 5, 3),
    }
    assert by_number["2016"].department == "Productie > Verspaning"
    assert by_number["2018"].manager == "1011"


BO = ("7", "", "Bo", "", "Bos")
BO_BY_MAIL = ("", "bo@x.test", "Bo", "", "Bos")
HELD_OUT = {
    "two header rows": (
        "Persoon;;;Dienstverband;;\nPers. nr.;Naam;Team;In dienst;Uit dienst;E-mail\n12;Bos, Bo;A;;;bo@x.test\n",
        ("12", "bo@x.test", "Bo", "", "Bos"),
    ),
    "merged cells across two rows": (
        "Personeelsnr;Naam;Dienstverband;;E-mail\n;;In dienst;Uit dienst;\n12;Bo Bos;1-2-2020;;bo@x.test\n",
        ("12", "bo@x.test", "Bo", "", "Bos"),
    ),
    "capitals": ("PERS.NR.;NAAM;E-MAIL\n12;BOS, BO;BO@X.TEST\n", ("12", "bo@x.test", "BO", "", "BOS")),
    "a phone column and one for the partner": (
        "Naam;Telefoon;E-mail partner;E-mail\nBo Bos;0612345678;pa@x.test;bo@x.test\n",
        BO_BY_MAIL,
    ),
    "mailto and angles": (
        "Naam;E-mail\nBo van den Bos;mailto:Bo.Bos@X.test\n", ("", "bo.bos@x.test", "Bo", "van den", "Bos")
    ),
    "non-breaking spaces": (
        "Naam\u00a0;E-mail\u00a0adres\nBo\u00a0Bos;\u00a0bo@x.test\u00a0\n", BO_BY_MAIL
    ),
    "a number as 1042.0": ("Pnr;Naam\n1042.0;Bo Bos\n", ("1042", "", "Bo", "", "Bos")),
    "leading zeros": ("Pnr;Naam\n'00042;Bo Bos\n", ("00042", "", "Bo", "", "Bos")),
    "semicolon inside quotes": ('Naam;Afdeling;E-mail\nBo Bos;"Las; en snij";bo@x.test\n', BO_BY_MAIL),
    "commas, names with commas": (
        'Naam,Personeelsnummer,E-mail\n"Jansen, Piet van",7,p@x.test\n', ("7", "p@x.test", "Piet", "van", "Jansen")
    ),
    "totals at the end": ("Personeelsnummer;Naam;Uren\n7;Bo Bos;38\nTotaal aantal medewerkers: 1;;38\n", BO),
    "sum at the end": ("Naam;Personeelsnummer;Uren\nBo Bos;7;38\nSubtotaal;;38\n\nEindtotaal;;38\n", BO),
    "month in words": ("Pnr;Naam;Datum in dienst\n7;Bo Bos;3 mei 2021\n", BO),
    "Excel's serial number": ("Pnr;Naam;Startdatum\n7;Bo Bos;44319\n", BO),
    "English": (
        "Employee ID;First name;Surname prefix;Last name;Work e-mail;Reports to\n7;Bo;van;Bos;bo@x.test;12\n",
        ("7", "bo@x.test", "Bo", "van", "Bos"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("name", HELD_OUT)
def test_lists_of_other_employers(name, encoding):
    text, expected = HELD_OUT[name]
    _sheet, people = read(text.replace("\n", "\r\n").encode(encoding))
    assert people.problems == []
    (person,) = people.good
    assert (person.number, person.email, *person.name) == expected


def test_a_column_of_managers_is_read_by_number_or_address_and_names_are_told():
    rows = "1;Bo Bos;1011\n2;An Bos;G. Assen (1012)\n3;Wim Bos;Chef@X.test\n4;Ed Bos;G. Assen\n"
    sheet, people = read(f"Pnr;Naam;Leidinggevende\n{rows}".encode())
    assert [person.manager for person in people.good] == ["1011", "1012", "chef@x.test", ""]
    assert sheet.columns.ignored[0].title == "Leidinggevende"


def test_hidden_rows_and_formulas_in_a_workbook():
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [["Pnr", "Naam", "E-mail"], [1042.0, "Bo Bos", "bo@x.test"], [7, "=A1", "an@x.test"], [8, "Wim", None]]:
        sheet.append(row)
    sheet.row_dimensions[2].hidden = True
    out = io.BytesIO()
    book.save(out)
    _sheet, people = read(out.getvalue())
    assert next((person.number, person.email) for person in people.good) == ("1042", "bo@x.test")
    assert len(people.good) + len(people.problems) == 3


# Generated: rows that are right, each with one trouble at most, in a list with troubles of its own.

# Longer than any prefix or title: "Uit Aaa" is somebody called Aaa with a prefix.
word = st.text("abcdefghijklmnopqrstuvwxyzéëïöü", min_size=8, max_size=12).map(str.capitalize)
BAD = {
    Field.EMAIL: ["geen adres", "bo@", "bo@@x.test", "bo bos@x.test", "#N/B", "=A1", "bo@x", "bö@x.test"],
    Field.NUMBER: ["1,2E+10", "#VERW!", "=B2", "000", "x" * 60, "bo@x.test"],
    Field.STARTS_ON: ["31-02-2025", "morgen", "2026-13-01", "01-01-2099", "#WAARDE!"],
}
TITLES = {Field.EMAIL: "E-mailadres", Field.NUMBER: "Pers.nr.", Field.STARTS_ON: "In dienst"}


@st.composite
def lists(draw):
    rows, expected = [], []
    for index in range(draw(st.integers(1, 25))):
        given_name, family = draw(word), draw(word)
        day = draw(st.dates(dt.date(1985, 1, 1), dt.date(2026, 1, 1)))
        form = draw(st.sampled_from(["%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"]))
        row = {
            Field.NUMBER: f"{1000 + index}",
            Field.FULL_NAME: draw(st.sampled_from([f"{given_name} {family}", f"{family}, {given_name}"])),
            Field.EMAIL: draw(
                st.sampled_from(["m{}@x.test", " M{}@X.test ", "mailto:m{}@x.test", "m{}@x.test;"])
            ).format(index),
            Field.STARTS_ON: day.strftime(form),
        }
        trouble = draw(st.sampled_from([None, None, Field.EMAIL, Field.NUMBER, Field.STARTS_ON]))
        if trouble:
            row[trouble] = draw(st.sampled_from(BAD[trouble]))
        rows.append(row)
        expected.append(trouble or (f"{1000 + index}", f"m{index}@x.test", given_name, family, day))
    return rows, expected


@settings(max_examples=80)
@given(
    lists(),
    st.integers(0, 3),
    st.booleans(),
    st.sampled_from([";", ",", "\t"]),
    st.booleans(),
    st.permutations(range(4)),
)
def test_each_row_goes_in_right_or_says_where_and_why(made, titles, totals, separator, workbook, order):
    rows, expected = made
    fields = [[Field.NUMBER, Field.FULL_NAME, Field.EMAIL, Field.STARTS_ON][at] for at in order]
    heads = {**TITLES, Field.FULL_NAME: "Naam medewerker"}
    grid = [["Personeelslijst", "", "", ""]] * titles + [[heads[name] for name in fields]]
    first = len(grid) + 1
    grid += [[row[name] for name in fields] for row in rows]
    grid += [["", "", "", ""], ["Totaal", str(len(rows)), "", ""]] if totals else []
    if workbook:
        content = xlsx_file([[cell if not cell.startswith("=") else f" {cell}" for cell in row] for row in grid])
    else:
        lines = [separator.join(f'"{cell}"' if separator in cell else cell for cell in row) for row in grid]
        content = "\r\n".join(lines).encode()
    _sheet, people = read(content)
    good = {person.row: person for person in people.good}
    refused = {problem.row: problem for problem in people.problems}
    for number, told in enumerate(expected, start=first):
        if isinstance(told, tuple):
            person = good[number]
            assert (person.number, person.email, person.given, person.family, person.starts_on) == told
        else:
            assert refused[number].column == heads[told]
            assert refused[number].reason
    assert len(good) + len(refused) == len(expected)

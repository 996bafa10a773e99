"""Staff lists as files, made in code."""

import datetime as dt
import io

import openpyxl

from enrollments.staff_import.people import PeopleReader
from enrollments.staff_import.rows import Person

HEADERS = ["Pers.nr.", "Voornaam", "Tussenvoegsel", "Achternaam", "E-mailadres", "Afdeling", "In dienst"]
STAFF = [
    ["00123", "Anouk", "", "Jansen", "anouk.jansen@metaal.test", "Draaierij", "01-03-2019"],
    ["124", "José", "van der", "Vélde", "jose@metaal.test", "Lasserij", "15-11-2021"],
    ["125", "Zoë", "van 't", "Hof", "zoe@metaal.test", "Montage", "3-1-2024"],
]


def csv_file(rows=None, *, headers=HEADERS, separator=";", encoding="utf-8", newline="\r\n", above=(), below=()):
    """A CSV with these rows; `above` and `below` are whole lines."""
    lines = [*above, *(separator.join(row) for row in [headers, *(STAFF if rows is None else rows)]), *below]
    return (newline.join(lines) + newline).encode(encoding)


def xlsx_file(rows, *, title="Blad1", above=(), before=(), state="visible", formats=None):
    """A workbook with `rows` (headers included) on one sheet, after the sheets `before`: (title, rows)."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for other, contents in before:
        sheet = book.create_sheet(other)
        for row in contents:
            sheet.append(row)
    sheet = book.create_sheet(title)
    sheet.sheet_state = state
    for row in [*above, *rows]:
        sheet.append(row)
    for address, form in (formats or {}).items():
        sheet[address].number_format = form
    if state == "hidden" and not before:
        book.create_sheet("Leeg")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class People:
    """Who a sheet names, and what is wrong with the rows that cannot go in."""

    def __init__(self, sheet, *, employed_today=True):
        self.good, self.problems = [], []
        for batch in PeopleReader(sheet, employed_today=employed_today).read():
            self.good += map(person_of, batch.people)
            self.problems += [problem for refused in batch.refused for problem in refused.problems]


def person_of(line):
    """The person that a stored line is about."""
    row, *texts, start, end = line.split("\t")
    days = [dt.date.fromisoformat(day) if day else None for day in (start, end)]
    return Person(int(row), *texts, *days)


def read_people(sheet):
    """All of it, as an import for an offering reads it."""
    return People(sheet)

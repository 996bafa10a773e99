"""Staff lists as files, made in code."""

import io

import openpyxl

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

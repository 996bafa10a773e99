"""Files as HR sends them, and files that are no staff list at all."""

import datetime as dt
import io
import zipfile

import pytest

from enrollments.staff_import.headers import Field
from enrollments.staff_import.kinds_of_file import Unreadable
from enrollments.staff_import.reading import read_sheet
from tests.enrollments.staff_import.sheets import HEADERS, STAFF, csv_file, read_people, xlsx_file

NAMES = ["Anouk Jansen", "José van der Vélde", "Zoë van 't Hof"]
NUMBERED = ["00123", "124", "125"]
TITLE = "Personeelslijst Metaal BV;;;;;;"
ONE_COLUMN = [",".join(row) for row in [HEADERS, *STAFF]]


def quoted(rows):
    return "\r\n".join(";".join(f'"{cell}"' for cell in row) for row in rows).encode()


GOOD = {
    "semicolons, UTF-8": csv_file(),
    "commas": csv_file(separator=","),
    "tabs": csv_file(separator="\t"),
    "pipes": csv_file(separator="|"),
    "UTF-8 with BOM": csv_file(encoding="utf-8-sig"),
    "Windows-1252": csv_file(encoding="cp1252"),
    "MS-DOS": csv_file(encoding="cp850"),
    "Macintosh": csv_file(encoding="mac_roman", newline="\r"),
    "Excel Unicode text": csv_file(encoding="utf-16", separator="\t"),
    "UTF-16 big endian with mark": b"\xfe\xff" + csv_file(encoding="utf-16-be"),
    "UTF-16 without mark": csv_file(encoding="utf-16-le"),
    "LF": csv_file(newline="\n"),
    "CR": csv_file(newline="\r"),
    "title row above": csv_file(above=[TITLE, ";;;;;;", "Datum:;31-12-2025;;;;;"]),
    "long title of one cell": csv_file(above=["Overzicht medewerkers per afdeling (e-mail, naam)"]),
    "blank lines between": csv_file([STAFF[0], [], STAFF[1], [""] * 7, [" "] * 7, STAFF[2]]),
    "trailing separators": csv_file([[*row, "", "", ""] for row in STAFF], headers=[*HEADERS, "", "", ""]),
    "trailing separators below only": csv_file([[*row, "", ""] for row in STAFF]),
    "trailing blank lines": csv_file(below=["", ";;;;;;", ""]),
    "short rows": csv_file([row[:5] for row in STAFF]),
    "everything quoted": quoted([HEADERS, *STAFF]),
    "newline inside quotes": quoted([HEADERS, [*STAFF[0][:5], "Draaierij\r\nploeg 2", ""], *STAFF[1:]]),
    "sep= line": b"sep=;\r\n" + csv_file(),
    "sep=, line": b"sep=,\r\n" + csv_file(separator=","),
    "NUL bytes at the end": csv_file() + b"\x00" * 20,
    "headers elsewhere": csv_file([row[::-1] for row in STAFF], headers=HEADERS[::-1]),
    "unknown columns and a BSN": csv_file(
        [[row[0], "123456782", *row[1:], "3.100,50"] for row in STAFF],
        headers=[HEADERS[0], "BSN", *HEADERS[1:], "Salaris"],
    ),
    "totals row": csv_file(below=["Totaal;3;;;;;"]),
    "header on every printed page": csv_file([STAFF[0], HEADERS, *STAFF[1:]]),
    "numbers as =text": csv_file([[f'="{row[0]}"', *row[1:]] for row in STAFF]),
    "misread UTF-8": csv_file(encoding="utf-8").decode("cp1252").encode("utf-8"),
    "one column, never split": "\r\n".join(f'"{line}"' for line in ONE_COLUMN).encode(),
    "workbook": xlsx_file([HEADERS, *STAFF]),
    "workbook with title rows": xlsx_file([HEADERS, *STAFF], above=[["Personeelslijst"], [], [None, "peildatum"]]),
    "second worksheet": xlsx_file([HEADERS, *STAFF], before=[("Toelichting", [["Lees dit eerst"], ["Naam", "Wat"]])]),
    "empty first worksheet": xlsx_file([HEADERS, *STAFF], before=[("Blad1", [])], title="Personeel"),
    "hidden worksheet": xlsx_file([HEADERS, *STAFF], state="hidden"),
    "workbook, one column never split": xlsx_file([[line] for line in ONE_COLUMN]),
    "workbook with empty formatted rows": xlsx_file([HEADERS, *STAFF, *[["", None, " "]] * 40]),
}


@pytest.mark.parametrize("name", GOOD)
def test_the_same_staff_comes_out_of_every_file(name):
    sheet = read_sheet(GOOD[name])
    people = read_people(sheet)
    assert people.problems == []
    assert [" ".join(filter(None, person.name)) for person in people.good] == NAMES
    assert [person.number for person in people.good] == NUMBERED
    assert people.good[1].email == "jose@metaal.test"


def old_excel(stream="Workbook"):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + stream.encode("utf-16-le") + bytes(100)


def archive(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return out.getvalue()


BAD = {
    "empty": (b"", "leeg"),
    "only a mark": (b"\xef\xbb\xbf\r\n", "leeg"),
    "zeros": (bytes(4096), "leeg"),
    "old Excel": (old_excel(), ".xls"),
    "password": (old_excel("EncryptedPackage"), "wachtwoord"),
    "Word, old": (old_excel("WordDocument"), "Word"),
    "Word": (archive(word__document_DOT_xml="<x/>"), "Word"),
    "OpenDocument": (archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), ".ods"),
    "binary Excel": (archive(xl__workbook_DOT_bin="x"), ".xlsb"),
    "Numbers": (archive(Index__Document_DOT_iwa="x"), "Numbers"),
    "zip": (archive(personeel_DOT_csv="a;b"), "pak"),
    "rar": (b"Rar!\x1a\x07\x00" + bytes(50), "pak"),
    "gzip": (b"\x1f\x8b\x08\x00" + bytes(50), "pak"),
    "half a workbook": (xlsx_file([HEADERS, *STAFF])[:3000], "beschadigd"),
    "workbook without workbook": (archive(**{"[Content_Types]_DOT_xml": "<Types/>"}), "beschadigd"),
    "bomb": (archive(**{"[Content_Types]_DOT_xml": "<Types/>", "xl__a": bytes(130 * 1024 * 1024)}), "groot"),
    "too large": (b"E-mail\r\n" + b"jan@x.nl\r\n" * 1_100_000, "10 MB"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
    "PNG": (b"\x89PNG\r\n\x1a\n" + bytes(100), "afbeelding"),
    "JPEG": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(100), "afbeelding"),
    "web page called .xls": (b"<html><table><tr><td>E-mail</td></tr></table></html>", "webpagina"),
    "XML spreadsheet": (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "XML",
    ),
    "JSON": (b'[{"email": "jan@x.nl"}]', "JSON"),
    "RTF": (b"{\\rtf1 E-mail", "tekstdocument"),
    "program": (b"\x7fELF" + bytes(range(256)) * 8, "geen personeelslijst"),
    "noise": (bytes(range(1, 256)) * 20, "geen personeelslijst"),
    "prose": (b"Beste collega, hierbij de lijst.\nGroet, Jan", "kopregel"),
    "no header": (csv_file(headers=STAFF[0]), "kopregel"),
    "header only": (csv_file([]), "geen mensen"),
    "no identity": (csv_file([["Anouk", "Jansen"]], headers=["Voornaam", "Achternaam"]), "“Voornaam”, “Achternaam”"),
    "numbers without names": (csv_file([["12"]], headers=["Personeelsnummer"]), "“Personeelsnummer”"),
    "workbook without header": (xlsx_file([["a", "b"], ["c", "d"]]), "kopregel"),
    "empty workbook": (xlsx_file([]), "kopregel"),
    "BSNs for numbers": (
        csv_file(
            [["111222333", "Jansen"], ["123456782", "Smit"], ["999990019", "Bos"]], headers=["Personeelsnummer", "Naam"]
        ),
        "BSN",
    ),
    "too many rows": (b"E-mail\n" + b"a@x.nl\n" * 100_001, "100.000"),
    "too many columns": (csv_file([], headers=["E-mail", *(f"K{n}" for n in range(250))]), "200"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_staff_list_is_refused_whole_with_one_sentence(name):
    content, words = BAD[name]
    with pytest.raises(Unreadable) as raised:
        read_people(read_sheet(content))
    assert words in raised.value.detail
    assert "\n" not in raised.value.detail


def numbers_of(content):
    return [(row.number, row.cells[0]) for row in read_sheet(content).rows]


def test_rows_are_numbered_as_a_spreadsheet_shows_them():
    content = b'Titel\r\n\r\nE-mail;Afdeling\r\na@x.nl;"een\r\ntwee"\r\n\r\nb@x.nl;\r\n'
    assert numbers_of(content) == [(4, "a@x.nl"), (6, "b@x.nl")]
    assert read_sheet(content).header_row == 3


def test_excel_does_not_show_the_sep_line_as_a_row():
    assert numbers_of(b"sep=;\r\nE-mail;Naam\r\na@x.nl;Jan\r\n") == [(2, "a@x.nl")]


def test_a_workbook_counts_blank_rows_too():
    assert numbers_of(xlsx_file([["Titel"], [], ["E-mail"], ["a@x.nl"], [], ["b@x.nl"]])) == [
        (4, "a@x.nl"),
        (6, "b@x.nl"),
    ]


def test_a_quote_that_never_closes_spoils_only_its_own_row():
    content = b'E-mail;Naam\n"a@x.nl;Jan\nb@x.nl;Piet "de Beer" Smit\n' + b"c@x.nl;Kees\n" * 40
    rows = list(read_sheet(content).rows)
    assert [row.cells for row in rows[:3]] == [["a@x.nl", "Jan"], ["b@x.nl", 'Piet "de Beer" Smit'], ["c@x.nl", "Kees"]]
    assert len(rows) == 42


def test_a_workbook_says_which_sheet_was_read():
    assert read_sheet(GOOD["second worksheet"]).name == "Blad1"


def test_numbers_and_days_in_cells_are_read_as_they_are_shown():
    day = dt.datetime(2019, 3, 1)
    rows = [
        ["Personeelsnummer", "Naam", "In dienst"],
        [1234.0, "Jan Smit", day],
        ["00056", "Bo Bos", 45292],
        [78, "Wim Wit", day.date()],
    ]
    people = read_people(read_sheet(xlsx_file(rows, formats={"A4": "00000"}))).good
    assert [person.number for person in people] == ["1234", "00056", "00078"]
    assert [person.starts_on for person in people] == [dt.date(2019, 3, 1), dt.date(2024, 1, 1), dt.date(2019, 3, 1)]


def test_a_formula_gives_the_value_excel_last_saw_and_a_failed_one_its_error():
    rows = [["E-mail", "Naam"], ["#N/A", "Jan Smit"], ["b@x.nl", "Bo Bos"]]
    people = read_people(read_sheet(xlsx_file(rows)))
    assert [(problem.row, problem.column, problem.value) for problem in people.problems] == [(2, "E-mail", "#N/A")]


def test_an_entity_bomb_in_a_workbook_is_refused():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    source = zipfile.ZipFile(io.BytesIO(xlsx_file([HEADERS, *STAFF])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in source.namelist():
            content = source.read(name)
            packed.writestr(name, bomb + b"<worksheet>&b;</worksheet>" if "worksheets" in name else content)
    with pytest.raises(Unreadable):
        read_sheet(out.getvalue())


def test_wrong_dimensions_written_by_other_programs_do_not_matter():
    source = zipfile.ZipFile(io.BytesIO(xlsx_file([HEADERS, *STAFF])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in source.namelist():
            content = source.read(name)
            packed.writestr(name, content.replace(b'ref="A1:G4"', b'ref="A1"'))
    assert len(list(read_sheet(out.getvalue()).rows)) == 3


def test_columns_not_read_are_told():
    sheet = read_sheet(GOOD["unknown columns and a BSN"])
    assert [column.title for column in sheet.columns.ignored] == ["BSN", "Salaris"]
    assert sheet.columns.title(Field.NUMBER) == "Pers.nr."

"""A sheet read straight from its XML says what openpyxl says, however odd the program was that wrote it."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrollments.staff_import.kinds_of_file import Unreadable
from enrollments.staff_import.workbook import sheets
from tests.enrollments.staff_import.sheets import xlsx_file

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TEXTS_PART = (
    '<Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=20)
CELLS = TEXTS | st.integers(-(10**12), 10**12) | st.booleans() | st.dates(dt.date(1901, 1, 1), dt.date(2200, 1, 1))


def rows_in(content):
    (found,) = [list(rows) for _name, rows in sheets(content)]
    return found


def sheet_of(rows, strings=""):
    """A workbook with this XML as the rows of its only sheet, and as its texts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx_file([["x"]]))) as source, zipfile.ZipFile(out, "w") as packed:
        for name in source.namelist():
            content = source.read(name)
            if "worksheets" in name:
                content = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()
            elif name == "[Content_Types].xml":
                content = content.replace(b"</Types>", TEXTS_PART.encode() + b"</Types>")
            packed.writestr(name, content)
        packed.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{strings}</sst>')
    return out.getvalue()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_cells_are_read_as_openpyxl_reads_them(rows):
    content = xlsx_file(rows)
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    values = [[cell.value for cell in row] for row in book.active.iter_rows()]
    book.close()
    width = len(values[0]) if values else 0
    found = [(cells + [""] * width)[:width] for cells in rows_in(content)]
    for cells, expected in zip(found, values, strict=False):
        assert cells == [_seen(value) for value in expected]
    assert not any(any(map(_seen, expected)) for expected in values[len(found) :])


def _seen(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "WAAR" if value else "ONWAAR"
    return f"{value:%d-%m-}{value.year:04}" if isinstance(value, dt.date) else str(value)


def test_texts_lose_their_looks_and_how_they_are_pronounced():
    strings = "<si><r><t>Van </t></r><r><t>Dam</t></r><rPh><t>fan dam</t></rPh></si><si><t/></si>"
    cells = '<c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><r><t>Bo</t></r><r><t>s</t></r></is></c>'
    assert rows_in(sheet_of(f"<row>{cells}</row>", strings)) == [["Van Dam", "", "Bos"]]


def test_places_that_are_left_out_follow_the_one_before():
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row/><row r='4'><c r='B4'><v>3</v></c><c><v>4</v></c></row>"
    assert rows_in(sheet_of(rows)) == [["1", "2"], [], [], ["", "3", "4"]]


def test_a_formula_gives_what_excel_last_saw_and_not_its_words():
    cells = '<c t="str"><f>A1 &amp; "x"</f><v>Jan</v></c><c t="e"><v>#N/A</v></c><c t="d"><v>2024-03-01</v></c>'
    assert rows_in(sheet_of(f"<row>{cells}</row>")) == [["Jan", "#N/A", "01-03-2024"]]


def test_a_row_far_below_all_others_is_no_part_of_the_list():
    rows = '<row r="1"><c><v>1</v></c></row><row r="1048576"><c><v>9</v></c></row>'
    assert rows_in(sheet_of(rows)) == [["1"]]
    leaps = "".join(f'<row r="{n}"><c><v>1</v></c></row>' for n in range(1, 3_000_000, 2_000))
    assert len(rows_in(sheet_of(leaps))) <= 1_048_576


def test_cells_far_to_the_right_are_passed_over():
    assert rows_in(sheet_of('<row><c r="A1"><v>1</v></c><c r="XFD1"><v>9</v></c></row>')) == [["1"]]


@pytest.mark.parametrize(
    "rows",
    [
        "<row><c t='s'><v>7</v></c></row>",
        "<row><c s='99'><v>7</v></c></row>",
        "<row><c r='????'><v>7</v></c></row>",
        "<row r='one'/>",
        "<row><c><v>seven</v></c></row>",
        "<row><c>",
        "<row><c><v>&lol;</v></c></row>",
    ],
)
def test_a_damaged_sheet_is_refused(rows):
    with pytest.raises(Unreadable):
        rows_in(sheet_of(rows))

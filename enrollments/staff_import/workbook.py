"""XLSX as Excel saves it: every cell becomes the text that a person sees in it."""

import io
import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import lru_cache
from itertools import repeat
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHARED_STRINGS

from . import worksheet
from .kinds_of_file import Unreadable

MAX_BLANK_ROWS = 2_000
LAST_ROW = 1_048_576  # of any sheet
_ZEROS = re.compile(r"0+")


class _Book(ExcelReader):
    """What a workbook says about its sheets, `found` by name, state and place; their cells are left to `worksheet`."""

    def read(self) -> None:
        """No more than is asked of it here: names, print ranges and properties may be as odd as they like."""
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        self.read_worksheets()

    def read_worksheets(self) -> None:
        """Where the sheets with cells are."""
        there = [(sheet, rel) for sheet, rel in self.parser.find_sheets() if rel.target in self.valid_files]
        self.found = [(sheet.name, sheet.state, rel.target) for sheet, rel in there if "chartsheet" not in rel.Type]

    def read_strings(self) -> None:
        """All texts to which cells refer."""
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = worksheet.shared_strings(source)


def sheets(content: bytes) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """Name and rows of each worksheet, those that are visible first. Row 1 comes first, blank rows included.

    Raises Unreadable when the workbook is damaged.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions that openpyxl does not know are not about staff
            reader = _Book(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            reader.read()
    except Exception as error:
        raise Unreadable(_damaged()) from error
    with reader.archive:
        for name, _state, part in sorted(reader.found, key=lambda sheet: sheet[1] != "visible"):
            yield name, _rows(reader, part)


def _rows(book: _Book, part: str) -> Iterator[list[str]]:
    """Rows that are not stored are blank; one that comes after a later one is passed over."""
    blank = last = 0
    try:
        with book.archive.open(part) as source:
            for number, cells in worksheet.rows_of(source, book.shared_strings, _Shown(book.wb)):
                if number <= last:
                    continue
                missing = number - last - 1
                blank = 0 if any(cells) else blank + 1
                if max(missing, blank) > MAX_BLANK_ROWS or number > LAST_ROW:
                    return
                yield from repeat([], missing)
                yield cells
                last = number
    except Exception as error:
        raise Unreadable(_damaged()) from error


class _Shown:
    """What a Dutch Excel shows of what is stored in a cell."""

    def __init__(self, book: Any) -> None:
        self.epoch = book.epoch
        self.sheet: Any = SimpleNamespace(parent=book)  # all that a cell asks of its sheet to tell its format
        self.number = lru_cache(maxsize=20_000)(self._number)  # days and departments come back, row after row

    def __call__(self, kind: str, stored: str, style: int) -> str:
        match kind:
            case "n":
                text = self.number(stored, style)
            case "b":
                text = "WAAR" if int(stored) else "ONWAAR"
            case "d":
                text = _of(from_ISO8601(stored))
            case _:
                text = stored
        return text

    def _number(self, stored: str, style: int) -> str:
        number = float(stored) if set(stored) & set(".eE") else int(stored)
        form = ReadOnlyCell(self.sheet, 1, 1, None, "n", style).number_format
        if not is_date_format(form):
            return _number(number, form)
        try:
            return _of(from_excel(number, self.epoch, timedelta=is_timedelta_format(form)))
        except (OverflowError, ValueError):
            return "#VALUE!"


def _of(value: object) -> str:
    match value:
        case datetime() | date() as day:
            return f"{day.day:02}-{day.month:02}-{day.year:04}"
        case time() as moment:
            return moment.isoformat()
        case other:
            return str(other)


def _number(number: float, form: str) -> str:
    if isinstance(number, int) or (number.is_integer() and abs(number) < 1e15):
        digits = str(int(number))
        return digits.zfill(len(form)) if _ZEROS.fullmatch(form) else digits
    return str(number).replace(".", ",")


def _damaged() -> str:
    return _("The file is damaged or not complete: open it in Excel and save it again as .xlsx or .csv.")

"""XLSX as Excel saves it: every cell becomes the text that a person sees in it."""

import io
import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from .kinds_of_file import Unreadable

MAX_BLANK_ROWS = 2_000
_ZEROS = re.compile(r"0+")


def sheets(content: bytes) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """Name and rows of each worksheet, those that are visible first. Row 1 comes first, blank rows included.

    Raises Unreadable when the workbook is damaged.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions that openpyxl does not know are not about staff
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise Unreadable(_damaged()) from error
    try:
        found = sorted(book.worksheets, key=lambda sheet: getattr(sheet, "sheet_state", "visible") != "visible")
        for sheet in found:
            if hasattr(sheet, "iter_rows"):
                yield sheet.title, _rows(sheet)
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[list[str]]:
    blank = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet.reset_dimensions()  # what other programs write there is often wrong
            for row in sheet.iter_rows(max_col=300):
                cells = [_shown(cell) for cell in row]
                blank = 0 if any(cells) else blank + 1
                if blank > MAX_BLANK_ROWS:
                    return
                yield cells
    except Exception as error:
        raise Unreadable(_damaged()) from error


def _shown(cell: Any) -> str:
    """The cell's value as a Dutch Excel shows it."""
    match cell.value:
        case None:
            text = ""
        case str() as text:
            pass
        case bool() as yes:
            text = "WAAR" if yes else "ONWAAR"
        case datetime() | date() as day:
            text = f"{day.day:02}-{day.month:02}-{day.year:04}"
        case time() as moment:
            text = moment.isoformat()
        case int() | float() as number:
            text = _number(number, cell.number_format or "")
        case other:
            text = str(other)
    return text


def _number(number: float, form: str) -> str:
    if isinstance(number, int) or (number.is_integer() and abs(number) < 1e15):
        digits = str(int(number))
        return digits.zfill(len(form)) if _ZEROS.fullmatch(form) else digits
    return str(number).replace(".", ",")


def _damaged() -> str:
    return _("The file is damaged or not complete: open it in Excel and save it again as .xlsx or .csv.")

"""The workbook of exchange, read: rows become documents, laid over what is there, so that columns may be left out."""

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from lms.core.errors import FieldError

from .columns import SHEETS, Column, Unusable
from .hostile import damaged, require_workbook
from .parcels import Parcel, Unreadable
from .sheet_entries import entries_of

MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_BLANK_ROWS = 1_000
HEADER_WITHIN = 10


@dataclass
class SheetRow:
    """One row: its number as Excel shows it, its values by path, and what could not be read."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)


def read_workbook(content: bytes) -> Parcel:
    """What is in the file. Raises: Unreadable, also for a file that is hostile or far too large."""
    require_workbook(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions that openpyxl does not know
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise Unreadable(damaged()) from error
    try:
        named = {sheet.title.strip().lower(): sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")}
        found = {name: named[name.lower()] for name in SHEETS if name.lower() in named}
        if not found:
            raise Unreadable(_("The workbook has no sheet called %(names)s.") % {"names": ", ".join(SHEETS)})
        rows = {name: _read_sheet(name, sheet) for name, sheet in found.items()}
    finally:
        book.close()
    return entries_of(rows)


def _read_sheet(name: str, sheet: Any) -> list[SheetRow]:
    columns: dict[int, Column] = {}
    rows = []
    for number, cells in _numbered(name, sheet):
        if not columns:
            columns = _header(name, cells)
            if not columns and number > HEADER_WITHIN:
                break
            continue
        row = SheetRow(number)
        for index, column in columns.items():
            value = cells[index] if index < len(cells) else None
            try:
                row.values[column.path] = None if value in (None, "") else column.read(value)
            except Unusable as unusable:
                row.errors.append(FieldError(column.path, "cell", str(unusable)))
        rows.append(row)
    if not columns:
        first = ", ".join(f"“{column.header}”" for column in SHEETS[name][:3])
        raise Unreadable(
            _("Sheet %(sheet)s has no header row: it starts with %(columns)s.") % {"sheet": name, "columns": first}
        )
    return rows


def _header(name: str, cells: tuple[Any, ...]) -> dict[int, Column]:
    """By place, the columns of a row that is the header; empty when it is not. Raises: Unreadable for unknown ones."""
    known = {column.header.lower(): column for column in SHEETS[name]}
    titles = {index: str(value).strip() for index, value in enumerate(cells) if str(value or "").strip()}
    columns = {index: known[title.lower()] for index, title in titles.items() if title.lower() in known}
    if SHEETS[name][0] not in columns.values():
        return {}
    unknown = [title[:60] for title in titles.values() if title.lower() not in known]
    if unknown:
        message = _("Sheet %(sheet)s has columns that are not known: %(columns)s. Check the spelling or delete them.")
        raise Unreadable(message % {"sheet": name, "columns": ", ".join(unknown[:10])})
    if len(set(columns.values())) < len(columns):
        raise Unreadable(_("Sheet %(sheet)s has a column twice: keep one.") % {"sheet": name})
    return columns


def _numbered(name: str, sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows that are not blank, with their numbers. Raises: Unreadable when there are too many."""
    blank = 0
    rows = enumerate(_cells(sheet), start=1)
    for number, cells in rows:
        blank = 0 if any(value not in (None, "") for value in cells) else blank + 1
        if blank > MAX_BLANK_ROWS:
            return
        if number > MAX_ROWS:
            message = _("Sheet %(sheet)s has more than %(most)d rows: split the file in parts.")
            raise Unreadable(message % {"sheet": name, "most": MAX_ROWS})
        if not blank:
            yield number, cells


def _cells(sheet: Any) -> Iterator[tuple[Any, ...]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet.reset_dimensions()  # what other programs write there is often wrong
            yield from sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)
    except Exception as error:
        raise Unreadable(damaged()) from error

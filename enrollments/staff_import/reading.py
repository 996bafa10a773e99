"""Bytes of an uploaded file -> the sheet with its header row found. Knows nothing of people or of the database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.utils.translation import gettext as _

from . import csv_text, workbook
from .headers import Columns, recognise
from .kinds_of_file import Unreadable, is_workbook

MAX_ROWS = 100_000
MAX_COLUMNS = 200
HEADER_WITHIN = 60  # non-blank rows; above the header stand at most a title, a logo line, a date

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One row that is not blank. `number` is what a person sees beside it: the first line of the sheet is 1."""

    number: int
    cells: Cells


@dataclass(frozen=True)
class Sheet:
    """A staff list: the header row's place and columns, and the rows below it. `name` is a worksheet's name."""

    name: str
    header_row: int
    columns: Columns
    rows: list[Row]
    has_separators: bool  # from CSV: a row that is too long has shifted


def read_sheet(content: bytes) -> Sheet:
    """The staff list in this file.

    Raises Unreadable when it is not a readable CSV or XLSX, has no header row, or does not say who people are.
    """
    sheet = _from_workbook(content) if is_workbook(content) else _from_text(content)
    if not sheet.rows:
        raise Unreadable(_("The file has a header row, but no people below it."))
    return sheet


def _from_workbook(content: bytes) -> Sheet:
    best: Sheet | None = None
    for name, rows in workbook.sheets(content):
        grid = _not_blank(rows)
        sheet = _find_header(grid, name=name) or _from_one_column(grid, name)
        if sheet and sheet.columns.tell_who and sheet.rows:
            return sheet
        if best is None or (sheet is not None and _told(sheet) > _told(best)):
            best = sheet or best
    return _require_header(best)


def _from_text(content: bytes) -> Sheet:
    text = csv_text.decode(content)
    _require_text(text)
    announced, text = csv_text.announced_separator(text)
    separators = (announced,) if announced else csv_text.SEPARATORS
    best, separator = _best_separator(text, separators)
    if best is None or not best.columns.tell_who:
        grid = _not_blank(csv_text.records(text, "\x01"))
        best = _from_one_column(grid, "") or best
        return _require_header(best)
    grid = _not_blank(csv_text.records(text, separator))
    return _require_header(_find_header(grid, has_separators=True))


def _best_separator(text: str, separators: Iterable[str]) -> tuple[Sheet | None, str]:
    """The separator under which the first rows name the most columns."""
    best: Sheet | None = None
    chosen = ";"
    for separator in separators:
        head: list[Row] = []
        for number, cells in enumerate(csv_text.records(text, separator), start=1):
            if any(cells):
                head.append(Row(number, tuple(cells)))
            if len(head) >= HEADER_WITHIN:
                break
        sheet = _find_header(head)
        if sheet and _told(sheet) > _told(best):
            best, chosen = sheet, separator
    return best, chosen


def _not_blank(rows: Iterable[Iterable[str]]) -> list[Row]:
    grid = []
    for number, cells in enumerate(rows, start=1):
        trimmed = tuple(cells)
        if not any(cell and not cell.isspace() for cell in trimmed):
            continue
        grid.append(Row(number, trimmed))
        if len(grid) > MAX_ROWS:
            raise Unreadable(_("The file has more than 100,000 rows: split it in parts."))
    return grid


def _find_header(grid: list[Row], *, name: str = "", has_separators: bool = False) -> Sheet | None:
    """The row among the first that names the most columns; a row that says who people are goes before all others."""
    best: tuple[tuple[bool, int], int, Columns] | None = None
    for index, row in enumerate(grid[:HEADER_WITHIN]):
        columns = recognise(row.cells[: MAX_COLUMNS + 1])
        rank = (columns.tell_who, len(columns.at))
        if columns.at and (best is None or rank > best[0]):
            best = (rank, index, columns)
    if best is None:
        return None
    _rank, index, columns = best
    if len(columns.titles) > MAX_COLUMNS and any(columns.titles[MAX_COLUMNS:]):
        raise Unreadable(_("The file has more than 200 columns: keep only those about staff."))
    return Sheet(name, grid[index].number, columns, grid[index + 1 :], has_separators)


def _from_one_column(grid: list[Row], name: str) -> Sheet | None:
    """A CSV that was opened in Excel without being split: every row sits in its first cell, separators and all."""
    if not grid or any(any(row.cells[1:]) for row in grid[:HEADER_WITHIN]):
        return None
    best: Sheet | None = None
    for separator in csv_text.SEPARATORS:
        split = [Row(row.number, tuple(_split(row.cells[0], separator))) for row in grid]
        sheet = _find_header(split, name=name, has_separators=True)
        if sheet and sheet.columns.tell_who and _told(sheet) > _told(best):
            best = sheet
    return best


def _split(cell: str, separator: str) -> Iterator[str]:
    if cell.startswith('"') and cell.endswith('"') and len(cell) > 1:
        inside = cell[1:-1].replace('""', '"')
        cell = inside if separator in inside else cell
    return chain.from_iterable(csv_text.records(cell, separator))


def _told(sheet: Sheet | None) -> tuple[bool, int]:
    return (sheet.columns.tell_who, len(sheet.columns.at)) if sheet else (False, 0)


def _require_text(text: str) -> None:
    sample = text[:20_000]
    odd = sum(
        1 for character in sample if (character < " " and character not in "\t\r\n\x0b\x0c") or character == "\ufffd"
    )
    if odd > max(2, len(sample) // 50):
        raise Unreadable(_("This is not a staff list: save the list from Excel as .xlsx or .csv."))


def _require_header(sheet: Sheet | None) -> Sheet:
    if sheet is None:
        raise Unreadable(
            _(
                "No header row was found: put a row with column names above the people, such as "
                "“E-mail”, “Voornaam”, “Achternaam”, “Personeelsnummer”."
            )
        )
    if not sheet.columns.tell_who:
        names = ", ".join(f"“{sheet.columns.title(found)}”" for found in sheet.columns.at)
        raise Unreadable(
            _(
                "The header (row %(row)d) has %(names)s, but nothing that says who people are: add a column “E-mail”, "
                "or “Personeelsnummer” with “Naam”."
            )
            % {"row": sheet.header_row, "names": names}
        )
    return sheet

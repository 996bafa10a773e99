"""Bytes of an uploaded file -> the sheet with its header row found. Knows nothing of people or of the database.

Rows are read one by one as they are asked for: a list of 100,000 people never stands in memory as cells.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import NamedTuple

from django.utils.translation import gettext as _

from . import csv_text, workbook
from .headers import Columns, recognise, recognise_two
from .kinds_of_file import Unreadable, is_workbook

MAX_ROWS = 100_000
MAX_COLUMNS = 200
HEADER_WITHIN = 60  # non-blank rows; above the header stand at most a title, a logo line, a date

Cells = list[str]


class Row(NamedTuple):
    """One row that is not blank. `number` is what a person sees beside it: the first line of the sheet is 1."""

    number: int
    cells: Cells


@dataclass
class Stretch:
    """Some rows below the header: their cells as `columns`, where these can be told, or as `rows`, or both."""

    first: int
    columns: list[list[str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """A staff list: the header row's place and columns, and the rows below it, to be read once.

    `name` is a worksheet's name; `records` is there for a text, whose rows can be taken by the thousand.
    """

    name: str
    header_row: int
    columns: Columns
    rows: Iterator[Row]
    has_separators: bool = False  # from CSV: a row that is too long has shifted
    records: csv_text.Records | None = None

    def stretches(self, size: int) -> Iterator[Stretch]:
        """All rows, so many at a time. Raises Unreadable when there are too many."""
        count, width = 0, len(self.columns.titles)
        while count <= MAX_ROWS:
            found = self.records.columns(size, width) if self.records else None
            if found is not None and self.records:
                stretch = Stretch(self.records.number - found[0] + 1, found[1])
                count += found[0]
            else:
                rows = list(islice(self.rows, size))
                count += len(rows)
                if not rows:
                    return
                stretch = self._stretch_of(rows)
            if count <= MAX_ROWS:
                yield stretch
        raise Unreadable(_("The file has more than 100,000 rows: split it in parts."))

    def _stretch_of(self, rows: list[Row]) -> Stretch:
        """With columns too, where no blank row lies between and no cell can have shifted."""
        stretch, width = Stretch(rows[0].number, rows=rows), len(self.columns.titles)
        if not self.has_separators and rows[-1].number - rows[0].number == len(rows) - 1:
            filled = [(row.cells + [""] * width)[:width] for row in rows]
            stretch.columns = list(map(list, zip(*filled, strict=True)))
        return stretch


def read_sheet(content: bytes) -> Sheet:
    """The staff list in this file.

    Raises Unreadable when it is not a readable CSV or XLSX, has no header row, or does not say who people are. Reading
    its rows raises Unreadable too, when there are too many or the file turns out to be damaged.
    """
    return _from_workbook(content) if is_workbook(content) else _from_text(content)


def _from_workbook(content: bytes) -> Sheet:
    """The first worksheet, visible ones first, that says who people are and has rows."""
    best: Sheet | None = None
    for name, rows in workbook.sheets(content):
        grid = _not_blank(rows)
        head = list(islice(grid, HEADER_WITHIN))
        sheet = _find_header(head, grid, name=name) or _from_one_column(head, grid, name)
        if sheet and sheet.columns.tell_who and (first := next(sheet.rows, None)):
            return replace(sheet, rows=chain([first], sheet.rows))
        if best is None or (sheet is not None and _told(sheet) > _told(best)):
            best = sheet or best
    return _require_header(best)


def _from_text(content: bytes) -> Sheet:
    text = csv_text.decode(content)
    _require_text(text)
    announced, text = csv_text.announced_separator(text)
    lines = csv_text.split_lines(text)
    separators = (announced,) if announced else csv_text.SEPARATORS
    best, separator = _best_separator(lines, separators)
    if best is None or not best.columns.tell_who:
        grid = _not_blank(csv_text.Records(lines, "\x01"))
        return _require_header(_from_one_column(list(islice(grid, HEADER_WITHIN)), grid, "") or best)
    records = csv_text.Records(lines, separator)
    cells = iter(records)
    while records.number < best.header_row:
        next(cells)
    return replace(best, rows=_numbered(records), has_separators=True, records=records)


def _best_separator(lines: list[str], separators: Iterable[str]) -> tuple[Sheet | None, str]:
    """The separator under which the first rows name the most columns."""
    best: Sheet | None = None
    chosen = ";"
    for separator in separators:
        head = list(islice(_not_blank(csv_text.Records(lines, separator)), HEADER_WITHIN))
        sheet = _find_header(head, iter(()))
        if sheet and _told(sheet) > _told(best):
            best, chosen = sheet, separator
    return best, chosen


def _not_blank(rows: Iterable[Cells]) -> Iterator[Row]:
    for number, cells in enumerate(rows, start=1):
        if any(cells) and any(map(str.strip, cells)):
            yield Row(number, cells)


def _numbered(records: csv_text.Records) -> Iterator[Row]:
    """The rest of a text, by the numbers that it counts itself."""
    for cells in records:
        if any(cells) and any(map(str.strip, cells)):
            yield Row(records.number, cells)


def _find_header(head: list[Row], rest: Iterator[Row], *, name: str = "", has_separators: bool = False) -> Sheet | None:
    """The row among the first that names the most columns; a row that says who people are goes before all others.

    Two rows one above the other, such as with merged cells, are one header when together they name more.
    """
    best: tuple[tuple[bool, int], int, int, Columns] | None = None
    for used in (1, 2):
        for index in range(len(head) - used + 1):
            columns = _header_of(head[index : index + used])
            if columns is None or not columns.at:
                continue
            rank = (columns.tell_who, len(columns.at))
            if best is None or rank > best[0]:
                best = (rank, index, used, columns)
    if best is None:
        return None
    _rank, index, used, columns = best
    if len(columns.titles) > MAX_COLUMNS and any(columns.titles[MAX_COLUMNS:]):
        raise Unreadable(_("The file has more than 200 columns: keep only those about staff."))
    last = index + used
    return Sheet(name, head[last - 1].number, columns, chain(head[last:], rest), has_separators)


def _header_of(rows: list[Row]) -> Columns | None:
    """What one row names, or two together."""
    cells = [row.cells[: MAX_COLUMNS + 1] for row in rows]
    return recognise_two(*cells) if len(cells) > 1 else recognise(cells[0])


def _from_one_column(head: list[Row], rest: Iterator[Row], name: str) -> Sheet | None:
    """A CSV that was opened in Excel without being split: every row sits in its first cell, separators and all."""
    if not head or any(any(row.cells[1:]) for row in head):
        return None
    best: Sheet | None = None
    chosen = ""
    for separator in csv_text.SEPARATORS:
        split = [Row(row.number, _split(row.cells[0], separator)) for row in head]
        sheet = _find_header(split, iter(()), name=name, has_separators=True)
        if sheet and sheet.columns.tell_who and _told(sheet) > _told(best):
            best, chosen = sheet, separator
    if best is None:
        return None
    later = (Row(row.number, _split(row.cells[0], chosen)) for row in rest)
    return Sheet(name, best.header_row, best.columns, chain(best.rows, later), has_separators=True)


def _split(cell: str, separator: str) -> Cells:
    if cell.startswith('"') and cell.endswith('"') and len(cell) > 1:
        inside = cell[1:-1].replace('""', '"')
        cell = inside if separator in inside else cell
    return list(chain.from_iterable(csv_text.Records(csv_text.split_lines(cell), separator)))


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

"""A report as CSV that Excel in the Netherlands opens well, written as it is read."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from .columns import FORMULA_STARTS, Column, Kind, Line

MEDIA_TYPE = "text/csv; charset=utf-8"


class _Passing:
    """A file that keeps nothing: what is written comes back."""

    def write(self, text: str) -> str:
        return text


def csv_portions(columns: Iterable[Column], lines: Iterable[Line]) -> Iterator[bytes]:
    """The header and a line per row: semicolons, decimal commas, days as 31-12-2026; no text can act as a formula."""
    columns = list(columns)
    writer = csv.writer(_Passing(), delimiter=";", lineterminator="\r\n")
    yield b"\xef\xbb\xbf" + writer.writerow([str(column.label) for column in columns]).encode()
    for line in lines:
        cells = [_cell(column, line.get(column.key)) for column in columns]
        yield writer.writerow(cells).encode()


def _cell(column: Column, value: Any) -> str:
    if value is None or value == "":
        return ""
    if column.kind is Kind.YES_NO:
        return str(_("yes") if value else _("no"))
    if isinstance(value, date):
        return f"{value.day:02}-{value.month:02}-{value.year:04}"
    if column.kind.is_figure:
        digits = f"{value:.2f}" if isinstance(value, Decimal) else str(value)
        return digits.replace(".", ",")
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text

"""What a report is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Value

from .columns import Column, Line
from .filters import Asked

PORTION = 1000  # rows read at once for a file, however long it is


@dataclass(frozen=True)
class Figure:
    """How many rows fit a condition. `fits(prefix)` is the condition on the rows' model, or along a path to it."""

    key: str
    label: Any
    fits: Callable[[str], Q]
    look: str = ""


@dataclass(frozen=True)
class Report:
    """A named query and what is shown of it.

    `query` gives the rows as asked (access included: `Asked` is only made for who may see them); no row of it lies in
    two figures. `lines` gives the values per column of the rows with these keys, newest first.
    """

    kind: str
    slug: str
    title: Any
    explanation: Any
    figures: tuple[Figure, ...]
    columns: tuple[Column, ...]
    query: Callable[[Asked], QuerySet[Any]]
    lines: Callable[[Asked, list[UUID]], list[Line]]
    filters: tuple[str, ...]

    def count(self, asked: Asked) -> dict[str, int]:
        """Every figure, in one statement."""
        counts = {figure.key: Count(Value(1), filter=figure.fits("")) for figure in self.figures}
        found: dict[str, int] = self.query(asked).aggregate(**counts)
        return found

    def chosen(self, asked: Asked) -> QuerySet[Any]:
        """The rows behind the figure that was opened; without one, all."""
        rows = self.query(asked)
        return next((rows.filter(figure.fits("")) for figure in self.figures if figure.key == asked.figure), rows)

    def stream(self, asked: Asked) -> Iterator[Line]:
        """All chosen rows, newest first, read in portions along the key: memory does not grow with their number."""
        rows = self.chosen(asked).order_by("-id")
        keys = list(rows.values_list("id", flat=True)[:PORTION])
        while keys:
            yield from self.lines(asked, keys)
            keys = list(rows.filter(id__lt=keys[-1]).values_list("id", flat=True)[:PORTION])


def in_order(keys: Iterable[Any], lines: dict[Any, Line]) -> list[Line]:
    """The lines of these keys, in their order."""
    return [lines[key] for key in keys if key in lines]

"""What a report is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum, Value
from django.utils.translation import gettext_lazy as _

from .columns import Column, Kind, Line
from .filters import Asked, read_filters

PORTION = 1000  # rows read at once for a file, however long it is


@dataclass(frozen=True)
class Figure:
    """How many rows fit a condition. `fits(prefix)` is the condition on the rows' model, or along a path to it.

    Where amounts are measured: `counted` are those of its rows that are summed, `sign` how the sum is told.
    """

    key: str
    label: Any
    fits: Callable[[str], Q]
    look: str = ""
    counted: Q = field(default_factory=Q)
    sign: int = 1


@dataclass(frozen=True)
class Measure:
    """An amount that figures sum beside their number of rows. `limited` are the rows of which something can be left."""

    key: str
    label: Any
    kind: Kind
    path: str
    limited: Q = field(default_factory=Q)


@dataclass(frozen=True)
class Report:
    """A named query and what is shown of it.

    `query` gives the rows as asked (access included: `Asked` is only made for who may see them); no row of it lies in
    two figures. `lines` gives the values per column of the rows with these keys, newest first. `measures` are summed
    per figure; `balance` is what is left by them, across the figures. `by_department` gives the figures as a tree.
    `hr_only`: not for who leads people.
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
    measures: tuple[Measure, ...] = ()
    balance: Figure | None = None
    by_department: Callable[[Asked], list[dict[str, Any]]] | None = None
    hr_only: bool = False
    days: tuple[Any, Any] = (_("Starts from"), _("Starts until"))

    @property
    def openable(self) -> tuple[Figure, ...]:
        """The figures, and what is left where that is told."""
        return (*self.figures, self.balance) if self.balance else self.figures

    def ask(self, user: Any, data: Any) -> Asked:
        """What `user` asks of it. Raises: as `read_filters`."""
        keys = tuple(figure.key for figure in self.openable)
        return read_filters(user, data, figures=keys, as_hr=self.hr_only)

    def shown(self, asked: Asked) -> tuple[Figure, ...]:
        """The figures, and what is left unless only a part of the agreements' entries is asked."""
        whole = set(asked.parameters) <= {"employer", "provider", "agreement", "figure"}
        return self.openable if whole else self.figures

    def count(self, asked: Asked) -> dict[str, int]:
        """Every figure, in one statement."""
        counts = {figure.key: Count(Value(1), filter=figure.fits("")) for figure in self.openable}
        found: dict[str, int] = self.query(asked).aggregate(**counts)
        return found

    def amounts(self, asked: Asked) -> dict[str, dict[str, Any]]:
        """Per figure the sum of each measure, in one statement; without measures nothing, in none."""
        found = self.query(asked).aggregate(**self.sums()) if self.measures else {}
        return self.told(found) if self.measures else {}

    def sums(self) -> dict[str, Sum]:
        """What a query sums, for `told`."""
        sums = {}
        for figure in self.openable:
            for measure in self.measures:
                only = measure.limited if figure is self.balance else Q()
                fits = figure.fits("") & figure.counted & only
                sums[f"{measure.key}_of_{figure.key}"] = Sum(measure.path, filter=fits)
        return sums

    def told(self, found: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """The `sums` that a query found, per figure."""
        none = {measure.key: Decimal(0) if measure.kind is Kind.MONEY else 0 for measure in self.measures}
        return {
            figure.key: {key: figure.sign * (found[f"{key}_of_{figure.key}"] or zero) for key, zero in none.items()}
            for figure in self.openable
        }

    def chosen(self, asked: Asked) -> QuerySet[Any]:
        """The rows behind the figure that was opened; without one, all."""
        rows = self.query(asked)
        return next((rows.filter(figure.fits("")) for figure in self.openable if figure.key == asked.figure), rows)

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

"""What has been published, as page, API and files show it. A year is the sum of its published quarters, no more."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollments.models import RegionalQuarter
from enrollments.reports.columns import Column, Kind, Line

from .tables import MEASURES, TABLES, Measure, Table, names_of

REMAINDER = "remainder"
COLUMNS = (
    Column("period", gettext_lazy("Period")),
    Column("table", gettext_lazy("Table")),
    Column("category", gettext_lazy("Category")),
    Column("measure", gettext_lazy("What is counted")),
    Column("count", gettext_lazy("Number"), Kind.NUMBER),
    Column("at_least", gettext_lazy("At least"), Kind.NUMBER),
    Column("hidden", gettext_lazy("Not shown, to protect people and employers"), Kind.YES_NO),
)


@dataclass(frozen=True)
class Period:
    """A quarter, or the quarters of a year that are published, oldest first."""

    key: str
    quarters: tuple[RegionalQuarter, ...]

    @property
    def is_year(self) -> bool:
        """Several quarters may lie in it."""
        return "-" not in self.key

    @property
    def label(self) -> str:
        """In words."""
        if not self.is_year:
            one = self.quarters[0]
            return _("quarter %(quarter)s of %(year)s") % {"quarter": one.quarter, "year": one.year}
        first, last = self.quarters[0].quarter, self.quarters[-1].quarter
        return str(self.key) if last - first == 3 else f"{self.key} (K{first}–K{last})"

    def counted(self, measure: Measure) -> list[dict[str, Any]]:
        """The published figures that make up a measure: a state at the end is that of the last quarter."""
        rows = self.quarters if measure.is_flow else self.quarters[-1:]
        return [row.figures[measure.key] for row in rows]


@dataclass(frozen=True)
class Value:
    """A figure. Where it is not shown `count` is None; what is known for sure may still be above nothing."""

    count: int | None
    at_least: int = 0

    @property
    def is_hidden(self) -> bool:
        """Nothing, too few, or needed to protect another figure: these look alike."""
        return self.count is None


@dataclass(frozen=True)
class Row:
    """A category with a value per measure."""

    key: str
    name: str
    values: list[tuple[Measure, Value]]
    percent: int = 0

    @property
    def is_hidden(self) -> bool:
        """None of its figures is shown."""
        return all(value.is_hidden for _measure, value in self.values)

    @property
    def is_empty(self) -> bool:
        """All of its figures are nothing, and shown."""
        return all(value.count == 0 for _measure, value in self.values)

    @property
    def is_listed(self) -> bool:
        """It has a figure to look at."""
        return not (self.is_hidden or self.is_empty)


@dataclass(frozen=True)
class Division:
    """A table of a period."""

    table: Table
    rows: list[Row]
    remainder: Row | None

    @property
    def empty_names(self) -> list[str]:
        """Categories in which nobody is."""
        return [row.name for row in self.rows if row.is_empty]

    @property
    def hidden_names(self) -> list[str]:
        """Categories of which no figure is shown."""
        return [row.name for row in self.rows if row.is_hidden]


def periods_of(rows: Iterable[RegionalQuarter]) -> list[Period]:
    """Each year with its quarters after it, newest first."""
    periods: list[Period] = []
    by_year: dict[int, list[RegionalQuarter]] = {}
    for row in rows:
        by_year.setdefault(row.year, []).append(row)
    for year, quarters in sorted(by_year.items(), reverse=True):
        quarters.sort(key=lambda row: row.quarter)
        periods.append(Period(str(year), tuple(quarters)))
        periods.extend(Period(str(row), (row,)) for row in reversed(quarters))
    return periods


def total_of(period: Period, measure: Measure) -> Value:
    """The whole of a measure."""
    return _sum([one["total"] for one in period.counted(measure)])


def people_of(period: Period, measure: Measure) -> int | None:
    """How many different people: of one quarter only, for who learns in two of them is one and the same."""
    counted = period.counted(measure)
    people: int | None = counted[0]["people"] if len(counted) == 1 else None
    return people


def divide(period: Period, table: Table) -> Division:
    """The rows of a table. What is not shown is together in the remainder."""
    measures = table.measures
    found = {key for measure in measures for one in period.counted(measure) for key in one["tables"].get(table.key, {})}
    rows = []
    for key, name in names_of(table, found).items():
        values = [(measure, _value(period, measure, table.key, key)) for measure in measures]
        rows.append(Row(key, name, values, _percent(period, *values[0])))
    rows.sort(key=lambda row: row.is_hidden)
    rest = [(measure, _rest(total_of(period, measure), rows, measure)) for measure in measures]
    remainder = Row(REMAINDER, _("all that is not shown, together"), rest, _percent(period, *rest[0]))
    return Division(table, rows, remainder if any(value.count or value.at_least for _m, value in rest) else None)


def lines_of(period: Period) -> Iterator[Line]:
    """The same as flat lines, for files."""
    for measure in MEASURES:
        yield _line(period, _("Total"), "", measure, total_of(period, measure))
    for table in TABLES:
        division = divide(period, table)
        for row in [*division.rows, *([division.remainder] if division.remainder else [])]:
            for measure, value in row.values:
                yield _line(period, table.title, row.name, measure, value)


def _line(period: Period, table: Any, category: str, measure: Measure, value: Value) -> Line:
    return {
        "period": period.label,
        "table": str(table),
        "category": category,
        "measure": str(measure.label),
        "count": value.count,
        "at_least": value.at_least or None,
        "hidden": value.is_hidden,
    }


def _value(period: Period, measure: Measure, table: str, key: str) -> Value:
    found = []
    for one in period.counted(measure):
        shown = one["tables"].get(table, {})
        nothing = 0 if one["total"] == sum(shown.values()) else None  # with nothing hidden, what is missing is none
        found.append(shown.get(key, nothing))
    return _sum(found)


def _rest(total: Value, rows: list[Row], measure: Measure) -> Value:
    shown = sum(value.count or 0 for row in rows for one, value in row.values if one is measure)
    if total.count is None:
        return Value(None, max(0, total.at_least - shown))
    return Value(total.count - shown)


def _sum(counts: list[int | None]) -> Value:
    least = sum(count or 0 for count in counts)
    return Value(None, least) if None in counts else Value(least)


def _percent(period: Period, measure: Measure, value: Value) -> int:
    total = total_of(period, measure).count
    return (value.count or 0) * 100 // total if total else 0

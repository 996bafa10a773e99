"""What an import did, or in a dry run would do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count

from enrollments.models import ImportRow, StaffImport

from .headers import IgnoredColumn
from .rows import Problem

COUNTS = ("created", "existing", "added", "changed", "left", "waitlisted", "rejected")


class Line(NamedTuple):
    """What happens to one good row: active, waitlisted or existing; `is_new` for somebody new among the staff."""

    row: int
    name: str
    contact: str
    outcome: str
    is_new: bool
    staff: str


@dataclass
class Report:
    """Counts of people, and a line for each problem.

    `created` are new enrollments, of which `waitlisted` wait for a place; `existing` asked for nothing new; `added` are
    new among the employer's staff, `changed` and `left` were there; `invited` are pending accounts to which an
    invitation is mailed; `rejected` counts rows.

    Whether an address has an account elsewhere is nobody's business: `invited` tells, so only the command shows it.
    """

    created: int = 0
    existing: int = 0
    waitlisted: int = 0
    invited: int = 0
    added: int = 0
    changed: int = 0
    left: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)
    ignored: list[IgnoredColumn] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    sheet: str = ""
    header_row: int = 1

    def for_platform(self, *, staff_alone: bool = False) -> dict[str, Any]:
        """What the command prints with --json; `staff_alone`: for a list without an offering."""
        names = ("added", "changed", "left") if staff_alone else ("created", "waitlisted", "invited")
        counts = {name: getattr(self, name) for name in ("existing", *names, "rejected")}
        return counts | {"rejected_rows": [problem._asdict() for problem in self.problems]}

    def for_employer(self) -> dict[str, Any]:
        """What HR sees of it, in figures."""
        return {name: getattr(self, name) for name in COUNTS}

    def count(self, groups: Iterable[tuple[str, str, bool, int]]) -> None:
        """Add up what became of rows: (outcome, staff, invite, how many)."""
        for outcome, staff, invite, number in groups:
            if outcome == "rejected":
                self.rejected += number
                continue
            self.created += number if outcome else 0
            self.waitlisted += number if outcome == "waitlisted" else 0
            self.added += number if staff == "new" else 0
            self.changed += number if staff == "changed" else 0
            self.left += number if staff == "left" else 0
            self.invited += number if invite else 0


def figures_of(staff_import: StaffImport) -> Report:
    """What was done, in counts alone."""
    report = empty_report(staff_import)
    rows = ImportRow.objects.filter(staff_import=staff_import)
    report.count(rows.order_by().values_list("outcome", "staff", "invite").annotate(rows=Count("pk")))
    good = staff_import.rows_total - report.rejected
    unlisted = rows.filter(number__gt=staff_import.done_until).count()
    acted = report.added + report.changed + report.left - unlisted
    report.existing = good - (report.created if staff_import.offering_id else acted)
    return report


def report_of(staff_import: StaffImport) -> Report:
    """What was done, with every problem and every person."""
    report = figures_of(staff_import)
    rows = ImportRow.objects.filter(staff_import=staff_import)
    report.problems = list(problems_in(rows.refused()))
    report.lines = list(lines_of(rows.going_in().filter(number__lte=staff_import.done_until)))
    return report


def shown_report(staff_import: StaffImport, *, problems: int) -> dict[str, Any]:
    """What pages and API tell: the preview, and once it is being carried out the rows as they are."""
    shown: dict[str, Any] = dict.fromkeys(COUNTS, 0) | {"people": [], "rejected_rows": [], "ignored_columns": []}
    shown |= {name: value for name, value in staff_import.report.items() if name not in ("titles", "error")}
    if staff_import.confirmed_at is not None:
        refused = ImportRow.objects.filter(staff_import=staff_import).refused()
        shown["rejected_rows"] = [problem._asdict() for problem in problems_in(refused, problems)][:problems]
        shown["people"] = []
    return shown


def empty_report(staff_import: StaffImport) -> Report:
    """Only how the file was read."""
    facts = staff_import.report
    ignored = [IgnoredColumn(**column) for column in facts.get("ignored_columns", [])]
    return Report(ignored=ignored, sheet=facts.get("sheet", ""), header_row=facts.get("header_row", 1))


def problems_in(rows: Any, most: int | None = None) -> Iterator[Problem]:
    """Each problem of these rows, in the order of the sheet, of so many rows at most."""
    for number, problems in rows.order_by("number").values_list("number", "problems")[:most]:
        for problem in problems or []:
            yield Problem(number, *problem)


def lines_of(rows: Any) -> Iterator[Line]:
    """A line for each of these rows."""
    names = ("given_name", "name_prefix", "family_name")
    told = rows.order_by("number").values_list("number", *names, "email", "personnel_number", "outcome", "staff")
    for number, given, prefix, family, email, numbered, outcome, staff in told:
        name = " ".join(part for part in (given, prefix, family) if part)
        yield Line(number, name, email or numbered, outcome or "existing", staff == "new", staff)

"""What an import did, or in a dry run would do."""

import csv
import io
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from .headers import IgnoredColumn
from .rows import Problem

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Line(NamedTuple):
    """What happens to one good row: active, waitlisted or existing; `is_new` for somebody new among the staff."""

    row: int
    name: str
    contact: str
    outcome: str
    is_new: bool


@dataclass
class Report:
    """Counts of people, and a line for each problem.

    `created` are new enrollments, of which `waitlisted` wait for a place; `existing` took the offering already;
    `added` are new among the employer's staff; `invited` are pending accounts to which an invitation is mailed;
    `rejected` counts rows.

    Whether an address has an account elsewhere is nobody's business: `invited` tells, so only the command shows it.
    """

    created: int = 0
    existing: int = 0
    waitlisted: int = 0
    invited: int = 0
    added: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)
    ignored: list[IgnoredColumn] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    sheet: str = ""
    header_row: int = 1

    def reject(self, problems: list[Problem]) -> None:
        """Take in what cannot go in, in the order of the sheet."""
        self.problems = sorted([*self.problems, *problems], key=lambda problem: problem.row)
        self.rejected = len({problem.row for problem in self.problems})

    def for_platform(self) -> dict[str, Any]:
        """What the command prints with --json."""
        counts = {name: getattr(self, name) for name in ("created", "existing", "invited", "waitlisted", "rejected")}
        return counts | {"rejected_rows": [problem._asdict() for problem in self.problems]}

    def for_employer(self, *, shown: int) -> dict[str, Any]:
        """What HR sees, with at most `shown` lines of people."""
        counts = {name: getattr(self, name) for name in ("created", "existing", "added", "waitlisted", "rejected")}
        return counts | {
            "rejected_rows": [problem._asdict() for problem in self.problems],
            "ignored_columns": [{"title": column.title, "reason": column.reason} for column in self.ignored],
            "people": [line._asdict() for line in self.lines[:shown]],
            "sheet": self.sheet,
            "header_row": self.header_row,
        }


def rejected_as_csv(rejected_rows: list[dict[str, Any]]) -> bytes:
    """The rejected rows as a CSV that Excel in the Netherlands opens well; no cell can act as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Row"), _("Column"), _("Value"), _("Reason")])
    for row in rejected_rows:
        writer.writerow([row["row"], *(_inert(row[name]) for name in ("column", "value", "reason"))])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text

"""What a list would do if it were confirmed now: by reading alone."""

from typing import Any

from enrollments.models import ImportRow, StaffImport
from lms.organizations.models import Employment

from . import sql
from .departments import departments_known
from .judging import judge_rows
from .leaving import count_leavers
from .matching import NO_LIMIT, Matching
from .report import Line, Report, empty_report, lines_of, problems_in
from .reporting_lines import foreseen_lines
from .rows import Problem
from .seats import foreseen_seats


def foresee(staff_import: StaffImport, *, people: int, problems: int = NO_LIMIT) -> Report:
    """The report as it would be, with so many lines of people and problems. A fixed number of queries."""
    report = empty_report(staff_import)
    rows = ImportRow.objects.filter(staff_import=staff_import)
    good = rows.going_in().count()
    matching = _matching(staff_import, good)
    select = matching.select()
    groups = sql.ask(
        f"SELECT outcome, staff, invite, COUNT(*) FROM ({select}) AS m GROUP BY outcome, staff, invite", matching.values
    )
    refused_before = staff_import.rows_total - good
    report.count((outcome, staff, bool(invite), count) for outcome, staff, invite, count in groups)
    new_problems = report.rejected
    report.rejected += refused_before
    acted = sum(count for outcome, _staff, _invite, count in groups if outcome != "rejected")
    done = report.created if matching.enrolls else acted
    report.existing = good - new_problems - done
    report.changed += foreseen_lines(staff_import)
    if staff_import.whole_staff:
        report.left += count_leavers(staff_import)
    report.problems = list(problems_in(rows.refused(), problems)) if refused_before else []
    if new_problems:
        report.problems += _problems(matching, problems)
        report.problems.sort(key=lambda problem: problem.row)
    report.lines = _lines(staff_import, matching, people)
    return report


def _matching(staff_import: StaffImport, good: int) -> Matching:
    places = foreseen_seats(staff_import, good).places if staff_import.offering_id else NO_LIMIT
    others = has_others(staff_import)
    known = departments_known(staff_import)
    matching = Matching(staff_import, places=places, departments=known, has_others=others)
    if others:
        matching.judged = judge_rows(matching)
    return matching


def has_others(staff_import: StaffImport) -> bool:
    """Has anybody worked for this employer before this list came? Ids tell: they are in order of time."""
    before = Employment.objects.filter(employer=staff_import.employer_id, pk__lt=staff_import.pk)
    return before.exists()


def _problems(matching: Matching, most: int) -> list[Problem]:
    found = sql.ask(
        f"""SELECT number, problems FROM ({matching.select()}) AS m WHERE outcome = 'rejected'
        ORDER BY number LIMIT {most}""",
        matching.values,
    )
    return [Problem(number, *problem) for number, told in found for problem in sql.read_json(told)]


def _lines(staff_import: StaffImport, matching: Matching, people: int) -> list[Line]:
    """The first people of the list: what is done with them hangs on nobody below them."""
    rows = ImportRow.objects.filter(staff_import=staff_import).going_in().order_by("number")
    first = list(rows.values_list("number", flat=True)[:people])
    if not first:
        return []
    matching.values["until"] = first[-1]
    found = sql.ask(f"SELECT number, outcome, staff FROM ({matching.select()}) AS m", matching.values)
    told: dict[int, tuple[str, Any]] = {number: (outcome, staff) for number, outcome, staff in found}
    lines = []
    for line in lines_of(rows.filter(number__lte=first[-1])):
        outcome, staff = told.get(line.row, ("", ""))
        if outcome != "rejected":
            lines.append(line._replace(outcome=outcome or "existing", is_new=staff == "new", staff=staff))
    return lines

"""Why a row cannot go in, told by the database itself: codes become sentences where the rows are."""

from typing import Any

from django.utils.translation import gettext as _

from enrollments.models import StaffImport
from enrollments.prerequisites import asked_beforehand

from . import sql
from .headers import Field

_AT_NUMBER = "p.problem IN ('other_address', 'other_name', 'other_number') OR p.email = ''"
_AT_END = "p.problem IN ('left_before', 'ends_before')"


def told_problem(staff_import: StaffImport, values: dict[str, Any]) -> str:
    """SQL of column, value and reason of a row `p` with a problem, in the language in force; adds to `values`."""
    titles = staff_import.report.get("titles", {})
    values |= {f"at_{name}": titles.get(name, "") for name in (Field.EMAIL, Field.NUMBER, Field.ENDS_ON)}
    column = f"CASE WHEN {_AT_END} THEN %(at_ends_on)s WHEN {_AT_NUMBER} THEN %(at_number)s ELSE %(at_email)s END"
    value = f"""CASE WHEN {_AT_END} THEN COALESCE({sql.written_day("p.ends_on")}, '')
        WHEN {_AT_NUMBER} THEN p.personnel_number ELSE p.email END"""
    cases = []
    for code, (sentence, expression) in _sentences(staff_import, values).items():
        values[f"says_{code}"] = sentence
        said = f"REPLACE(%(says_{code})s, '{{it}}', {expression})" if expression else f"%(says_{code})s"
        cases.append(f"WHEN '{code}' THEN {said}")
    text = "::text" if sql.on_postgres() else ""
    return sql.json_list(f"({column}){text}", f"({value}){text}", f"(CASE p.problem {' '.join(cases)} END){text}")


def lacking(staff_import: StaffImport, values: dict[str, Any], row: str) -> str:
    """SQL of the titles that the person of `row` has not completed and that the module asks; empty when it asks none.

    Who is new here has completed nothing.
    """
    if staff_import.offering is None or not (asked := asked_beforehand(staff_import.offering.version.module_id)):
        return ""
    values["module"] = staff_import.offering.version.module_id
    excused = f"""EXISTS (SELECT 1 FROM enrollments_prerequisiteoverride o
        WHERE o.learner_id = {row}.person AND o.module_id = %(module)s)"""
    missing = []
    for number, (module, title) in enumerate(asked.items()):
        values |= {f"asked_{number}": module, f"asked_title_{number}": f", {title}"}
        done = f"""EXISTS (SELECT 1 FROM enrollments_enrollment c
            JOIN courses_moduleversion v ON v.id = c.version_id
            WHERE c.learner_id = {row}.person AND c.state = 'completed' AND v.module_id = %(asked_{number})s)"""
        missing.append(f"CASE WHEN {done} THEN '' ELSE %(asked_title_{number})s END")
    return f"SUBSTR(CASE WHEN {excused} THEN '' ELSE {' || '.join(missing)} END, 3)"


def _sentences(staff_import: StaffImport, values: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """By code the sentence, and what is filled in for `{it}`."""
    it = "{it}"
    left = _("No longer employed according to your staff list: left on %(day)s.") % {"day": it}
    if staff_import.offering is None:
        left += " " + _("Who returns gets a new personnel number and a new first day.")
    not_yet = _("Not yet employed according to your staff list: starts on %(day)s.") % {"day": it}
    return {
        "other_address": (_("This personnel number is in use with you by somebody with another e-mail address."), ""),
        "other_name": (_("This personnel number is in use with you by somebody with another name."), ""),
        "other_number": (
            _("This person has personnel number %(number)s with you: correct one of the two.") % {"number": it},
            "p.known_number",
        ),
        "left": (left, sql.written_day("p.until_day")),
        "not_yet": (not_yet, sql.written_day("p.since")),
        "left_before": (_("Left already, and not on your staff list: there is nothing to do."), ""),
        "ends_before": (_("The last day lies before the first day."), ""),
        "unavailable": (_("This person cannot be enrolled: ask the administrator of this site."), ""),
        "lacking": (
            _("Not completed yet, and asked beforehand: %(missing)s.") % {"missing": it},
            lacking(staff_import, values, "p") or "''",
        ),
        "double": (
            _("Double: the same person is on row %(row)s, and was taken from there.") % {"row": it},
            "p.detail",
        ),
    }

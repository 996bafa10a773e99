"""Rows for which there is nothing to do: a list that is sent again is passed over in one statement."""

from typing import Any

from enrollments.models import LIVE_STATES, StaffImport
from lms.core.clock import today

from . import sql

_LIVE = ", ".join(f"'{state}'" for state in LIVE_STATES)


def first_unsettled(staff_import: StaffImport, departments: dict[str, Any]) -> int | None:
    """The first row that may ask for something; None when everybody is here already, and as the list says.

    Settled is who is known here by personnel number, works here, and is told nothing new about. Anybody else is left to
    `matching`: this must never call settled what it would act on.
    """
    values: dict[str, Any] = {
        "import": staff_import.pk,
        "employer": staff_import.employer_id,
        "offering": staff_import.offering_id,
        "today": today(),
    }
    departments_given = sql.table("d", {"name": "text", "pk": "uuid"}, departments.items(), values)
    enrolled = f"""LEFT JOIN enrollments_enrollment en ON en.learner_id = e.user_id AND en.offering_id = %(offering)s
        AND en.state IN ({_LIVE})"""
    enrolls = staff_import.offering_id is not None
    statement = f"""SELECT MIN(r.number) FROM enrollments_importrow r
        LEFT JOIN organizations_employment e ON e.employer_id = %(employer)s AND e.personnel_number <> ''
            AND e.personnel_number = r.personnel_number
        LEFT JOIN accounts_user p ON p.id = e.user_id
        LEFT JOIN {departments_given} department ON department.name = r.department
        {enrolled if enrolls else ""}
        WHERE r.staff_import_id = %(import)s AND r.outcome = '' AND (
            p.id IS NULL OR NOT {_SAME_PERSON} OR {_NEWS} {"OR NOT p.is_active OR en.id IS NULL" if enrolls else ""})"""
    return sql.ask(statement, values)[0][0]


_SAME_PERSON = """(CASE WHEN r.email <> '' THEN COALESCE(p.email, '') = r.email
    ELSE p.email IS NULL AND r.given_name = p.given_name AND r.name_prefix = p.name_prefix
        AND r.family_name = p.family_name END)"""
_NEWS = """(r.department <> '' AND (department.pk IS NULL OR e.department_id IS NULL
        OR department.pk <> e.department_id))
    OR (r.job_title <> '' AND r.job_title <> e.job_title)
    OR (r.starts_on IS NOT NULL AND r.starts_on <> e.starts_on)
    OR (r.ends_on IS NOT NULL AND (e.ends_on IS NULL OR r.ends_on <> e.ends_on))
    OR e.ends_on < %(today)s OR e.starts_on > %(today)s"""

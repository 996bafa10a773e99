"""Who is not on the list of the whole staff has left."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Max

from enrollments.models import ImportRow, StaffImport
from lms.audit.services import record_audit
from lms.core.clock import today
from lms.organizations.models import Employment

from . import sql
from .matching import bare
from .names import Name, same_person


class Leaver(NamedTuple):
    """Somebody who works here and is not on the list."""

    employment: Any
    number: str
    name: str


def too_many(leaving: int, staff: int) -> bool:
    """More than a third: that looks like half a list."""
    return leaving * 3 > staff


def staff_now(staff_import: StaffImport) -> int:
    """How many work here today."""
    return Employment.objects.current().filter(employer=staff_import.employer_id).count()


def count_leavers(staff_import: StaffImport) -> int:
    """How many would leave."""
    values, absent = _absent(staff_import)
    return int(sql.ask(f"SELECT COUNT(*) FROM ({absent}) AS absent", values)[0][0])


def find_leavers(staff_import: StaffImport, most: int) -> list[Leaver]:
    """The first of them by name."""
    values, absent = _absent(staff_import)
    values["most"] = most
    names = "given_name, name_prefix, family_name"
    found = sql.ask(
        f"""SELECT id, personnel_number, {names} FROM ({absent}) AS absent
        ORDER BY family_name, given_name, id LIMIT %(most)s""",
        values,
    )
    return [Leaver(row[0], row[1], " ".join(filter(None, row[2:]))) for row in found]


def end_leavers(staff_import: StaffImport) -> int:
    """End their employments, yesterday at the latest, with a row for each below those of the sheet. Returns how many.

    They keep everything; the employer sees nothing newer.

    Requires: an open transaction, with the employer locked; all rows carried out. Audits: yes.
    """
    rows = ImportRow.objects.filter(staff_import=staff_import)
    values, absent = _absent(staff_import)
    values |= {"last": rows.aggregate(last=Max("number"))["last"] or 0, "yesterday": today() - timedelta(days=1)}
    ended = sql.do(
        f"""INSERT INTO enrollments_importrow (staff_import_id, number, email, personnel_number, given_name,
            name_prefix, family_name, department, job_title, manager, user_id, employment_id, outcome, staff, invite,
            before)
        SELECT %(import)s, %(last)s + ROW_NUMBER() OVER (ORDER BY family_name, given_name, id), '', personnel_number,
            given_name, name_prefix, family_name, '', '', '', user_id, id, '', 'left', FALSE,
            {sql.json_object(ends_on="ends_on")}
        FROM ({absent}) AS absent""",
        values,
    )
    sql.do(
        """UPDATE organizations_employment SET ends_on = CASE WHEN organizations_employment.starts_on > %(yesterday)s
            THEN organizations_employment.starts_on ELSE %(yesterday)s END
        FROM enrollments_importrow r WHERE r.staff_import_id = %(import)s AND r.number > %(last)s
            AND organizations_employment.id = r.employment_id""",
        values,
    )
    if ended:
        told = {"left": (None, ended)}
        record_audit("enrollments.import_leavers", staff_import, changes=told, organization_id=staff_import.employer_id)
    return ended


def _absent(staff_import: StaffImport) -> tuple[dict[str, Any], str]:
    """SQL of the present employments of people of whom no row speaks, refused rows included."""
    values: dict[str, Any] = {"import": staff_import.pk, "employer": staff_import.employer_id, "today": today()}
    spared = sql.table("s", {"id": "uuid"}, ((pk,) for pk in _named_in_refused_rows(staff_import)), values)
    on_list = "FROM enrollments_importrow r WHERE r.staff_import_id = %(import)s"
    return (
        values,
        f"""SELECT e.id, e.user_id, e.personnel_number, e.ends_on, u.given_name, u.name_prefix, u.family_name
        FROM organizations_employment e JOIN accounts_user u ON u.id = e.user_id
        WHERE e.employer_id = %(employer)s AND e.starts_on <= %(today)s
            AND (e.ends_on IS NULL OR e.ends_on >= %(today)s)
            AND NOT EXISTS (SELECT 1 {on_list} AND r.email <> '' AND r.email = u.email)
            AND NOT EXISTS (SELECT 1 {on_list} AND r.personnel_number <> '' AND e.personnel_number <> ''
                AND {bare("r.personnel_number")} = {bare("e.personnel_number")})
            AND NOT EXISTS (SELECT 1 FROM {spared} spared WHERE spared.id = e.id)""",
    )


def _named_in_refused_rows(staff_import: StaffImport) -> list[Any]:
    """Employments of people with a name as in a refused row: whoever it is about, it is on the list."""
    refused = ImportRow.objects.filter(staff_import=staff_import).refused().exclude(family_name="")
    names = [Name(*row) for row in refused.values_list("given_name", "name_prefix", "family_name")]
    if not names:
        return []
    initials = {name.family[:1].upper() for name in names}
    by_initial: dict[str, list[Name]] = {
        initial: [n for n in names if n.family[:1].upper() == initial] for initial in initials
    }
    staff = Employment.objects.current().filter(employer=staff_import.employer_id)
    people = staff.values_list("pk", "user__given_name", "user__name_prefix", "user__family_name")
    return [
        pk
        for pk, *parts in people.iterator()
        if any(same_person(Name(*parts), name) for name in by_initial.get(parts[2][:1].upper(), []))
    ]

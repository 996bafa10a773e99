"""The column with managers: who reports to whom, set when everybody of the list is there."""

from typing import Any
from uuid import UUID

from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext as _

from enrollments.models import ImportRow, StaffImport
from lms.audit.services import record_audit
from lms.organizations.models import Employment

from . import sql
from .headers import Field

CHUNK = 1_000


def set_reporting_lines(staff_import: StaffImport) -> int:
    """Everybody reports to whom the list says; returns for how many that is new. Again changes nothing.

    A manager who is not known here by number or address leaves the line as it was, and the row says so.

    Requires: an open transaction, with the employer locked. Audits: yes.
    """
    told = _told(staff_import)
    if not told:
        return 0
    values, news = _news(staff_import, told)
    sql.do(
        f"""UPDATE enrollments_importrow SET staff = CASE WHEN staff = '' THEN 'changed' ELSE staff END,
            employment_id = n.employment, user_id = n.person,
            before = COALESCE(before, {sql.json_object(manager="n.manager")})
        FROM ({news}) AS n WHERE n.row_id = enrollments_importrow.id""",
        values,
    )
    changed = sql.do(
        f"""UPDATE organizations_employment SET manager_id = n.boss
        FROM ({news}) AS n WHERE n.employment = organizations_employment.id""",
        values,
    )
    _remark(staff_import, told)
    if changed:
        counted = {"reporting lines": (None, changed)}
        record_audit(
            "enrollments.import_managers", staff_import, changes=counted, organization_id=staff_import.employer_id
        )
    return changed


def foreseen_lines(staff_import: StaffImport) -> int:
    """For how many who are known already the line would be new. Writes nothing."""
    told = _told(staff_import)
    if not told:
        return 0
    values, news = _news(staff_import, told)
    return int(sql.ask(f"SELECT COUNT(*) FROM ({news}) AS n", values)[0][0])


def _told(staff_import: StaffImport) -> dict[str, UUID | None]:
    """By what the cells say, whom they mean: somebody who works here now, by address or by personnel number."""
    rows = ImportRow.objects.filter(staff_import=staff_import).going_in().exclude(manager="")
    texts = list(rows.order_by().values_list("manager", flat=True).distinct())
    present = Employment.objects.current().filter(employer=staff_import.employer_id)
    found: dict[str, UUID] = {}
    for start in range(0, len(texts), CHUNK):
        chunk = texts[start : start + CHUNK]
        bare = {text.lower().lstrip("0") for text in chunk if "@" not in text} - {""}
        numbered = Func(Func(F("personnel_number"), function="LOWER"), Value("0"), function="LTRIM")
        meant = present.alias(bare=numbered).filter(Q(user__email__in=chunk) | Q(bare__in=bare))
        for email, number, user in meant.values_list("user__email", "personnel_number", "user"):
            found[email or ""] = user
            found.setdefault(f"#{number.lower().lstrip('0')}", user)
            found[f"={number}"] = user
    return {text: _meant(text, found) for text in texts}


def _meant(text: str, found: dict[str, UUID]) -> UUID | None:
    if "@" in text:
        return found.get(text)
    return found.get(f"={text}") or found.get(f"#{text.lower().lstrip('0')}")


def _news(staff_import: StaffImport, told: dict[str, UUID | None]) -> tuple[dict[str, Any], str]:
    """SQL of the rows whose employment reports to somebody else than the list says."""
    values: dict[str, Any] = {"import": staff_import.pk, "employer": staff_import.employer_id}
    known = ((text, user) for text, user in told.items() if user is not None)
    bosses = sql.table("b", {"told": "text", "person": "uuid"}, known, values)
    mine = """COALESCE(r.employment_id,
        (SELECT x.id FROM organizations_employment x WHERE x.employer_id = %(employer)s
            AND x.personnel_number <> '' AND x.personnel_number = r.personnel_number),
        (SELECT x.id FROM organizations_employment x JOIN accounts_user u ON u.id = x.user_id
            WHERE x.employer_id = %(employer)s AND x.ends_on IS NULL AND r.email <> '' AND u.email = r.email))"""
    return (
        values,
        f"""SELECT r.id AS row_id, e.id AS employment, e.user_id AS person, e.manager_id AS manager,
            boss.person AS boss
        FROM enrollments_importrow r JOIN {bosses} boss ON boss.told = r.manager
        JOIN organizations_employment e ON e.id = {mine}
        WHERE r.staff_import_id = %(import)s AND r.outcome <> 'rejected' AND r.manager <> ''
            AND e.user_id <> boss.person AND (e.manager_id IS NULL OR e.manager_id <> boss.person)""",
    )


def _remark(staff_import: StaffImport, told: dict[str, UUID | None]) -> None:
    title = staff_import.report.get("titles", {}).get(Field.MANAGER, "")
    reason = _("No manager is known here by this number or address: the manager stays as it was.")
    values: dict[str, Any] = {"import": staff_import.pk, "title": title, "reason": reason}
    unknown = sql.table("u", {"told": "text"}, ((text,) for text, user in told.items() if user is None), values)
    text = "::text" if sql.on_postgres() else ""
    told_so = sql.json_list(f"%(title)s{text}", "unknown.told", f"%(reason)s{text}")
    sql.do(
        f"""UPDATE enrollments_importrow SET problems = {told_so} FROM {unknown} unknown
        WHERE enrollments_importrow.staff_import_id = %(import)s AND enrollments_importrow.outcome <> 'rejected'
            AND enrollments_importrow.problems IS NULL AND enrollments_importrow.manager = unknown.told""",
        values,
    )

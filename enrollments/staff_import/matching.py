"""Who the people of a list are, and what that means for each row: one SELECT, for a trial and for a parcel alike.

By e-mail address, or by personnel number at this employer; never by name alone. What another employer or the person
alone knows never shows in a reason: those speak of this employer's staff only.
"""

import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from enrollments.models import LIVE_STATES, StaffImport
from lms.core.clock import now, today

from . import sql
from .reasons import lacking, told_problem

NO_LIMIT = 10**9
_LIVE = ", ".join(f"'{state}'" for state in LIVE_STATES)
Judged = tuple[int, str, str]  # id of a row, code of a problem, and what it speaks of


@dataclass
class Matching:
    """The rows of one list between two rows of the sheet, matched with what the database knows now.

    `places` is how many can start; who comes after waits. `departments` gives the id of each department that the list
    names and that exists. `has_others`: somebody worked for this employer before. `judged` are rows that need more than
    SQL to tell whether they can go in.
    """

    staff_import: StaffImport
    after: int = 0
    until: int = NO_LIMIT
    places: int = NO_LIMIT
    departments: dict[str, UUID] = field(default_factory=dict)
    has_others: bool = True
    judged: list[Judged] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ids = sql.first_of_ids(time.time_ns())
        self.values: dict[str, Any] = {
            "employer": self.staff_import.employer_id,
            "offering": self.staff_import.offering_id,
            "import": self.staff_import.pk,
            "after": self.after,
            "until": self.until,
            "places": self.places,
            "today": today(),
            "now": now(),
            "ids": self.ids,
        }

    @property
    def enrolls(self) -> bool:
        """For an offering, and not for the staff list alone."""
        return self.staff_import.offering_id is not None

    def select(self) -> str:
        """SQL of the rows to which something happens or that cannot go in, with what; to be asked with `values`."""
        goes = "p.problem IS NULL AND p.enrollment IS NULL" if self.enrolls else "1 = 0"
        staff = """CASE WHEN p.problem IS NOT NULL THEN '' WHEN p.employment IS NULL THEN 'new'
            WHEN p.changed AND p.ends_on < %(today)s THEN 'left' WHEN p.changed THEN 'changed' ELSE '' END"""
        before = sql.json_object(
            department="p.known_department",
            job_title="p.known_title",
            personnel_number="p.known_number",
            starts_on="p.since",
            ends_on="p.until_day",
        )
        return f"""
            WITH {self.known()}, {self.found()},
            ruled AS MATERIALIZED (SELECT f.*, {self._problem()} AS problem FROM found f),
            placed AS (
                SELECT p.*, SUM(CASE WHEN {goes} THEN 1 ELSE 0 END) OVER (ORDER BY p.number) AS place FROM ruled p
            )
            SELECT p.id, p.number, p.email, p.personnel_number, p.given_name, p.name_prefix, p.family_name,
                COALESCE(p.person, CASE WHEN p.problem IS NULL THEN {sql.new_id("p.number")} END) AS user_id,
                COALESCE(p.employment, CASE WHEN p.problem IS NULL THEN {sql.new_id("p.number")} END) AS employment_id,
                CASE WHEN p.problem IS NOT NULL THEN 'rejected' WHEN NOT ({goes}) THEN ''
                    WHEN p.place <= %(places)s THEN 'active' ELSE 'waitlisted' END AS outcome,
                {staff} AS staff,
                ({goes}) AND p.pending AND NOT {_INVITED} AS invite,
                CASE WHEN p.problem IS NOT NULL THEN {told_problem(self.staff_import, self.values)} END AS problems,
                CASE WHEN p.problem IS NULL AND p.changed THEN {before} END AS before
            FROM placed p WHERE p.problem IS NOT NULL OR ({goes}) OR p.employment IS NULL OR p.changed"""

    def known(self) -> str:
        """CTE `known`: each row with its account by address and its employment by number."""
        departments = sql.table("d", {"name": "text", "pk": "uuid"}, self.departments.items(), self.values)
        judged = sql.table("j", {"row_id": "bigint", "code": "text", "detail": "text"}, self.judged, self.values)
        holder = f"COALESCE({_EXACT}, loose.id)" if self.has_others else _EXACT
        return f"""known AS MATERIALIZED (
            SELECT r.id, r.number, r.email, r.personnel_number, r.given_name, r.name_prefix, r.family_name,
                r.department, r.job_title, r.starts_on, r.ends_on, department.pk AS department_id,
                {_MAIL} AS mail_user, {holder} AS holder, judged.code, judged.detail
            FROM enrollments_importrow r
            LEFT JOIN {departments} department ON department.name = r.department
            LEFT JOIN {judged} judged ON judged.row_id = r.id
            {_loose() if self.has_others else ""}
            WHERE r.staff_import_id = %(import)s AND r.number > %(after)s AND r.number <= %(until)s AND r.outcome = ''
        )"""

    def found(self) -> str:
        """CTEs `matched` and `found`: the person and the employment, and what the list says anew about them."""
        return f"""matched AS MATERIALIZED (
            SELECT k.*, h.user_id AS holder_user, COALESCE(k.holder, {self._latest()}) AS employment,
                COALESCE(h.user_id, k.mail_user) AS person
            FROM known k LEFT JOIN organizations_employment h ON h.id = k.holder
        ), found AS MATERIALIZED (
            SELECT m.*, p.email AS known_email, p.is_active, e.personnel_number AS known_number,
                e.starts_on AS since, e.ends_on AS until_day, e.job_title AS known_title,
                e.department_id AS known_department, {_TAKEN if self.enrolls else "NULL"} AS enrollment,
                CASE WHEN p.id IS NULL THEN m.email <> ''
                    ELSE p.activated_at IS NULL AND (p.email IS NOT NULL OR m.email <> '') END AS pending,
                e.id IS NOT NULL AND (e.ends_on IS NULL OR e.ends_on >= %(today)s) AND ({_CHANGES}) AS changed
            FROM matched m
            LEFT JOIN accounts_user p ON p.id = m.person
            LEFT JOIN organizations_employment e ON e.id = m.employment
        )"""

    def _latest(self) -> str:
        """The present or last employment. On a staff list, who comes back after it gets a new one."""
        back = "" if self.enrolls else "AND NOT (e.ends_on < %(today)s AND COALESCE(k.starts_on > e.ends_on, FALSE))"
        return f"""(SELECT e.id FROM organizations_employment e
            WHERE e.employer_id = %(employer)s AND e.user_id = k.mail_user {back}
            ORDER BY CASE WHEN e.ends_on IS NULL THEN 0 ELSE 1 END, e.ends_on DESC LIMIT 1)"""

    def _problem(self) -> str:
        """A code, or NULL. What is said first goes before what is said later."""
        rules = [
            ("f.holder IS NOT NULL AND f.mail_user IS NOT NULL AND f.mail_user <> f.holder_user", "other_address"),
            (
                "f.holder IS NOT NULL AND f.mail_user IS NULL AND f.email <> '' AND f.known_email IS NOT NULL",
                "other_address",
            ),
            ("f.code = 'other_name'", "other_name"),
            (
                "f.employment IS NOT NULL AND f.holder IS NULL AND f.known_number <> '' AND f.personnel_number <> ''",
                "other_number",
            ),
            *(self._rules_for_enrolling() if self.enrolls else _RULES_FOR_STAFF),
            ("COALESCE(f.ends_on, f.until_day) < COALESCE(f.starts_on, f.since)", "ends_before"),
            ("f.code = 'double'", "double"),
        ]
        cases = " ".join(f"WHEN {condition} THEN '{code}'" for condition, code in rules)
        return f"CASE {cases} END"

    def _rules_for_enrolling(self) -> list[tuple[str, str]]:
        lacks = lacking(self.staff_import, self.values, "f")
        return [
            ("f.until_day < %(today)s", "left"),
            ("f.since > %(today)s", "not_yet"),
            ("f.is_active = FALSE", "unavailable"),
            *([(f"f.enrollment IS NULL AND {lacks} <> ''", "lacking")] if lacks else []),
        ]


# Of who left before nothing changes; who is not known and left already comes in no more.
_RULES_FOR_STAFF = [
    ("f.until_day < %(today)s AND (f.ends_on IS NULL OR f.ends_on > f.until_day)", "left"),
    ("f.employment IS NULL AND f.ends_on < %(today)s", "left_before"),
]
# Looked up row by row: as joins, they would be planned by statistics that do not know the last thousands of rows yet.
_MAIL = "(SELECT u.id FROM accounts_user u WHERE r.email <> '' AND u.email = r.email)"
_EXACT = """(SELECT x.id FROM organizations_employment x WHERE x.employer_id = %(employer)s
    AND x.personnel_number <> '' AND x.personnel_number = r.personnel_number)"""
_TAKEN = f"""CASE WHEN m.person IS NOT NULL THEN (SELECT en.id FROM enrollments_enrollment en
    WHERE en.learner_id = m.person AND en.offering_id = %(offering)s AND en.state IN ({_LIVE})) END"""
_INVITED = """EXISTS (SELECT 1 FROM accounts_invitation i
    WHERE i.user_id = p.person AND i.used_at IS NULL AND i.expires_at > %(now)s)"""
# Filled cells only, a personnel number only where there was none, a first day only where it can touch no other period.
_CHANGES = """(m.department <> '' AND (m.department_id IS NULL OR e.department_id IS NULL
        OR m.department_id <> e.department_id))
    OR (m.job_title <> '' AND m.job_title <> e.job_title)
    OR (m.personnel_number <> '' AND e.personnel_number = '')
    OR (m.ends_on IS NOT NULL AND (e.ends_on IS NULL OR m.ends_on <> e.ends_on))
    OR (m.starts_on IS NOT NULL AND m.starts_on <> e.starts_on AND NOT EXISTS (
        SELECT 1 FROM organizations_employment o WHERE o.employer_id = e.employer_id AND o.user_id = e.user_id
        AND o.id <> e.id))
    OR (m.email <> '' AND p.email IS NULL AND p.activated_at IS NULL)"""


def bare(expression: str) -> str:
    """SQL of a personnel number without leading zeros, which Excel drops, and whatever its capitals."""
    return f"LTRIM(LOWER({expression}), '0')"


def _loose() -> str:
    """The employment with the same bare number, from before this list, when there is only one."""
    key = "CAST(bare_number.id AS uuid)" if sql.on_postgres() else "bare_number.id"
    return f"""LEFT JOIN (
            SELECT {bare("e.personnel_number")} AS bare, MIN(CAST(e.id AS varchar(36))) AS id
            FROM organizations_employment e
            WHERE e.employer_id = %(employer)s AND e.personnel_number <> '' AND e.id < %(import)s
            GROUP BY {bare("e.personnel_number")} HAVING COUNT(*) = 1
        ) bare_number ON r.personnel_number <> ''
            AND bare_number.bare = {bare("r.personnel_number")}
        LEFT JOIN organizations_employment loose ON loose.id = {key}"""

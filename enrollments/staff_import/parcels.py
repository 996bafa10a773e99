"""A parcel of a list: some thousand rows carried out in one transaction, by a fixed number of statements.

Exactly once: the parcel, what became of each of its rows, and how far the import is, stand or fall together.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max

from enrollments import events
from enrollments.models import ImportRow, Interest, StaffImport
from enrollments.progress import count_required
from lms.audit.services import record_audit
from lms.events.services import record

from . import sql
from .judging import judge_rows
from .matching import NO_LIMIT, Matching
from .seats import Seats, offering_of, secured_seats, take_seats

PARCEL = 10_000


class Overtaken(Exception):
    """Somebody else registered one of these people in the meantime: match anew."""


@dataclass
class Parcel:
    """The rows of one import after one row of the sheet until another, about to be carried out."""

    staff_import: StaffImport
    after: int
    until: int
    departments: dict[str, Any]
    has_others: bool

    @property
    def rows(self) -> Any:
        """They, in the database."""
        return ImportRow.objects.filter(staff_import=self.staff_import).in_parcel(self.after, self.until)

    def carry_out(self) -> None:
        """Who is new comes in, who changed is changed, who can is enrolled; each row says what became of it.

        Requires: an open transaction with the employer and the offering locked, and the rights asked. Raises:
        Overtaken; Conflict when an agreement does not suffice after all. Emits: enrollment.imported.
        """
        self.seats: Seats | None = None
        if self.staff_import.offering_id:
            self.seats = secured_seats(self.staff_import, self.rows.count())
        self.matching = self._match()
        done = self._counts()
        if done["registered"]:
            self._register(done["registered"])
        if self.has_others and done["changed"] + done["left"]:
            self._give_addresses()
        if done["new"]:
            self._employ()
        if done["changed"] + done["left"]:
            self._change()
        if done["active"] + done["waitlisted"]:
            self._enroll(done["active"])
        self._tell(done)

    def _match(self) -> Matching:
        places = self.seats.places if self.seats else NO_LIMIT
        matching = Matching(
            self.staff_import, self.after, self.until, places, departments=self.departments, has_others=self.has_others
        )
        if self.has_others:
            matching.judged = judge_rows(matching)
        taken_over = ("user_id", "employment_id", "outcome", "staff", "invite", "before")
        changes = ", ".join(f"{name} = m.{name}" for name in taken_over)
        sql.do(
            f"""UPDATE enrollments_importrow
            SET {changes}, problems = COALESCE(m.problems, enrollments_importrow.problems)
            FROM ({matching.select()}) AS m WHERE enrollments_importrow.id = m.id""",
            matching.values,
        )
        self.values = matching.values | {
            "lowest": sql.id_at(matching.ids + self.after),
            "highest": sql.id_at(matching.ids + self.until + 1),
        }
        return matching

    def _counts(self) -> Counter[str]:
        registered = "staff = 'new' AND user_id BETWEEN %(lowest)s AND %(highest)s"
        statement = f"""SELECT outcome, staff, SUM(CASE WHEN {registered} THEN 1 ELSE 0 END), COUNT(*)
            FROM enrollments_importrow r WHERE {_HERE} GROUP BY outcome, staff"""
        counts: Counter[str] = Counter()
        for outcome, staff, registered, count in sql.ask(statement, self.values):
            counts[outcome] += count
            if outcome != "rejected":
                counts[staff] += count
                counts["registered"] += registered or 0
        return counts

    def _register(self, expected: int) -> None:
        """In the order of their addresses, so that two transactions wait for each other instead of both for ever."""
        statement = f"""INSERT INTO accounts_user (id, password, email, given_name, name_prefix, family_name, language,
                is_active, is_staff, is_superuser, date_joined)
            SELECT r.user_id, '!' || {sql.secret()}, NULLIF(r.email, ''), r.given_name, r.name_prefix, r.family_name,
                'nl', TRUE, FALSE, FALSE, %(now)s
            FROM enrollments_importrow r
            WHERE {_HERE} AND r.staff = 'new' AND r.user_id BETWEEN %(lowest)s AND %(highest)s
            ORDER BY r.email, r.number ON CONFLICT DO NOTHING"""
        if sql.do(statement, self.values) != expected:
            raise Overtaken

    def _give_addresses(self) -> None:
        """Pending people, known here by number until now, get the address that the list gives them."""
        sql.do(
            f"""UPDATE accounts_user SET email = r.email FROM enrollments_importrow r
            WHERE {_HERE} AND r.user_id = accounts_user.id AND r.email <> '' AND r.outcome <> 'rejected'
                AND accounts_user.email IS NULL AND accounts_user.activated_at IS NULL""",
            self.values,
        )

    def _employ(self) -> None:
        departments = sql.table("d", {"name": "text", "pk": "uuid"}, self.departments.items(), self.values)
        sql.do(
            f"""INSERT INTO organizations_employment (id, employer_id, user_id, personnel_number, department_id,
                job_title, listed_as, starts_on, ends_on)
            SELECT r.employment_id, %(employer)s, r.user_id, r.personnel_number, department.pk, r.job_title,
                {_AS_WRITTEN}, COALESCE(r.starts_on, %(today)s), r.ends_on
            FROM enrollments_importrow r LEFT JOIN {departments} department ON department.name = r.department
            WHERE {_HERE} AND r.staff = 'new' ORDER BY r.number""",
            self.values,
        )

    def _change(self) -> None:
        """Only what the list tells, as `matching` compares it."""
        departments = sql.table("d", {"name": "text", "pk": "uuid"}, self.departments.items(), self.values)
        e = "organizations_employment"
        only = f"""NOT EXISTS (SELECT 1 FROM {e} o WHERE o.employer_id = {e}.employer_id
            AND o.user_id = {e}.user_id AND o.id <> {e}.id)"""
        sql.do(
            f"""UPDATE {e} SET department_id = COALESCE(department.pk, {e}.department_id),
                job_title = COALESCE(NULLIF(r.job_title, ''), {e}.job_title),
                personnel_number = COALESCE(NULLIF({e}.personnel_number, ''), r.personnel_number),
                starts_on = CASE WHEN r.starts_on IS NOT NULL AND {only} THEN r.starts_on ELSE {e}.starts_on END,
                ends_on = COALESCE(r.ends_on, {e}.ends_on)
            FROM enrollments_importrow r LEFT JOIN {departments} department ON department.name = r.department
            WHERE {_HERE} AND r.staff IN ('changed', 'left') AND {e}.id = r.employment_id""",
            self.values,
        )

    def _enroll(self, active: int) -> None:
        offering = offering_of(self.staff_import)
        self.values |= {
            "version": offering.version_id,
            "provider": offering.provider_id,
            "mandatory": self.staff_import.mandatory,
            "required": count_required(offering.version_id),
        }
        sql.do(
            f"""INSERT INTO enrollments_enrollment (id, learner_id, offering_id, version_id, provider_id, employer_id,
                arranged_by, mandatory, cost_recovery, motivation, state, created_at, activated_at, units_required,
                units_done)
            SELECT {sql.new_id("r.number")}, r.user_id, %(offering)s, %(version)s, %(provider)s, %(employer)s,
                'employer', %(mandatory)s, FALSE, '', r.outcome, %(now)s,
                CASE WHEN r.outcome = 'active' THEN %(now)s END, %(required)s, 0
            FROM enrollments_importrow r WHERE {_HERE} AND r.outcome IN ('active', 'waitlisted') ORDER BY r.number""",
            self.values,
        )
        if active and self.seats:
            rows = (self.after, self.until)
            take_seats(self.staff_import, self.seats, active, rows, by=self.staff_import.confirmed_by)
        waited_for = Interest.objects.filter(module=offering.version.module_id)
        waited_for.filter(user__in=self.rows.filter(outcome__in=("active", "waitlisted")).values("user")).delete()

    def _tell(self, done: Counter[str]) -> None:
        """One entry in the audit log and one fact for all of them: the rows say the rest."""
        written = {name: done[name] for name in ("new", "changed", "left", "active", "waitlisted") if done[name]}
        if not written:
            return
        record_audit(
            "enrollments.import_parcel",
            self.staff_import,
            changes={"rows": (None, [self.after + 1, self.until])} | {name: (None, n) for name, n in written.items()},
            organization_id=self.staff_import.employer_id,
        )
        facts = {"employer": self.staff_import.employer_id, "offering": self.staff_import.offering_id}
        record(events.IMPORTED, self.staff_import.pk, facts | {"after": self.after, "until": self.until} | written)


def next_stretch(staff_import: StaffImport, after: int, size: int) -> tuple[int, int]:
    """The last row of the next parcel and how many rows it has; of those that come after this row."""
    rows = ImportRow.objects.filter(staff_import=staff_import, number__gt=after).order_by("number")
    found = ImportRow.objects.filter(pk__in=rows.values("pk")[:size]).aggregate(last=Max("number"), rows=Count("pk"))
    return found["last"] or after, found["rows"]


# All that the employer sees of a name until the person signs in: nobody finds out who is behind an address.
_AS_WRITTEN = """SUBSTR(COALESCE(NULLIF(TRIM(r.given_name || ' ' || r.name_prefix
    || CASE WHEN r.name_prefix = '' THEN '' ELSE ' ' END || r.family_name), ''), r.email), 1, 232)"""
_HERE = "r.staff_import_id = %(import)s AND r.number > %(after)s AND r.number <= %(until)s"

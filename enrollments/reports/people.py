"""My people now: what present staff takes, with what cannot wait first."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, DecimalField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enrollments.models import Enrollment, EnrollmentState, ReportKind, ReservationState
from enrollments.querysets.enrollments import due
from enrollments.rows import columns_of, rows_for_employer
from lms.core.clock import today
from lms.organizations.models import Employment

from .columns import Column, Kind, Line
from .departments import tree_of
from .filters import Asked
from .report import Figure, Report, in_order

SOON = timedelta(days=30)
WAITS = (EnrollmentState.REQUESTED, EnrollmentState.APPROVED, EnrollmentState.WAITLISTED, EnrollmentState.OFFERED)


def quarter_start(day: date) -> date:
    """The first day of the quarter."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def _overdue(prefix: str) -> Q:
    return Q(**{f"{prefix}state": EnrollmentState.ACTIVE}) & due(prefix, lt=today())


def _due_soon(prefix: str) -> Q:
    return Q(**{f"{prefix}state": EnrollmentState.ACTIVE}) & due(prefix, gte=today(), lt=today() + SOON)


def _later(prefix: str) -> Q:
    endless = Q(**{f"{prefix}due_on": None, f"{prefix}offering__ends_on": None})
    return Q(**{f"{prefix}state": EnrollmentState.ACTIVE}) & (due(prefix, gte=today() + SOON) | endless)


def _waiting(prefix: str) -> Q:
    return Q(**{f"{prefix}state__in": WAITS})


def _not_begun(prefix: str) -> Q:
    return Q(**{f"{prefix}last_activity_at": None}) & _later(prefix)


def _running(prefix: str) -> Q:
    return Q(**{f"{prefix}last_activity_at__isnull": False}) & _later(prefix)


def _completed(prefix: str) -> Q:
    begin = timezone.make_aware(datetime.combine(quarter_start(today()), time.min))
    return Q(**{f"{prefix}state": EnrollmentState.COMPLETED, f"{prefix}ended_at__gte": begin})


def _in_a_figure(prefix: str = "") -> Q:
    return Q(**{f"{prefix}state__in": [EnrollmentState.ACTIVE, *WAITS]}) | _completed(prefix)


FIGURES = (
    Figure("overdue", _("overdue"), _overdue, "neg"),
    Figure("due_soon", _("due within 30 days"), _due_soon, "warn"),
    Figure("waiting", _("waiting for a decision or a place"), _waiting),
    Figure("not_begun", _("not begun"), _not_begun),
    Figure("running", _("running"), _running),
    Figure("completed", _("completed this quarter"), _completed, "pos"),
)
COLUMNS = (
    Column("name", _("Name")),
    Column("personnel_number", _("Personnel number"), brief=False),
    Column("department", _("Department")),
    Column("function", _("Function"), brief=False),
    Column("module", _("Module")),
    Column("provider", _("Provider"), brief=False),
    Column("offering", _("Offering"), brief=False),
    Column("state", _("State")),
    Column("percent", _("Progress (%)"), Kind.NUMBER),
    Column("attended_hours", _("Hours attended"), Kind.NUMBER, brief=False),
    Column("mandatory", _("Required by law or CAO"), Kind.YES_NO, brief=False),
    Column("starts_on", _("Starts on"), Kind.DAY, brief=False),
    Column("due_on", _("To be done by"), Kind.DAY),
    Column("enrolled_on", _("Enrolled on"), Kind.DAY, brief=False),
    Column("begun_on", _("Place since"), Kind.DAY, brief=False),
    Column("completed_on", _("Completed on"), Kind.DAY),
    Column("grade", _("Grade, where the worker shares it"), Kind.NUMBER, brief=False),
    Column("fee", _("Fee ex VAT (EUR)"), Kind.MONEY, brief=False),
)


def _query(asked: Asked) -> QuerySet[Enrollment]:
    """What present staff takes or waits for, and what it completed this quarter."""
    arranged = Enrollment.objects.arranged_at(asked.employer).filter(asked.people(), asked.offered())
    rows = arranged.filter(_in_a_figure())
    return rows.filter(state=asked.state) if asked.state else rows


def fee() -> Case:
    """What an enrollment costs its employer: what was reserved, none of it once released; else the offering's price."""
    known = Coalesce("reservation__amount", "offering__price")
    free = When(reservation__state=ReservationState.RELEASED, then=Value(Decimal(0)))
    return Case(free, default=known, output_field=DecimalField(max_digits=9, decimal_places=2))


def _lines(asked: Asked, keys: list[UUID]) -> list[Line]:
    """From the same rows that HR's other pages show, so that they tell no more."""
    works = Employment.objects.current().filter(employer=asked.employer.pk, user=OuterRef("learner"))
    rows = Enrollment.objects.filter(pk__in=keys).annotate(
        fee=fee(), function=Subquery(works.values("job_title")[:1]), deadline=deadline()
    )
    found = list(columns_of(rows, "fee", "function", "deadline"))
    beside = {row["id"]: {name: row[name] for name in ("fee", "function", "deadline")} for row in found}
    return in_order(keys, {row["id"]: _line(row, **beside[row["id"]]) for row in rows_for_employer(found)})


def deadline() -> Coalesce:
    """The day by which an enrollment is to be done."""
    return Coalesce("due_on", "offering__ends_on")


def _line(row: dict[str, Any], *, fee: Decimal, function: str, deadline: date | None) -> Line:
    return {
        "id": row["id"],
        "name": row["learner"]["name"],
        "personnel_number": row["learner"]["personnel_number"],
        "department": row["learner"]["department"],
        "function": function,
        "module": row["offering"]["title"],
        "provider": row["provider"]["name"],
        "offering": row["offering"]["code"],
        "state": EnrollmentState(row["state"]).label,
        "percent": row["percent"],
        "attended_hours": Decimal(row["attended_minutes"]) / 60,
        "mandatory": row["mandatory"],
        "starts_on": row["offering"]["starts_on"],
        "due_on": deadline,
        "enrolled_on": local_day(row["created_at"]),
        "begun_on": local_day(row["activated_at"]),
        "completed_on": local_day(row["completed_at"]),
        "grade": row["grade"],
        "fee": fee,
    }


def local_day(moment: Any) -> date | None:
    """The calendar day of a moment; None for none."""
    return timezone.localdate(moment) if moment else None


def counts_by_department(asked: Asked) -> list[dict[str, Any]]:
    """The figures of each department with all below it, as a tree; last who has none. Two queries.

    Each row opens with its `department` as the filter, to the very same people.
    """
    path = "user__enrollments__"
    fits = asked.offered(path) & (Q(**{f"{path}state": asked.state}) if asked.state else Q())
    counted = {figure.key: Count(Value(1), filter=figure.fits(path) & fits) for figure in FIGURES}
    staff = asked.staff(Employment.objects.current())
    arranged = {f"{path}employer": asked.employer.pk, f"{path}arranged_by": "employer"}
    taking = staff.filter(_in_a_figure(path), **arranged)  # in one call: all about the same enrollment
    found: Any = taking.values("department").annotate(**counted)
    own = {row.pop("department"): {"figures": row} for row in found}
    return tree_of(asked, own)


PEOPLE = Report(
    kind=ReportKind.PEOPLE.value,
    slug="mijn-mensen",
    title=_("My people now"),
    explanation=_("What present staff takes, arranged by the employer. Never answers or scores."),
    figures=FIGURES,
    columns=COLUMNS,
    query=_query,
    lines=_lines,
    by_department=counts_by_department,
    filters=("department", "function", "manager", "module", "provider", "state", "mandatory", "since", "until"),
)

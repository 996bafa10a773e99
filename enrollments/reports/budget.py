"""Seats and budget: what was agreed, reserved, used and given back. Its rows are the entries of the ledger."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, UUIDField, Value
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from enrollments.models import Enrollment, EntryKind, LedgerEntry, ReportKind, ReservationState
from enrollments.rows import columns_of, rows_for_employer
from lms.core.clock import today
from lms.organizations.models import Employment

from .columns import Column, Kind, Line
from .departments import tree_of
from .filters import Asked
from .people import local_day
from .report import Figure, Measure, Report, in_order

ABOUT_PEOPLE = ("department", "function", "manager")
COLUMNS = (
    Column("entry", _("Entry")),
    Column("on", _("On"), Kind.DAY),
    Column("agreement", _("Agreement")),
    Column("provider", _("Provider"), brief=False),
    Column("name", _("Name")),
    Column("personnel_number", _("Personnel number"), brief=False),
    Column("department", _("Department")),
    Column("module", _("Module")),
    Column("seats", _("Seats"), Kind.NUMBER),
    Column("money", _("Amount ex VAT (EUR)"), Kind.MONEY),
    Column("now", _("The seat now"), brief=False),
    Column("invoice_number", _("Invoice number"), brief=False),
    Column("reason", _("Reason"), brief=False),
)
MEASURES = (
    Measure("seats", _("seats"), Kind.NUMBER, "seats", Q(agreement__seats_left__isnull=False)),
    Measure("money", _("money"), Kind.MONEY, "amount", Q(agreement__budget_left__isnull=False)),
)


def _of_kind(kind: EntryKind) -> Q:
    return Q(kind=kind)


def _of_a_seat(state: ReservationState) -> Q:
    return Q(kind__in=(EntryKind.RESERVATION, EntryKind.USE, EntryKind.RELEASE), enrollment__reservation__state=state)


FIGURES = (
    Figure("agreed", _("agreed"), lambda _prefix: _of_kind(EntryKind.GRANT)),
    Figure("corrected", _("corrected"), lambda _prefix: _of_kind(EntryKind.CORRECTION)),
    Figure("reserved", _("reserved now"), lambda _prefix: _of_a_seat(ReservationState.RESERVED), sign=-1),
    Figure("used", _("used"), lambda _prefix: _of_a_seat(ReservationState.USED), sign=-1),
    Figure(
        "released",
        _("given back"),
        lambda _prefix: _of_a_seat(ReservationState.RELEASED),
        counted=_of_kind(EntryKind.RELEASE),
    ),
)
LEFT = Figure(
    "left",
    _("left in running agreements"),
    lambda _prefix: Q(agreement__ended_at=None, agreement__ends_on__gte=today()),
    "pos",
)


def _query(asked: Asked) -> QuerySet[LedgerEntry]:
    """The entries of the employer's agreements, with the employment of whose seat it is about."""
    works = Employment.objects.filter(employer=OuterRef("agreement__employer"), user=OuterRef("enrollment__learner"))
    works = works.order_by(F("ends_on").desc(nulls_first=True), "-starts_on")
    entries = LedgerEntry.objects.filter(agreement__employer=asked.employer.pk)
    wanted = {
        "agreement": asked.agreement,
        "agreement__provider__slug": asked.provider,
        "at__date__gte": asked.since,
        "at__date__lte": asked.until,
    }
    found = entries.filter(**{path: value for path, value in wanted.items() if value is not None})
    found = found.filter(replace(asked, provider=None, since=None, until=None).offered("enrollment__")).order_by()
    found = found.annotate(employment_id=Subquery(works.values("pk")[:1]))
    if not any(getattr(asked, name) for name in ABOUT_PEOPLE):
        return found
    return found.filter(Exists(asked.staff(Employment.objects.filter(pk=OuterRef("employment_id")))))


def _lines(asked: Asked, keys: list[UUID]) -> list[Line]:
    read = ("id", "kind", "at", "seats", "amount", "reason", "enrollment", "agreement__reference")
    more = {
        "provider": F("agreement__provider__name"),
        "invoice": F("enrollment__reservation__invoice__number"),
        "seat": F("enrollment__reservation__state"),
    }
    entries = list(_query(asked).filter(pk__in=keys).values(*read, **more))
    people = Enrollment.objects.filter(pk__in={one["enrollment"] for one in entries if one["enrollment"]})
    whose = {row["id"]: row for row in rows_for_employer(columns_of(people))}
    return in_order(keys, {one["id"]: _line(one, whose.get(one["enrollment"])) for one in entries})


def _line(entry: dict[str, Any], whose: dict[str, Any] | None) -> Line:
    learner: dict[str, Any] = whose["learner"] if whose else {}
    return {
        "id": entry["id"],
        "entry": EntryKind(entry["kind"]).label,
        "on": local_day(entry["at"]),
        "agreement": entry["agreement__reference"],
        "provider": entry["provider"],
        "name": learner.get("name", ""),
        "personnel_number": learner.get("personnel_number", ""),
        "department": learner.get("department") or "",
        "module": whose["offering"]["title"] if whose else "",
        "seats": entry["seats"],
        "money": entry["amount"],
        "now": ReservationState(entry["seat"]).label if entry["seat"] else "",
        "invoice_number": entry["invoice"],
        "reason": entry["reason"],
    }


def amounts_by_department(asked: Asked) -> list[dict[str, Any]]:
    """The figures and amounts of each department's people with all below it, as a tree. Two queries.

    What was agreed and corrected is the whole employer's, and is not in it.
    """
    counted = {figure.key: Count(Value(1), filter=figure.fits("")) for figure in FIGURES}
    department = Employment.objects.filter(pk=OuterRef("employment_id")).values("department")
    rows = (
        _query(asked)
        .exclude(enrollment=None)
        .annotate(department=Subquery(department[:1], output_field=UUIDField()))
        .values("department")
    )
    found: Any = rows.annotate(**counted, **BUDGET.sums())
    own = {row["department"]: _figures(row) for row in found}
    return tree_of(asked, own)


def amounts_by_month(asked: Asked) -> list[dict[str, Any]]:
    """Of the entries of each month the amounts per figure, latest first. Each opens with the month as period."""
    by_month = _query(asked).annotate(month=TruncMonth("at")).values("month")
    rows: Any = by_month.annotate(**BUDGET.sums()).order_by("-month")
    return [{"month": _day(row["month"]), "amounts": BUDGET.told(row)} for row in rows]


def _day(moment: Any) -> date:
    return local_day(moment) or today()


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    return {"figures": {figure.key: row[figure.key] for figure in FIGURES}, "amounts": BUDGET.told(row)}


BUDGET = Report(
    kind=ReportKind.BUDGET.value,
    slug="plaatsen-en-budget",
    title=_("Seats and budget"),
    explanation=_("Every entry in the ledger of the agreements: what was agreed, reserved, used and given back."),
    figures=FIGURES,
    columns=COLUMNS,
    query=_query,
    lines=_lines,
    filters=(*ABOUT_PEOPLE, "agreement", "module", "provider", "since", "until"),
    measures=MEASURES,
    balance=LEFT,
    by_department=amounts_by_department,
    hr_only=True,
    days=(_("Entered from"), _("Entered until")),
)

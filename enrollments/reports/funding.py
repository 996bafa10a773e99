"""The evidence for the subsidy office: a row per participant and offering, with what is missing and who mends it."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Delivery, DocumentType, LoadUnit, NlqfBasis, Session, Track
from enrollments.models import (
    Attendance,
    Enrollment,
    EnrollmentState,
    ReportKind,
    ReservationState,
    Route,
)
from enrollments.rows import columns_of, rows_for_employer
from lms.organizations.models import Employment

from .columns import Column, Kind, Line
from .evidence import REQUIREMENTS, any_missing, flags
from .filters import Asked
from .people import fee
from .proofs import ABSENT, with_left_on, with_proofs
from .report import Figure, Report, in_order

BEGAN = ("active", "completed", "not_passed", "withdrawn", "expired")
COLUMNS = (
    Column("employer", _("Employer"), brief=False),
    Column("employer_kvk", _("KvK number of the employer"), brief=False),
    Column("personnel_number", _("Personnel number"), brief=False),
    Column("name", _("Name")),
    Column("department", _("Department"), brief=False),
    Column("provider", _("Provider"), brief=False),
    Column("provider_codes", _("KvK, BRIN or RIO code of the provider"), brief=False),
    Column("quality_marks", _("Quality marks of the provider"), brief=False),
    Column("module", _("Module")),
    Column("module_code", _("Module code"), brief=False),
    Column("crebo", _("Crebo"), brief=False),
    Column("croho", _("Croho"), brief=False),
    Column("elective_code", _("Code of the keuzedeel"), brief=False),
    Column("certificate_code", _("Certificate code"), brief=False),
    Column("track", _("Track"), brief=False),
    Column("route", _("Leerweg"), brief=False),
    Column("level", _("Level (NLQF)"), brief=False),
    Column("level_basis", _("Basis of the level"), brief=False),
    Column("document_type", _("Document"), brief=False),
    Column("starts_on", _("Starts on"), Kind.DAY),
    Column("ends_on", _("Ends on"), Kind.DAY),
    Column("delivery", _("Delivery"), brief=False),
    Column("location", _("Location"), brief=False),
    Column("planned_hours", _("Contact hours planned"), Kind.NUMBER, brief=False),
    Column("attended_hours", _("Contact hours attended"), Kind.NUMBER, brief=False),
    Column("practice_weeks", _("Practice weeks"), Kind.NUMBER, brief=False),
    Column("practice_hours", _("Practice hours"), Kind.NUMBER, brief=False),
    Column("load", _("Study load"), Kind.NUMBER, brief=False),
    Column("load_unit", _("Unit of study load"), brief=False),
    Column("sessions_attended", _("Meetings attended"), Kind.NUMBER, brief=False),
    Column("sessions", _("Meetings in all"), Kind.NUMBER, brief=False),
    Column("fee", _("Fee ex VAT (EUR)"), Kind.MONEY, brief=False),
    Column("vat", _("VAT (EUR)"), Kind.MONEY, brief=False),
    Column("invoice_number", _("Invoice number"), brief=False),
    Column("invoice_dated_on", _("Date of the invoice"), Kind.DAY, brief=False),
    Column("invoice_paid_on", _("Invoice paid on"), Kind.DAY, brief=False),
    Column("wage_hours", _("Wage hours"), Kind.NUMBER, brief=False),
    Column("mandatory", _("Required by law or CAO"), Kind.YES_NO, brief=False),
    Column("state", _("State")),
    Column("result_on", _("Result on"), Kind.DAY, brief=False),
    Column("certificate_number", _("Certificate number"), brief=False),
    Column("certificate_url", _("Address to verify it"), brief=False),
    Column("contract_reference", _("Reference of the praktijkovereenkomst"), brief=False),
    Column("contract_dated_on", _("Date of the praktijkovereenkomst"), Kind.DAY, brief=False),
    Column("scheme", _("Subsidy scheme")),
    Column("dossier_number", _("Dossier number")),
    Column("masked", _("Not shown, and why"), brief=False),
    Column("missing", _("Missing")),
    Column("mend", _("How to mend it"), brief=False),
)
LABELS = {column.key: column.label for column in COLUMNS}
IN_RECORD = (
    *("scheme", "dossier_number", "wage_hours", "practice_weeks", "practice_hours", "route", "elective_code"),
    *("contract_reference", "contract_dated_on"),
)
READ = {
    "employer_kvk": "employer__kvk",
    "provider_kvk": "provider__kvk",
    "provider_brin": "provider__brin",
    "provider_rio": "provider__rio_code",
    "is_school": "provider__is_recognised_school",
    "module_code": "version__module__code",
    "document": "version__document_type",
    "basis": "version__nlqf_basis",
    "unit": "version__load_unit",
    "paid_on": "reservation__invoice__paid_on",
    "place": "offering__location__name",
    "town": "offering__location__city",
    "run_delivery": "offering__delivery",
    "run_id": "offering_id",
    **{name: f"version__{name}" for name in ("crebo", "croho", "certificate_code", "track", "level", "load")},
    **{f"said_{name}": f"funding_record__{name}" for name in IN_RECORD},
}


def _query(asked: Asked) -> QuerySet[Enrollment]:
    """What began, of who works or worked here, as far as the employer may know it."""
    arranged = Enrollment.objects.arranged_at(asked.employer).shown_to_its_employer()
    began = arranged.filter(asked.offered(), state__in=BEGAN, activated_at__isnull=False)
    rows = with_proofs(with_left_on(began)).annotate(fee=fee(), vat=_vat(), personnel_number=_personnel_number())
    known = rows.filter(Q(left_on=None) | Q(activated_at__date__lte=F("left_on")))
    works = Employment.objects.filter(pk=OuterRef("employment_id"))
    incomplete = Case(When(any_missing(), then=Value(True)), default=Value(False))
    return known.filter(Exists(asked.staff(works))).annotate(is_incomplete=incomplete)


def _vat() -> Case:
    priced = F("offering__price") * F("offering__vat_percentage") / Value(Decimal(100))
    free = When(reservation__state=ReservationState.RELEASED, then=Value(Decimal(0)))
    known = Coalesce("reservation__vat", priced, output_field=DecimalField(max_digits=9, decimal_places=2))
    return Case(free, default=known)


def _personnel_number() -> Subquery:
    return Subquery(Employment.objects.filter(pk=OuterRef("employment_id")).values("personnel_number")[:1])


FIGURES = (
    Figure("complete", _("in a dossier, complete"), lambda _prefix: _claimed() & Q(is_incomplete=False), "pos"),
    Figure(
        "incomplete",
        _("in a dossier, something is missing"),
        lambda _prefix: _claimed() & Q(is_incomplete=True),
        "warn",
    ),
    Figure("unclaimed", _("in no dossier"), lambda _prefix: Q(funding_record=None)),
)


def _claimed() -> Q:
    return Q(funding_record__isnull=False)


def _lines(asked: Asked, keys: list[UUID]) -> list[Line]:
    """Facts of enrollments from HR's own rows; the rest beside them."""
    rows = _query(asked).filter(pk__in=keys)
    read = {name: F(path) for name, path in READ.items()} | flags()
    invoice = {
        "invoice": Coalesce("reservation__invoice__number", "funding_record__invoice_number"),
        "invoiced_on": Coalesce("reservation__invoice__dated_on", "funding_record__invoice_dated_on"),
    }
    more = (*read, *invoice, *ABSENT, "fee", "vat", "left_on")
    found = list(columns_of(rows.annotate(**read, **invoice), *more))
    beside = {row["id"]: dict(row) for row in found}
    meetings = _meetings(beside)
    shown = rows_for_employer(found)
    return in_order(keys, {row["id"]: _line(row, beside[row["id"]], meetings[row["id"]]) for row in shown})


def _meetings(rows: dict[UUID, dict[str, Any]]) -> dict[UUID, tuple[int, int, Decimal]]:
    """Of each row how many meetings were attended, how many there are, and the hours planned. Two queries."""
    planned: dict[UUID, list[Session]] = defaultdict(list)
    for session in Session.objects.filter(offering__in={row["run_id"] for row in rows.values()}, cancelled_at=None):
        planned[session.offering_id].append(session)
    latest: dict[tuple[UUID, UUID], int] = {}
    marks = Attendance.objects.filter(enrollment__in=rows).order_by("number")
    for enrollment, met, minutes in marks.values_list("enrollment", "session", "minutes"):
        latest[enrollment, met] = minutes
    found = {}
    for pk, row in rows.items():
        sessions = planned[row["run_id"]]
        known = [one for one in sessions if _day(one.starts_at) <= (row["left_on"] or date.max)]
        attended = sum(1 for one in known if latest.get((pk, one.pk)))
        found[pk] = (attended, len(sessions), Decimal(sum(one.minutes for one in sessions)) / 60)
    return found


def _day(moment: Any) -> date:
    return timezone.localdate(moment)


def _line(row: dict[str, Any], beside: dict[str, Any], meetings: tuple[int, int, Decimal]) -> Line:
    attended, sessions, planned = meetings
    codes = (beside["provider_kvk"], beside["provider_brin"], beside["provider_rio"])
    return {
        "id": row["id"],
        "employer": row["employer"]["name"],
        "employer_kvk": beside["employer_kvk"],
        "personnel_number": row["learner"]["personnel_number"],
        "name": row["learner"]["name"],
        "department": row["learner"]["department"],
        "provider": row["provider"]["name"],
        "provider_codes": ", ".join(filter(None, codes)),
        "quality_marks": _("recognised school") if beside["is_school"] else "",
        "module": row["offering"]["title"],
        **_facts_of_the_module(beside),
        "starts_on": row["offering"]["starts_on"],
        "ends_on": row["offering"]["ends_on"] or _ended_on(row),
        "delivery": Delivery(beside["run_delivery"]).label,
        "location": ", ".join(filter(None, (beside["place"], beside["town"]))),
        "planned_hours": planned,
        "attended_hours": Decimal(row["attended_minutes"]) / 60,
        "sessions_attended": attended,
        "sessions": sessions,
        "fee": beside["fee"],
        "vat": beside["vat"],
        "invoice_number": beside["invoice"],
        "invoice_dated_on": beside["invoiced_on"],
        "invoice_paid_on": beside["paid_on"],
        "mandatory": row["mandatory"],
        "state": EnrollmentState(row["state"]).label,
        "result_on": _ended_on(row),
        **{name: beside[f"said_{name}"] for name in IN_RECORD},
        "route": Route(beside["said_route"]).label if beside["said_route"] else "",
        "certificate_number": beside["certificate_number"],
        "certificate_url": beside["certificate_url"],
        "masked": row["masked"],
        "missing": ", ".join(str(LABELS[one.column]) for one in _lacking(beside)),
        "mend": "; ".join(f"{LABELS[one.column]}: {one.mend}" for one in _lacking(beside)),
        "lacks": [one.column for one in _lacking(beside)],
    }


def _facts_of_the_module(beside: dict[str, Any]) -> Line:
    return {
        "module_code": beside["module_code"],
        "crebo": beside["crebo"],
        "croho": beside["croho"],
        "certificate_code": beside["certificate_code"],
        "track": Track(beside["track"]).label,
        "level": str(beside["level"] or ""),
        "level_basis": NlqfBasis(beside["basis"]).label,
        "document_type": DocumentType(beside["document"]).label,
        "load": beside["load"],
        "load_unit": LoadUnit(beside["unit"]).label,
    }


def _lacking(beside: dict[str, Any]) -> list[Any]:
    return [one for one in REQUIREMENTS if beside[f"lacks_{one.column}"]]


def _ended_on(row: dict[str, Any]) -> date | None:
    return _day(row["ended_at"]) if row["ended_at"] else None


FUNDING = Report(
    kind=ReportKind.FUNDING.value,
    slug="subsidie",
    title=_("Evidence for the subsidy office"),
    explanation=_("A row per participant and offering. It is kept for five years, also of who has left."),
    figures=FIGURES,
    columns=COLUMNS,
    query=_query,
    lines=_lines,
    filters=("department", "function", "manager", "module", "provider", "mandatory", "since", "until"),
)

"""What the subsidy office asks of a participant in an offering: what is missing where, and who mends it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, DateField, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from courses.models import DocumentType, Session
from enrollments.models import ONGOING_STATES, Attendance
from lms.core.clock import now

# Only a recognised school issues these, each with its codes and a contract with the training company.
WITH_PRACTICE = (DocumentType.PRAKTIJKVERKLARING, DocumentType.MBO_VERKLARING, DocumentType.MBO_CERTIFICAAT)


@dataclass(frozen=True)
class Requirement:
    """A column that may not be empty. `missing` says of an enrollment with its `left_on` when it is."""

    column: str
    missing: Callable[[], Any]
    mend: Any


def _record(name: str) -> Callable[[], Q]:
    return lambda: Q(**{f"funding_record__{name}": None})


def _unmarked() -> Q:
    """A meeting is over in which nobody said whether the participant was there."""
    marks = Attendance.objects.filter(session=OuterRef("pk"), enrollment=OuterRef(OuterRef("pk")))
    worked_until = Coalesce(OuterRef("left_on"), Value(date.max, output_field=DateField()))
    held = Session.objects.filter(offering=OuterRef("offering"), cancelled_at=None, ends_at__lt=now())
    return Q(Exists(held.filter(~Exists(marks), starts_at__date__lte=worked_until)))


def _with_practice(**empty: Any) -> Callable[[], Q]:
    return lambda: Q(version__document_type__in=WITH_PRACTICE, **empty)


def _going_on() -> Q:
    return Q(state__in=ONGOING_STATES) | Q(left_on__isnull=False, ended_at__date__gt=F("left_on"))


IN_RECORD = _("Put it in below: choose the rows, fill in the fields.")
AT_PROVIDER = _("Ask the provider: it stands with the module or the provider itself.")
REQUIREMENTS = (
    Requirement("employer_kvk", lambda: Q(employer__kvk=""), _("Ask the administrator of your organization.")),
    Requirement(
        "personnel_number",
        lambda: Q(personnel_number="") | Q(personnel_number=None),
        _("Put it in with the employee."),
    ),
    Requirement("provider_codes", lambda: Q(provider__kvk="", provider__brin="", provider__rio_code=""), AT_PROVIDER),
    Requirement("crebo", _with_practice(version__crebo=""), AT_PROVIDER),
    Requirement("level", lambda: Q(version__level=None), AT_PROVIDER),
    Requirement("ends_on", lambda: Q(offering__ends_on=None, ended_at=None), _("The offering has no last day yet.")),
    Requirement("attended_hours", _unmarked, _("Ask the teacher to mark who was at each meeting.")),
    Requirement(
        "invoice_number",
        lambda: Q(Q(funding_record=None) | Q(funding_record__invoice_number=""), fee__gt=0, reservation__invoice=None),
        _("The provider puts it in under your agreement; without one, put it in below."),
    ),
    Requirement("wage_hours", _record("wage_hours"), IN_RECORD),
    Requirement("practice_hours", _with_practice(funding_record__practice_hours=None), IN_RECORD),
    Requirement("contract_dated_on", _with_practice(funding_record__contract_dated_on=None), IN_RECORD),
    Requirement("result_on", _going_on, _("It is not finished yet.")),
    Requirement(
        "certificate_number",
        lambda: Q(state="completed", certificate_number=None) & ~Q(_going_on()),
        _("The document is made as soon as the module is completed; ask the provider."),
    ),
)


def any_missing() -> Q:
    """Something that the office asks is not there."""
    found = Q()
    for requirement in REQUIREMENTS:
        found |= requirement.missing()
    return found


def flags() -> dict[str, Any]:
    """Per requirement whether it is missing, to be read with the row."""
    return {
        f"lacks_{requirement.column}": Case(When(requirement.missing(), then=Value(True)), default=Value(False))
        for requirement in REQUIREMENTS
    }

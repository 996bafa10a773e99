"""Putting participants into a subsidy dossier."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from enrollments.models import Enrollment, FundingRecord
from enrollments.policies import can_record_funding
from enrollments.reports.filters import Asked
from enrollments.reports.funding import FUNDING
from lms.accounts.models import User
from lms.audit.services import changed_fields, record_audit
from lms.core.errors import Conflict, FieldError, Forbidden, NotFound
from lms.organizations.models import Organization

FACTS = (
    *("wage_hours", "practice_weeks", "practice_hours", "contract_reference", "contract_dated_on"),
    *("route", "elective_code", "invoice_number", "invoice_dated_on"),
)


@transaction.atomic
def record_funding(
    *,
    by: User,
    employer: Organization,
    enrollments: list[UUID],
    scheme: str,
    dossier_number: str,
    facts: dict[str, Any],
) -> int:
    """Put these into a dossier, all or none, and keep what is given of `facts`; returns how many.

    Who is in this dossier already gets the new facts. What is left empty stays as it was.

    Raises: Forbidden; NotFound for an enrollment that the employer does not see the evidence of; Conflict with a row
    for each participant who was claimed for the same offering in another dossier.
    """
    if not can_record_funding(by, employer):
        raise Forbidden
    chosen = set(enrollments)
    seen = FUNDING.query(Asked(user=by, employer=employer)).filter(pk__in=chosen).values("pk")
    found = list(
        Enrollment.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=list(seen.values_list("pk", flat=True)))
        .select_related("learner")
        .order_by("pk")
    )
    if len(found) != len(chosen):
        raise NotFound(_("Some of these rows are not there (any more). Open the list anew."))
    records = _records_of(found, scheme, dossier_number)
    given = {name: value for name, value in facts.items() if name in FACTS and value not in (None, "")}
    for enrollment in found:
        _keep(records.get(enrollment.pk), enrollment, by, {"scheme": scheme, "dossier_number": dossier_number} | given)
    return len(found)


@transaction.atomic
def withdraw_claim(*, by: User, employer: Organization, enrollment: UUID) -> None:
    """Take a participant out of the dossier; that it was in there stays in the audit trail.

    Raises: Forbidden; NotFound.
    """
    if not can_record_funding(by, employer):
        raise Forbidden
    seen = FUNDING.query(Asked(user=by, employer=employer)).filter(pk=enrollment)
    record = FundingRecord.objects.filter(enrollment__in=seen.values("pk")).first()
    if record is None:
        raise NotFound
    taken = {"scheme": (record.scheme, None), "dossier_number": (record.dossier_number, None)}
    record_audit("enrollments.withdraw_claim", record.enrollment, changes=taken, organization_id=employer.pk)
    record.delete()


def _records_of(enrollments: list[Enrollment], scheme: str, dossier_number: str) -> dict[UUID, FundingRecord]:
    """The records that are there. Raises Conflict where the same participant and offering is claimed elsewhere."""
    claimed = FundingRecord.objects.filter(
        learner__in=[one.learner_id for one in enrollments], offering__in={one.offering_id for one in enrollments}
    ).select_related("enrollment")
    by_claim = {(record.learner_id, record.offering_id): record for record in claimed}
    mine, problems = {}, []
    for one in enrollments:
        record = by_claim.get((one.learner_id, one.offering_id))
        if record is None:
            continue
        if record.enrollment_id == one.pk and (record.scheme, record.dossier_number) == (scheme, dossier_number):
            mine[one.pk] = record
        else:
            problems.append(FieldError(f"enrollments/{one.pk}", "claimed_twice", _claimed(one, record)))
    if problems:
        raise Conflict("; ".join(problem.message for problem in problems[:5]), code="claimed_twice", errors=problems)
    return mine


def _claimed(enrollment: Enrollment, record: FundingRecord) -> str:
    """Of another employer's claim no more is said than that it is there."""
    name = enrollment.learner.full_name or enrollment.learner.email
    if record.enrollment.employer_id != enrollment.employer_id:
        return _("%(name)s was claimed for this offering by somebody else already.") % {"name": name}
    return _("%(name)s is in dossier %(dossier)s (%(scheme)s) already: take them out there first.") % {
        "name": name,
        "dossier": record.dossier_number,
        "scheme": record.scheme,
    }


def _keep(record: FundingRecord | None, enrollment: Enrollment, by: User, values: dict[str, Any]) -> None:
    before: dict[str, Any] = {}
    if record is None:
        record = FundingRecord(enrollment=enrollment, learner=enrollment.learner, offering_id=enrollment.offering_id)
    else:
        before = {name: str(getattr(record, name)) for name in values}
    for name, value in values.items():
        setattr(record, name, value)
    record.recorded_by = by
    record.save()
    changes = changed_fields(before, {name: str(value) for name, value in values.items()})
    record_audit("enrollments.record_funding", enrollment, changes=changes, organization_id=enrollment.employer_id)

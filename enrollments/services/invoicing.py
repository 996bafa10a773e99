"""Invoices that a provider sent: entered from its own bookkeeping, with the reservations they bill, and when paid."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from enrollments.models import Agreement, Invoice, ReservationState, SeatReservation
from enrollments.policies import can_enter_invoices
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound

from .paying import lock_agreement


@transaction.atomic
def enter_invoice(
    *,
    by: User,
    agreement: Agreement,
    number: str,
    dated_on: date,
    amount: Decimal,
    vat: Decimal = Decimal(0),
    due_on: date | None = None,
    enrollments: Iterable[UUID] = (),
) -> Invoice:
    """Keep an invoice under the provider's own number, and say which enrollments it bills. The same again changes
    nothing.

    Requires: manage_agreements at the provider. Raises: NotFound; Forbidden; Invalid for an enrollment that the
    agreement does not pay or that another invoice bills; Conflict when the number stands for something else. Audits:
    yes.
    """
    if not Agreement.objects.visible_to(by).filter(pk=agreement.pk).exists():
        raise NotFound
    locked = lock_agreement(agreement.pk)
    if not can_enter_invoices(by, locked.provider):
        raise Forbidden
    facts = {"dated_on": dated_on, "due_on": due_on, "amount": amount, "vat": vat}
    _require_facts(number, dated_on, due_on, amount, vat)
    chosen = list(dict.fromkeys(enrollments))
    known = Invoice.objects.filter(provider=locked.provider_id, number=number.strip()).first()
    if known is not None:
        return _same(known, locked, facts, chosen)
    reservations = _billable(locked, chosen)
    invoice = Invoice.objects.create(
        provider_id=locked.provider_id,
        employer_id=locked.employer_id,
        agreement=locked,
        number=number.strip(),
        **facts,
    )
    SeatReservation.objects.filter(pk__in=reservations).update(invoice=invoice)
    record_audit("enrollments.enter_invoice", invoice, organization_id=locked.provider_id)
    return invoice


@transaction.atomic
def mark_paid(*, by: User, invoice: Invoice, paid_on: date) -> Invoice:
    """The provider says on which day an invoice was paid; another day corrects it.

    Requires: manage_agreements at the provider. Raises: NotFound; Forbidden; Invalid before its date. Audits: yes.
    """
    if not Invoice.objects.visible_to(by).filter(pk=invoice.pk).exists():
        raise NotFound
    invoice = Invoice.objects.select_for_update(no_key=True).get(pk=invoice.pk)
    if not can_enter_invoices(by, invoice.provider):
        raise Forbidden
    if paid_on < invoice.dated_on:
        message = _("An invoice cannot be paid before its date.")
        raise Invalid(message, errors=[FieldError("paid_on", "order", message)])
    changes = {"paid_on": (str(invoice.paid_on or ""), str(paid_on))}
    invoice.paid_on = paid_on
    invoice.save(update_fields=["paid_on"])
    record_audit("enrollments.pay_invoice", invoice, changes=changes, organization_id=invoice.provider_id)
    return invoice


def _same(invoice: Invoice, agreement: Agreement, facts: Mapping[str, object], chosen: list[UUID]) -> Invoice:
    billed = set(invoice.reservations.values_list("enrollment", flat=True))
    differs = [name for name, value in facts.items() if getattr(invoice, name) != value]
    differs += ["enrollments"] if billed != set(chosen) else []
    differs += ["agreement"] if invoice.agreement_id != agreement.pk else []
    if differs:
        message = _("Invoice %(number)s was entered before with another %(what)s.")
        words = {"number": invoice.number, "what": ", ".join(differs)}
        raise Conflict(message % words, code="taken", errors=[FieldError(differs[0], "differs", message % words)])
    return invoice


def _billable(agreement: Agreement, enrollments: list[UUID]) -> list[UUID]:
    found = SeatReservation.objects.filter(agreement=agreement, enrollment__in=enrollments)
    by_enrollment = {reservation.enrollment_id: reservation for reservation in found}
    errors = []
    for index, enrollment in enumerate(enrollments):
        reservation = by_enrollment.get(enrollment)
        if reservation is None or reservation.state == ReservationState.RELEASED:
            message = _("This enrollment is not paid from agreement %(agreement)s.") % {"agreement": agreement}
            errors.append(FieldError(f"enrollments/{index}", "not_reserved", message))
        elif reservation.invoice_id:
            message = _("This enrollment is billed by another invoice.")
            errors.append(FieldError(f"enrollments/{index}", "billed", message))
    if errors:
        raise Invalid(errors[0].message, errors=errors)
    return [reservation.pk for reservation in by_enrollment.values()]


def _require_facts(number: str, dated_on: date, due_on: date | None, amount: Decimal, vat: Decimal) -> None:
    errors = []
    if not 1 <= len(number.strip()) <= 40:
        errors.append(FieldError("number", "range", _("Give the invoice number, at most 40 characters.")))
    if due_on and due_on < dated_on:
        errors.append(FieldError("due_on", "order", _("It cannot be due before its date.")))
    for name, value in (("amount", amount), ("vat", vat)):
        if not 0 <= value < 10**9 or value != value.quantize(Decimal("0.01")):
            errors.append(FieldError(name, "range", _("Give an amount in euros and whole cents.")))
    if errors:
        raise Invalid(errors[0].message, errors=errors)

"""Agreements: proposed by one side, accepted by the other, added to, corrected, ended. Only an accepted one pays."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courses.models import Module
from enrollments import events
from enrollments.models import Agreement, AgreementPrice, EntryKind
from enrollments.policies import can_accept_agreement, can_correct_agreement, can_manage_agreement, can_propose
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.clock import now
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from lms.events.services import record
from lms.organizations.models import Organization

from .paying import grant, lock_agreement


@transaction.atomic
def propose_agreement(
    *,
    by: User,
    employer: Organization,
    provider: Organization,
    by_provider: bool,
    reference: str,
    starts_on: date,
    ends_on: date,
    seats: int | None = None,
    budget: Decimal | None = None,
    release_days: int = 0,
    only_priced: bool = False,
    prices: Mapping[Module, Decimal] | None = None,
) -> Agreement:
    """One side proposes seats, a budget or both, for a period. It pays nothing until the other side accepts.

    Requires: manage_agreements at the proposing side. Raises: Forbidden; Invalid; Conflict when the reference is taken.
    Audits: yes. Emits: agreement.proposed.
    """
    if not can_propose(by, provider if by_provider else employer):
        raise Forbidden
    agreement = Agreement(
        employer=employer,
        provider=provider,
        reference=reference,
        starts_on=starts_on,
        ends_on=ends_on,
        seats_left=seats,
        budget_left=budget,
        release_days=release_days,
        only_priced=only_priced,
        proposed_by=by,
        by_provider=by_provider,
    )
    _require_sound(agreement)
    try:
        with transaction.atomic():
            agreement.save(force_insert=True)
    except IntegrityError as error:
        message = _("There is an agreement %(reference)s between you already.") % {"reference": reference}
        raise Conflict(message, code="taken", errors=[FieldError("reference", "taken", message)]) from error
    for module, price in (prices or {}).items():
        _write_price(agreement, module, price)
    record_audit("enrollments.propose_agreement", agreement, organization_id=agreement.proposing_side.pk)
    record(events.AGREEMENT_PROPOSED, agreement.pk, agreement.parties)
    return agreement


@transaction.atomic
def set_price(*, by: User, agreement: Agreement, module: Module, price: Decimal | None) -> Agreement:
    """What a module costs under a proposal; None: what its offering says.

    Requires: to manage agreements at the side that proposed it; not accepted yet; a module of the provider. Raises:
    NotFound; Forbidden; Invalid; Conflict. Audits: yes.
    """
    locked = _lock(by, agreement)
    if not can_propose(by, locked.proposing_side):
        raise Forbidden
    if locked.accepted_at:
        raise Conflict(_("This agreement is accepted: its prices stay. Propose a new one."), code="accepted")
    before = locked.prices.filter(module=module).values_list("price", flat=True).first()
    if price is None:
        locked.prices.filter(module=module).delete()
    else:
        _write_price(locked, module, price)
    changes = {f"price of {module.code}": (str(before), str(price))}
    record_audit("enrollments.price_agreement", locked, changes=changes, organization_id=locked.proposing_side.pk)
    return locked


@transaction.atomic
def accept_agreement(*, by: User, agreement: Agreement, terms: str) -> Agreement:
    """The other side agrees to what it read (`terms`, see `Agreement.terms`): from now on it pays, within its period.

    Requires: manage_agreements at the side that did not propose it. Raises: NotFound; Forbidden; Conflict when it was
    accepted or taken back, or when the terms changed meanwhile. Audits: yes. Emits: agreement.accepted, and
    agreement.freed for who waits.
    """
    locked = _lock(by, agreement)
    if not can_accept_agreement(by, locked):
        raise Forbidden
    if locked.accepted_at:
        raise Conflict(_("This agreement was accepted already."), code="accepted")
    if locked.terms != terms:
        raise Conflict(_("The terms were changed meanwhile: read them again, then accept."), code="stale")
    seats, budget = locked.seats_left, locked.budget_left
    locked.seats_left, locked.budget_left = seats and 0, budget and Decimal(0)
    locked.accepted_by, locked.accepted_at = by, now()
    locked.save(update_fields=["seats_left", "budget_left", "accepted_by", "accepted_at"])
    grant(locked, seats or 0, budget or Decimal(0), by=by, reason="", kind=EntryKind.GRANT)
    record_audit("enrollments.accept_agreement", locked, organization_id=locked.accepting_side.pk)
    record(events.AGREEMENT_ACCEPTED, locked.pk, locked.parties)
    record(events.AGREEMENT_FREED, locked.pk, locked.parties)
    return locked


@transaction.atomic
def end_agreement(*, by: User, agreement: Agreement, reason: str) -> Agreement:
    """End it before its last day, take a proposal back, or refuse it. What is reserved stays reserved.

    Requires: manage_agreements at either side; a reason. Raises: NotFound; Forbidden; Invalid; Conflict when it ended.
    Audits: yes.
    """
    locked = _lock(by, agreement)
    _require_reason(reason)
    locked.ended_at = now()
    locked.save(update_fields=["ended_at"])
    changes = {"reason": ("", reason.strip())}
    record_audit("enrollments.end_agreement", locked, changes=changes, organization_id=locked.employer_id)
    return locked


@transaction.atomic
def add_to_agreement(
    *, by: User, agreement: Agreement, seats: int = 0, budget: Decimal = Decimal(0), reason: str = ""
) -> Agreement:
    """More seats, by the provider who gives them; more budget, by the employer who spends it.

    Requires: an accepted agreement that did not end and has that limit. Raises: NotFound; Forbidden; Invalid; Conflict.
    Audits: the ledger does. Emits: agreement.freed.
    """
    locked = _lock_accepted(by, agreement)
    if (seats and not can_propose(by, locked.provider)) or (budget and not can_propose(by, locked.employer)):
        raise Forbidden(_("The provider adds seats, and the employer adds budget."))
    if seats < 0 or budget < 0 or not (seats or budget):
        message = _("Say how much more.")
        raise Invalid(message, errors=[FieldError("seats", "range", message)])
    _require_limits(locked, seats, budget)
    _grant(locked, seats, budget, by=by, reason=reason, kind=EntryKind.GRANT)
    record(events.AGREEMENT_FREED, locked.pk, locked.parties)
    return locked


@transaction.atomic
def correct_agreement(
    *, by: User, agreement: Agreement, seats: int = 0, budget: Decimal = Decimal(0), reason: str
) -> Agreement:
    """Add to or take from the balance, for a reason that both sides read. The balance stays at or above zero.

    Requires: manage_agreements at the provider, who keeps the books. Raises: NotFound; Forbidden; Invalid; Conflict.
    Audits: the ledger does. Emits: agreement.freed when it adds.
    """
    locked = _lock_accepted(by, agreement)
    if not can_correct_agreement(by, locked):
        raise Forbidden
    _require_reason(reason)
    if not (seats or budget):
        message = _("Say what to correct.")
        raise Invalid(message, errors=[FieldError("seats", "required", message)])
    _require_limits(locked, seats, budget)
    if (locked.seats_left or 0) + seats < 0 or (locked.budget_left or Decimal(0)) + budget < 0:
        message = _("A balance cannot go below zero: less is left than you take away.")
        raise Conflict(message, code="below_zero", errors=[FieldError("seats", "range", message)])
    _grant(locked, seats, budget, by=by, reason=reason, kind=EntryKind.CORRECTION)
    if seats > 0 or budget > 0:
        record(events.AGREEMENT_FREED, locked.pk, locked.parties)
    return locked


def _grant(agreement: Agreement, seats: int, money: Decimal, *, by: User, reason: str, kind: EntryKind) -> None:
    too_much = (agreement.seats_left or 0) + seats > 1_000_000 or (agreement.budget_left or 0) + money >= 10**9
    if too_much or money != money.quantize(Decimal("0.01")):
        message = _("Give up to a million seats, and less than a billion euros in whole cents.")
        raise Invalid(message, errors=[FieldError("budget" if money else "seats", "range", message)])
    grant(agreement, seats, money, by=by, reason=reason.strip()[:300], kind=kind)


def _lock(by: User, agreement: Agreement) -> Agreement:
    if not Agreement.objects.visible_to(by).filter(pk=agreement.pk).exists():
        raise NotFound
    locked = lock_agreement(agreement.pk)
    if not can_manage_agreement(by, locked):
        raise Forbidden
    if locked.ended_at:
        raise Conflict(_("This agreement has ended."), code="ended")
    return locked


def _lock_accepted(by: User, agreement: Agreement) -> Agreement:
    locked = _lock(by, agreement)
    if not locked.accepted_at:
        raise Conflict(_("This agreement is not accepted yet."), code="proposed")
    return locked


def _require_reason(reason: str) -> None:
    if not reason.strip():
        message = _("Say why: the other side reads it.")
        raise Invalid(message, errors=[FieldError("reason", "required", message)])


def _require_limits(agreement: Agreement, seats: int, budget: Decimal) -> None:
    if seats and agreement.seats_left is None:
        message = _("This agreement has no limit of seats.")
        raise Conflict(message, code="no_limit", errors=[FieldError("seats", "no_limit", message)])
    if budget and agreement.budget_left is None:
        message = _("This agreement has no budget.")
        raise Conflict(message, code="no_limit", errors=[FieldError("budget", "no_limit", message)])


def _write_price(agreement: Agreement, module: Module, price: Decimal) -> None:
    message = _("Choose a module of %(provider)s.") % {"provider": agreement.provider}
    if module.provider_id != agreement.provider_id:
        raise Invalid(message, errors=[FieldError("module", "unknown", message)])
    row = AgreementPrice(agreement=agreement, module=module, price=price)
    _require_clean(row, exclude=("agreement", "module"))
    AgreementPrice.objects.update_or_create(agreement=agreement, module=module, defaults={"price": price})


def _require_sound(agreement: Agreement) -> None:
    errors = []
    if not agreement.provider.is_provider:
        errors.append(FieldError("provider", "unknown", _("Choose a provider.")))
    if not agreement.employer.is_employer:
        errors.append(FieldError("employer", "unknown", _("Choose an employer.")))
    if agreement.ends_on < agreement.starts_on:
        errors.append(FieldError("ends_on", "order", _("It cannot end before it starts.")))
    if not agreement.seats_left and not agreement.budget_left:
        errors.append(FieldError("seats", "required", _("Agree on seats, on a budget, or on both.")))
    elif min(agreement.seats_left or 1, agreement.budget_left or 1) < 0 or agreement.seats_left == 0:
        errors.append(FieldError("seats", "range", _("Give at least one seat, or leave it empty for no limit.")))
    if errors:
        raise Invalid(errors[0].message, errors=errors)
    _require_clean(agreement, exclude=("employer", "provider", "proposed_by", "accepted_by"))


def _require_clean(row: Any, *, exclude: tuple[str, ...]) -> None:
    try:
        row.clean_fields(exclude=set(exclude))
    except ValidationError as error:
        errors = [
            FieldError(name.removesuffix("_left"), "invalid", message)
            for name, found in error.message_dict.items()
            for message in found
        ]
        raise Invalid(errors[0].message, errors=errors) from error

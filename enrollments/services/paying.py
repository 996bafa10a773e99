"""What a place costs an employer, and the agreement it is paid from: seats and money reserved, used and given back.

Without an agreement between employer and provider that covers the day and the module, a place is invoiced outside.
Balances change under the agreement's lock only, in the same transaction as the entry in the ledger.
"""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, DecimalField, F, IntegerField, Q, QuerySet, Sum, Value

from courses.models import Offering
from enrollments import events
from enrollments.models import Agreement, Enrollment, EntryKind, LedgerEntry, ReservationState, SeatReservation
from enrollments.wallets import Funding, Wallet, wallets_for
from lms.accounts.models import User
from lms.core.clock import now, today
from lms.core.errors import Conflict
from lms.core.inserting import insert_from
from lms.events.services import record_many
from lms.organizations.models import Organization

Paid = tuple[Enrollment, Funding | None]


def funding_for(employer: Organization, offering: Offering) -> Funding:
    """What a place in the offering costs this employer now, and which agreement pays it.

    The agreement may be used up: `funding.room` says so. Nothing is locked.
    """
    wallet = wallets_for([employer.pk], offering)[employer.pk]
    return wallet.next_funding() or wallet.fundings[-1]


def lock_wallets(employers: Iterable[UUID], offering: Offering) -> dict[UUID, Wallet]:
    """The same with the agreements in force locked, so that what they pay stays so.

    Requires: an open transaction, with the offering locked.
    """
    chosen = list(employers)
    lock_agreements(chosen, offering)
    return wallets_for(chosen, offering)


def lock_agreements(employers: Iterable[UUID], offering: Offering, releasing: Iterable[UUID] = ()) -> None:
    """Lock what these employers can pay with, and what reserves for the enrollments `releasing`, all in one order.

    Requires: an open transaction, with the offering locked. Lock once all that the transaction needs.
    """
    in_force = Agreement.objects.of_employers(list(employers), offering).in_force()
    reserving = SeatReservation.objects.filter(enrollment__in=list(releasing))
    wanted = Q(pk__in=in_force.values("pk")) | Q(pk__in=reserving.values("agreement"))
    list(Agreement.objects.select_for_update(no_key=True).filter(wanted).order_by("pk").values_list("pk"))


def lock_agreement(pk: UUID) -> Agreement:
    """One agreement, locked until the transaction ends. Requires: an open transaction."""
    return Agreement.objects.select_for_update(no_key=True).get(pk=pk)


def reserve_many(
    funding: Funding, enrollments: QuerySet[Enrollment] | Iterable[UUID], *, by: User | None = None
) -> int:
    """Reserve a seat and its price for each of these enrollments. Three statements, however many. Returns how many.

    Requires: the funding from `lock_wallets`, in the same transaction; no reservation for them yet. Raises: Conflict
    when the agreement does not suffice, with nothing written that the transaction keeps.
    """
    agreement = funding.agreement
    if agreement is None:
        return 0
    chosen = enrollments if isinstance(enrollments, QuerySet) else Enrollment.objects.filter(pk__in=list(enrollments))
    count = insert_from(
        SeatReservation,
        chosen,
        agreement_id=Value(agreement.pk, output_field=SeatReservation._meta.get_field("id")),
        enrollment_id=F("pk"),
        amount=_money(funding.price),
        vat=_money(funding.vat),
        state=Value(ReservationState.RESERVED),
    )
    funding.planned = 0
    if funding.room is not None and count > funding.room:
        raise Conflict(funding.shortage, code="shortage")
    reserved = SeatReservation.objects.filter(enrollment__in=chosen.order_by())
    _enter(EntryKind.RESERVATION, reserved, by, sign=-1)
    _change(agreement, -count, -count * funding.price)
    return count


def reserve_each(paid: Iterable[Paid], *, by: User | None = None) -> None:
    """Reserve for each enrollment from its own funding. Requires: as for `reserve_many`."""
    by_agreement: dict[UUID, tuple[Funding, list[UUID]]] = {}
    for enrollment, funding in paid:
        if funding and funding.agreement:
            by_agreement.setdefault(funding.agreement.pk, (funding, []))[1].append(enrollment.pk)
    for funding, chosen in by_agreement.values():
        reserve_many(funding, chosen, by=by)


def release(enrollments: Iterable[UUID], *, by: User | None, used_too: bool = False) -> None:
    """Give seats and money of these enrollments back. `used_too`: also what counts as used.

    Requires: their agreements locked by `lock_agreements`, in the same transaction. Emits: agreement.freed.
    """
    states = [ReservationState.RESERVED, *([ReservationState.USED] if used_too else [])]
    found = SeatReservation.objects.filter(enrollment__in=list(enrollments), state__in=states)
    chosen = list(found.values_list("pk", flat=True))
    if not chosen:
        return
    given_back = SeatReservation.objects.filter(pk__in=chosen)
    sums = list(given_back.order_by().values_list("agreement").annotate(seats=Count("pk"), money=Sum("amount")))
    agreements = Agreement.objects.in_bulk([row[0] for row in sums])
    for pk, seats, money in sums:
        _change(agreements[pk], seats, money)
    given_back.update(state=ReservationState.RELEASED)
    _enter(EntryKind.RELEASE, given_back, by, sign=1)
    record_many(events.AGREEMENT_FREED, [(agreement.pk, agreement.parties) for agreement in agreements.values()])


def settle_withdrawal(enrollment: Enrollment, offering: Offering, *, by: User | None) -> None:
    """Somebody gives up a place: seat and money go back to the agreement when it is in time, else they are used.

    Requires: the reservation's agreement locked by `lock_agreements`. Emits: agreement.freed.
    """
    reservation = SeatReservation.objects.select_related("agreement").filter(enrollment=enrollment).first()
    if reservation is None:
        return
    if _in_time(enrollment, offering, reservation.agreement):
        release([enrollment.pk], by=by)
    else:
        use(SeatReservation.objects.filter(pk=reservation.pk), by=by)


def use(reservations: QuerySet[SeatReservation], *, by: User | None = None) -> int:
    """What was reserved is used: it stays taken. Returns for how many. The balance does not move, so nothing is locked.

    Requires: an open transaction.
    """
    still = reservations.filter(state=ReservationState.RESERVED).select_for_update(of=("self",))
    chosen = list(still.order_by("pk").values_list("pk", flat=True))
    if not chosen:
        return 0
    used = SeatReservation.objects.filter(pk__in=chosen)
    used.update(state=ReservationState.USED)
    return _enter(EntryKind.USE, used, by, sign=0)


def grant(agreement: Agreement, seats: int, money: Decimal, *, by: User | None, reason: str, kind: EntryKind) -> None:
    """Add to (or take from) the balance, as a line of the ledger.

    Requires: the agreement locked, in the same transaction; a balance that stays at or above zero.
    """
    insert_from(
        LedgerEntry,
        Agreement.objects.filter(pk=agreement.pk),
        agreement_id=F("pk"),
        kind=Value(kind),
        seats=Value(seats),
        amount=_money(money),
        reason=Value(reason),
        by_id=Value(by.pk if by else None, output_field=SeatReservation._meta.get_field("id")),
        at=Value(now()),
    )
    _change(agreement, seats, money)


def _in_time(enrollment: Enrollment, offering: Offering, agreement: Agreement) -> bool:
    if enrollment.activated_at is None or offering.cancelled_at:
        return True
    if offering.ends_on is None:
        return enrollment.last_activity_at is None and enrollment.units_done == 0
    return today() + timedelta(days=agreement.release_days) <= offering.starts_on


def _enter(kind: EntryKind, reservations: QuerySet[SeatReservation], by: User | None, *, sign: int) -> int:
    return insert_from(
        LedgerEntry,
        reservations,
        agreement_id=F("agreement_id"),
        kind=Value(kind),
        seats=Value(sign, output_field=IntegerField()),
        amount=F("amount") * sign if sign else _money(Decimal(0)),
        enrollment_id=F("enrollment_id"),
        reason=Value(""),
        by_id=Value(by.pk if by else None, output_field=SeatReservation._meta.get_field("id")),
        at=Value(now()),
    )


def _change(agreement: Agreement, seats: int, money: Decimal) -> None:
    """By the database's own figures: what was read before may be older. A limit that is not set stays so."""
    Agreement.objects.filter(pk=agreement.pk).update(
        seats_left=F("seats_left") + seats, budget_left=F("budget_left") + money
    )
    agreement.refresh_from_db(fields=["seats_left", "budget_left"])


def _money(amount: Decimal) -> Value:
    return Value(amount, output_field=DecimalField(max_digits=11, decimal_places=2))

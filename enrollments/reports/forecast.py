"""Each agreement with what was taken from it, what is invoiced, and where it goes at the pace so far."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from enrollments.models import Agreement, Invoice, ReservationState, SeatReservation
from lms.core.clock import today

from .budget import BUDGET
from .filters import Asked

LAPSES = timedelta(days=60)
DAYS_A_MONTH = Decimal("30.44")
SURE_AFTER = 28  # days: before that a pace says nothing


@dataclass(frozen=True)
class Forecast:
    """At the pace since the agreement began: `runs_out` on a day within its period, or so much is `unused` at the end.

    `pace` is what is taken a month (reserved and not given back); None while nothing can be said.
    """

    pace: Decimal | None
    runs_out: date | None = None
    unused: Decimal | None = None


@dataclass(frozen=True)
class Limit:
    """Seats or money of one agreement: where it stands, and where it goes. `left` is None where it has no such limit.

    `granted` is what was agreed and corrected.
    """

    key: str
    granted: Any
    reserved: Any
    used: Any
    left: Any
    forecast: Forecast | None


@dataclass(frozen=True)
class Standing:
    """One agreement, its limits, and which of what is used was invoiced. `lapses`: it ends soon with something left."""

    agreement: Agreement
    limits: list[Limit]
    amounts: dict[str, dict[str, Any]]
    invoiced: Decimal
    not_invoiced: Decimal
    invoices: Decimal
    lapses: bool


def standings(asked: Asked) -> list[Standing]:
    """The agreements as asked that were ever accepted, those that end first on top, over and ended ones last.

    Four queries, however many agreements and entries.
    """
    found = BUDGET.query(asked).values("agreement").annotate(**BUDGET.sums())
    told = {row["agreement"]: BUDGET.told(row) for row in found}
    agreements = Agreement.objects.filter(pk__in=told).select_related("provider")
    invoiced = _invoiced(list(told))
    sums = Invoice.objects.filter(agreement__in=list(told)).order_by().values_list("agreement")
    invoices = dict(sums.annotate(total=Sum("amount")))
    rows = [
        _standing(one, told[one.pk], invoiced.get(one.pk, (None, None)), invoices.get(one.pk)) for one in agreements
    ]
    return sorted(rows, key=lambda row: (_is_done(row.agreement), row.agreement.ends_on, str(row.agreement.pk)))


def forecast_of(agreement: Agreement, taken: Any, left: Any) -> Forecast | None:
    """Where what is `left` goes, with so much `taken` since the agreement began; None for what is not in force."""
    if not agreement.is_in_force:
        return None
    days = (today() - agreement.starts_on).days + 1
    if days < SURE_AFTER:
        return Forecast(None)
    pace = Decimal(taken) / days
    until_end = (agreement.ends_on - today()).days
    monthly = (pace * DAYS_A_MONTH).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if pace and left <= pace * until_end:
        return Forecast(monthly, runs_out=today() + timedelta(days=int(left / pace)))
    return Forecast(monthly, unused=max(Decimal(0), left - pace * until_end).quantize(Decimal(1), ROUND_HALF_UP))


def _invoiced(agreements: list[UUID]) -> dict[UUID, tuple[Decimal | None, Decimal | None]]:
    used = SeatReservation.objects.filter(agreement__in=agreements, state=ReservationState.USED)
    rows = used.values_list("agreement").annotate(
        yes=Sum("amount", filter=Q(invoice__isnull=False)), no=Sum("amount", filter=Q(invoice=None))
    )
    return {pk: (yes, no) for pk, yes, no in rows}


def _standing(agreement: Agreement, amounts: Any, invoiced: Any, invoices: Any) -> Standing:
    has = {"seats": agreement.seats_left is not None, "money": agreement.budget_left is not None}
    limits = [_limit(agreement, key, amounts) for key, limited in has.items() if limited]
    runs = agreement.is_in_force and agreement.ends_on <= today() + LAPSES
    zero = Decimal(0)
    return Standing(
        agreement=agreement,
        limits=limits,
        amounts=amounts,
        invoiced=invoiced[0] or zero,
        not_invoiced=invoiced[1] or zero,
        invoices=invoices or zero,
        lapses=runs and any(limit.left > 0 for limit in limits),
    )


def _limit(agreement: Agreement, key: str, amounts: dict[str, dict[str, Any]]) -> Limit:
    granted = amounts["agreed"][key] + amounts["corrected"][key]
    reserved, used = amounts["reserved"][key], amounts["used"][key]
    left = granted - reserved - used
    return Limit(key, granted, reserved, used, left, forecast_of(agreement, reserved + used, left))


def _is_done(agreement: Agreement) -> bool:
    return bool(agreement.ended_at) or agreement.ends_on < today()

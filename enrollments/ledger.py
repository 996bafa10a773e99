"""The ledger of agreements, read line by line; and whether balances, reservations and enrollments agree."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum, Window

from courses.models import Offering
from lms.accounts.models import User
from lms.core.clock import now, today
from lms.notifications.services import Notice, notify

from .models import HOLDS_PLACE_STATES, Agreement, LedgerEntry, ReservationState, SeatReservation

log = structlog.get_logger(__name__)

NAMED = 20


@dataclass(frozen=True)
class Mismatch:
    """Two figures that must be equal and are not."""

    what: str
    about: UUID
    says: str
    should: str


def with_balances(agreement: Agreement, entries: list[LedgerEntry]) -> list[dict[str, Any]]:
    """Each of these entries of one agreement with what was left after it: one query over its whole ledger."""
    running = {
        name: Window(Sum(field), order_by=F("id").asc())
        for name, field in (("seats_after", "seats"), ("money_after", "amount"))
    }
    # The `or` keeps the choice of lines outside the window: the sum runs over all lines, chosen or not.
    chosen = Q(pk__in=[entry.pk for entry in entries]) | Q(seats_after=None)
    every: Any = LedgerEntry.objects.filter(agreement=agreement).order_by().annotate(**running)
    lines = every.filter(chosen).values_list("pk", "seats_after", "money_after")
    after = {pk: (seats, money) for pk, seats, money in lines}
    return [{"entry": entry, "seats_after": after[entry.pk][0], "money_after": after[entry.pk][1]} for entry in entries]


def find_mismatches(since: datetime | None = None) -> list[Mismatch]:
    """Where a balance is not the sum of its entries, a reservation is not what its entries say, or places are not what
    enrollments hold. `since`: only what has an entry from then on. A few queries, whatever the number of rows.
    """
    agreements = Agreement.objects.filter(accepted_at__isnull=False)
    if since:
        agreements = agreements.filter(pk__in=LedgerEntry.objects.filter(at__gte=since).values("agreement"))
    return [*_balances(agreements), *_reservations(agreements), *([] if since else _places())]


def report_mismatches() -> int:
    """Reconciler: what does not agree in the ledgers of the last hour. It is named, never mended by guessing."""
    return len(_logged(find_mismatches(since=now() - timedelta(hours=1))))


def report_all_mismatches() -> int:
    """Each day: every ledger, balance and count of places. Administrators hear of what does not agree, once a day."""
    found = _logged(find_mismatches())
    if found:
        lines = [f"{one.what} {one.about}: {one.says} ≠ {one.should}" for one in found[:NAMED]]
        about, words = today().isoformat(), {"count": len(found), "lines": lines}
        administrators = User.objects.filter(is_superuser=True, is_active=True)
        with transaction.atomic():
            notify([Notice("ledger_disagrees", one.pk, about, words) for one in administrators])
    return len(found)


def _logged(found: list[Mismatch]) -> list[Mismatch]:
    for mismatch in found:
        log.error("ledger_disagrees", **asdict(mismatch))
    return found


def _balances(agreements: QuerySet[Agreement]) -> list[Mismatch]:
    summed = agreements.order_by("pk").annotate(seats=Sum("entries__seats"), money=Sum("entries__amount"))
    found = []
    for agreement in summed.iterator():
        for what, says, total in (
            ("seats", agreement.seats_left, agreement.seats),
            ("budget", agreement.budget_left, agreement.money),
        ):
            if says is not None and Decimal(says) != Decimal(total or 0):
                found.append(Mismatch(what, agreement.pk, str(says), str(total or 0)))
    return found


def _reservations(agreements: QuerySet[Agreement]) -> list[Mismatch]:
    """What is not released is taken, once; what is released is given back."""
    summed = (
        SeatReservation.objects.filter(agreement__in=agreements.values("pk"))
        .annotate(
            seats=Sum(
                "enrollment__ledger_entries__seats", filter=Q(enrollment__ledger_entries__agreement=F("agreement"))
            ),
            money=Sum(
                "enrollment__ledger_entries__amount", filter=Q(enrollment__ledger_entries__agreement=F("agreement"))
            ),
        )
        .values_list("enrollment", "state", "amount", "seats", "money")
    )
    found = []
    for enrollment, state, amount, seats, money in summed.order_by().iterator():
        right = (0, Decimal(0)) if state == ReservationState.RELEASED else (-1, -amount)
        if (seats, money) != right:
            found.append(Mismatch("reservation", enrollment, f"{seats} {money}", f"{right[0]} {right[1]}"))
    return found


def _places() -> list[Mismatch]:
    held = Count("enrollments", filter=Q(enrollments__state__in=HOLDS_PLACE_STATES))
    wrong = Offering.objects.order_by("pk").annotate(held=held).exclude(taken=F("held"))
    return [Mismatch("places", offering.pk, str(offering.taken), str(offering.held)) for offering in wrong.iterator()]

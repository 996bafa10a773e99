"""What an employer can pay places in an offering from, as it is now: its agreements, or an invoice outside."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from courses.models import Offering, ReservedPlaces
from lms.core.money import euros

from .models import Agreement


@dataclass
class Funding:
    """What a place costs, and the agreement that pays it; None: it is invoiced outside.

    `planned` places are about to be reserved.
    """

    price: Decimal
    vat: Decimal
    agreement: Agreement | None = None
    planned: int = 0

    @property
    def room(self) -> int | None:
        """How many places it pays beside what is planned; None: no limit."""
        if self.agreement is None:
            return None
        limits = [] if self.agreement.seats_left is None else [self.agreement.seats_left]
        if self.agreement.budget_left is not None and self.price:
            limits.append(int(self.agreement.budget_left // self.price))
        return max(0, min(limits) - self.planned) if limits else None

    @property
    def shortage(self) -> str:
        """Why it pays no more places; empty when it does."""
        if self.agreement is None or self.room != 0:
            return ""
        if self.agreement.seats_left is not None and self.agreement.seats_left <= self.planned:
            return _("There are no seats left in agreement %(agreement)s.") % {"agreement": self.agreement}
        left = (self.agreement.budget_left or Decimal(0)) - self.planned * self.price
        message = _("Agreement %(agreement)s has %(left)s left, and a place costs %(price)s.")
        return message % {"agreement": self.agreement, "left": euros(left), "price": euros(self.price)}


@dataclass
class Wallet:
    """What one employer can pay places in one offering from: the agreement that ends first comes first."""

    outside: Funding
    fundings: list[Funding] = field(default_factory=list)
    over: list[Agreement] = field(default_factory=list)

    def next_funding(self) -> Funding | None:
        """The one that pays the next place; None when none can."""
        if not self.fundings:
            return self.outside
        return next((funding for funding in self.fundings if funding.room != 0), None)

    def next_funding_since(self, since: datetime) -> Funding | None:
        """The same for who asked then: what an agreement was to pay is not invoiced outside when that is over."""
        return None if self.over_since(since) else self.next_funding()

    def over_since(self, since: datetime) -> Agreement | None:
        """The agreement that was to pay then, while none does now."""
        return None if self.fundings else next((one for one in self.over if one.paid_at(since)), None)

    def plan(self, wanted: int) -> list[tuple[Funding, int]]:
        """Which fundings pay so many places; fewer when they do not suffice."""
        shares = []
        for funding in self.fundings or [self.outside]:
            share = wanted if funding.room is None else min(wanted, funding.room)
            if share:
                funding.planned += share
                wanted -= share
                shares.append((funding, share))
        return shares

    def shortage(self, since: datetime | None = None) -> str:
        """Why it pays no place (for who asked then); empty when it does."""
        if over := self.over_since(since) if since else None:
            return _("Agreement %(agreement)s is over.") % {"agreement": over}
        return "" if self.next_funding() else self.fundings[-1].shortage


def wallets_for(employers: Iterable[UUID], offering: Offering) -> dict[UUID, Wallet]:
    """By employer what it can pay with. Two queries. Nothing is locked."""
    chosen = list(employers)
    priced = Agreement.objects.of_employers(chosen, offering).with_price_for(offering).order_by("ends_on", "pk")
    reserved = ReservedPlaces.objects.filter(offering=offering, employer__in=chosen)
    own = {row.employer_id: row.price for row in reserved if row.price is not None}
    wallets = {pk: Wallet(_funding(own.get(pk, offering.price), offering)) for pk in chosen}
    for agreement in priced:
        wallet = wallets[agreement.employer_id]
        if agreement.is_in_force:
            agreed: Decimal | None = agreement.agreed_price  # type: ignore[attr-defined]
            price = wallet.outside.price if agreed is None else agreed
            wallet.fundings.append(_funding(price, offering, agreement))
        else:
            wallet.over.append(agreement)
    return wallets


def prices_of(wanted: Iterable[tuple[UUID, Offering]]) -> dict[tuple[UUID, UUID], Decimal]:
    """By employer and offering what a place costs now, ex VAT. Three queries, however many. Nothing is locked."""
    pairs = list(wanted)
    employers, offerings = {employer for employer, _offering in pairs}, [offering for _employer, offering in pairs]
    agreements = Agreement.objects.in_force().filter(
        employer__in=employers, provider__in={offering.provider_id for offering in offerings}
    )
    by_sides: dict[tuple[UUID, UUID], list[Agreement]] = {}
    for agreement in agreements.prefetch_related("prices").order_by("ends_on", "pk"):
        by_sides.setdefault((agreement.employer_id, agreement.provider_id), []).append(agreement)
    reserved = ReservedPlaces.objects.filter(offering__in=offerings, employer__in=employers)
    own = {(row.employer_id, row.offering_id): row.price for row in reserved if row.price is not None}
    found: dict[tuple[UUID, UUID], Decimal] = {}
    for employer, offering in pairs:
        outside = own.get((employer, offering.pk), offering.price)
        wallet = Wallet(_funding(outside, offering))
        for agreement in by_sides.get((employer, offering.provider_id), []):
            agreed = {price.module_id: price.price for price in agreement.prices.all()}
            if not agreement.only_priced or offering.version.module_id in agreed:
                price = agreed.get(offering.version.module_id, outside)
                wallet.fundings.append(_funding(price, offering, agreement))
        found[employer, offering.pk] = (wallet.next_funding() or wallet.fundings[-1]).price
    return found


def _funding(price: Decimal, offering: Offering, agreement: Agreement | None = None) -> Funding:
    vat = (price * offering.vat_percentage / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Funding(price, vat, agreement)

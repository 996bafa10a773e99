"""What enrolling some people would do now, in figures: places, seats and money. It writes nothing."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from courses.models import Offering, ReservedPlaces
from courses.services.places import room_in
from lms.accounts.models import User
from lms.organizations.models import Organization

from .models import LIVE_STATES, Enrollment
from .prerequisites import Lack, find_lacks
from .services.waiting import shortage
from .wallets import Funding, wallets_for


@dataclass(frozen=True)
class Share:
    """So many places that one agreement pays, or that are invoiced outside."""

    funding: Funding
    places: int

    @property
    def cost(self) -> Decimal:
        """Ex VAT."""
        return self.funding.price * self.places

    @property
    def seats_after(self) -> int | None:
        """What is left in the agreement then; None without a limit of seats."""
        agreement = self.funding.agreement
        return None if agreement is None or agreement.seats_left is None else agreement.seats_left - self.places

    @property
    def budget_after(self) -> Decimal | None:
        """The same in money."""
        agreement = self.funding.agreement
        return None if agreement is None or agreement.budget_left is None else agreement.budget_left - self.cost


@dataclass(frozen=True)
class Plan:
    """Who would start, who would wait and why, who takes it already and who lacks something; and what pays it."""

    offering: Offering
    existing: int
    starting: int
    waiting: int
    lacking: list[Lack]
    shares: list[Share]
    shortage: str
    own_left: int
    own_until: date | None


def plan_for(employer: Organization, offering: Offering, learners: list[User]) -> Plan:
    """A dozen queries, whatever the number of people. Places may be taken before somebody confirms."""
    taking = Enrollment.objects.filter(offering=offering, learner__in=learners, state__in=LIVE_STATES)
    existing = set(taking.values_list("learner", flat=True))
    newcomers = [person for person in learners if person.pk not in existing]
    lacking = find_lacks(offering.version.module_id, newcomers, employer.pk)
    new = len(learners) - len(existing) - len(lacking)
    room, wallet = room_in(offering), wallets_for([employer.pk], offering)[employer.pk]
    own = ReservedPlaces.objects.holding().filter(offering=offering, employer=employer).first()
    left = room.left_for(employer.pk)
    shares = [Share(funding, places) for funding, places in wallet.plan(new if left is None else min(new, left))]
    starting = sum(share.places for share in shares)
    room.take(employer.pk, starting)
    return Plan(
        offering=offering,
        existing=len(existing),
        starting=starting,
        waiting=new - starting,
        lacking=lacking,
        shares=shares,
        shortage=shortage(offering, employer.pk, room, wallet) if new > starting else "",
        own_left=own.held_back if own else 0,
        own_until=own.until if own else None,
    )

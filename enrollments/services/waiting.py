"""The waiting list: a place that comes free goes to who is next, fairly between the parties that share an offering.

A party is an employer, or somebody who enrolled on their own account. Next is the party with the fewest places in the
offering, then the one that waits longest; inside a party in the order in which they came. Who cannot be paid for, or
works there no more, is passed over and keeps the turn.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Offering
from courses.services.places import Room, lock_offering, room_in, take_places
from enrollments import events
from enrollments.flow import facts_of, move_many
from enrollments.models import HOLDS_PLACE_STATES, Enrollment, EnrollmentState
from enrollments.wallets import Funding, Wallet, wallets_for
from lms.core.clock import now
from lms.events.services import record_many
from lms.organizations.models import Employment

from .paying import Paid, lock_wallets, reserve_each

TIME_TO_ANSWER = timedelta(days=3)


@dataclass(frozen=True, order=True)
class Waiter:
    """Somebody on the waiting list, in order of arrival."""

    since: datetime
    pk: UUID
    learner_id: UUID
    employer_id: UUID | None

    @property
    def party(self) -> UUID:
        """Whose places are counted together."""
        return self.employer_id or self.learner_id


def promote_waiting(offering: Offering) -> list[Enrollment]:
    """Give free places to who is next on the waiting list, each with a seat or the money of its agreement.

    A bounded number of queries, whatever the number of people. Returns who got a place.

    Where the offering starts later than the time to answer, the place is offered: held for them until they answer, and
    theirs when they do not. Else they start at once.

    Requires: an offering from `lock_offering`, in the same transaction. Emits: enrollment.offered or
    enrollment.activated.
    """
    room = room_in(offering)
    if offering.is_over or room.is_empty:
        return []
    waiting = waiting_in(offering)
    if not waiting:
        return []
    wallets = lock_wallets({waiter.employer_id for waiter in waiting if waiter.employer_id}, offering)
    chosen = _choose(offering, waiting, room, wallets)
    _give_places(offering, chosen)
    return [enrollment for enrollment, _funding in chosen]


def waiting_in(offering: Offering) -> list[Waiter]:
    """Everybody on the waiting list, in order of arrival."""
    found = Enrollment.objects.filter(offering=offering, state=EnrollmentState.WAITLISTED)
    rows = found.order_by("created_at", "id").values_list("created_at", "id", "learner", "employer")
    return [Waiter(*row) for row in rows]


def employers_waiting(offering: Offering) -> set[UUID]:
    """Those with somebody on the waiting list."""
    found = Enrollment.objects.filter(offering=offering, state=EnrollmentState.WAITLISTED, employer__isnull=False)
    return set(found.values_list("employer", flat=True).distinct())


def places_held(offering: Offering) -> Counter[UUID]:
    """By party how many places it has in the offering. (Who waits on their own account has none.)"""
    holding = Enrollment.objects.filter(offering=offering, state__in=HOLDS_PLACE_STATES, employer__isnull=False)
    counted = holding.order_by().values("employer").annotate(places=Count("pk"))
    return Counter({row["employer"]: row["places"] for row in counted})


def in_turn(waiting: Iterable[Waiter], held: Counter[UUID]) -> Iterator[Waiter]:
    """Who is next, one after the other. Whoever gives a place adds it to `held`, so that the next turn is fair too."""
    queues: dict[UUID, deque[Waiter]] = {}
    for waiter in waiting:
        queues.setdefault(waiter.party, deque()).append(waiter)
    heap = [(held[party], queue[0]) for party, queue in queues.items()]
    heapify(heap)
    while heap:
        _places, first = heappop(heap)
        queue = queues[first.party]
        yield queue.popleft()
        if queue:
            heappush(heap, (held[first.party], queue[0]))


@dataclass(frozen=True)
class Standing:
    """Where somebody stands: the place in the order in which places are given now, and what they wait for."""

    place: int
    of: int
    since: datetime
    shortage: str


def standings(offering: Offering) -> dict[UUID, Standing]:
    """By enrollment, in the fair order of this moment. A bounded number of queries. It names nobody."""
    waiting = waiting_in(offering)
    wallets = wallets_for({waiter.employer_id for waiter in waiting if waiter.employer_id}, offering)
    room, held = room_in(offering), places_held(offering)
    found: dict[UUID, Standing] = {}
    for place, waiter in enumerate(in_turn(waiting, held), start=1):
        held[waiter.party] += 1
        wallet = wallets[waiter.employer_id] if waiter.employer_id else None
        why = shortage(offering, waiter.employer_id, room, wallet, waiter.since)
        found[waiter.pk] = Standing(place, len(waiting), waiter.since, why)
    return found


def standing_of(enrollment: Enrollment) -> Standing | None:
    """Where this one stands; None when it does not wait."""
    if enrollment.state != EnrollmentState.WAITLISTED:
        return None
    return standings(enrollment.offering).get(enrollment.pk)


def promote_everywhere() -> int:
    """Places and money also come free by the calendar: give them to who waits. Returns to how many."""
    waiting = Enrollment.objects.filter(state=EnrollmentState.WAITLISTED)
    offerings = Offering.objects.filter(pk__in=waiting.values("offering"), cancelled_at=None)
    promoted = 0
    for pk in list(offerings.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            promoted += len(promote_waiting(lock_offering(pk)))
    return promoted


def shortage(
    offering: Offering, employer_id: UUID | None, room: Room, wallet: Wallet | None, since: datetime | None = None
) -> str:
    """What people of this employer (who asked then) wait for now: a place, or what pays it. Empty when for neither."""
    if offering.is_over:
        return _("This offering is over.")
    if room.left_for(employer_id) == 0:
        return _("All places are taken.")
    return wallet.shortage(since) if wallet else ""


def _choose(offering: Offering, waiting: list[Waiter], room: Room, wallets: dict[UUID, Wallet]) -> list[Paid]:
    held, present = places_held(offering), _still_employed(offering)
    paid: dict[UUID, Funding | None] = {}
    for waiter in in_turn(waiting, held):
        if room.is_empty:
            break
        if room.left_for(waiter.employer_id) == 0:
            continue
        funding = None
        if waiter.employer_id:
            wallet = wallets[waiter.employer_id]
            funding = wallet.next_funding_since(waiter.since)
            if funding is None or (waiter.employer_id, waiter.learner_id) not in present:
                continue
            funding.planned += 1
        room.take(waiter.employer_id)
        held[waiter.party] += 1
        paid[waiter.pk] = funding
    locked = Enrollment.objects.select_for_update(of=("self",)).order_by("pk").in_bulk(list(paid))
    return [(locked[pk], funding) for pk, funding in paid.items()]


def _still_employed(offering: Offering) -> set[tuple[UUID, UUID]]:
    waits = Enrollment.objects.filter(
        offering=offering, state=EnrollmentState.WAITLISTED, employer=OuterRef("employer"), learner=OuterRef("user")
    )
    return set(Employment.objects.current().filter(Exists(waits)).values_list("employer", "user"))


def _give_places(offering: Offering, chosen: list[Paid]) -> None:
    enrollments = [enrollment for enrollment, _funding in chosen]
    take_places(offering, Counter(enrollment.employer_id for enrollment in enrollments))
    if offering.starts_on > timezone.localdate(answer_by := now() + TIME_TO_ANSWER):
        move_many(enrollments, EnrollmentState.OFFERED, answer_by=answer_by)
        record_many(events.OFFERED, [(e.pk, facts_of(e) | {"answer_by": answer_by}) for e in enrollments])
    else:
        move_many(enrollments, EnrollmentState.ACTIVE, activated_at=now())
        record_many(events.ACTIVATED, [(e.pk, facts_of(e) | {"waited": True}) for e in enrollments])
    reserve_each(chosen)

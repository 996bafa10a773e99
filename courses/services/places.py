"""Places in an offering: taken and given back under a row lock, so that they cannot be overbooked.

An employer takes the places that are reserved for it before those that are for everybody; nobody else takes them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from courses.models import Offering, ReservedPlaces


def lock_offering(offering_id: UUID) -> Offering:
    """The offering, locked until the transaction ends: whoever counts places waits here.

    NO KEY leaves rows that only refer to it free: a learner who completes holds the enrollment and looks here too.

    Requires: an open transaction. Raises: Offering.DoesNotExist.
    """
    return Offering.objects.select_for_update(no_key=True).get(pk=offering_id)


def lock_offerings(offering_ids: Iterable[UUID]) -> None:
    """Lock several, always in the same order.

    Requires: an open transaction.
    """
    locked = Offering.objects.select_for_update(no_key=True).filter(pk__in=set(offering_ids)).order_by("pk")
    list(locked.values_list("pk"))


@dataclass
class Room:
    """The places that are left in an offering: for everybody (None: no limit), and those held back per employer."""

    common: int | None
    own: dict[UUID, int]

    @property
    def is_empty(self) -> bool:
        """Nobody can take a place."""
        return self.common is not None and self.common <= 0 and not any(self.own.values())

    def left_for(self, employer_id: UUID | None) -> int | None:
        """What this employer can take; None for somebody on their own account. None where there is no limit."""
        if self.common is None:
            return None
        return max(0, self.common) + (self.own.get(employer_id, 0) if employer_id else 0)

    def take(self, employer_id: UUID | None, count: int = 1) -> None:
        """Take from what is the employer's own first."""
        own = min(count, self.own.get(employer_id, 0)) if employer_id else 0
        if employer_id and own:
            self.own[employer_id] -= own
        if self.common is not None:
            self.common -= count - own


def room_in(offering: Offering) -> Room:
    """What is left now. It holds until the transaction ends when the offering comes from `lock_offering`."""
    held = ReservedPlaces.objects.holding().filter(offering=offering)
    return Room(offering.places_left, {reserved.employer_id: reserved.held_back for reserved in held})


def take_places(offering: Offering, takers: Mapping[UUID | None, int]) -> None:
    """Take so many places for each employer; None stands for people on their own account.

    Requires: an offering from `lock_offering`, in the same transaction; room for them (`room_in`), which the database
    checks too.
    """
    _count(offering, takers)


def give_back_places(offering: Offering, givers: Mapping[UUID | None, int]) -> None:
    """Give so many places of each employer back: they are held for it again as far as it has more reserved than taken.

    Requires: an offering from `lock_offering`, in the same transaction.
    """
    _count(offering, {employer_id: -count for employer_id, count in givers.items()})


def _count(offering: Offering, changes: Mapping[UUID | None, int]) -> None:
    employers = [employer_id for employer_id, count in changes.items() if employer_id and count]
    for reserved in ReservedPlaces.objects.filter(offering=offering, employer__in=employers):
        held = reserved.held_back
        reserved.taken = max(0, reserved.taken + changes[reserved.employer_id])
        reserved.save(update_fields=["taken"])
        offering.held_back += reserved.held_back - held
    offering.taken += sum(changes.values())
    offering.save(update_fields=["taken", "held_back"])

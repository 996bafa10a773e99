"""Places in an offering: taken and given back under a row lock, so that they cannot be overbooked."""

from uuid import UUID

from courses.models import Offering


def lock_offering(offering_id: UUID) -> Offering:
    """The offering, locked until the transaction ends: whoever counts places waits here.

    Requires: an open transaction. Raises: Offering.DoesNotExist.
    """
    return Offering.objects.select_for_update().get(pk=offering_id)


def take_places(offering: Offering, wanted: int) -> int:
    """Take up to `wanted` places; returns how many there were.

    Requires: an offering from `lock_offering`, in the same transaction.
    """
    left = offering.places_left
    taken = wanted if left is None else min(wanted, left)
    offering.taken += taken
    offering.save(update_fields=["taken"])
    return taken


def give_back_places(offering: Offering, count: int) -> None:
    """Give `count` places back.

    Requires: an offering from `lock_offering`, in the same transaction.
    """
    offering.taken -= count
    offering.save(update_fields=["taken"])

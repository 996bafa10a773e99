"""Places in an offering: taken and given back under a row lock, so that they cannot be overbooked."""

from collections.abc import Iterable
from uuid import UUID

from courses.models import Offering


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

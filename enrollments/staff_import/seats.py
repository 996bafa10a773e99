"""Places for the people of a list and what pays them, taken under the locks of the offering and its agreements."""

from dataclasses import dataclass

from courses.models import Offering
from courses.services.places import room_in, take_places
from enrollments.models import Enrollment, EnrollmentState, ImportRow, StaffImport
from enrollments.services.paying import lock_agreements, reserve_many
from enrollments.services.waiting import employers_waiting, promote_waiting
from enrollments.wallets import Wallet, wallets_for
from lms.accounts.models import User

from .matching import NO_LIMIT


@dataclass
class Seats:
    """How many places there are for this employer, and what pays them."""

    places: int
    wallet: Wallet


def foreseen_seats(staff_import: StaffImport, wanted: int) -> Seats:
    """As things are now: those who wait go first. Nothing is locked or taken."""
    offering = Offering.objects.get(pk=offering_of(staff_import).pk)
    waiting = Enrollment.objects.filter(offering=offering, state=EnrollmentState.WAITLISTED).count()
    return _seats(staff_import, offering, wanted, waiting)


def secured_seats(staff_import: StaffImport, wanted: int) -> Seats:
    """The same after those who wait got theirs, and nobody else can take them until the transaction ends.

    Requires: an open transaction, and the list's offering from `lock_offering`.
    """
    offering = offering_of(staff_import)
    lock_agreements({staff_import.employer_id} | employers_waiting(offering), offering)
    promote_waiting(offering)
    return _seats(staff_import, offering, wanted, 0)


def take_seats(staff_import: StaffImport, seats: Seats, taken: int, rows: tuple[int, int], by: User | None) -> None:
    """The active people of these rows have a place now, and each a reservation where an agreement pays.

    Requires: seats from `secured_seats`, in the same transaction; the enrollments written.
    """
    take_places(offering_of(staff_import), {staff_import.employer_id: taken})
    after, until = rows
    for funding, share in seats.wallet.plan(taken):
        if funding.agreement is None:
            continue
        active = ImportRow.objects.filter(staff_import=staff_import, outcome="active").in_parcel(after, until)
        last = active.order_by("number").values_list("number", flat=True)[share - 1]
        learners = active.filter(number__lte=last).values("user")
        reserve_many(funding, Enrollment.objects.filter(offering=staff_import.offering_id, learner__in=learners), by=by)
        after = last


def _seats(staff_import: StaffImport, offering: Offering, wanted: int, waiting: int) -> Seats:
    left = room_in(offering).left_for(staff_import.employer_id)
    wallet = wallets_for([staff_import.employer_id], offering)[staff_import.employer_id]
    places = wanted if left is None else min(wanted, max(0, left - waiting))
    paid = sum(share for _funding, share in wallet.plan(places))
    for funding in [wallet.outside, *wallet.fundings]:
        funding.planned = 0
    return Seats(paid if paid < wanted else NO_LIMIT, wallet)


def offering_of(staff_import: StaffImport) -> Offering:
    """Of a list that has one."""
    if staff_import.offering is None:
        raise ValueError("This list is for no offering.")
    return staff_import.offering

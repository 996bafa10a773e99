"""Places in an offering that one employer has for itself: reserved by the provider, given up by either, or in time."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from courses import events
from courses.models import Offering, ReservedPlaces, Visibility
from courses.policies import can_give_up_places, can_plan_offering
from lms.accounts.models import User
from lms.audit.services import changed_fields, record_audit, record_audit_many
from lms.core.clock import now, today
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from lms.events.services import record
from lms.organizations.models import Organization

from .places import lock_offering
from .validity import refuse, require_valid


@transaction.atomic
def reserve_places(
    *,
    by: User,
    offering: Offering,
    employer: Organization,
    places: int,
    price: Decimal | None = None,
    until: date | None = None,
) -> ReservedPlaces:
    """Keep places for one employer, or change how many it has: at its own price, until a day.

    What the employer takes from now on counts against them first. An employer that could not join the offering can.

    Requires: manage_offerings at the provider; an offering that goes on. Raises: NotFound; Forbidden; Invalid; Conflict
    when fewer places are left. Emits: offering.changed, for there may be room for who waits.
    """
    return reserve_for_each(by=by, offering=offering, places={employer: places}, price=price, until=until)[0]


@transaction.atomic
def reserve_for_each(
    *,
    by: User,
    offering: Offering,
    places: Mapping[Organization, int],
    price: Decimal | None = None,
    until: date | None = None,
) -> list[ReservedPlaces]:
    """The same for several employers at once: all of them get their places, or none.

    Requires, Raises, Emits: as `reserve_places`.
    """
    locked = _lock_planned(by, offering)
    refuse([error for employer in places for error in _errors(locked, employer, until)])
    known = {row.employer_id: row for row in ReservedPlaces.objects.filter(offering=locked, employer__in=places)}
    terms = {"price": price, "until": until, "given_up_at": None}
    rows, more, changes = [], 0, []
    for employer, number in places.items():
        reserved = known.get(employer.pk) or ReservedPlaces(offering=locked, employer=employer, places=0)
        held, before = reserved.held_back, _terms(reserved)
        for name, value in ({"places": number} | terms).items():
            setattr(reserved, name, value)
        require_valid(reserved, exclude=("offering", "employer"))
        more += reserved.held_back - held
        rows.append(reserved)
        changes.append(changed_fields(before, _terms(reserved)))
    if locked.places_left is not None and more > locked.places_left:
        message = _("Only %(left)d places are left for everybody: raise the number of places first.")
        raise Conflict(message % {"left": max(0, locked.places_left)}, code="full")
    for reserved in rows:
        reserved.save()
    _hold(locked, more)
    if locked.visibility == Visibility.EMPLOYERS:
        locked.employers.add(*places)
    record_audit_many("courses.reserve_places", list(rows), changes=changes, organization_id=locked.provider_id)
    return rows


@transaction.atomic
def give_up_places(*, by: User | None, reserved: ReservedPlaces, places: int | None = None) -> ReservedPlaces:
    """What the employer has not taken goes to everybody, or so many of it. `by` None: the platform, past the day.

    Requires: to plan the offering, or to enroll for the employer. Raises: NotFound; Forbidden; Invalid for more than
    are held; Conflict when they were given up already. Emits: offering.changed, for there may be room for who waits.
    """
    if by is not None and not ReservedPlaces.objects.visible_to(by).filter(pk=reserved.pk).exists():
        raise NotFound
    offering = lock_offering(reserved.offering_id)
    reserved = ReservedPlaces.objects.get(pk=reserved.pk)
    if by is not None and not can_give_up_places(by, reserved):
        raise Forbidden
    if reserved.given_up_at:
        raise Conflict(_("These places were given up already."), code="given_up")
    held, before = reserved.held_back, _terms(reserved)
    if places is not None and not 0 < places <= held:
        message = _("Give up between 1 and %(held)d places: the others are taken.") % {"held": held}
        raise Invalid(message, errors=[FieldError("places", "range", message)])
    if places is None or places == held:
        reserved.given_up_at = now()
    else:
        reserved.places -= places
    reserved.save(update_fields=["given_up_at", "places"])
    changes = changed_fields(before, _terms(reserved))
    record_audit("courses.give_up_places", reserved, changes=changes, organization_id=reserved.employer_id)
    _hold(offering, reserved.held_back - held)
    return reserved


def give_up_due_places(limit: int = 500) -> int:
    """Reserved places whose day has passed go to everybody. Returns of how many employers and offerings."""
    given_up = 0
    for reserved in ReservedPlaces.objects.due_to_be_given_up().order_by("id")[:limit]:
        try:
            give_up_places(by=None, reserved=reserved)
            given_up += 1
        except Conflict:
            pass  # somebody else did at the same moment
    return given_up


def _lock_planned(by: User, offering: Offering) -> Offering:
    if not Offering.objects.visible_to(by).filter(pk=offering.pk).exists():
        raise NotFound
    locked = lock_offering(offering.pk)
    if not can_plan_offering(by, locked.provider):
        raise Forbidden
    if locked.is_over or locked.archived_at:
        raise Conflict(_("This offering is over: no places can be reserved."), code="over")
    return locked


def _hold(offering: Offering, more: int) -> None:
    offering.held_back += more
    offering.save(update_fields=["held_back"])
    ids = {"version": offering.version_id, "provider": offering.provider_id, "capacity_raised": more != 0}
    record(events.OFFERING_CHANGED, offering.pk, ids)


def _terms(reserved: ReservedPlaces) -> dict[str, object]:
    return {"places": reserved.places, "price": str(reserved.price), "until": str(reserved.until)}


def _errors(offering: Offering, employer: Organization, until: date | None) -> Iterator[FieldError]:
    if not employer.is_employer:
        yield FieldError("employer", "unknown", _("Choose an employer."))
    if until is not None and until < today():
        yield FieldError("until", "past", _("Choose a day that has not passed."))
    if until is None and offering.is_running and offering.ends_on:
        message = _("This offering has begun: say until when the places are held.")
        yield FieldError("until", "required", message)

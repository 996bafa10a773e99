"""Runs of a published version: planned, changed, cancelled, archived."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import events
from courses.models import Module, ModuleVersion, Offering, Visibility
from courses.policies import can_plan_offering
from lms.accounts.models import User
from lms.audit.services import changed_fields, record_audit
from lms.core.clock import now
from lms.core.errors import Conflict, FieldError, Forbidden, NotFound
from lms.events.services import record

from .places import lock_offering
from .retiring import require_in_offer
from .session_rules import outside
from .validity import refuse, require_valid

OFFERING_FACTS = (
    "starts_on",
    "ends_on",
    "enroll_from",
    "enroll_until",
    "capacity",
    "minimum",
    "price",
    "vat_percentage",
    "delivery",
    "language",
    "location",
    "visibility",
)

NAMED = 5  # sessions in a sentence


@transaction.atomic
def plan_offering(*, by: User, version: ModuleVersion, code: str, **facts: Any) -> Offering:
    """The provider plans a run of a published version. `facts` are any of OFFERING_FACTS, and `employers`.

    Requires: manage_offerings at the provider; a published version. Raises: NotFound; Forbidden; Conflict when it is a
    draft, its module is retired or the code is taken; Invalid. Emits: offering.planned.
    """
    visible = ModuleVersion.objects.visible_to(by).select_related("module__provider")
    seen = visible.filter(pk=version.pk).first()
    if seen is None:
        raise NotFound
    if not can_plan_offering(by, seen.module.provider):
        raise Forbidden
    if seen.is_draft:
        raise Conflict(_("Publish this version first: a draft cannot be offered."), code="draft")
    require_in_offer(Module.objects.select_for_update(no_key=True).get(pk=seen.module_id))
    employers = facts.pop("employers", None)
    offering = Offering(version=seen, provider=seen.module.provider, code=code)
    _apply(offering, facts)
    _require_offering(offering, [] if employers is None else list(employers))
    try:
        with transaction.atomic():
            offering.save(force_insert=True)
    except IntegrityError as error:
        message = _("The code %(code)s is taken: choose another one.") % {"code": code}
        raise Conflict(message, code="code_taken", errors=[FieldError("code", "taken", message)]) from error
    if employers is not None:
        offering.employers.set(employers)
    record_audit("courses.plan_offering", offering, organization_id=offering.provider_id)
    record(events.OFFERING_PLANNED, offering.pk, _ids(offering))
    return offering


@transaction.atomic
def edit_offering(*, by: User, offering: Offering, **facts: Any) -> Offering:
    """Change a run: any of OFFERING_FACTS, and `employers`.

    Requires: manage_offerings at the provider; not cancelled; no fewer places than are taken. Raises: NotFound;
    Forbidden; Conflict; Invalid. Emits: offering.changed, which says whether there may be room for who waits.
    """
    locked = _lock(by, offering)
    employers = facts.pop("employers", None)
    before = {name: getattr(locked, name) for name in facts if name in OFFERING_FACTS}
    _apply(locked, facts)
    chosen = locked.employers.all() if employers is None else employers
    _require_offering(locked, list(chosen))
    refuse([*_session_errors(locked)])
    locked.save(update_fields=[*facts] or None)
    if employers is not None:
        locked.employers.set(employers)
    changes = changed_fields(_plain(before), _plain({name: getattr(locked, name) for name in before}))
    record_audit("courses.edit_offering", locked, changes=changes, organization_id=locked.provider_id)
    raised = "capacity" in changes and (
        locked.capacity is None or (before["capacity"] is not None and locked.capacity > before["capacity"])
    )
    record(events.OFFERING_CHANGED, locked.pk, _ids(locked) | {"capacity_raised": raised})
    return locked


@transaction.atomic
def cancel_offering(*, by: User, offering: Offering) -> Offering:
    """Call a run off, with its sessions to come. Nobody can enroll any more; who takes part is told by who hears of it.

    Requires: manage_offerings at the provider. Raises: NotFound; Forbidden; Conflict when it is cancelled already.
    Emits: offering.cancelled.
    """
    locked = _lock(by, offering)
    locked.cancelled_at = now()
    locked.save(update_fields=["cancelled_at"])
    locked.sessions.ahead().update(cancelled_at=locked.cancelled_at, changed_at=locked.cancelled_at)
    record_audit("courses.cancel_offering", locked, organization_id=locked.provider_id)
    record(events.OFFERING_CANCELLED, locked.pk, _ids(locked))
    return locked


@transaction.atomic
def archive_offering(*, by: User, offering: Offering) -> Offering:
    """Put a run away: it leaves the lists, and nothing of it changes any more.

    Requires: manage_offerings at the provider. Raises: NotFound; Forbidden; Conflict while sessions lie ahead, naming
    them, and while who joins the event refuses (people are active in a running offering). Emits: offering.archived.
    """
    locked = _lock(by, offering, cancelled_too=True)
    ahead = list(locked.sessions.ahead()[:NAMED])
    if ahead:
        named = ", ".join(f"{timezone.localtime(session.starts_at):%d-%m-%Y %H:%M}" for session in ahead)
        message = _("Sessions lie ahead: %(sessions)s. Cancel them first, or wait until they are over.")
        raise Conflict(message % {"sessions": named}, code="sessions_ahead")
    locked.archived_at = now()
    locked.save(update_fields=["archived_at"])
    record_audit("courses.archive_offering", locked, organization_id=locked.provider_id)
    record(events.OFFERING_ARCHIVED, locked.pk, _ids(locked))
    return locked


def _lock(by: User, offering: Offering, *, cancelled_too: bool = False) -> Offering:
    if not Offering.objects.visible_to(by).filter(pk=offering.pk).exists():
        raise NotFound
    locked = lock_offering(offering.pk)
    if not can_plan_offering(by, locked.provider):
        raise Forbidden
    if locked.archived_at:
        raise Conflict(_("This offering is archived."), code="archived")
    if locked.cancelled_at and not cancelled_too:
        raise Conflict(_("This offering is cancelled."), code="cancelled")
    return locked


def _apply(offering: Offering, facts: dict[str, Any]) -> None:
    unknown = [name for name in facts if name not in OFFERING_FACTS]
    refuse([FieldError(name, "unknown", _("An offering has no such field.")) for name in unknown])
    for name, value in facts.items():
        setattr(offering, name, value)


def _require_offering(offering: Offering, employers: list[Any]) -> None:
    require_valid(offering, exclude=("version", "provider", "location"))
    refuse([*_date_errors(offering), *_other_errors(offering, employers)])


def _date_errors(offering: Offering) -> Iterator[FieldError]:
    if _after(offering.starts_on, offering.ends_on):
        yield FieldError("ends_on", "order", _("It cannot end before it starts."))
    if _after(offering.enroll_from, offering.enroll_until):
        yield FieldError("enroll_until", "order", _("Enrollment cannot close before it opens."))
    if _after(offering.enroll_until, offering.ends_on):
        yield FieldError("enroll_until", "order", _("Enrollment cannot close after the end."))


def _session_errors(offering: Offering) -> Iterator[FieldError]:
    """Sessions that are held stay inside the dates."""
    for session in offering.sessions.booked().order_by("starts_at"):
        if outside(offering, session):
            words = {"when": f"{timezone.localtime(session.starts_at):%d-%m-%Y %H:%M}"}
            early = timezone.localdate(session.starts_at) < offering.starts_on
            message = _("The session of %(when)s would lie outside: move or cancel it first.") % words
            yield FieldError("starts_on" if early else "ends_on", "sessions", message)
            return


def _after(first: date | None, second: date | None) -> bool:
    return first is not None and second is not None and first > second


def _other_errors(offering: Offering, employers: list[Any]) -> Iterator[FieldError]:
    yield from _capacity_errors(offering)
    if offering.minimum is not None and offering.capacity is not None and offering.minimum > offering.capacity:
        message = _("The minimum cannot be more than the %(capacity)d places there are.")
        yield FieldError("minimum", "range", message % {"capacity": offering.capacity})
    if not 0 <= offering.vat_percentage <= 100:
        yield FieldError("vat_percentage", "range", _("Give a percentage from 0 to 100."))
    if offering.language not in offering.version.languages:
        yield FieldError("language", "unknown", _("This version is not written in that language."))
    if offering.visibility == Visibility.EMPLOYERS and not employers:
        yield FieldError("employers", "empty", _("Choose the employers that may join."))
    if not all(employer.is_employer for employer in employers):
        yield FieldError("employers", "unknown", _("Choose employers only."))


def _capacity_errors(offering: Offering) -> Iterator[FieldError]:
    taken, held = offering.taken, offering.held_back
    if offering.capacity is None or offering.capacity >= max(1, taken + held):
        return
    if held:
        message = _("%(taken)d places are taken and %(held)d are held back for employers: give at least %(sum)d.")
        yield FieldError("capacity", "taken", message % {"taken": taken, "held": held, "sum": taken + held})
        return
    message = _("%(taken)d places are taken: give at least that many.") % {"taken": taken}
    yield FieldError("capacity", "taken", message if taken else _("Give at least one place."))


def _ids(offering: Offering) -> dict[str, Any]:
    return {"version": offering.version_id, "provider": offering.provider_id}


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """For the audit log: a location by its id, figures as figures."""
    return {
        name: str(getattr(value, "pk", value)) if hasattr(value, "pk") or isinstance(value, Decimal) else value
        for name, value in facts.items()
    }

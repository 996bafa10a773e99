"""Runs of a published version: planned, changed, cancelled."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courses import events
from courses.models import ModuleVersion, Offering, Visibility
from courses.policies import can_plan_offering
from lms.accounts.models import User
from lms.audit.services import changed_fields, record_audit
from lms.core.clock import now
from lms.core.errors import Conflict, FieldError, Forbidden, NotFound
from lms.events.services import record

from .places import lock_offering
from .validity import refuse, require_valid

OFFERING_FACTS = (
    "starts_on",
    "ends_on",
    "enroll_from",
    "enroll_until",
    "capacity",
    "price",
    "vat_percentage",
    "delivery",
    "language",
    "location",
    "visibility",
)


@transaction.atomic
def plan_offering(*, by: User, version: ModuleVersion, code: str, **facts: Any) -> Offering:
    """The provider plans a run of a published version. `facts` are any of OFFERING_FACTS, and `employers`.

    Requires: manage_offerings at the provider; a published version. Raises: NotFound; Forbidden; Conflict when it is a
    draft or the code is taken; Invalid. Emits: offering.planned.
    """
    visible = ModuleVersion.objects.visible_to(by).select_related("module__provider")
    seen = visible.filter(pk=version.pk).first()
    if seen is None:
        raise NotFound
    if not can_plan_offering(by, seen.module.provider):
        raise Forbidden
    if seen.is_draft:
        raise Conflict(_("Publish this version first: a draft cannot be offered."), code="draft")
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
    """Call a run off. Nobody can enroll any more; what happens to those who did is up to who hears of it.

    Requires: manage_offerings at the provider. Raises: NotFound; Forbidden; Conflict when it is cancelled already.
    Emits: offering.cancelled.
    """
    locked = _lock(by, offering)
    locked.cancelled_at = now()
    locked.save(update_fields=["cancelled_at"])
    record_audit("courses.cancel_offering", locked, organization_id=locked.provider_id)
    record(events.OFFERING_CANCELLED, locked.pk, _ids(locked))
    return locked


def _lock(by: User, offering: Offering) -> Offering:
    if not Offering.objects.visible_to(by).filter(pk=offering.pk).exists():
        raise NotFound
    locked = lock_offering(offering.pk)
    if not can_plan_offering(by, locked.provider):
        raise Forbidden
    if locked.cancelled_at:
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


def _after(first: date | None, second: date | None) -> bool:
    return first is not None and second is not None and first > second


def _other_errors(offering: Offering, employers: list[Any]) -> Iterator[FieldError]:
    if offering.capacity is not None and offering.capacity < max(1, offering.taken):
        message = _("%(taken)d places are taken: give at least that many.") % {"taken": offering.taken}
        yield FieldError("capacity", "taken", message if offering.taken else _("Give at least one place."))
    if not 0 <= offering.vat_percentage <= 100:
        yield FieldError("vat_percentage", "range", _("Give a percentage from 0 to 100."))
    if offering.language not in offering.version.languages:
        yield FieldError("language", "unknown", _("This version is not written in that language."))
    if offering.visibility == Visibility.EMPLOYERS and not employers:
        yield FieldError("employers", "empty", _("Choose the employers that may join."))
    if not all(employer.is_employer for employer in employers):
        yield FieldError("employers", "unknown", _("Choose employers only."))


def _ids(offering: Offering) -> dict[str, Any]:
    return {"version": offering.version_id, "provider": offering.provider_id}


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """For the audit log: a location by its id, figures as figures."""
    return {
        name: str(getattr(value, "pk", value)) if hasattr(value, "pk") or isinstance(value, Decimal) else value
        for name, value in facts.items()
    }

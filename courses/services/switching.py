"""Newcomers of a running or future offering get a newer version: by the provider's choice only."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses import events
from courses.models import ModuleVersion, Offering
from courses.policies import can_plan_offering
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from lms.events.services import record

from .places import lock_offering


@transaction.atomic
def switch_offering(*, by: User, offering: Offering, version: ModuleVersion) -> Offering:
    """Who enrolls from now on takes this version; who is in keeps theirs until somebody moves them.

    Requires: manage_offerings at the provider; a published version of the same module, newer than the present one and
    taught in the offering's language; an offering that is neither cancelled nor over. Raises: NotFound; Forbidden;
    Conflict; Invalid. Audits: yes. Emits: offering.switched.
    """
    if not Offering.objects.visible_to(by).filter(pk=offering.pk).exists():
        raise NotFound
    locked = lock_offering(offering.pk)
    if not can_plan_offering(by, locked.provider):
        raise Forbidden
    present = locked.version
    target = ModuleVersion.objects.visible_to(by).filter(pk=version.pk, module=present.module_id).first()
    if target is None:
        raise NotFound
    _require_fit(locked, present, target)
    locked.version = target
    locked.save(update_fields=["version"])
    changes = {"version": (present.number, target.number)}
    record_audit("courses.switch_offering", locked, changes=changes, organization_id=locked.provider_id)
    facts = {"version": target.pk, "from": present.pk, "provider": locked.provider_id}
    record(events.OFFERING_SWITCHED, locked.pk, facts)
    return locked


def _require_fit(offering: Offering, present: ModuleVersion, target: ModuleVersion) -> None:
    if target.is_draft:
        raise Conflict(_("Publish this version first: a draft cannot be offered."), code="draft")
    if target.number <= present.number:
        raise Conflict(_("This offering is in this version or a newer one already."), code="not_newer")
    if offering.state in ("cancelled", "finished"):
        raise Conflict(_("Nobody can enroll in this offering any more."), code=offering.state)
    if offering.language not in target.languages:
        message = _("This version is not written in the language of the offering.")
        raise Invalid(message, errors=[FieldError("version", "language", message)])

"""Taking a module out of the offer and back. Who learns goes on; who completed keeps everything."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses import events
from courses.models import Module, Offering
from courses.policies import can_retire_module
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.clock import now
from lms.core.errors import Conflict, FieldError, Forbidden, NotFound
from lms.events.services import record

NAMED = 5  # offerings in the sentence; the errors name all


@transaction.atomic
def retire_module(*, by: User, module: Module) -> Module:
    """Take a module out of the catalogue: no new offerings, no new drafts submitted. What runs is untouched.

    Requires: publish_modules at the provider; a published version; no offering that people can still enroll in and
    none with a session ahead. Raises: NotFound; Forbidden; Conflict, naming those offerings. Emits: module.retired.
    """
    locked = _lock(by, module)
    require_in_offer(locked)
    if not locked.versions.published().exists():
        raise Conflict(_("This module was never published: discard its draft instead."), code="not_published")
    _require_nothing_ahead(locked)
    locked.retired_at = now()
    locked.save(update_fields=["retired_at"])
    record_audit("courses.retire_module", locked, organization_id=locked.provider_id)
    record(events.MODULE_RETIRED, locked.pk, {"module": locked.pk, "provider": locked.provider_id})
    return locked


@transaction.atomic
def bring_back_module(*, by: User, module: Module) -> Module:
    """Put a retired module into the catalogue again.

    Requires: publish_modules at the provider; a retired module. Raises: NotFound; Forbidden; Conflict. Emits:
    module.brought_back.
    """
    locked = _lock(by, module)
    if locked.retired_at is None:
        raise Conflict(_("This module is in the offer already."), code="not_retired")
    locked.retired_at = None
    locked.save(update_fields=["retired_at"])
    record_audit("courses.bring_back_module", locked, organization_id=locked.provider_id)
    record(events.MODULE_BROUGHT_BACK, locked.pk, {"module": locked.pk, "provider": locked.provider_id})
    return locked


def require_in_offer(module: Module) -> None:
    """Raises: Conflict when the module is retired."""
    if module.retired_at:
        raise Conflict(_("This module was taken out of the offer: bring it back first."), code="retired")


def _lock(by: User, module: Module) -> Module:
    locked = Module.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=module.pk).first()
    if locked is None:
        raise NotFound
    if not can_retire_module(by, locked):
        raise Forbidden
    return locked


def _require_nothing_ahead(module: Module) -> None:
    ahead = Offering.objects.filter(version__module=module).with_something_ahead().order_by("starts_on", "id")
    codes = list(ahead.values_list("code", flat=True))
    if codes:
        more = len(codes) - NAMED
        named = ", ".join(codes[:NAMED]) + (_(" and %(more)d more") % {"more": more} if more > 0 else "")
        message = _("People can still enroll or meet in: %(codes)s. Close or cancel these first.") % {"codes": named}
        errors = [FieldError(f"offerings/{code}", "ahead", message) for code in codes]
        raise Conflict(message, code="offerings_ahead", errors=errors)

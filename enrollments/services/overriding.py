"""Letting somebody take a module without what it asks beforehand, for a reason."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Module
from enrollments.models import PrerequisiteOverride
from enrollments.policies import can_give_override, can_give_overrides
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.errors import FieldError, Forbidden, Invalid, NotFound

LONGEST = 1000


@transaction.atomic
def give_override(*, by: User, learner: User, module: Module, reason: str) -> PrerequisiteOverride:
    """The provider, or HR of the learner's employer, answers for it that this person can do without.

    Given once: a later one changes nothing. The provider sees who gave it and why.

    Requires: can_give_override; a reason. Raises: NotFound; Forbidden; Invalid. Audits: yes.
    """
    if not Module.objects.visible_to(by).filter(pk=module.pk).exists():
        raise NotFound
    if not can_give_override(by, learner, module):
        raise Forbidden
    reason = _reason_of(reason)
    facts = {"reason": reason, "given_by": by}
    override, created = PrerequisiteOverride.objects.get_or_create(learner=learner, module=module, defaults=facts)
    if created:
        changes = {"reason": ("", reason)}
        record_audit("enrollments.give_override", override, changes=changes, organization_id=module.provider_id)
    return override


def let_in(*, by: User, email: str, module: Module, reason: str) -> None:
    """The same for whoever has an account with this address. Whether somebody has is not told: that is theirs.

    Requires: the provider's authors who see the participants, or HR of the person. Raises: NotFound; Forbidden;
    Invalid. Audits: yes.
    """
    learner = User.objects.filter(email=email.strip().lower()).first()
    if learner is not None:
        give_override(by=by, learner=learner, module=module, reason=reason)
        return
    if not can_give_overrides(by, module):
        raise Forbidden
    _reason_of(reason)


def _reason_of(words: str) -> str:
    """On one line. Raises: Invalid."""
    reason = " ".join(words.replace("\x00", " ").split())
    if not reason or len(reason) > LONGEST:
        message = _("Say in at most %(most)d characters why this person can do without.") % {"most": LONGEST}
        raise Invalid(message, errors=[FieldError("reason", "empty" if not reason else "long", message)])
    return reason

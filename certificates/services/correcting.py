"""Taking back and correcting what was issued. The old row stays and keeps answering."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from certificates import events
from certificates.models import Certificate, Revocation
from certificates.policies import can_revoke_certificate
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid
from lms.events.services import record

from .issuing import announce, new_serial
from .snapshots import holder_facts, plain

REASON_LENGTH = 500
NAME_LENGTH = 240


@transaction.atomic
def revoke_certificate(*, by: User, certificate: Certificate, reason: str) -> Revocation:
    """The provider takes a certificate back: from now on verification says so. Strangers never see the reason.

    Requires: can_revoke_certificate; the latest of its chain, not revoked. Raises: Forbidden; Invalid without a reason;
    Conflict. Audits: yes. Emits: certificate.revoked.
    """
    certificate = _lock_latest(by, certificate)
    revocation = Revocation.objects.create(certificate=certificate, reason=_reason(reason), revoked_by=by.pk)
    record_audit(
        "certificates.revoke",
        certificate,
        changes={"reason": (None, revocation.reason)},
        organization_id=certificate.provider_id,
    )
    record(events.REVOKED, certificate.pk, _facts(certificate, by))
    return revocation


@transaction.atomic
def replace_certificate(
    *, by: User, certificate: Certificate, reason: str, holder_name: str | None = None
) -> Certificate:
    """A corrected certificate with its own number and code; the old one keeps answering that it was replaced.

    Only the holder's name is corrected: as given, or as the account has it now. What was learned, when, and until when
    it counts stay as they were.

    Requires: can_revoke_certificate; the latest of its chain, not revoked. Raises: Forbidden; Invalid without a reason
    or with too long a name; Conflict. Audits: yes. Emits: certificate.replaced for the old one, certificate.issued for
    the new one.
    """
    certificate = _lock_latest(by, certificate)
    reason = _reason(reason)
    holder = holder_facts(certificate.holder, certificate.completion.enrollment, name=_name(holder_name))
    replacement = Certificate.objects.create(
        completion=certificate.completion,
        holder=certificate.holder,
        provider=certificate.provider,
        award=certificate.award,
        serial=new_serial(),
        language=certificate.language,
        valid_until=certificate.valid_until,
        snapshot=certificate.snapshot | {"holder": holder},
        replaces=certificate,
    )
    record_audit(
        "certificates.replace",
        certificate,
        changes={"reason": (None, reason), "replaced_by": (None, str(replacement.pk))},
        organization_id=certificate.provider_id,
    )
    record(events.REPLACED, certificate.pk, _facts(certificate, by) | {"replaced_by": replacement.pk})
    announce(replacement)
    return replacement


def _lock_latest(by: User, certificate: Certificate) -> Certificate:
    certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    if not can_revoke_certificate(by, certificate):
        raise Forbidden
    if certificate.state == "revoked":
        raise Conflict(_("This certificate was already revoked."), code="revoked")
    if certificate.state == "replaced":
        raise Conflict(_("This certificate was already replaced. Work with the newest one."), code="replaced")
    return certificate


def _reason(text: str) -> str:
    reason = plain(text)
    if not reason:
        message = _("Say why: the reason is kept with the certificate.")
    elif len(reason) > REASON_LENGTH:
        message = _("Keep the reason within %(limit)d characters.") % {"limit": REASON_LENGTH}
    else:
        return reason
    raise Invalid(message, errors=[FieldError("reason", "reason", message)])


def _name(text: str | None) -> str | None:
    """None where the account's own name is meant."""
    name = plain(text or "")
    if len(name) > NAME_LENGTH:
        message = _("Keep the name within %(limit)d characters.") % {"limit": NAME_LENGTH}
        raise Invalid(message, errors=[FieldError("holder_name", "length", message)])
    return name or None


def _facts(certificate: Certificate, by: User) -> dict[str, Any]:
    return {
        "holder": certificate.holder_id,
        "provider": certificate.provider_id,
        "completion": certificate.completion_id,
        "by": by.pk,
    }

"""Issuing: a completion gets its certificate, in the same transaction, once."""

import secrets
from datetime import date

from django.db import transaction
from django.utils import timezone

from certificates import events
from certificates.models import Certificate
from enrollments.models import Completion
from lms.audit.services import record_audit
from lms.core.clock import months_after, today
from lms.core.ids import CODE_ALPHABET
from lms.events.services import record

from .snapshots import snapshot_of

RELATED = (
    "enrollment__learner",
    "enrollment__provider",
    "enrollment__employer",
    "enrollment__version__module",
    "enrollment__offering__location",
)


@transaction.atomic
def issue_certificate(completion: Completion) -> Certificate:
    """The completion's certificate with its number and verification code; the one that exists, where it does.

    Who the holder is and what the module says are copied now: later changes do not touch it. The document is made
    afterwards.

    Requires: nothing of a person; a completion is the right. Audits: yes. Emits: certificate.issued.
    """
    completion = Completion.objects.select_related(*RELATED).get(pk=completion.pk)
    enrollment = completion.enrollment
    certificate, created = Certificate.objects.get_or_create(
        completion=completion,
        award=enrollment.version.document_type,
        replaces=None,
        defaults={
            "holder": enrollment.learner,
            "provider": enrollment.provider,
            "serial": new_serial(),
            "language": enrollment.offering.language,
            "valid_until": _last_day(completion, enrollment.version.validity_months),
            "snapshot": snapshot_of(completion),
        },
    )
    if created:
        announce(certificate)
    return certificate


def issue_forgotten(limit: int = 500) -> int:
    """Reconciler: completions without a certificate get it. Returns how many did."""
    forgotten = list(Completion.objects.filter(certificates=None).order_by("id")[:limit])
    for completion in forgotten:
        issue_certificate(completion)
    return len(forgotten)


def announce(certificate: Certificate) -> None:
    """Audit a certificate that was just written, and tell that it is there.

    Requires: the transaction that wrote it.
    """
    record_audit("certificates.issue", certificate, organization_id=certificate.provider_id)
    record(
        events.ISSUED,
        certificate.pk,
        {
            "holder": certificate.holder_id,
            "provider": certificate.provider_id,
            "completion": certificate.completion_id,
            "replaces": certificate.replaces_id,
        },
    )


def new_serial() -> str:
    """A number for people: the year and 60 random bits in groups that can be read aloud."""
    groups = ("".join(secrets.choice(CODE_ALPHABET) for _ in range(4)) for _ in range(3))
    return "-".join((str(today().year), *groups))


def _last_day(completion: Completion, months: int | None) -> date | None:
    return None if months is None else months_after(timezone.localdate(completion.completed_at), months)

"""Telling people things, once each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from lms.core.clock import now
from lms.core.commit import on_commit_once

from .models import SendState, SentMessage

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Notice:
    """One message to be sent: its templates are `notifications/<kind>.subject.txt` and `.txt` of the asking app.

    `context` holds plain values only (never objects, so that a template cannot leak one); `about` names what it is
    about, such as an enrollment's id.
    """

    kind: str
    recipient_id: UUID
    about: str
    context: dict[str, Any] = field(default_factory=dict)


def notify(notices: list[Notice]) -> int:
    """Queue each notice that was not queued before; returns how many are new. Sent after commit.

    Requires: an open transaction, that of the change people are told about.
    """
    rows = [SentMessage(kind=n.kind, recipient_id=n.recipient_id, about=n.about, context=n.context) for n in notices]
    before = SentMessage.objects.filter(pk__in=[row.pk for row in rows])
    SentMessage.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    new = before.count()
    if new:
        on_commit_once(wake_sender)
    return new


def set_aside_unsent(kinds: Sequence[str], recipients: list[Any], *, organization_name: str) -> None:
    """What an organization is going to say anew is not sent any more: what waits, and what the mail server refused.

    Requires: an open transaction, that of the new message.
    """
    unsent = SentMessage.objects.filter(
        kind__in=kinds, recipient__in=recipients, state__in=[SendState.QUEUED, SendState.FAILED]
    )
    unsent.filter(context__organization_name=organization_name).update(state=SendState.SKIPPED, context={})


def wake_sender() -> None:
    """Ask a worker to send now; the reconciler asks again every minute."""
    from .tasks import send_queued

    try:
        send_queued.delay()
    except Exception as error:
        log.warning("sender_not_woken", error=str(error))


def send_queued_messages(limit: int = 500) -> int:
    """Send up to `limit` queued messages. Returns how many were handled."""
    handled = 0
    while handled < limit and _send_next():
        handled += 1
    return handled


def queue_forgotten() -> int:
    """Reconciler: messages still queued after a minute mean that the broker lost the wake-up."""
    forgotten = SentMessage.objects.filter(state=SendState.QUEUED, queued_at__lt=now() - timedelta(minutes=1)).count()
    if forgotten:
        send_queued_messages()
    return forgotten


def _send_next() -> bool:
    message = _claim()
    if message is None:
        return False
    recipient = message.recipient
    if not recipient.email or not recipient.is_active:
        return _close(message, SendState.SKIPPED)
    try:
        _mail(message).send()
    except Exception as error:
        log.warning("mail_refused", message=str(message.pk), error=repr(error))
        return _close(message, SendState.FAILED, repr(error))
    return _close(message, SendState.SENT)


def _claim() -> SentMessage | None:
    with transaction.atomic():
        message = (
            SentMessage.objects.select_for_update(skip_locked=_can_skip_locked())
            .filter(state=SendState.QUEUED)
            .order_by("id")
            .first()
        )
        if message is not None:
            SentMessage.objects.filter(pk=message.pk).update(state=SendState.SENDING)
        return message


def _can_skip_locked() -> bool:
    return bool(transaction.get_connection().features.has_select_for_update_skip_locked)


def _mail(message: SentMessage) -> EmailMultiAlternatives:
    context = message.context | {
        "site_name": settings.SITE_NAME,
        "base_url": settings.BASE_URL,
        "recipient_name": message.recipient.given_name or message.recipient.full_name,
    }
    with translation.override(message.recipient.language):
        subject = render_to_string(f"notifications/{message.kind}.subject.txt", context)
        body = render_to_string(f"notifications/{message.kind}.txt", context)
    return EmailMultiAlternatives(
        " ".join(subject.split()),
        body,
        to=[message.recipient.email or ""],
        headers={"Message-ID": f"<{message.pk}@{settings.BASE_URL.split('//')[-1].split(':')[0]}>"},
    )


def _close(message: SentMessage, state: SendState, error: str = "") -> bool:
    """Keep the outcome. What is over and done with loses its context: it can hold an invitation's secret link.

    A refused message keeps it, for staff may send it again.
    """
    kept = message.context if state == SendState.FAILED else {}
    SentMessage.objects.filter(pk=message.pk).update(
        state=state, context=kept, error=error[:2000], sent_at=now() if state == SendState.SENT else None
    )
    return True

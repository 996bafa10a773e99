"""Last chapter of the demo story: everything that waits is delivered, so that documents and messages exist."""

from typing import Any

from lms.events.services import deliver_due

from .services import send_queued_messages


def tell(stdout: Any) -> None:
    """Deliver the outbox and send the mails, here and now."""
    delivered = sent = 0
    while tried := deliver_due():
        delivered += tried
    while handled := send_queued_messages():
        sent += handled
    if delivered or sent:
        stdout.write(f"    {delivered} facts delivered, {sent} messages sent")

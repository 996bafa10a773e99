"""What we told people: one ledger, so that nobody gets a mail twice."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.clock import now
from lms.core.models import Entity


class SendState(models.TextChoices):
    QUEUED = "queued", _("queued")
    SENDING = "sending", _("handed to the mail server, answer unknown")
    SENT = "sent", _("sent")
    FAILED = "failed", _("refused by the mail server")
    SKIPPED = "skipped", _("not sent: no address, or no longer active")


class SentMessage(Entity):
    """One message to one person about one thing. (kind, recipient, about) is unique: asking again sends nothing.

    `sending` is committed before the mail server is called: a crash in between leaves a message that may have gone
    out, and is shown to staff rather than sent again.
    """

    kind = models.CharField(max_length=64)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages")
    about = models.CharField(max_length=100)
    context = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=SendState, default=SendState.QUEUED)
    queued_at = models.DateTimeField(default=now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [models.UniqueConstraint(fields=["kind", "recipient", "about"], name="message_once")]
        indexes = [models.Index(fields=["queued_at"], condition=models.Q(state="queued"), name="message_queued")]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"

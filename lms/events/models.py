"""The transactional outbox: what happened, and who still has to be told."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.clock import now
from lms.core.models import Entity


class DomainEvent(Entity):
    """A fact, in the past tense, written in the transaction that made it true. Append-only."""

    name = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    payload = models.JSONField(default=dict)
    actor_id = models.UUIDField(null=True, blank=True)
    occurred_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(fields=["name", "subject_id"], name="event_subject")]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_id}"


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("pending")
    DONE = "done", _("done")
    DEAD = "dead", _("dead letter")


class Delivery(Entity):
    """One handler's copy of one event: delivered at least once, counted in the database, never twice at a time."""

    event = models.ForeignKey(DomainEvent, on_delete=models.CASCADE, related_name="deliveries")
    handler = models.CharField(max_length=96)
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="delivery_once_per_handler")]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="pending"), name="delivery_due"),
            models.Index(fields=["-id"], condition=models.Q(state="dead"), name="delivery_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.handler} ({self.state})"

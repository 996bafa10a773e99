"""Who did what to which object, from where, and what it was before."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.clock import now
from lms.core.models import Entity


class AuditEntry(Entity):
    """One consequential write. Append-only; the actor is kept as an id, so that entries outlive people."""

    at = models.DateTimeField(default=now, editable=False)
    actor_id = models.UUIDField(null=True, blank=True, db_index=True)
    via = models.CharField(max_length=16)
    origin = models.CharField(max_length=128, blank=True)
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    organization_id = models.UUIDField(null=True, blank=True)
    changes = models.JSONField(default=dict, help_text=_("field: [old, new]"))

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_object"),
            models.Index(fields=["organization_id", "-id"], name="audit_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"

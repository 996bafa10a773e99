"""Recording what was done. Called by every service, inside its transaction."""

from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from lms.core.actor import current_actor

from .models import AuditEntry

Changes = dict[str, tuple[Any, Any]]


def record_audit(
    action: str, subject: models.Model, *, changes: Changes | None = None, organization_id: UUID | None = None
) -> AuditEntry:
    """Write one entry for the acting person. `action` is `app.verb_noun`, `changes` is field -> (old, new).

    Requires: an open transaction, that of the write itself.
    """
    entry = _entry(action, subject, changes or {}, organization_id)
    entry.save(force_insert=True)
    return entry


def record_audit_many(
    action: str,
    subjects: list[models.Model],
    *,
    organization_id: UUID | None = None,
    changes: list[Changes] | None = None,
) -> None:
    """One entry per subject, a thousand per statement, for writes in bulk. `changes` goes along with `subjects`."""
    each = changes or [{}] * len(subjects)
    entries = [_entry(action, subject, what, organization_id) for subject, what in zip(subjects, each, strict=True)]
    AuditEntry.objects.bulk_create(entries, batch_size=1000)


def changed_fields(before: dict[str, Any], after: dict[str, Any]) -> Changes:
    """The fields whose value differs, for `record_audit`."""
    return {key: (before.get(key), value) for key, value in after.items() if before.get(key) != value}


def _entry(action: str, subject: models.Model, changes: Changes, organization_id: UUID | None) -> AuditEntry:
    actor = current_actor()
    encoder = DjangoJSONEncoder()
    plain = {
        field: [
            value if isinstance(value, str | int | bool | list | dict | None) else encoder.default(value)
            for value in pair
        ]
        for field, pair in changes.items()
    }
    return AuditEntry(
        actor_id=actor.user_id,
        via=actor.via,
        origin=actor.origin[:128],
        action=action,
        object_type=subject._meta.label_lower,
        object_id=str(subject.pk),
        organization_id=organization_id,
        changes=plain,
    )

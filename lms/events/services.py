"""Recording facts and delivering them. See docs/decisions/0002-outbox.md for why it is not just Celery."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from lms.core.actor import Actor, acting, current_actor
from lms.core.clock import now
from lms.core.commit import on_commit_once

from .models import Delivery, DeliveryState, DomainEvent
from .registry import registry

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 8
FIRST_RETRY = timedelta(seconds=10)  # doubled at each attempt
PORTION = 200  # deliveries per task
LEASE = timedelta(seconds=60)  # how long a relay may work on one delivery before another takes it


def record(name: str, subject_id: UUID, payload: dict[str, Any] | None = None) -> DomainEvent:
    """Write the fact `name` about `subject_id` into the outbox and run the handlers that joined it.

    Requires: an open transaction, that of the change itself.
    """
    return record_many(name, [(subject_id, payload or {})])[0]


def record_many(name: str, facts: list[tuple[UUID, dict[str, Any]]]) -> list[DomainEvent]:
    """Many facts of one name in a bounded number of statements.

    Requires: an open transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(f"Record {name!r} inside the transaction that makes it true.")
    actor_id = current_actor().user_id
    events = [
        DomainEvent(name=name, subject_id=subject_id, payload=_plain(payload), actor_id=actor_id)
        for subject_id, payload in facts
    ]
    DomainEvent.objects.bulk_create(events, batch_size=1000)
    handlers = registry.subscribed.get(name, {})
    deliveries = [Delivery(event=event, handler=key) for event in events for key in handlers]
    Delivery.objects.bulk_create(deliveries, batch_size=1000)
    for handler in registry.joined.get(name, {}).values():
        for event in events:
            handler(event)
    if deliveries:
        on_commit_once(wake_relay)
    return events


def wake_relay() -> None:
    """Ask a worker to deliver now. When the broker is away the minute-by-minute schedule does it: nothing is lost."""
    from .tasks import relay

    try:
        relay.delay()
    except Exception as error:
        log.warning("relay_not_woken", error=str(error))


def deliver_due(limit: int = PORTION) -> int:
    """Deliver up to `limit` due deliveries, each in a transaction of its own. Returns how many were tried."""
    tried = 0
    while tried < limit and _deliver_next():
        tried += 1
    return tried


def retry_delivery(delivery: Delivery) -> None:
    """Give a dead or waiting delivery a fresh start, now."""
    Delivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.DONE).update(
        state=DeliveryState.PENDING, attempts=0, due_at=now()
    )


def reconcile_all() -> dict[str, int]:
    """Run every registered check. Returns what each mended; one that fails does not stop the others."""
    mended: dict[str, int] = {}
    for name, check in registry.checks.items():
        try:
            with acting(Actor(via="task", origin=name)):
                mended[name] = check()
        except Exception:
            log.exception("reconcile_failed", check=name)
            mended[name] = -1
        if mended[name]:
            log.warning("reconciled", check=name, mended=mended[name])
    return mended


def _deliver_next() -> bool:
    """Claim one due delivery, run its handler, keep the outcome. False when none is due.

    The claim is committed first: the attempt counts even when the handler kills the process, and for `LEASE` no other
    relay takes the same delivery. The handler opens its own transactions, so that slow work holds no lock.
    """
    delivery = _claim()
    if delivery is None:
        return False
    if delivery.attempts > MAX_ATTEMPTS:
        _bury(delivery)
        return True
    try:
        _run(delivery)
    except Exception as error:
        log.warning("delivery_failed", delivery=str(delivery.pk), handler=delivery.handler, error=repr(error))
        _keep_failure(delivery, error)
    else:
        Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.DONE, done_at=now(), last_error="")
    return True


def _claim() -> Delivery | None:
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(
                of=("self",) if connection.features.has_select_for_update_of else (),
                skip_locked=connection.features.has_select_for_update_skip_locked,
            )
            .select_related("event")
            .filter(state=DeliveryState.PENDING, due_at__lte=now())
            .order_by("due_at", "id")
            .first()
        )
        if delivery is None:
            return None
        delivery.attempts += 1
        delivery.due_at = now() + LEASE
        delivery.save(update_fields=["attempts", "due_at"])
        return delivery


def _bury(delivery: Delivery) -> None:
    """Its handler takes the process down each time, so that nobody lives to count the failure."""
    log.error("delivery_dead", delivery=str(delivery.pk), handler=delivery.handler)
    error = delivery.last_error or "The process died during every attempt."
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.DEAD, attempts=MAX_ATTEMPTS, last_error=error)


def _run(delivery: Delivery) -> None:
    handler = registry.handler(delivery.handler)
    if handler is None:
        raise LookupError(f"No handler is named {delivery.handler!r}: it was renamed or its app is not installed.")
    with acting(Actor(delivery.event.actor_id, via="task", origin=delivery.handler)):
        handler(delivery.event)


def _keep_failure(delivery: Delivery, error: Exception) -> None:
    """Unless another relay took it over when the lease ran out: then the outcome is that one's to keep."""
    dead = delivery.attempts >= MAX_ATTEMPTS
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.PENDING, attempts=delivery.attempts).update(
        last_error=repr(error)[:2000],
        state=DeliveryState.DEAD if dead else DeliveryState.PENDING,
        due_at=now() + FIRST_RETRY * 2 ** (delivery.attempts - 1),
    )


def _plain(payload: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(json.dumps(payload, cls=DjangoJSONEncoder)))

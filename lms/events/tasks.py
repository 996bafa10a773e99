"""Celery entry points: thin, idempotent, safe to lose and safe to run twice."""

from celery import shared_task

from . import services


@shared_task(name="lms.events.relay")
def relay() -> int:
    """Deliver what is due, in portions, so that a worker can stop between two of them."""
    tried = services.deliver_due()
    if tried == services.PORTION:
        services.wake_relay()
    return tried


@shared_task(name="lms.events.reconcile")
def reconcile() -> dict[str, int]:
    """Look for what should exist and does not."""
    return services.reconcile_all()

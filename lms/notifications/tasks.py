"""Celery entry point."""

from celery import shared_task

from . import services


@shared_task(name="lms.notifications.send_queued")
def send_queued() -> int:
    """Send what is queued."""
    return services.send_queued_messages()

"""The product's Celery application with one more subscriber, whose behavior an event chooses."""

import os
import time
from pathlib import Path

import django
from django.conf import settings

os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
django.setup()

from lms.audit.services import record_audit  # noqa: E402
from lms.celery import app  # noqa: E402
from lms.events.models import DomainEvent  # noqa: E402
from lms.events.registry import subscribe  # noqa: E402

FACT = "test.happened"
__all__ = ["app"]


def react(event: DomainEvent) -> None:
    """Leave one audit entry; `slow` hangs the first time, `broken` fails until a file says that it is mended."""
    folder = Path(settings.MEDIA_ROOT).parent
    behavior = event.payload["behavior"]
    if behavior == "slow" and not (folder / "hanging").exists():
        (folder / "hanging").touch()
        time.sleep(600)
    if behavior == "broken" and not (folder / "mended").exists():
        raise ValueError("the printer is away")
    record_audit("test.delivered", event)


subscribe(FACT, "test.react", react)

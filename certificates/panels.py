"""What this app puts into the shared frame."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest

from lms.core.clock import today

from .models import Certificate

SOON = timedelta(days=90)


def latest_certificates(request: HttpRequest) -> dict[str, Any] | None:
    """The newest three, and how many of all expire within ninety days. None for who has none."""
    own = Certificate.objects.of_holder(request.user)
    newest = list(own.with_state().order_by("-id")[:3])
    if not newest:
        return None
    return {"certificates": newest, "expiring": own.expiring_by(today() + SOON).count()}

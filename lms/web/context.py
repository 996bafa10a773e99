"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """The site's name."""
    return {"site_name": settings.SITE_NAME}

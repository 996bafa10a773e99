"""What this app puts on pages of lower apps."""

from typing import Any

from django.http import HttpRequest

from lms.accounts.models import User

from .models import Employment


def own_employments(request: HttpRequest, user: User) -> dict[str, Any] | None:
    """On the account page: where one works or worked, and with what one signs in there."""
    own = Employment.objects.filter(user=user).select_related("employer", "department")
    employments = list(own.order_by("-starts_on", "-id"))
    return {"employments": employments} if employments else None

"""What this app does when something happened below it."""

from typing import Any

from lms.accounts.models import User

from .models import Employment


def show_own_name(*, user: User, **_signal: Any) -> None:
    """Django's signal user_logged_in: who has signed in is known to their employers by their own name from now on."""
    Employment.objects.filter(user=user).exclude(listed_as="").update(listed_as="")

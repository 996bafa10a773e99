"""How django-allauth meets our User."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.http import HttpRequest

from lms.core.clock import now

from .models import User


class AccountAdapter(DefaultAccountAdapter):
    """Names come from our own form; a confirmed address activates the person."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user = super().save_user(request, user, form, commit=False)
        user.activated_at = now()
        if commit:
            user.save()
        return user


def confirm_address(user: User) -> None:
    """Tell allauth that the person's address is known to be theirs (they opened a link sent to it)."""
    if user.email:
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})

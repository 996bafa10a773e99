"""How django-allauth meets our User and our mails."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from lms.core.clock import now

from .models import User


class AccountAdapter(DefaultAccountAdapter):
    """Names come from our own form; who sets a password is no longer pending; mails are in the reader's language."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user = super().save_user(request, user, form, commit=False)
        user.activated_at = now()
        user.language = translation.get_language()[:2]
        if commit:
            user.save()
        return user

    def set_password(self, user: User, password: str) -> None:
        """A pending person who asks for a new password instead of using the invitation is in as well."""
        user.activated_at = user.activated_at or now()
        super().set_password(user, password)

    def reauthenticate(self, user: User, password: str) -> bool:
        """Who has no address is asked for the password alone."""
        if EmailAddress.objects.get_primary_email(user) is None:
            return bool(user.check_password(password))
        return bool(super().reauthenticate(user, password))

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """An address has one account: one that an employer registered for it is a second one of the same person."""
        taken = User.objects.filter(email__iexact=email_address.email).exclude(pk=email_address.user_id)
        if taken.exists():
            messages.error(request, _("You have another account with this address. Sign in there, or use another one."))
            return False
        return bool(super().confirm_email(request, email_address))

    def format_email_subject(self, subject: str) -> str:
        return f"{subject} – {settings.SITE_NAME}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Links start with BASE_URL, whatever host name the request was made to."""
        origin = allauth_context.request.build_absolute_uri("/")
        ours = {
            key: f"{settings.BASE_URL}/{value.removeprefix(origin)}"
            for key, value in context.items()
            if isinstance(value, str) and value.startswith(origin)
        }
        reader = context.get("user") or User.objects.filter(email__iexact=email).first()
        frame = {"site_name": settings.SITE_NAME, "base_url": settings.BASE_URL}
        with translation.override(reader.language if reader else translation.get_language()):
            super().send_mail(template_prefix, email, {**context, **ours, **frame})


def confirm_address(user: User) -> None:
    """Tell allauth that the person's address is known to be theirs (they opened a link sent to it)."""
    if user.email:
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def confirm_by_reset(*, user: User, **_signal: Any) -> None:
    """allauth's signal password_reset: for who was enrolled by somebody else, the link was the first proof."""
    if not EmailAddress.objects.filter(user=user, verified=True).exists():
        confirm_address(user)

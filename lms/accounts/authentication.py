"""API sign-in by token: `Authorization: Bearer lms_...` (RFC 6750)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from lms.core.actor import Actor, become, current_actor

from .models import User
from .services import user_of_token


class ApiTokenAuthentication(BaseAuthentication):
    """First in the list, so that a missing sign-in answers 401 with `WWW-Authenticate: Bearer`."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        scheme, _space, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() not in ("bearer", "token"):
            return None
        user = user_of_token(secret.strip())
        if user is None:
            raise AuthenticationFailed(_("This API token is not valid (any more)."))
        become(Actor(user.pk, via="request", origin=current_actor().origin))
        return user, None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class ApiTokenScheme(OpenApiAuthenticationExtension):
    """How OpenAPI names it."""

    target_class = "lms.accounts.authentication.ApiTokenAuthentication"
    name = "ApiToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}

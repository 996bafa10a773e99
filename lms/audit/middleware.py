"""Makes the signed-in person the actor of everything a request does."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lms.core.actor import Actor, acting


class ActorMiddleware:
    """Token authentication comes later, in the API view: `lms.accounts.authentication` names the actor again there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = getattr(request, "user", None)
        user_id = user.pk if user is not None and user.is_authenticated else None
        with acting(Actor(user_id, via="request", origin=client_address(request))):
            return self.get_response(request)


def client_address(request: HttpRequest) -> str:
    """The visitor's address: the proxy's word for it only when a proxy is trusted."""
    if settings.TRUST_PROXY:
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rsplit(",", 1)[-1].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))

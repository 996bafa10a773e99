"""What a signed-in person brings along: their language, and the second factor that platform staff must have."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

_OPEN_PREFIXES = ("/accounts/", "/static/", "/taal/", "/livez", "/readyz")


class PersonalLanguageMiddleware:
    """The language a person chose goes before that of the browser they happen to use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)


class StaffMfaMiddleware:
    """Platform staff reach nothing by browser until they have set up a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        needs = user.is_authenticated and user.is_staff and not request.path.startswith(_OPEN_PREFIXES)
        if needs and not is_mfa_enabled(user):
            messages.warning(request, _("Platform staff need a second factor. Set up your authenticator app first."))
            return redirect("mfa_activate_totp")
        return self.get_response(request)

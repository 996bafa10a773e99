"""The page for developers of other systems: where the APIs are, and what their errors mean."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

PROBLEMS = [
    ("invalid", _("Something in the request is wrong; the detail names it.")),
    ("parse-error", _("The body is no JSON.")),
    ("not-authenticated", _("Sign in with a token first.")),
    ("authentication-failed", _("The token is not valid (any more).")),
    ("permission-denied", _("A change in a browser session needs its CSRF token; a system uses a token.")),
    ("forbidden", _("You may see this, but not do this to it.")),
    ("not-found", _("It does not exist, or you may not know that it does.")),
    ("method-not-allowed", _("This path cannot do that; the Allow header says what it can.")),
    ("version-not-acceptable", _("This version is not served, or not at this path; supportedVersions says which are.")),
    ("state", _("The enrollment is in a state in which this cannot be done.")),
    ("unsupported-media-type", _("Send a change as application/merge-patch+json.")),
]


@require_safe
def for_systems(request: HttpRequest) -> HttpResponse:
    """Addresses, versions, signing in, and the errors by their code: the `type` of a problem points here."""
    context = {"base": request.build_absolute_uri("/ooapi/"), "problems": PROBLEMS}
    return render(request, "courses/for_systems.html", context)

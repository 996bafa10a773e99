"""The dashboard, the language switch, and the pages for what went wrong."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import check_for_language, gettext
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language as django_set_language

from lms.core.clock import now

from .registry import panels_of


@login_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """What this person can do now: the panels of all apps that have something for them."""
    context = {"panels": panels_of("web:dashboard", request), "greeting": greeting(request.user)}
    return render(request, "web/dashboard.html", context)


def greeting(user: Any) -> str:
    """Good morning, afternoon or evening in the region, by given name where it is known."""
    hour = timezone.localtime(now()).hour
    if 6 <= hour < 12:
        words = gettext("Good morning")
    elif 12 <= hour < 18:
        words = gettext("Good afternoon")
    else:
        words = gettext("Good evening")
    return f"{words}, {user.given_name}" if user.given_name else words


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Django's switch; a signed-in person keeps the choice, also for mail."""
    language = request.POST.get("language", "")
    user: Any = request.user
    if user.is_authenticated and check_for_language(language):
        user.language = language[:2]
        user.save(update_fields=["language"])
    return django_set_language(request)


def problem_page(request: HttpRequest, status: int, detail: str = "") -> HttpResponse:
    """The page for a status that is no success: what happened, and a way on."""
    title, explanation = {
        400: (gettext("We could not read your request"), gettext("Go back and try again.")),
        403: (
            gettext("You may not do this"),
            gettext("Your account has no permission for this page. Ask your administrator if you think it should."),
        ),
        404: (
            gettext("This page is not here"),
            gettext("The address may be wrong, or the page may not be meant for your account."),
        ),
        429: (gettext("Too many attempts"), gettext("Wait a few minutes and try again.")),
    }[status]
    context = {"title": title, "explanation": detail or explanation, "status": status}
    return render(request, "web/status.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return problem_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return problem_page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, without Django's own sentence, which names models and routes."""
    return problem_page(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when a form was open too long, or was sent by another site."""
    context = {
        "title": gettext("This form is no longer valid"),
        "explanation": gettext("Nothing was saved. Go back, reload the page and send the form again."),
        "status": 403,
    }
    return render(request, "web/status.html", context, status=403)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: allauth's limits use this too."""
    return problem_page(request, 429)

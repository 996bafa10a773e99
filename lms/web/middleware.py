"""Domain errors on pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lms.core.errors import DomainError, NotFound

from .views import problem_page


class DomainErrorMiddleware:
    """A rule that a page did not catch itself becomes a page with the sentence and the right status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotFound):
            return problem_page(request, 404, exception.detail)
        if isinstance(exception, DomainError):
            return render(request, "web/problem.html", {"problem": exception}, status=exception.status)
        return None

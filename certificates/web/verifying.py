"""Is this document genuine? For anyone, on a phone, within a second."""

import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from certificates.models import Certificate
from certificates.throttling import VerifyThrottle
from certificates.verification import find_by_code, is_document, names_holder
from lms.core.ids import normalize_code

from .forms import CodeForm, FileForm, NameForm

View = Callable[..., HttpResponse]


def discreet(view: View) -> View:
    """Bounded per address, not stored, not indexed, and nothing of the address bar goes to other sites."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        throttle = VerifyThrottle()
        if throttle.allow_request(request, None):  # type: ignore[arg-type]
            response = view(request, *args, **kwargs)
        else:
            response = render(request, "certificates/verify_wait.html", status=429)
            response["Retry-After"] = str(math.ceil(throttle.wait() or 1))
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


@require_safe
@discreet
def ask(request: HttpRequest) -> HttpResponse:
    """Type the code of a document."""
    form = CodeForm(request.GET or None)
    code = normalize_code(form.cleaned_data["code"]).replace("/", "") if form.is_valid() else ""
    if code:
        return redirect("certificates:verify", code)
    return render(request, "certificates/verify_form.html", {"form": form})


@sensitive_post_parameters("name")
@require_http_methods(["GET", "HEAD", "POST"])
@discreet
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """The answer; with a name or a file, whether that is right too."""
    certificate = find_by_code(code)
    if certificate is None:
        return render(request, "certificates/verify_unknown.html", {"form": CodeForm()}, status=404)
    asked = request.POST.get("asked")
    name_form = NameForm(request.POST if asked == "name" else None)
    file_form = FileForm(*((request.POST, request.FILES) if asked == "file" else ()))
    context = {
        "certificate": certificate,
        "facts": certificate.snapshot,
        "name_form": name_form,
        "file_form": file_form,
        "name_answer": name_form.is_valid() and _name_answer(certificate, name_form.cleaned_data["name"]),
        "file_answer": file_form.is_valid() and _file_answer(certificate, file_form.cleaned_data["file"]),
    }
    status = 400 if name_form.errors or file_form.errors else 200
    return render(request, "certificates/verify.html", context, status=status)


def _name_answer(certificate: Certificate, typed: str) -> str:
    return "yes" if names_holder(certificate, typed) else "no"


def _file_answer(certificate: Certificate, file: Any) -> str:
    return "yes" if is_document(certificate, file.read()) else "no"

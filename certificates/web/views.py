"""Pages for who holds certificates and for who issued them."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certificates.download import pdf_response
from certificates.models import Certificate
from certificates.panels import SOON
from certificates.policies import can_revoke_certificate, can_view_issued, can_view_result
from certificates.services.correcting import replace_certificate, revoke_certificate
from lms.core.clock import today
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.web.paging import keyset_page

from .forms import ReplaceForm, RevokeForm


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """One's own certificates, newest first."""
    found = Certificate.objects.of_holder(request.user).with_state().select_related("document")
    context = {"page": keyset_page(request, found, size=24), "soon": today() + SOON}
    return render(request, "certificates/mine.html", context)


@require_safe
@login_required
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One certificate: what it says, the document, the link to share."""
    certificate = _visible(request, pk)
    context = {
        "certificate": certificate,
        "facts": certificate.snapshot,
        "is_mine": certificate.holder_id == request.user.pk,
        "has_document": hasattr(certificate, "document"),
        "verify_url": settings.BASE_URL + reverse("certificates:verify", args=[certificate.code]),
        "score": certificate.snapshot["result"]["score"] if can_view_result(request.user, certificate) else None,
        "may_correct": can_revoke_certificate(request.user, certificate) and certificate.state in ("valid", "expired"),
    }
    return render(request, "certificates/detail.html", context)


@require_safe
@login_required
def pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The document."""
    return pdf_response(request, _visible(request, pk))


@require_safe
@login_required
def issued(request: HttpRequest) -> HttpResponse:
    """What one's provider issued, newest first."""
    if not can_view_issued(request.user):
        raise Forbidden
    found = Certificate.objects.issued_for(request.user).with_state()
    number = " ".join(request.GET.get("number", "").replace("\x00", "").split()).upper()[:24]
    if number:
        found = found.filter(serial__startswith=number)
    return render(request, "certificates/issued.html", {"page": keyset_page(request, found), "number": number})


@login_required
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it back."""
    return _correct(request, pk, RevokeForm, revoke_certificate, _("The certificate is revoked."))


@login_required
def replace(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Issue a corrected one."""
    return _correct(request, pk, ReplaceForm, replace_certificate, _("The corrected certificate is issued."))


def _visible(request: HttpRequest, pk: UUID) -> Certificate:
    found = Certificate.objects.visible_to(request.user).with_state().select_related("document")
    return get_object_or_404(found, pk=pk)


def _correct(request: HttpRequest, pk: UUID, form_class: type[Form], service: Any, done: str) -> HttpResponse:
    certificate = _visible(request, pk)
    if not can_revoke_certificate(request.user, certificate):
        raise Forbidden
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            result = service(by=request.user, certificate=certificate, **form.cleaned_data)
        except Conflict as error:
            messages.error(request, error.detail)
            return redirect("certificates:detail", pk)
        except Invalid as error:
            for problem in error.errors:
                form.add_error(problem.field, problem.message)
        else:
            messages.success(request, done)
            return redirect("certificates:detail", result.pk if isinstance(result, Certificate) else pk)
    context = {"certificate": certificate, "form": form, "replacing": form_class is ReplaceForm}
    return render(request, "certificates/correct.html", context, status=400 if form.errors else 200)

"""HR puts participants into a subsidy dossier, and takes one out."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from enrollments.models import FundingRecord
from enrollments.policies import can_record_funding
from enrollments.reports.filters import Asked, read_filters
from enrollments.reports.funding import FUNDING
from enrollments.services.funding import FACTS, record_funding, withdraw_claim
from lms.core.errors import Conflict, Forbidden

AT_ONCE = 250


class FundingForm(forms.ModelForm):
    """What is the same for all the chosen participants. What is left empty stays as it was."""

    class Meta:
        model = FundingRecord
        fields = ["scheme", "dossier_number", *FACTS]
        widgets = {
            "contract_dated_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "invoice_dated_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """The chosen rows, and what to keep of them all."""
    user: Any = request.user
    asked, chosen = _chosen(request)
    form = FundingForm(request.POST or None)
    if not chosen:
        messages.info(request, _("Choose the participants first."))
        return redirect(_rows(asked))
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        scheme, dossier = said.pop("scheme"), said.pop("dossier_number")
        try:
            kept = record_funding(
                by=user, employer=asked.employer, enrollments=chosen, scheme=scheme, dossier_number=dossier, facts=said
            )
        except Conflict as problem:
            for error in problem.errors:
                form.add_error(None, error.message)
        else:
            words = ngettext("%(n)d participant is in it.", "%(n)d participants are in it.", kept) % {"n": kept}
            messages.success(request, f"{scheme}, {dossier}: {words}")
            return redirect(_rows(asked))
    lines = FUNDING.lines(asked, chosen)
    if len(lines) != len(chosen):
        raise Http404
    context = {"form": form, "lines": lines, "asked": asked, "up_url": _rows(asked), "title": FUNDING.title}
    return render(request, "enrollments/reports/record_funding.html", context)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Out of the dossier."""
    user: Any = request.user
    asked = read_filters(user, request.POST)
    withdraw_claim(by=user, employer=asked.employer, enrollment=pk)
    messages.success(request, _("Taken out of the dossier."))
    return redirect(_rows(asked))


def _chosen(request: HttpRequest) -> tuple[Asked, list[UUID]]:
    data = request.POST if request.method == "POST" else request.GET
    asked = read_filters(request.user, {"employer": data.get("employer")})
    if not can_record_funding(request.user, asked.employer):
        raise Forbidden
    try:
        return asked, list(dict.fromkeys(UUID(pk) for pk in data.getlist("row")[:AT_ONCE]))
    except ValueError as error:
        raise Http404 from error


def _rows(asked: Asked) -> str:
    address = reverse("enrollments:report_rows", kwargs={"slug": FUNDING.slug})
    return f"{address}?{urlencode({'employer': asked.employer.slug})}"

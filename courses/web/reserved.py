"""Page of the provider: places in a run that are held for one employer."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import Offering, ReservedPlaces
from courses.policies import can_plan_offering
from courses.services.reserving import give_up_places, reserve_places
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.organizations.models import Organization

from .refusals import add_errors


class ReserveForm(forms.Form):
    """Places for one employer; naming it again changes how many it has."""

    employer = forms.ModelChoiceField(
        label=gettext_lazy("Employer"),
        queryset=Organization.objects.filter(is_employer=True).order_by("name"),
        to_field_name="slug",
    )
    places = forms.IntegerField(label=gettext_lazy("Places"), min_value=1, max_value=100_000)
    price = forms.DecimalField(
        label=gettext_lazy("Price ex VAT (EUR)"),
        min_value=Decimal(0),
        max_digits=9,
        decimal_places=2,
        required=False,
        help_text=gettext_lazy("empty: the price of the offering"),
    )
    until = forms.DateField(
        label=gettext_lazy("Held until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("empty: until it starts"),
    )


@login_required
@require_http_methods(["GET", "POST"])
def reserved(request: HttpRequest, code: str) -> HttpResponse:
    """What is held for whom, and a form for more."""
    visible = Offering.objects.visible_to(request.user).select_related("version__module__provider", "provider")
    offering = get_object_or_404(visible, code=code)
    if not can_plan_offering(request.user, offering.provider):
        raise Forbidden
    form = ReserveForm(request.POST or None)
    if form.is_valid():
        try:
            reserve_places(by=_user(request), offering=offering, **form.cleaned_data)
        except (Invalid, Conflict) as refused:
            add_errors(form, refused)
        else:
            messages.success(request, _("The places are held."))
            return redirect("courses:reserved_places", code)
    rows = ReservedPlaces.objects.visible_to(request.user).filter(offering=offering).select_related("employer")
    context = {"offering": offering, "version": offering.version, "module": offering.version.module}
    return render(
        request, "courses/authoring/reserved.html", context | {"form": form, "rows": rows.order_by("employer__name")}
    )


@login_required
@require_POST
def give_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was not taken goes to everybody."""
    held = get_object_or_404(ReservedPlaces.objects.visible_to(request.user).select_related("offering"), pk=pk)
    try:
        give_up_places(by=_user(request), reserved=held)
    except Conflict as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(request, _("The places are for everybody now."))
    if can_plan_offering(request.user, held.offering.provider):
        return redirect("courses:reserved_places", held.offering.code)
    return redirect("web:dashboard")


def _user(request: HttpRequest) -> Any:
    return request.user

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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.models import Offering, ReservedPlaces
from courses.policies import can_hold_places_anywhere, can_plan_offering
from courses.services.reserving import give_up_places, reserve_places
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.organizations.models import Organization

from .refusals import add_errors

SHOWN = 200


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


class GiveUpForm(forms.Form):
    """How many; empty is all that were not taken."""

    places = forms.IntegerField(min_value=1, required=False)


@login_required
@require_safe
def own_places(request: HttpRequest) -> HttpResponse:
    """What providers hold for my employers, soonest first; what was given up or is over is left out."""
    if not can_hold_places_anywhere(request.user):
        raise Forbidden(_("This page is for HR of an employer."))
    rows = ReservedPlaces.objects.held_for(request.user).select_related(
        "employer", "offering__provider", "offering__version__module"
    )
    return render(request, "courses/own_places.html", {"rows": rows.order_by("offering__starts_on", "id")[:SHOWN]})


@login_required
@require_http_methods(["GET", "POST"])
def reserved(request: HttpRequest, code: str) -> HttpResponse:
    """What is held for whom, and a form for more."""
    visible = Offering.objects.visible_to(request.user).select_related("version__module__provider", "provider")
    offering = get_object_or_404(visible, code=code)
    if not can_plan_offering(request.user, offering.provider):
        raise Forbidden
    form = ReserveForm(request.POST or None, initial=_held_now(request, offering))
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
    """What was not taken goes to everybody, or as many of it as were asked."""
    form = GiveUpForm(request.POST)
    held = get_object_or_404(ReservedPlaces.objects.visible_to(request.user).select_related("offering"), pk=pk)
    if not form.is_valid():
        messages.error(request, str(form.errors["places"][0]))
    else:
        _give_up(request, held, form.cleaned_data["places"])
    if can_plan_offering(request.user, held.offering.provider):
        return redirect("courses:reserved_places", held.offering.code)
    return redirect("courses:own_places")


def _give_up(request: HttpRequest, held: ReservedPlaces, places: int | None) -> None:
    try:
        give_up_places(by=_user(request), reserved=held, places=places)
    except (Conflict, Invalid) as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(request, _("The places are for everybody now."))


def _held_now(request: HttpRequest, offering: Offering) -> dict[str, Any]:
    """`?employer=`: what it has now, to change that."""
    held = ReservedPlaces.objects.filter(offering=offering, employer__slug=request.GET.get("employer", ""))
    terms = held.values("employer__slug", "places", "price", "until").first()
    return {**terms, "employer": terms["employer__slug"]} if terms else {}


def _user(request: HttpRequest) -> Any:
    return request.user

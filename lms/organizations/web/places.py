"""Pages of an organization's locations and the rooms in them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.core.errors import Forbidden
from lms.organizations.models import Location, Organization, Room
from lms.organizations.policies import can_manage_organization

from .forms import LocationForm, RoomForm

SHOWN = 200


@login_required
@require_GET
def places(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the organization meets, and the rooms there."""
    organization = _organization(request, slug)
    found = organization.locations.prefetch_related("rooms").order_by("name")[:SHOWN]
    context = {
        "organization": organization,
        "locations": list(found),
        "may_manage": can_manage_organization(request.user, organization),
    }
    return render(request, "organizations/places.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_location(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a place."""
    organization = _managed(request, slug)
    form = LocationForm(request.POST or None, instance=Location(organization=organization))
    return _edit(request, organization, form, is_new=True)


@login_required
@require_http_methods(["GET", "POST"])
def location(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Change a place."""
    organization = _managed(request, slug)
    found = get_object_or_404(organization.locations, pk=pk)
    return _edit(request, organization, LocationForm(request.POST or None, instance=found))


@login_required
@require_http_methods(["GET", "POST"])
def new_room(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Add a room to a place."""
    organization = _managed(request, slug)
    found = get_object_or_404(organization.locations, pk=pk)
    return _edit(request, organization, RoomForm(request.POST or None, instance=Room(location=found)), is_new=True)


@login_required
@require_http_methods(["GET", "POST"])
def room(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Change a room."""
    organization = _managed(request, slug)
    return _edit(request, organization, RoomForm(request.POST or None, instance=_room(organization, pk)))


@login_required
@require_POST
def delete_room(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """A room in which no session was ever planned goes."""
    found = _room(_managed(request, slug), pk)
    try:
        found.delete()
    except ProtectedError:
        messages.error(request, _("There are sessions in %(room)s: it stays.") % {"room": found})
    else:
        messages.success(request, _("The room is deleted."))
    return redirect("organizations:places", slug)


def _edit(request: HttpRequest, organization: Organization, form: Any, *, is_new: bool = False) -> HttpResponse:
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("organizations:places", organization.slug)
    context = {"organization": organization, "form": form, "thing": form.instance, "is_new": is_new}
    return render(request, "organizations/place.html", context | {"is_room": isinstance(form.instance, Room)})


def _organization(request: HttpRequest, slug: str) -> Organization:
    return get_object_or_404(Organization.objects.visible_to(request.user), slug=slug)


def _managed(request: HttpRequest, slug: str) -> Organization:
    organization = _organization(request, slug)
    if not can_manage_organization(request.user, organization):
        raise Forbidden
    return organization


def _room(organization: Organization, pk: UUID) -> Room:
    return get_object_or_404(Room.objects.select_related("location").filter(location__organization=organization), pk=pk)

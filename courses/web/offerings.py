"""Planning, changing and cancelling runs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.models import Offering
from courses.policies import can_plan_offering
from courses.services.offerings import cancel_offering, edit_offering, plan_offering
from lms.core.errors import Conflict, Forbidden, Invalid

from .access import own_version
from .offering_form import OfferingForm
from .refusals import add_errors


@login_required
@require_http_methods(["GET", "POST"])
def new_offering(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Plan a run of a published version."""
    version = own_version(request, pk)
    if not can_plan_offering(request.user, version.module.provider):
        raise Forbidden
    if version.is_draft:
        raise Conflict(_("Publish this version first: a draft cannot be offered."), code="draft")
    form = OfferingForm(request.POST or None, user=request.user, version=version)
    if form.is_valid():
        try:
            plan_offering(by=_user(request), version=version, **form.cleaned_data)
        except (Invalid, Conflict) as refused:
            add_errors(form, refused)
        else:
            messages.success(request, _("The offering is planned."))
            if "attendance" in version.rule:
                messages.warning(request, _("This module is completed by attendance too: plan its sessions now."))
            return redirect("courses:authored_module", version.module_id)
    context = {"form": form, "version": version, "module": version.module}
    return render(request, "courses/authoring/offering.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a run."""
    offering = _own_offering(request, code)
    form = OfferingForm(request.POST or None, user=request.user, version=offering.version, offering=offering)
    if form.is_valid():
        try:
            edit_offering(by=_user(request), offering=offering, **form.cleaned_data)
        except Invalid as refused:
            add_errors(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("courses:authored_module", offering.version.module_id)
    module = offering.version.module
    context = {"form": form, "version": offering.version, "module": module, "offering": offering}
    return render(request, "courses/authoring/offering.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Ask, then call it off."""
    offering = _own_offering(request, code)
    if request.method == "GET":
        context = {"offering": offering, "version": offering.version, "module": offering.version.module}
        return render(request, "courses/authoring/cancel_offering.html", context)
    cancel_offering(by=_user(request), offering=offering)
    messages.success(request, _("The offering is cancelled."))
    return redirect("courses:authored_module", offering.version.module_id)


def _user(request: HttpRequest) -> Any:
    return request.user


def _own_offering(request: HttpRequest, code: str) -> Offering:
    visible = Offering.objects.visible_to(request.user).select_related("version__module__provider", "provider")
    offering = get_object_or_404(visible, code=code)
    if not can_plan_offering(request.user, offering.provider):
        raise Forbidden
    return offering

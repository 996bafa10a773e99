"""The provider's runs: a list, planning, changing, cancelling, archiving."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import Offering
from courses.policies import can_plan_offering, can_see_own_modules
from courses.services.offerings import archive_offering, cancel_offering, edit_offering, plan_offering
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.permissions.services import anchors_allowing
from lms.web.paging import keyset_page

from .access import own_version
from .offering_form import OfferingForm, OfferingsForm
from .refusals import add_errors

PAGE_SIZE = 40


@login_required
@require_safe
def offerings(request: HttpRequest) -> HttpResponse:
    """The runs of one's providers and modules, latest start first."""
    managed = Offering.objects.managed_by(request.user)
    if not can_see_own_modules(request.user):
        raise Forbidden
    form = OfferingsForm(request.GET)
    form.is_valid()
    found = managed.in_state(form.cleaned_data.get("state") or "").named(form.cleaned_data.get("q") or "")
    page = keyset_page(request, found.with_next_session().for_lists(), order=("-starts_on", "-id"), size=PAGE_SIZE)
    plans = set(anchors_allowing(request.user, "manage_offerings"))
    if request.user.is_superuser:
        plans = {offering.provider_id for offering in page}
    return render(request, "courses/authoring/offerings.html", {"form": form, "page": page, "plans": plans})


@login_required
@require_http_methods(["GET", "POST"])
def archive(request: HttpRequest, code: str) -> HttpResponse:
    """Ask, then put it away; what lies ahead is named."""
    offering = _own_offering(request, code)
    context: dict[str, Any] = {"offering": offering, "version": offering.version, "module": offering.version.module}
    if request.method == "POST":
        try:
            archive_offering(by=_user(request), offering=offering)
        except Conflict as refused:
            context["problem"] = refused.detail
        else:
            messages.success(request, _("The offering is archived."))
            return redirect("courses:offerings")
    status = 409 if "problem" in context else 200
    return render(request, "courses/authoring/archive_offering.html", context, status=status)


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

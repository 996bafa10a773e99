"""Interest without a date: a person shows it and takes it back; a provider sees how many wait for what."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.models import Module, ModuleVersion
from enrollments.demand import demand_for, last_months
from enrollments.models import Interest
from enrollments.policies import can_view_demand
from enrollments.services.interest import show_interest, take_back_interest
from lms.core.errors import Conflict, Forbidden

SHOWN = 100


@login_required
@require_http_methods(["GET", "POST"])
def interest(request: HttpRequest, provider: str, code: str) -> HttpResponse:
    """What saying so means, and yes."""
    module = _module(request, provider, code)
    if request.method == "POST":
        try:
            show_interest(by=_user(request), module=module)
        except Conflict as problem:
            messages.info(request, problem.detail)
        else:
            messages.success(request, _("Noted: you get a message as soon as a date is planned."))
        return redirect("courses:module", provider=provider, code=code)
    context = {
        "module": module,
        "version": get_object_or_404(ModuleVersion.objects.current(), module=module),
        "interest": Interest.objects.visible_to(request.user).filter(module=module).first(),
    }
    return render(request, "enrollments/interest.html", context)


@login_required
@require_POST
def take_back(request: HttpRequest, provider: str, code: str) -> HttpResponse:
    """No longer."""
    take_back_interest(by=_user(request), module=_module(request, provider, code))
    messages.success(request, _("Taken back: you get no message about dates of this module."))
    back = "enrollments:my_learning" if request.POST.get("from") == "my_learning" else ""
    return redirect(back) if back else redirect("courses:module", provider=provider, code=code)


@login_required
@require_safe
def demand(request: HttpRequest) -> HttpResponse:
    """How many wait for a date of each module, most first."""
    if not can_view_demand(request.user):
        raise Forbidden
    context = {"rows": demand_for(request.user, limit=SHOWN), "months": last_months(), "shown": SHOWN}
    return render(request, "enrollments/demand.html", context)


def _module(request: HttpRequest, provider: str, code: str) -> Module:
    visible = Module.objects.visible_to(request.user).select_related("provider")
    return get_object_or_404(visible, provider__slug=provider, code=code)


def _user(request: HttpRequest) -> Any:
    return request.user

"""What is done to a module as a whole: copy it, take it out of the offer, bring it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import Module
from courses.policies import can_retire_module
from courses.services.copying import copy_module
from courses.services.retiring import bring_back_module, retire_module
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.organizations.models import Organization

from .access import own_module
from .forms import CopyModuleForm
from .refusals import add_errors


@login_required
@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Start a new module from one of this module's versions."""
    module = own_module(request, pk)
    providers = Organization.objects.allowing(request.user, "author_modules").filter(is_provider=True)
    if not providers.exists():
        raise Forbidden
    form = CopyModuleForm(request.POST or None, versions=module.versions.order_by("-number"), providers=providers)
    if form.is_valid():
        try:
            draft = copy_module(by=_user(request), **form.facts())
        except (Invalid, Conflict) as refused:
            add_errors(form, refused)
        else:
            messages.success(request, _("The copy is made. Change what should differ."))
            return redirect("courses:facts", draft.pk)
    return render(request, "courses/authoring/copy.html", _context(module) | {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask, then take the module out of the offer; what stands in the way is named."""
    module = own_module(request, pk)
    if not can_retire_module(request.user, module):
        raise Forbidden
    if request.method == "GET":
        return render(request, "courses/authoring/retire.html", _context(module))
    try:
        retire_module(by=_user(request), module=module)
    except Conflict as refused:
        context = _context(module) | {"refused": refused.detail}
        return render(request, "courses/authoring/retire.html", context, status=409)
    messages.success(request, _("The module is out of the offer. Who is learning goes on."))
    return redirect("courses:authored_module", module.pk)


@login_required
@require_POST
def bring_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put it into the catalogue again."""
    module = own_module(request, pk)
    bring_back_module(by=_user(request), module=module)
    messages.success(request, _("The module is in the catalogue again."))
    return redirect("courses:authored_module", module.pk)


def _context(module: Module) -> dict[str, Any]:
    return {"module": module, "newest": module.versions.order_by("-number").first()}


def _user(request: HttpRequest) -> Any:
    return request.user

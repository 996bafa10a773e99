"""Named people of one module: who they are, adding and taking away."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import ModuleMember
from courses.policies import can_manage_module_members
from courses.services.members import add_module_member, remove_module_member
from lms.core.errors import Conflict, Invalid

from .access import own_module
from .forms import ModuleMemberForm
from .refusals import add_errors

SHOWN = 200


@login_required
@require_http_methods(["GET", "POST"])
def members(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who is co-author or teacher of this module; who may, names others here."""
    module = own_module(request, pk)
    form = ModuleMemberForm(request.POST or None)
    if form.is_valid():
        try:
            member = add_module_member(by=_user(request), module=module, **form.cleaned_data)
        except (Invalid, Conflict) as refused:
            add_errors(form, refused)
        else:
            facts = {"person": member.user.full_name, "role": member.get_role_display()}
            messages.success(request, _("%(person)s is now %(role)s.") % facts)
            return redirect("courses:members", module.pk)
    found = module.members.select_related("user").order_by("user__family_name", "id")
    context = {
        "module": module,
        "newest": module.versions.order_by("-number").first(),
        "members": found[:SHOWN],
        "form": form if can_manage_module_members(request.user, module) else None,
    }
    return render(request, "courses/authoring/members.html", context)


@login_required
@require_POST
def remove_member(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a role in a module away."""
    visible = ModuleMember.objects.visible_to(request.user).select_related("user", "module")
    member = get_object_or_404(visible, pk=pk)
    remove_module_member(by=_user(request), member=member)
    facts = {"person": member.user.full_name, "role": member.get_role_display()}
    messages.success(request, _("%(person)s is no longer %(role)s.") % facts)
    return redirect("courses:members", member.module_id)


def _user(request: HttpRequest) -> Any:
    return request.user

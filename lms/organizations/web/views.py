"""Pages for who administers an organization."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.accounts.models import User
from lms.core.errors import Conflict
from lms.organizations.models import Membership, Organization
from lms.organizations.policies import can_manage_members
from lms.organizations.services import add_member, remove_member
from lms.permissions.roles import ANCHOR_PERMISSIONS, ROLE_PERMISSIONS, Role
from lms.web.paging import keyset_page

from .forms import MemberForm


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The organizations in which one has a role, and which."""
    page = keyset_page(request, Organization.objects.visible_to(request.user), order=("name", "id"))
    own: dict[UUID, list[str]] = {}
    for membership in Membership.objects.filter(user=request.user.pk, organization__in=page.items):
        own.setdefault(membership.organization_id, []).append(membership.get_role_display())
    rows = [{"organization": organization, "roles": own.get(organization.pk, [])} for organization in page]
    return render(request, "organizations/index.html", {"rows": rows, "page": page})


@login_required
@require_http_methods(["GET", "POST"])
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has which role; who may give roles gives them here."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), slug=slug)
    form = MemberForm(request.POST or None, organization=organization)
    if form.is_valid() and _add(request, organization, form):
        return redirect("organizations:members", slug=slug)
    found = Membership.objects.visible_to(request.user).filter(organization=organization).select_related("user")
    context = {
        "organization": organization,
        "page": keyset_page(request, found, order=("user__family_name", "id")),
        "form": form if can_manage_members(request.user, organization) else None,
        "roles": role_table(),
    }
    return render(request, "organizations/members.html", context)


@login_required
@require_POST
def remove(request: HttpRequest, slug: str, membership_id: UUID) -> HttpResponse:
    """Take a role away."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), slug=slug)
    visible = Membership.objects.visible_to(request.user).filter(organization=organization)
    membership = get_object_or_404(visible.select_related("user", "organization"), pk=membership_id)
    try:
        remove_member(by=cast(User, request.user), membership=membership)
    except Conflict as error:
        messages.error(request, error.detail)
    else:
        facts = {"person": membership.user, "role": membership.get_role_display()}
        messages.success(request, _("%(person)s no longer has the role %(role)s.") % facts)
    return redirect("organizations:members", slug=slug)


def role_table() -> list[dict[str, Any]]:
    """What each role may do, in words."""
    return [
        {"name": role.label, "permits": [ANCHOR_PERMISSIONS[name] for name in sorted(ROLE_PERMISSIONS[role])]}
        for role in Role
    ]


def _add(request: HttpRequest, organization: Organization, form: MemberForm) -> bool:
    user, role = form.cleaned_data["email"], form.cleaned_data["role"]
    try:
        membership = add_member(by=cast(User, request.user), organization=organization, user=user, role=role)
    except Conflict as error:
        form.add_error("email", error.detail)
        return False
    facts = {"person": user, "role": membership.get_role_display()}
    messages.success(request, _("%(person)s now has the role %(role)s.") % facts)
    return True

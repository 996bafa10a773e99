"""Pages of an employer's departments."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lms.accounts.models import User
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.organizations.employers import chosen_employer
from lms.organizations.models import Department
from lms.organizations.policies import can_manage_staff
from lms.organizations.services import add_department, change_department, delete_department, merge_department
from lms.organizations.trees import tree_of

from .staff_forms import DepartmentForm, MergeForm
from .told import tell_form


@login_required
@require_http_methods(["GET", "POST"])
def departments(request: HttpRequest) -> HttpResponse:
    """The tree with its people counted, and a form to add to it."""
    chosen = chosen_employer(request)
    form = DepartmentForm(request.POST or None, employer=chosen.employer)
    if form.is_valid():
        try:
            made = add_department(by=cast(User, request.user), employer=chosen.employer, **form.cleaned_data)
        except Invalid as problem:
            tell_form(form, problem)
        else:
            messages.success(request, _("%(name)s is added.") % {"name": made})
            return redirect(_list_of(made))
    return render(
        request, "organizations/departments.html", {"chosen": chosen, "form": form, "tree": tree_of(chosen.employer)}
    )


@login_required
@require_http_methods(["GET", "POST"])
def department(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Rename it or put it elsewhere; merge or delete it."""
    found = _managed(request, pk)
    form = DepartmentForm(request.POST or None, employer=found.employer, department=found)
    if form.is_valid():
        try:
            change_department(by=cast(User, request.user), department=found, **form.cleaned_data)
        except Invalid as problem:
            tell_form(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect(_list_of(found))
    return _page(request, found, form, MergeForm(department=found))


@login_required
@require_POST
def merge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everybody goes over to another department, and this one is gone."""
    found = _managed(request, pk)
    form = MergeForm(request.POST, department=found)
    if not form.is_valid():
        return _page(request, found, DepartmentForm(employer=found.employer, department=found), form)
    name, into = found.name, form.cleaned_data["into"]
    try:
        merge_department(by=cast(User, request.user), department=found, into=into)
    except Invalid as problem:
        messages.error(request, problem.detail)
    else:
        messages.success(request, _("%(name)s is merged into %(into)s.") % {"name": name, "into": into})
    return redirect(_list_of(into))


@login_required
@require_POST
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An empty department goes."""
    found = _managed(request, pk)
    name, back = found.name, _list_of(found)
    try:
        delete_department(by=cast(User, request.user), department=found)
    except Conflict as problem:
        messages.error(request, problem.detail)
    else:
        messages.success(request, _("%(name)s is deleted.") % {"name": name})
    return redirect(back)


def _managed(request: HttpRequest, pk: UUID) -> Department:
    found = get_object_or_404(Department.objects.visible_to(request.user).select_related("employer"), pk=pk)
    if not can_manage_staff(request.user, found.employer):
        raise Forbidden
    return found


def _page(request: HttpRequest, found: Department, form: DepartmentForm, merging: MergeForm) -> HttpResponse:
    branch = next(branch for branch in tree_of(found.employer) if branch.department.pk == found.pk)
    context = {"department": found, "branch": branch, "form": form, "merging": merging, "back": _list_of(found)}
    return render(request, "organizations/department.html", context)


def _list_of(found: Department) -> str:
    return f"{reverse('organizations:departments')}?employer={found.employer.slug}"

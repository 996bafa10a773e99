"""Pages of HR about one person: add, change, leave."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lms.accounts.models import User
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.organizations.employers import chosen_employer
from lms.organizations.models import Employment
from lms.organizations.policies import can_manage_staff
from lms.organizations.services import (
    NewPerson,
    add_person,
    change_employment,
    correct_address,
    end_employment,
)

from .staff_forms import AddressForm, EmploymentForm, LeavingForm, PersonForm
from .told import tell_form

PERSON = ("given_name", "name_prefix", "family_name", "email", "language")


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """One person, by hand. Whether the address is known here already changes nothing in what one sees."""
    chosen = chosen_employer(request)
    form = PersonForm(request.POST or None, employer=chosen.employer)
    if form.is_valid():
        facts = form.cleaned_data
        person = NewPerson(**{name: facts.pop(name) for name in PERSON})
        try:
            made = add_person(by=cast(User, request.user), employer=chosen.employer, person=person, **facts)
        except (Conflict, Invalid) as problem:
            tell_form(form, problem)
        else:
            how = _("%(name)s gets a mail.") if person.email else _("Print the letter for %(name)s.")
            added = _("%(name)s is added to your staff.") % {"name": person.written}
            messages.success(request, f"{added} {how % {'name': person.written}}")
            return redirect("enrollments:person", made.pk)
    return render(request, "organizations/add_person.html", {"chosen": chosen, "form": form})


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Number, department, function, manager, first day."""
    found = managed_employment(request, pk)
    form = EmploymentForm(request.POST or None, employer=found.employer, employment=found)
    if form.is_valid():
        try:
            change_employment(by=cast(User, request.user), employment=found, **form.cleaned_data)
        except (Conflict, Invalid) as problem:
            tell_form(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("enrollments:person", pk)
    return render(request, "organizations/edit_employment.html", {"employment": found, "form": form})


@login_required
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The last day: what stays with whom, and then yes."""
    found = managed_employment(request, pk)
    form = LeavingForm(request.POST or None, employment=found)
    if form.is_valid():
        try:
            end_employment(by=cast(User, request.user), employment=found, ends_on=form.cleaned_data["ends_on"])
        except (Conflict, Invalid) as problem:
            tell_form(form, problem)
        else:
            messages.success(request, _("The last day of %(name)s is set.") % {"name": found.name})
            return redirect("enrollments:person", pk)
    managing = Employment.objects.filter(employer=found.employer_id, manager=found.user_id).not_over().count()
    return render(request, "organizations/leave.html", {"employment": found, "form": form, "managing": managing})


@login_required
@require_POST
def address(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another address for somebody who has not signed in yet, who is invited there."""
    found = managed_employment(request, pk)
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            correct_address(by=cast(User, request.user), employment=found, email=form.cleaned_data["email"])
        except (Conflict, Invalid) as problem:
            messages.error(request, problem.detail)
        else:
            messages.success(request, _("%(name)s gets a mail.") % {"name": found.name})
    else:
        messages.error(request, str(form.errors.as_data()["email"][0].messages[0]))
    return redirect("enrollments:person", pk)


def managed_employment(request: HttpRequest, pk: UUID) -> Employment:
    """Raises Http404 for who may not see it, Forbidden for who may not change it."""
    visible = Employment.objects.visible_to(request.user).select_related("user", "employer", "department")
    found = get_object_or_404(visible, pk=pk)
    if not can_manage_staff(request.user, found.employer):
        raise Forbidden
    return found

"""Pages of HR about people who have not signed in yet: mails and letters."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.models import User
from lms.core.errors import Conflict
from lms.organizations.awaiting import BY_NAME, awaited_staff, people_for_letters, waiting_of
from lms.organizations.employers import chosen_employer
from lms.organizations.models import Department, Employment, Organization
from lms.organizations.services import Asked, invite_staff, print_letters
from lms.organizations.trees import places_of
from lms.web.paging import keyset_page

AT_ONCE = 500
SHOWN = ("", "mail", "expired", "letter")


@login_required
@require_safe
def invitations(request: HttpRequest) -> HttpResponse:
    """Who has not signed in yet, how they were asked, and until when that works."""
    chosen = chosen_employer(request)
    show = request.GET.get("show", "")
    if show not in SHOWN:
        raise Http404
    counts = {name or "all": awaited_staff(chosen.employer, only=name).count() for name in SHOWN}
    page = keyset_page(request, awaited_staff(chosen.employer, only=show), order=BY_NAME)
    context = {
        "chosen": chosen,
        "show": show,
        "page": page,
        "waiting": waiting_of(chosen.employer, page),
        "counts": counts,
        "places": places_of([chosen.employer]),
        "most": AT_ONCE,
    }
    return render(request, "organizations/invitations.html", context)


@login_required
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Send again to those that were ticked, or to all whose invitation has expired."""
    chosen = chosen_employer(request)
    if "expired" in request.POST:
        people = list(awaited_staff(chosen.employer, only="expired").order_by("id")[:AT_ONCE])
    else:
        people = _ticked(request, chosen.employer)
    asked = invite_staff(by=cast(User, request.user), employer=chosen.employer, employments=people)
    for sentence in _sentences(asked):
        messages.success(request, sentence)
    if not people:
        messages.info(request, _("Choose the people to ask."))
    return redirect(_list(chosen.employer))


@login_required
@never_cache
@require_POST
def letters(request: HttpRequest) -> HttpResponse:
    """One document with a letter for each: those that were ticked, a department, or everybody who waits for one."""
    from lms.organizations.letters import render_letters

    chosen = chosen_employer(request)
    try:
        people = _for_letters(request, chosen.employer)
        printed = print_letters(by=cast(User, request.user), employer=chosen.employer, employments=people)
    except Conflict as problem:
        messages.error(request, problem.detail)
        return redirect(_list(chosen.employer))
    response = HttpResponse(render_letters(chosen.employer, printed), content_type="application/pdf")
    name = slugify(_("letters %(employer)s") % {"employer": chosen.employer.slug})
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def _for_letters(request: HttpRequest, employer: Organization) -> list[Employment]:
    if request.POST.getlist("person"):
        return people_for_letters(employer, ids=[employment.pk for employment in _ticked(request, employer)])
    department = None
    if asked := request.POST.get("department"):
        department = get_object_or_404(Department, employer=employer, pk=_uuid(asked))
    return people_for_letters(employer, department=department)


def _ticked(request: HttpRequest, employer: Organization) -> list[Employment]:
    ids = {_uuid(pk) for pk in request.POST.getlist("person")[:AT_ONCE]}
    visible: Any = Employment.objects.visible_to(request.user).filter(employer=employer, pk__in=ids)
    found = list(visible.select_related("user", "employer", "department").order_by("id"))
    if len(found) != len(ids):
        raise Http404
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _list(employer: Organization) -> str:
    return f"{reverse('organizations:invitations')}?employer={employer.slug}"


def _sentences(asked: Asked) -> list[str]:
    told = []
    if n := len(asked.sent):
        told.append(ngettext("%(n)d invitation is sent.", "%(n)d invitations are sent.", n) % {"n": n})
    if n := len(asked.just_asked):
        told.append(ngettext("%(n)d person was asked just now.", "%(n)d people were asked just now.", n) % {"n": n})
    if n := len(asked.without_address):
        without = ngettext(
            "%(n)d person has no e-mail address: print a letter.",
            "%(n)d people have no e-mail address: print letters.",
            n,
        )
        told.append(without % {"n": n})
    if n := len(asked.in_already):
        told.append(ngettext("%(n)d person is in already.", "%(n)d people are in already.", n) % {"n": n})
    return told

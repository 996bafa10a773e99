"""Pages of HR about training needs: the list, a new one with what fits it, one need with its state, taking it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import ReservedPlaces
from enrollments.models import NeedAnswer, TrainingNeed
from enrollments.needs.bundles import kept_in
from enrollments.needs.flow import LIVE
from enrollments.needs.matching import matches_for, wish_of
from enrollments.needs.policies import can_post_needs, can_post_needs_anywhere
from enrollments.needs.timeline import steps_of
from enrollments.services.needs import post_need, take_back_need
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.organizations.models import Organization
from lms.web.paging import keyset_page

from .need_form import Composition, NeedForm, add_errors

PREFILLED = ("people", "by_day", "place", "km", "track", "level", "department", "title", "note")


@login_required
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """What my organizations need, newest first."""
    if not can_post_needs_anywhere(request.user):
        raise Forbidden(_("This page is for HR of an employer."))
    employers = Organization.objects.allowing(request.user, "post_needs").filter(is_employer=True)
    own = TrainingNeed.objects.filter(employer__in=employers).select_related("employer", "department")
    over = request.GET.get("over") == "1"
    shown = own.exclude(state__in=LIVE) if over else own.filter(state__in=LIVE)
    context = {"page": keyset_page(request, shown, size=40), "over": over, "several": len(employers) > 1}
    return render(request, "enrollments/needs/needs.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_need(request: HttpRequest) -> HttpResponse:
    """Say what is needed and see what fits at once. Looking posts nothing."""
    employers = list(_employers(request))
    data = request.POST if request.method == "POST" else request.GET
    employer = next((one for one in employers if one.slug == data.get("employer")), employers[0])
    composition = Composition(data, employer)
    looked = request.method == "POST"
    form = NeedForm(data if looked else None, employer=employer, initial=_prefilled(data, employer))
    valid = form.is_valid()
    if valid and data.get("do") == "post":
        try:
            need = post_need(
                by=_user(request),
                employer=employer,
                occupation=composition.occupation,
                skills=composition.skills,
                **form.facts,
            )
        except Invalid as refused:
            add_errors(form, refused)
        else:
            messages.success(request, _("Posted. The hub coordinator sees it; you see here what fits."))
            return redirect("enrollments:need", need.pk)
    wish = form.wish(composition.skills)
    context = {
        "form": form,
        "composition": composition,
        "employers": employers,
        "employer": employer,
        "function_was": data.get("function", ""),
        "matches": matches_for(request.user, wish, employer),
        "asked": len(composition.skills),
    }
    return render(request, "enrollments/needs/new_need.html", context)


@login_required
@require_safe
def need(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One need: what is asked, where it is, what fits."""
    found = _need(request, pk)
    live = found.state in LIVE
    context = {
        "need": found,
        "skills": sorted(found.skills.all(), key=lambda skill: skill.label.casefold()),
        "steps": steps_of(found),
        "matches": matches_for(request.user, wish_of(found), found.employer) if live else [],
        "live": live,
        "answers": _answers(request, found),
        "own": can_post_needs(request.user, found.employer),
    }
    return render(request, "enrollments/needs/need.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask, then take it back."""
    found = _need(request, pk)
    if not can_post_needs(request.user, found.employer):
        raise Forbidden
    if request.method == "GET":
        return render(request, "enrollments/needs/take_back.html", {"need": found})
    try:
        take_back_need(by=_user(request), need=found)
    except Conflict as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(request, _("Taken back."))
    return redirect("enrollments:need", pk)


def _answers(request: HttpRequest, need: TrainingNeed) -> list[tuple[NeedAnswer, ReservedPlaces]]:
    """The answers that keep, or kept, places for the need's employer."""
    if need.bundle is None:
        return []
    answers = list(need.bundle.answers.select_related("provider", "offering__version__module", "offering__location"))
    kept = kept_in(request.user, answers, [need.employer_id])
    pairs = ((answer, kept.get((answer.offering_id, need.employer_id))) for answer in answers)
    return [(answer, row) for answer, row in pairs if row is not None]


def _need(request: HttpRequest, pk: UUID) -> TrainingNeed:
    visible = TrainingNeed.objects.visible_to(request.user)
    with_all = visible.select_related("employer", "department", "occupation", "bundle", "met_by__offering__provider")
    return get_object_or_404(with_all.prefetch_related("skills"), pk=pk)


def _employers(request: HttpRequest) -> Any:
    employers = Organization.objects.allowing(request.user, "post_needs").filter(is_employer=True)
    if not employers:
        raise Forbidden(_("This page is for HR of an employer."))
    return employers


def _prefilled(data: QueryDict, employer: Organization) -> dict[str, Any]:
    """What a link to the form brings along, such as one from the skill gap; else the employer's own town."""
    given = {name: data[name] for name in PREFILLED if data.get(name)}
    location = employer.locations.order_by("name").first()
    return {"place": location.city if location else ""} | given


def _user(request: HttpRequest) -> Any:
    return request.user

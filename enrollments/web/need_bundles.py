"""Pages of the hub coordinator: needs of the region, what looks alike, bundles. Providers see bundles too."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from enrollments.demand import demand_for
from enrollments.models import BundleState, NeedBundle, TrainingNeed
from enrollments.needs.bundles import Party, kept_in, live_parties, needs_in, parties_of, totals_of, wish_of_bundle
from enrollments.needs.demand import regional_demand
from enrollments.needs.matching import matches_for
from enrollments.needs.policies import can_answer_needs_anywhere, can_bundle_needs, can_change_bundle
from enrollments.needs.similar import fitting, open_needs, suggest
from enrollments.services import bundling
from lms.core.errors import Conflict, DomainError, Forbidden, Invalid
from lms.organizations.models import Organization
from lms.permissions.services import anchors_allowing
from lms.web.paging import keyset_page

from .need_form import uuids

WAITED_FOR = 10


class BundleForm(forms.Form):
    """What a bundle is called, and what providers should know."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    note = forms.CharField(
        label=gettext_lazy("Note for providers"),
        help_text=gettext_lazy("Name no employers and no people: providers see it before they answer."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@login_required
@require_safe
def regional_needs(request: HttpRequest) -> HttpResponse:
    """Open needs of all employers, which could be bundled, and what is asked for most."""
    _require_coordinator(request)
    needs = open_needs()
    gathering = NeedBundle.objects.visible_to(request.user).filter(state=BundleState.GATHERING)
    context = {
        "needs": needs,
        "suggestions": suggest(needs),
        "bundles": [bundle for bundle in gathering if can_change_bundle(request.user, bundle)],
        "demand": regional_demand(needs),
        "waited_for": demand_for(request.user, limit=WAITED_FOR),
    }
    return render(request, "enrollments/needs/regional_needs.html", context)


@login_required
@require_POST
def make_bundle(request: HttpRequest) -> HttpResponse:
    """The ticked needs become a bundle, or go into one."""
    _require_coordinator(request)
    chosen = list(TrainingNeed.objects.visible_to(request.user).filter(pk__in=uuids(request.POST.getlist("need"))))
    try:
        bundle = _bundle_of(request, chosen)
    except (Invalid, Conflict) as refused:
        messages.error(request, refused.detail)
        return redirect("enrollments:regional_needs")
    messages.success(request, _("The needs are bundled."))
    return redirect("enrollments:bundle", bundle.pk)


@login_required
@require_safe
def bundles(request: HttpRequest) -> HttpResponse:
    """Those that this person may see, newest first."""
    user = request.user
    if not (can_bundle_needs(user) or can_answer_needs_anywhere(user)):
        raise Forbidden
    found = NeedBundle.objects.visible_to(user).select_related("coordinator").prefetch_related("needs")
    over = request.GET.get("over") == "1"
    shown = found.filter(state=BundleState.CLOSED) if over else found.exclude(state=BundleState.CLOSED)
    page = keyset_page(request, shown, size=40)
    rows = [(bundle, totals_of_states(bundle)) for bundle in page]
    return render(request, "enrollments/needs/bundles.html", {"page": page, "rows": rows, "over": over})


@login_required
@require_safe
def bundle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One bundle, as each may see it."""
    found = _bundle(request, pk)
    needs = needs_in(found)
    totals = totals_of(needs)
    parties = parties_of(request.user, found, needs)
    answers = list(found.answers.select_related("provider", "offering__version__module", "offering__location"))
    kept = kept_in(request.user, answers, [party.employer_id for party in parties if party.name])
    changes = can_change_bundle(request.user, found) and found.state != BundleState.CLOSED
    gathering = found.state == BundleState.GATHERING
    context = {
        "bundle": found,
        "totals": totals,
        "needs": needs,
        "parties": parties,
        "live": live_parties(parties),
        "answers": [(answer, _kept_words(answer, parties, kept)) for answer in answers],
        "changes": changes,
        "coordinates": can_bundle_needs(request.user),
        "lists": can_bundle_needs(request.user) or can_answer_needs_anywhere(request.user),
        "form": BundleForm(initial={"title": found.title, "note": found.note}) if changes and gathering else None,
        "fitting": list(fitting(open_needs(), needs)) if changes and gathering else [],
        "matches": matches_for(request.user, wish_of_bundle(needs, totals), None) if needs else [],
        "answering": anchors_allowing(request.user, "answer_needs") if found.state in ("asked", "answered") else [],
    }
    return render(request, "enrollments/needs/bundle.html", context)


@login_required
@require_POST
def change_bundle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`do` says what: save, add, take_out, ask or close."""
    found = _bundle(request, pk)
    if not can_change_bundle(request.user, found):
        raise Forbidden
    try:
        told = _change(request, found, request.POST.get("do", ""))
    except (Invalid, Conflict) as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(request, told)
    return redirect("enrollments:bundle", pk)


def totals_of_states(found: NeedBundle) -> dict[str, int]:
    """For a list: people and employers, from needs that are there already."""
    needs = [need for need in found.needs.all() if need.state != "taken_back"]
    return {"people": sum(need.people for need in needs), "employers": len({need.employer_id for need in needs})}


def _change(request: HttpRequest, found: NeedBundle, what: str) -> str:
    user: Any = request.user
    needs = list(TrainingNeed.objects.visible_to(user).filter(pk__in=uuids(request.POST.getlist("need"))))
    if what == "save":
        title, note = request.POST.get("title", ""), request.POST.get("note", "")
        bundling.edit_bundle(by=user, bundle=found, title=title, note=note)
        return _("Saved.")
    if what == "add":
        bundling.add_needs(by=user, bundle=found, needs=needs)
        return _("The needs are bundled.")
    if what == "take_out":
        for need in needs:
            bundling.take_out_need(by=user, bundle=found, need=need)
        return _("Taken out: it is open again.")
    if what == "ask":
        bundling.ask_providers(by=user, bundle=found)
        return _("Providers see this bundle now. Those with modules that fit get a message.")
    if what == "close":
        bundling.close_bundle(by=user, bundle=found)
        return _("The bundle is closed. What was not answered is open again.")
    raise DomainError(_("Choose what to do."))


def _bundle_of(request: HttpRequest, chosen: list[TrainingNeed]) -> NeedBundle:
    user: Any = request.user
    into = uuids([request.POST.get("bundle", "")])
    if into:
        found = _bundle(request, UUID(into[0]))
        return bundling.add_needs(by=user, bundle=found, needs=chosen)
    hub = Organization.objects.allowing(user, "bundle_needs").order_by("-is_public_body", "name").first()
    if hub is None:
        raise Forbidden
    title = request.POST.get("title", "").strip() or (chosen[0].title if chosen else "")
    return bundling.make_bundle(by=user, coordinator=hub, title=title, needs=chosen)


def _kept_words(answer: Any, parties: list[Party], kept: dict[Any, Any]) -> list[tuple[Party, Any]]:
    """Whose places an answer keeps, as far as this person may know."""
    rows = ((party, kept.get((answer.offering_id, party.employer_id))) for party in parties)
    return [(party, row) for party, row in rows if row is not None]


def _bundle(request: HttpRequest, pk: UUID) -> NeedBundle:
    return get_object_or_404(NeedBundle.objects.visible_to(request.user).select_related("coordinator"), pk=pk)


def _require_coordinator(request: HttpRequest) -> None:
    if not can_bundle_needs(request.user):
        raise Forbidden(_("This page is for coordinators of a hub."))

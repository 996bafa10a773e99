"""A provider answers a bundle with an offering; an employer accepts the places that are kept for it, or not."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import ModuleVersion, Offering
from courses.web.offering_form import OfferingForm, day
from enrollments.models import NeedAnswer, NeedBundle, TrainingNeed
from enrollments.needs.bundles import Party, Totals, live_parties, needs_in, parties_of, totals_of
from enrollments.needs.policies import can_answer_needs, can_answer_needs_anywhere, can_post_needs
from enrollments.services.answering import answer_bundle, decline_places, meet_need
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.permissions.services import anchors_allowing

from .need_form import add_errors, uuids


class PlacesForm(forms.Form):
    """How many places for each employer, until when, and a message to all of them."""

    until = day(
        gettext_lazy("Held until"),
        gettext_lazy("What is not taken by then goes to everybody. Empty: until it begins."),
    )
    message = forms.CharField(
        label=gettext_lazy("Message to the employers"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, parties: list[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = parties
        for party in parties:
            self.fields[f"places_{party.key}"] = forms.IntegerField(
                label=_("Places for employer %(n)d (%(where)s)")
                % {"n": party.number, "where": ", ".join(party.towns) or _("anywhere")},
                min_value=0,
                max_value=10_000,
                initial=party.people,
            )
        self.order_fields([*(f"places_{party.key}" for party in parties), "until", "message"])

    @property
    def places(self) -> dict[UUID, int]:
        """By the key of each party."""
        return {party.key: self.cleaned_data[f"places_{party.key}"] for party in self.parties}


class PlanForm(OfferingForm):
    """The run to plan, filled in from what is asked; these employers alone can join it."""

    def __init__(self, *args: Any, totals: Totals, version: ModuleVersion, bundle: NeedBundle, **kwargs: Any) -> None:
        first = {"capacity": totals.people, "code": f"{version.module.code}-{bundle.pk.hex[-6:]}"[:60]}
        super().__init__(*args, version=version, initial=first | {"delivery": "hub"}, **kwargs)
        del self.fields["visibility"], self.fields["employers"]


@login_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose what to answer with, then say how many places for whom."""
    bundle = get_object_or_404(NeedBundle.objects.visible_to(request.user).select_related("coordinator"), pk=pk)
    if not can_answer_needs_anywhere(request.user):
        raise Forbidden
    needs = needs_in(bundle)
    parties, totals = live_parties(parties_of(request.user, bundle, needs)), totals_of(needs)
    offering, version = _chosen(request)
    context: dict[str, Any] = {"bundle": bundle, "parties": parties, "totals": totals}
    if offering is None and version is None:
        return render(request, "enrollments/needs/choose_answer.html", context | _choices(request))
    data = request.POST if request.method == "POST" else None
    places = PlacesForm(data, parties=parties)
    plan = PlanForm(data, user=request.user, version=version, totals=totals, bundle=bundle) if version else None
    status = 200
    if places.is_valid() and (plan is None or plan.is_valid()):
        try:
            answer_bundle(
                by=_user(request),
                bundle=bundle,
                places=places.places,
                offering=offering,
                plan={"version": version} | plan.cleaned_data if plan else None,
                message=places.cleaned_data["message"],
                until=places.cleaned_data["until"],
            )
        except (Invalid, Conflict) as refused:
            add_errors(plan if plan and refused.errors else places, refused)
            status = refused.status
        else:
            messages.success(request, _("Answered: the places are reserved, and the employers get a message."))
            return redirect("enrollments:bundle", bundle.pk)
    context |= {"places": places, "plan": plan, "offering": offering, "version": version}
    return render(request, "enrollments/needs/answer.html", context, status=status)


@login_required
@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """HR: `do` is accept, decline or met, for the places of `answer`."""
    need = get_object_or_404(TrainingNeed.objects.visible_to(request.user).select_related("employer"), pk=pk)
    if not can_post_needs(request.user, need.employer):
        raise Forbidden
    user = _user(request)
    what, named = request.POST.get("do", ""), uuids([request.POST.get("answer", "")])
    given = NeedAnswer.objects.filter(pk__in=named, bundle=need.bundle_id).first() if need.bundle_id else None
    try:
        if what == "decline" and given:
            decline_places(by=user, need=need, answer=given)
            messages.success(request, _("Given up: others can take the places."))
        elif what == "accept" and given:
            meet_need(by=user, need=need, answer=given)
            messages.success(request, _("Accepted. Enroll your people within your own places."))
        elif what == "met":
            meet_need(by=user, need=need)
            messages.success(request, _("Noted: this need is met."))
        else:
            raise Http404
    except Conflict as refused:
        messages.error(request, refused.detail)
    return redirect("enrollments:need", pk)


def _chosen(request: HttpRequest) -> tuple[Offering | None, ModuleVersion | None]:
    """The provider's own offering or version that the address names."""
    if code := request.GET.get("offering", ""):
        offering = get_object_or_404(_offerings(request), code=code)
        if not can_answer_needs(request.user, offering.provider):
            raise Forbidden
        return offering, None
    if named := uuids([request.GET.get("version", "")]):
        version = get_object_or_404(_versions(request), pk=named[0])
        return None, version
    return None, None


def _choices(request: HttpRequest) -> dict[str, Any]:
    return {"offerings": _offerings(request).order_by("starts_on", "code")[:100], "versions": _versions(request)[:100]}


def _offerings(request: HttpRequest) -> Any:
    own = Offering.objects.managed_by(request.user).to_come_or_open()
    if not request.user.is_superuser:
        own = own.filter(provider__in=anchors_allowing(request.user, "answer_needs"))
    return own.for_lists()


def _versions(request: HttpRequest) -> Any:
    own = ModuleVersion.objects.current().select_related("module__provider")
    if not request.user.is_superuser:
        own = own.filter(module__provider__in=anchors_allowing(request.user, "answer_needs"))
    return own.order_by("module__code")


def _user(request: HttpRequest) -> Any:
    return request.user

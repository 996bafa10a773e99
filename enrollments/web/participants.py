"""Pages of the provider: who takes an offering, and how far they are."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import Offering
from courses.policies import can_view_participants
from enrollments.figures import counts_by_state
from enrollments.models import Enrollment, EnrollmentState, PrerequisiteOverride
from enrollments.policies import can_mark_not_passed
from enrollments.progress import explain_progress
from enrollments.rows import columns_of, rows_for
from enrollments.services.ending import mark_not_passed
from lms.core.clock import today
from lms.core.errors import Forbidden
from lms.web.paging import keyset_page

from .forms import NotPassedForm, ParticipantsFilter


@login_required
@require_safe
def participants(request: HttpRequest, code: str) -> HttpResponse:
    """The participants of one offering, newest first."""
    visible = Offering.objects.visible_to(request.user).select_related("version", "provider")
    offering = get_object_or_404(visible, code=code)
    if not can_view_participants(request.user, offering):
        raise Forbidden
    form = ParticipantsFilter(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    everybody = Enrollment.objects.participants_for(request.user).filter(offering=offering)
    chosen = everybody.with_learner_named(request.user, asked.get("q") or "").in_state(asked.get("state") or "")
    page = keyset_page(request, chosen.only("id"))
    found = columns_of(Enrollment.objects.filter(pk__in=[e.pk for e in page]).order_by("-id"))
    context = {
        "offering": offering,
        "form": form,
        "page": page,
        "rows": rows_for(request.user, found),
        "figures": counts_by_state(everybody),
    }
    return render(request, "enrollments/participants.html", context)


@login_required
@require_safe
def participant(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One participant, unit by unit: what is missing and who must act."""
    enrollment = get_object_or_404(Enrollment.objects.participants_for(request.user).for_cards(), pk=pk)
    override = PrerequisiteOverride.objects.filter(learner=enrollment.learner_id, module=enrollment.version.module_id)
    context = {
        "may_mark": _may_end(request, enrollment),
        "enrollment": enrollment,
        "progress": explain_progress(enrollment),
        "override": override.select_related("given_by").first(),
    }
    return render(request, "enrollments/participant.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def not_passed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that a participant did not pass, and why."""
    enrollment = get_object_or_404(Enrollment.objects.participants_for(request.user).for_cards(), pk=pk)
    form = NotPassedForm(request.POST or None)
    if form.is_valid():
        user: Any = request.user
        mark_not_passed(by=user, enrollment=enrollment, reason=form.cleaned_data["reason"])
        messages.success(request, _("The enrollment has ended: not passed."))
        return redirect("enrollments:participant", pk)
    return render(request, "enrollments/not_passed.html", {"form": form, "enrollment": enrollment})


def _may_end(request: HttpRequest, enrollment: Enrollment) -> bool:
    offering = enrollment.offering
    ended = offering.ends_on is None or offering.ends_on < today()
    return enrollment.state == EnrollmentState.ACTIVE and ended and can_mark_not_passed(request.user, enrollment)

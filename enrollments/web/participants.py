"""Pages of the provider: who takes an offering, and how far they are."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from courses.models import Offering
from courses.policies import can_view_participants
from enrollments.figures import counts_by_state
from enrollments.models import Enrollment, PrerequisiteOverride
from enrollments.progress import explain_progress
from enrollments.rows import columns_of, rows_for
from lms.core.errors import Forbidden
from lms.web.paging import keyset_page

from .forms import ParticipantsFilter


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
        "enrollment": enrollment,
        "progress": explain_progress(enrollment),
        "override": override.select_related("given_by").first(),
    }
    return render(request, "enrollments/participant.html", context)

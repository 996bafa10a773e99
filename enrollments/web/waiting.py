"""Pages of the waiting list: the answer to an offered place, and HR's own people who wait."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import Offering
from enrollments.known_names import names_known_to
from enrollments.models import Enrollment, EnrollmentState
from enrollments.policies import can_answer_offer, can_enroll_staff_anywhere
from enrollments.services.offers import accept_place, decline_place
from enrollments.services.waiting import standings
from lms.core.errors import Forbidden
from lms.organizations.models import Employment

WAITS = Q(state__in=(EnrollmentState.WAITLISTED, EnrollmentState.OFFERED))


@login_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A place is offered: yes or no, by the learner, or by HR for who has no account yet."""
    enrollment = get_object_or_404(Enrollment.objects.visible_to(request.user).for_cards(), pk=pk)
    user: Any = request.user
    if not can_answer_offer(user, enrollment):
        raise Forbidden
    own = enrollment.learner_id == user.pk
    if request.method == "POST" and request.POST.get("answer") in ("accept", "decline"):
        if request.POST["answer"] == "accept":
            accept_place(by=user, enrollment=enrollment)
            messages.success(request, _("The place is yours.") if own else _("The place is accepted."))
            return redirect("enrollments:learn", pk) if own else redirect("enrollments:waiting_lists")
        decline_place(by=user, enrollment=enrollment)
        messages.success(request, _("Thank you for saying so: the place goes to who is next."))
        return redirect("enrollments:my_learning" if own else "enrollments:waiting_lists")
    name = names_known_to(None if own else enrollment.employer_id, [enrollment.learner])[enrollment.learner_id]
    return render(request, "enrollments/answer.html", {"enrollment": enrollment, "own": own, "name": name})


@login_required
@require_safe
def waiting_lists(request: HttpRequest) -> HttpResponse:
    """Offerings for which people of my employer wait, what starts first on top."""
    if not can_enroll_staff_anywhere(request.user):
        raise Forbidden(_("This page is for HR of an employer."))
    waiting = _own_waiting(request)
    offerings = Offering.objects.filter(pk__in=waiting.values("offering")).select_related("version", "provider")
    counts = {
        row["offering"]: row
        for row in waiting.order_by()
        .values("offering")
        .annotate(
            waiting=Count("pk", filter=Q(state=EnrollmentState.WAITLISTED)),
            offered=Count("pk", filter=Q(state=EnrollmentState.OFFERED)),
        )
    }
    rows = [counts[offering.pk] | {"offering": offering} for offering in offerings.order_by("starts_on", "code")]
    return render(request, "enrollments/waiting_lists.html", {"rows": rows})


@login_required
@require_safe
def waiting_list(request: HttpRequest, code: str) -> HttpResponse:
    """My people who wait for one offering: where each stands, and what for."""
    if not can_enroll_staff_anywhere(request.user):
        raise Forbidden(_("This page is for HR of an employer."))
    visible = Offering.objects.visible_to(request.user).select_related("version", "provider")
    offering = get_object_or_404(visible, code=code)
    standing = standings(offering)
    mine = list(_own_waiting(request).filter(offering=offering).select_related("learner", "employer"))
    staff = Employment.objects.filter(user__in=[enrollment.learner_id for enrollment in mine])
    names = staff.written_names()
    rows = [
        {
            "enrollment": enrollment,
            "name": names.get((enrollment.employer_id, enrollment.learner_id), str(enrollment.learner)),
            "standing": standing.get(enrollment.pk),
        }
        for enrollment in mine
    ]
    rows.sort(key=lambda row: row["standing"].place if row["standing"] else 0)
    return render(request, "enrollments/waiting_list.html", {"offering": offering, "rows": rows})


def _own_waiting(request: HttpRequest) -> Any:
    return Enrollment.objects.arranged_for(request.user).of_present_staff().filter(WAITS)

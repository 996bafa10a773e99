"""The public page of a programme, with how far the reader is: that is why it is not one floor down."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from courses.catalogue import open_offerings
from courses.models import Programme
from courses.policies import can_edit_programme
from courses.programme_outline import Outline, outline_of
from enrollments.models import Enrollment, EnrollmentState

DATES = 3  # of each module


@require_safe
def programme(request: HttpRequest, provider: str, code: str) -> HttpResponse:
    """The path, what it adds up to, when each module runs, and for who signed in: what is done and what comes next."""
    visible = Programme.objects.visible_to(request.user).select_related("provider")
    found = get_object_or_404(visible, provider__slug=provider, code=code)
    outline = outline_of(found)
    offerings = open_offerings(request.user, [step.version for step in outline.steps])
    standing = _standing(request, outline)
    steps = [
        {
            "step": step,
            "offerings": offerings.get(step.item.module_id, [])[:DATES],
            "more": max(0, len(offerings.get(step.item.module_id, [])) - DATES),
            "enrollment": standing.get(step.item.module_id),
        }
        for step in outline.steps
    ]
    context = {
        "programme": found,
        "outline": outline,
        "steps": steps,
        "done": sum(enrollment.state == EnrollmentState.COMPLETED for enrollment in standing.values()),
        "may_edit": can_edit_programme(request.user, found),
    }
    return render(request, "enrollments/programme.html", context)


def _standing(request: HttpRequest, outline: Outline) -> dict[UUID, Enrollment]:
    """By module the reader's own enrollment that says most: completed before going on before none."""
    if not request.user.is_authenticated:
        return {}
    user: Any = request.user
    modules = [step.item.module_id for step in outline.steps]
    mine = Enrollment.objects.of_learner(user).live().filter(version__module__in=modules)
    found: dict[UUID, Enrollment] = {}
    for enrollment in mine.select_related("version").order_by("id"):
        known = found.get(enrollment.version.module_id)
        if known is None or known.state != EnrollmentState.COMPLETED:
            found[enrollment.version.module_id] = enrollment
    return found

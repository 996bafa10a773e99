"""A version as a learner meets it, for who writes or reviews it. Nothing is recorded, whatever is answered."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from courses.kinds import KINDS
from courses.models import Unit
from courses.policies import can_view_draft
from lms.core.errors import Forbidden, Invalid

from .access import own_version, visible_unit


@login_required
@require_safe
def preview_learning(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The outline, with the way into the first unit."""
    version = own_version(request, pk)
    sections = list(version.sections.prefetch_related("units"))
    units = [unit for section in sections for unit in section.units.all()]
    context = {"version": version, "sections": sections, "first": units[0] if units else None}
    return render(request, "courses/authoring/preview_learning.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def preview_unit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One unit with the ones around it; a quiz can be answered and is judged at once."""
    unit = visible_unit(request, pk)
    version = unit.section.version
    if not can_view_draft(request.user, version):
        raise Forbidden
    kind = KINDS[unit.kind]
    order = list(Unit.objects.filter(section__version=version).values_list("pk", flat=True))
    place = order.index(unit.pk)
    context: dict[str, Any] = {
        "unit": unit,
        "kind": kind,
        "version": version,
        "content": kind.content(unit.data, get_language() or "nl"),
        "before": order[place - 1] if place else None,
        "after": order[place + 1] if place + 1 < len(order) else None,
        "number": place + 1,
        "total": len(order),
        "unfinished": kind.check(unit.data),
        "verdict": None,
    }
    if request.method == "POST" and kind.judged and not context["unfinished"]:
        answers = {name[2:]: request.POST.getlist(name) for name in request.POST if name.startswith("q-")}
        context["answers"] = answers
        try:
            context["verdict"] = kind.judge(unit.data, answers)
        except Invalid as refused:
            context["errors"] = {error.field.removeprefix("answers/"): error.message for error in refused.errors}
    return render(request, "courses/authoring/preview_unit.html", context)

"""Pages of HR: what its people must have."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from enrollments.approval_route import cost_of
from enrollments.duties.coverage import names_under
from enrollments.duties.rows import obstacles_of, read_rules
from enrollments.models import Obstacle, TrainingRule
from enrollments.policies import can_make_rules, can_make_rules_anywhere
from enrollments.services.assigning import suitable_offerings
from enrollments.services.training_rules import Preview, end_rule, make_rule, preview_rule
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.organizations.models import Organization

from .rule_forms import TrainingRuleForm

NAMED = 200  # people in a preview


@login_required
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """What my people must have, with how it stands."""
    _require_hr(request)
    found = TrainingRule.objects.visible_to(request.user).select_related("employer", "department", "module__provider")
    running = read_rules(found.filter(ended_at=None).order_by("-starts_on", "id")[:NAMED])
    ended = read_rules(found.exclude(ended_at=None).order_by("-ended_at", "id")[:NAMED])
    return render(request, "enrollments/rules.html", {"running": running, "ended": ended})


@login_required
@require_http_methods(["GET", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    """A rule, what it would ask of whom, and then yes."""
    _require_hr(request)
    employers = list(Organization.objects.allowing(request.user, "manage_rules").filter(is_employer=True)[:50])
    data = request.POST if request.method == "POST" else request.GET
    form = TrainingRuleForm(data if data.get("module") else None, employers=employers)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        rule = form.save(commit=False)
        try:
            if request.method == "POST":
                made = make_rule(by=_user(request), rule=rule)
                messages.success(request, _("The rule holds. Who can be enrolled is enrolled within a minute."))
                return redirect("enrollments:rule", pk=made.pk)
            context |= _previewed(rule, preview_rule(by=_user(request), rule=rule))
        except Conflict as problem:
            form.add_error(None, problem.detail)
        except Invalid as problem:
            for error in problem.errors:
                form.add_error(error.field, error.message)
    return render(request, "enrollments/new_rule.html", context)


@login_required
@require_safe
def rule(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One rule: whom it covers and how they stand, each figure leading to its people, and why some wait."""
    found = TrainingRule.objects.visible_to(request.user).select_related("employer", "department", "module__provider")
    shown = get_object_or_404(found, pk=pk)
    obstacles = obstacles_of(shown)
    context = {
        "row": read_rules([shown])[0],
        "reasons": [(Obstacle(name).label, people) for name, people in obstacles.items()],
        "not_offered": obstacles.get(Obstacle.NO_OFFERING, 0),
        "may_end": not shown.ended_at and can_make_rules(request.user, shown.employer),
    }
    return render(request, "enrollments/rule.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What ending means, and yes."""
    found = TrainingRule.objects.visible_to(request.user).select_related("employer", "department", "module__provider")
    shown = get_object_or_404(found, pk=pk)
    if not can_make_rules(request.user, shown.employer):
        raise Forbidden
    if request.method == "POST":
        end_rule(by=_user(request), rule=shown)
        messages.success(request, _("The rule has ended. Nothing is asked by it any more."))
        return redirect("enrollments:rules")
    return render(request, "enrollments/end_rule.html", {"row": read_rules([shown])[0]})


def _previewed(rule: TrainingRule, preview: Preview) -> dict[str, Any]:
    """The people by name, and where they would be enrolled."""
    offerings = list(suitable_offerings(rule)[:5])
    due = sorted(preview.due.items(), key=lambda pair: (pair[1], pair[0]))[:NAMED]
    has_it = list(preview.has_it.items())[:NAMED]
    names = names_under(rule, [pk for pk, _day in (*due, *has_it)])
    return {
        "rule": rule,
        "preview": preview,
        "due": [(names.get(pk, ""), day) for pk, day in due],
        "has_it": [(names.get(pk, ""), until) for pk, until in has_it],
        "offerings": [(offering, cost_of(rule.employer, offering)) for offering in offerings],
        "more": max(0, len(preview.due) - NAMED),
    }


def _require_hr(request: HttpRequest) -> None:
    if not can_make_rules_anywhere(request.user):
        raise Forbidden(_("This page is for HR of an employer."))


def _user(request: HttpRequest) -> Any:
    return request.user

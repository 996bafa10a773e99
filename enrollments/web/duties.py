"""Pages of duties: what is overdue or runs out, for HR and managers; to show what one completed, for the worker."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from enrollments.duties.notices import titles_of
from enrollments.duties.rows import read_duties
from enrollments.models import TrainingDuty, TrainingRule
from enrollments.policies import can_show_completion
from enrollments.querysets import TrainingDutyQuerySet
from enrollments.services.duties import completion_to_show, show_completion
from lms.accounts.models import User
from lms.core.errors import Conflict, Forbidden
from lms.core.texts import localized
from lms.organizations.models import Department, Employment
from lms.web.paging import keyset_page

from .rule_forms import DutiesFilter

USUAL_DAYS = 90


@login_required
@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    """Of my staff, or of the people I manage: overdue ones first shown, worst first."""
    seen = TrainingDuty.objects.visible_to(request.user).exclude(learner=request.user.pk)
    form = DutiesFilter(
        request.GET if "state" in request.GET else {"state": "overdue"}, choices=_choices(request, seen)
    )
    form.is_valid()
    asked = form.cleaned_data
    state, days = asked.get("state", "overdue"), asked.get("days") or USUAL_DAYS
    found = _narrowed(seen.in_state(state, days), asked)
    key = "valid_until" if state == "expiring" else "due_on"
    page = keyset_page(request, found.only("id", key), order=(key, "id"))
    context = {
        "form": form,
        "page": page,
        "rows": read_duties([duty.pk for duty in page]),
        "state": state,
        "figures": {
            "overdue": _narrowed(seen.overdue(), asked).count(),
            "todo": _narrowed(seen.todo(), asked).count(),
            "expiring": _narrowed(seen.expiring(days), asked).count(),
        },
        "days": days,
    }
    return render(request, "enrollments/duties.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the employer comes to know when I show what I completed myself, and yes."""
    visible = TrainingDuty.objects.visible_to(request.user).select_related("rule__module", "employer")
    duty = get_object_or_404(visible, pk=pk)
    if not can_show_completion(request.user, duty):
        raise Forbidden
    if request.method == "POST":
        try:
            user: Any = request.user
            show_completion(by=user, duty=duty)
        except Conflict as problem:
            messages.error(request, problem.detail)
        else:
            messages.success(request, _("Shown: your employer sees that you completed this, and when."))
        return redirect("enrollments:my_learning")
    title = titles_of([duty.rule.module_id]).get(duty.rule.module_id, {})
    context = {"duty": duty, "title": title, "completion": completion_to_show(duty.rule, duty)}
    return render(request, "enrollments/show_completion.html", context)


def _narrowed(found: TrainingDutyQuerySet, asked: dict[str, Any]) -> TrainingDutyQuerySet:
    """The filters; choices are ids and names that the reader may see."""
    if asked.get("rule"):
        found = found.filter(rule=asked["rule"])
    if asked.get("department"):
        found = found.in_department(UUID(asked["department"]))
    if asked.get("function"):
        found = found.with_function(asked["function"])
    if asked.get("manager"):
        found = found.managed_by(User(pk=UUID(asked["manager"])))
    return found


def _choices(request: HttpRequest, seen: TrainingDutyQuerySet) -> dict[str, list[tuple[str, str]]]:
    """What the lists can be cut to: rules, departments, functions and managers of the people that the reader sees."""
    employers = seen.values("employer")
    rules = TrainingRule.objects.filter(pk__in=seen.values("rule")).order_by("id")
    titles = titles_of(rule.module_id for rule in rules)
    staff = Employment.objects.visible_to(request.user).current().filter(employer__in=employers)
    departments = Department.objects.visible_to(request.user).filter(employer__in=employers).order_by("name")
    functions = staff.exclude(job_title="").values_list("job_title", flat=True).distinct().order_by("job_title")
    managers = User.objects.filter(pk__in=staff.exclude(user=request.user.pk).values("manager")).order_by("family_name")
    return {
        "rule": [(str(rule.pk), localized(titles.get(rule.module_id))) for rule in rules],
        "department": [(str(department.pk), department.name) for department in departments],
        "function": [(name, name) for name in functions],
        "manager": [(str(person.pk), str(person)) for person in managers],
    }

"""Pages of requests: ask the employer, follow it, decide on it, say how it is decided on."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.models import Offering
from enrollments.approval_route import cost_of, first_turn, needs_hr, policy_of
from enrollments.models import ApprovalStep, Approver, Enrollment
from enrollments.policies import can_approve_requests, can_set_approval_policy
from enrollments.prerequisites import find_lacks
from enrollments.requests import (
    in_request_state,
    read_requests,
    requests_of,
    requests_seen_by,
    requests_to_decide,
)
from enrollments.services.deciding import approve_request, refuse_request, set_approval_policy
from enrollments.services.enrolling import withdraw_enrollment
from enrollments.services.requesting import request_place
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.organizations.models import Employment, Organization
from lms.web.paging import keyset_page

from .request_forms import ApprovalPolicyForm, DecisionForm, RequestForm, RequestsFilter


@login_required
@require_safe
def my_requests(request: HttpRequest) -> HttpResponse:
    """What I asked for: where it is, who has to act, since when."""
    context = _page(request, requests_of(request.user), newest=True)
    return render(request, "enrollments/my_requests.html", context | _tabs(request))


@login_required
@require_safe
def to_decide(request: HttpRequest) -> HttpResponse:
    """What waits for my decision, oldest first; HR and managers find what was decided there too."""
    form = RequestsFilter(request.GET)
    form.is_valid()
    state = form.cleaned_data.get("state") or ""
    if state:
        others = requests_seen_by(request.user).exclude(learner=request.user.pk)
        context = _page(request, in_request_state(others, state), newest=True)
    else:
        context = _page(request, requests_to_decide(request.user), newest=False)
    employers = Organization.objects.allowing(request.user, "approve_requests").filter(is_employer=True)
    context |= {"form": form, "state": state, "employers": employers[:10] if not _user(request).is_superuser else []}
    return render(request, "enrollments/to_decide.html", context | _tabs(request))


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """What I ask for, who decides, what the employer sees; and why I want it."""
    visible = Offering.objects.visible_to(request.user).select_related("version__module", "provider", "location")
    offering = get_object_or_404(visible, code=code)
    employers = _my_employers(request)
    if not employers:
        raise Forbidden(_("You ask an employer for whom you work: there is none in your account."))
    form = RequestForm(request.POST or None, employers=employers)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            enrollment = request_place(by=_user(request), offering=offering, **asked)
        except Conflict as problem:
            messages.error(request, problem.detail)
            return redirect("enrollments:ask", code=code)
        messages.success(request, _("Your employer has your request. You hear what is decided."))
        return redirect("enrollments:request", pk=enrollment.pk)
    taking = Enrollment.objects.of_learner(request.user).live().filter(offering=offering).first()
    lacks = find_lacks(offering.version.module_id, [_user(request)])
    context = {
        "offering": offering,
        "form": form,
        "taking": taking,
        "lack": lacks[0] if lacks else None,
        "routes": [_route(request, employer, offering) for employer in employers],
    }
    return render(request, "enrollments/ask.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def one_request(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One request: its turns, and the decision of whoever's turn it is."""
    get_object_or_404(requests_seen_by(request.user), pk=pk)
    shown = read_requests(request.user, [pk])[0]
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        step = get_object_or_404(ApprovalStep, enrollment=pk, number=form.cleaned_data["step"])
        try:
            return _decide(request, step, form)
        except Invalid as problem:
            form.add_error("reason", problem.detail)
        except Conflict as problem:
            messages.error(request, problem.detail)
            return redirect("enrollments:request", pk=pk)
    return render(request, "enrollments/request.html", {"one": shown, "form": form} | _tabs(request))


@login_required
@require_POST
def withdraw_request(request: HttpRequest, pk: UUID) -> HttpResponse:
    """I ask it no more."""
    enrollment = get_object_or_404(requests_of(request.user), pk=pk)
    withdraw_enrollment(by=_user(request), enrollment=enrollment)
    messages.success(request, _("Your request has been withdrawn."))
    return redirect("enrollments:my_requests")


@login_required
@require_http_methods(["GET", "POST"])
def approval_policy(request: HttpRequest, slug: str) -> HttpResponse:
    """How this employer decides: HR always or above an amount, and after how many days somebody is reminded."""
    employer = get_object_or_404(Organization.objects.visible_to(request.user), slug=slug, is_employer=True)
    if not can_set_approval_policy(request.user, employer):
        raise Forbidden
    form = ApprovalPolicyForm(request.POST or None, instance=policy_of(employer))
    if request.method == "POST" and form.is_valid():
        set_approval_policy(by=_user(request), policy=form.save(commit=False))
        messages.success(request, _("Saved. It holds from the next decision on."))
        return redirect("enrollments:to_decide")
    return render(request, "enrollments/approval_policy.html", {"form": form, "employer": employer})


def _decide(request: HttpRequest, step: ApprovalStep, form: DecisionForm) -> HttpResponse:
    by, said = _user(request), form.cleaned_data["reason"]
    if form.cleaned_data["decision"] == "refuse":
        refuse_request(by=by, step=step, reason=said)
        messages.success(request, _("Refused. The worker reads your reason."))
    else:
        enrollment = approve_request(by=by, step=step, remark=said)
        messages.success(request, _approved_sentence(enrollment))
    return redirect("enrollments:to_decide")


def _approved_sentence(enrollment: Enrollment) -> str:
    if enrollment.state == "requested":
        return _("Approved. HR decides now.")
    if enrollment.state == "active":
        return _("Approved. The worker is enrolled.")
    return _("Approved. All places are taken: the worker is on the waiting list.")


def _page(request: HttpRequest, found: QuerySet[Enrollment], *, newest: bool) -> dict[str, Any]:
    page = keyset_page(request, found.only("id"), order=("-id",) if newest else ("id",))
    return {"page": page, "requests": read_requests(request.user, [one.pk for one in page])}


def _tabs(request: HttpRequest) -> dict[str, Any]:
    """Whoever decides on something has two lists."""
    waiting = requests_to_decide(request.user).count()
    decides = waiting or can_approve_requests(request.user)
    decides = decides or Employment.objects.current().filter(manager=request.user.pk).exists()
    return {"waiting": waiting, "decides": decides}


def _my_employers(request: HttpRequest) -> list[Organization]:
    mine = Employment.objects.current().filter(user=request.user.pk)
    return list(Organization.objects.filter(pk__in=mine.values("employer")).order_by("name"))


def _route(request: HttpRequest, employer: Organization, offering: Offering) -> dict[str, Any]:
    """Who decides there, in order."""
    turn = first_turn(employer, _user(request))
    hr_too = turn.approver == Approver.MANAGER and needs_hr(policy_of(employer), cost_of(employer, offering))
    return {"employer": employer, "manager": turn.manager, "hr_too": hr_too}


def _user(request: HttpRequest) -> Any:
    return request.user

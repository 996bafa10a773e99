"""Pages of HR: my people, one person, enrolling a selection, who is where."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from courses.models import Offering, Visibility
from enrollments.figures import counts_by_state
from enrollments.models import LIVE_STATES, ArrangedBy, Enrollment
from enrollments.plans import plan_for
from enrollments.policies import can_enroll_staff, can_enroll_staff_anywhere
from enrollments.rows import Row, columns_of, rows_for
from enrollments.services.enrolling import Outcome, enroll_staff
from enrollments.services.overriding import give_override
from lms.core.clock import today
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.organizations.awaiting import waiting_of
from lms.organizations.models import Employment, Organization
from lms.organizations.policies import can_manage_staff, can_view_staff
from lms.organizations.querysets import EmploymentQuerySet
from lms.web.paging import keyset_page

from .forms import EnrollmentsFilter, OfferingChoice, StaffFilter

AT_ONCE = 200  # people who can be selected in one go; more come by spreadsheet


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who works for me, and what each of them takes."""
    _require_hr(request)
    employers = list(Organization.objects.allowing(request.user, "enroll_staff").filter(is_employer=True))
    mine = Employment.objects.filter(employer__in=employers)
    form = StaffFilter(request.GET, employers=employers)
    form.is_valid()
    asked = form.cleaned_data
    page = keyset_page(
        request,
        _people_asked_for(mine, asked).select_related("user", "employer", "department"),
        order=("user__family_name", "user__given_name", "id"),
        size=25,
    )
    taken = _rows_by_person(request, page.items)
    context = {
        "form": form,
        "page": page,
        "people": [{"employment": e, "rows": taken.get((e.employer.slug, e.user_id), [])} for e in page],
        "several_employers": len(employers) > 1,
        "former": asked.get("who") == "former",
        "offering": request.GET.get("offering", ""),
        "at_once": AT_ONCE,
    }
    return render(request, "enrollments/people.html", context)


@login_required
@require_safe
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One person at one employer, and what that employer arranged."""
    employment = get_object_or_404(
        Employment.objects.visible_to(request.user).select_related("user", "employer", "department"), pk=pk
    )
    if not can_view_staff(request.user, employment.employer):
        raise Forbidden
    rows = _rows_by_person(request, [employment]).get((employment.employer.slug, employment.user_id), [])
    context = {
        "employment": employment,
        "rows": rows,
        "present": not employment.is_over,
        "may_enroll": can_enroll_staff(request.user, employment.employer),
        "may_manage": can_manage_staff(request.user, employment.employer),
        "one": waiting_of(employment.employer, [employment])[0],
        "manager": employment.manager_id and _manager_of(employment),
    }
    return render(request, "enrollments/person.html", context)


@login_required
def enroll(request: HttpRequest) -> HttpResponse:
    """Selected people, an offering, how many places there are, and then yes."""
    _require_hr(request)
    selected = _selected(request)
    if not selected:
        messages.info(request, _("Choose the people you want to enroll."))
        return redirect("enrollments:staff")
    employer = selected[0].employer
    offerings = _offerings_for(request, employer)
    data = request.POST if request.method == "POST" else request.GET
    form = OfferingChoice(data if data.get("offering") else None, offerings=offerings)
    plan = None
    if form.is_bound and form.is_valid():
        offering, learners = form.cleaned_data["offering"], [employment.user for employment in selected]
        if request.method == "POST":
            return _enroll(request, employer, offering, learners, form.cleaned_data)
        plan = plan_for(employer, offering, learners)
    context = {"form": form, "selected": selected, "employer": employer, "plan": plan}
    return render(request, "enrollments/enroll_staff.html", context)


@login_required
@require_safe
def who_is_where(request: HttpRequest) -> HttpResponse:
    """Everything my organizations arranged, with figures."""
    _require_hr(request)
    arranged = Enrollment.objects.arranged_for(request.user)
    offerings = Offering.objects.filter(pk__in=arranged.values("offering")).select_related("version")
    form = EnrollmentsFilter(request.GET, offerings=offerings.order_by("-starts_on")[:AT_ONCE])
    form.is_valid()
    asked = form.cleaned_data
    chosen = arranged
    if asked.get("offering"):
        chosen = chosen.filter(offering__code=asked["offering"])
    figures = counts_by_state(chosen.of_present_staff())
    chosen = chosen.with_learner_named(request.user, asked.get("q") or "").in_state(asked.get("state") or "")
    page = keyset_page(request, chosen.only("id"))
    context = {"form": form, "page": page, "rows": _rows(request, page.items, asked.get("state")), "figures": figures}
    return render(request, "enrollments/who_is_where.html", context)


def _manager_of(employment: Employment) -> Employment | None:
    """The manager, as long as they work there."""
    there = Employment.objects.not_over().filter(employer=employment.employer_id, user=employment.manager_id)
    return there.select_related("user").first()


def _require_hr(request: HttpRequest) -> None:
    if not can_enroll_staff_anywhere(request.user):
        raise Forbidden(_("This page is for HR of an employer."))


def _people_asked_for(mine: EmploymentQuerySet, asked: dict[str, Any]) -> EmploymentQuerySet:
    found = mine.filter(ends_on__lt=today()) if asked.get("who") == "former" else mine.current()
    found = found.called(asked.get("q") or "")
    if asked.get("employer"):
        found = found.filter(employer__slug=asked["employer"])
    if asked.get("department"):
        found = found.within(UUID(asked["department"]))
    state = asked.get("state")
    if state and asked.get("who") != "former":
        taken = Enrollment.objects.filter(
            learner=OuterRef("user"), employer=OuterRef("employer"), arranged_by=ArrangedBy.EMPLOYER
        )
        has = Exists(taken.filter(state__in=LIVE_STATES if state == "none" else [state]))
        found = found.filter(~has if state == "none" else has)
    return found


def _rows_by_person(request: HttpRequest, employments: list[Employment]) -> dict[tuple[str, Any], list[Row]]:
    arranged = Enrollment.objects.arranged_for(request.user).filter(
        learner__in=[employment.user_id for employment in employments],
        employer__in={employment.employer_id for employment in employments},
    )
    by_person: dict[tuple[str, Any], list[Row]] = {}
    for row in rows_for(request.user, columns_of(arranged.order_by("-id"))):
        by_person.setdefault((row["employer"]["slug"], row["learner"]["id"]), []).append(row)
    return by_person


def _rows(request: HttpRequest, enrollments: list[Enrollment], state: str | None) -> list[Row]:
    """The rows of a page, in its order. A state that an employer may not know any more does not answer to a filter."""
    found = columns_of(Enrollment.objects.filter(pk__in=[e.pk for e in enrollments]).order_by("-id"))
    states = {"overdue": ["active"], "": [], None: []}.get(state, [state or ""])
    return rows_for(request.user, found, states=states)


def _selected(request: HttpRequest) -> list[Employment]:
    """The people that were ticked: present staff of one employer, for which one enrolls."""
    data = request.POST if request.method == "POST" else request.GET
    try:
        ids = [UUID(pk) for pk in data.getlist("person")[:AT_ONCE]]
    except ValueError as error:
        raise Http404 from error
    found = Employment.objects.visible_to(request.user).current().filter(pk__in=ids)
    selected = list(found.select_related("user", "employer").order_by("user__family_name", "user__given_name", "id"))
    if len(selected) != len(set(ids)):
        raise Http404
    if len({employment.employer_id for employment in selected}) > 1:
        raise Conflict(_("Choose people of one employer at a time."))
    if selected and not can_enroll_staff(request.user, selected[0].employer):
        raise Forbidden
    return selected


def _offerings_for(request: HttpRequest, employer: Organization) -> QuerySet[Offering]:
    reserved = Offering.objects.filter(employers=employer).values("pk")
    return (
        Offering.objects.visible_to(request.user)
        .open_for_enrollment()
        .filter(Q(visibility=Visibility.PUBLIC) | Q(pk__in=reserved))
        .select_related("version__module", "provider")
        .order_by("starts_on", "code")
    )


def _enroll(
    request: HttpRequest, employer: Organization, offering: Offering, learners: list[Any], asked: dict[str, Any]
) -> HttpResponse:
    user: Any = request.user
    try:
        with transaction.atomic():
            _let_in(request, offering, learners, asked["reason"])
            chosen = {name: asked[name] for name in ("mandatory", "cost_recovery", "due_on")}
            outcome = enroll_staff(by=user, employer=employer, offering=offering, learners=learners, **chosen)
    except (Conflict, Invalid) as problem:
        messages.error(request, problem.detail)
        return redirect("enrollments:staff")
    for sentence in _sentences(outcome):
        messages.success(request, sentence)
    for lack in outcome.lacking:
        messages.warning(request, lack.sentence)
    return redirect(f"{reverse('enrollments:who_is_where')}?offering={offering.code}")


def _let_in(request: HttpRequest, offering: Offering, learners: list[Any], reason: str) -> None:
    """Those of the selected people for whom HR ticked that they can do without. Raises: Invalid without a reason."""
    ticked = set(request.POST.getlist("without"))
    user: Any = request.user
    for learner in learners:
        if str(learner.pk) in ticked:
            give_override(by=user, learner=learner, module=offering.version.module, reason=reason)


def _sentences(outcome: Outcome) -> list[str]:
    active, waiting, existing = len(outcome.active), len(outcome.waitlisted), len(outcome.existing)
    told = []
    if active:
        told.append(ngettext("%(n)d person is enrolled.", "%(n)d people are enrolled.", active) % {"n": active})
    if waiting:
        waits = ngettext("%(n)d person is on the waiting list.", "%(n)d people are on the waiting list.", waiting)
        told.append(f"{waits % {'n': waiting}} {outcome.shortage}")
    if existing:
        had = ngettext("%(n)d person took it already.", "%(n)d people took it already.", existing)
        told.append(had % {"n": existing})
    return told

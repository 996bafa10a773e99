"""What this app puts into the shared frame: entries of the navigation and panels of the start page."""

from typing import Any

from django.db.models import Count, Max, Min, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from courses.frame import TEACHING
from courses.models import Module, Offering
from courses.policies import can_hold_places_anywhere
from lms.core.clock import today
from lms.organizations.frame import STAFF
from lms.web.registry import NavGroup, NavItem, Panel, register_nav, register_panel

from .models import (
    ApprovalStep,
    BundleState,
    Enrollment,
    EnrollmentState,
    Interest,
    NeedBundle,
    NeedState,
    TrainingDuty,
    TrainingNeed,
)
from .needs.policies import can_answer_needs_anywhere, can_bundle_needs, can_post_needs_anywhere
from .policies import (
    can_approve_requests,
    can_enroll_staff_anywhere,
    can_make_rules_anywhere,
    can_manage_agreements_anywhere,
    can_view_demand,
    can_view_regional_figures,
    can_view_reports_anywhere,
    can_view_some_participants,
)
from .progress import cards_of
from .reports.addresses import address_of
from .reports.filters import asked_of_each_employer
from .reports.people import PEOPLE

LEARNING = NavGroup(_("Learning"))
PLACES = NavGroup(_("Places and costs"))
TRAINING = NavGroup(_("Training"))

CARDS = 6
MOST_EMPLOYERS = 3


def register() -> None:
    """Called once, when the app is ready."""
    register_navigation()
    register_panel(Panel("enrollments/panels/duties.html", duties_panel, order=12))
    register_panel(Panel("enrollments/panels/requests.html", requests_panel, order=5))
    register_panel(Panel("enrollments/panels/learner.html", learner_panel, order=10))
    register_panel(Panel("enrollments/panels/people.html", people_panel, order=20))
    register_panel(Panel("enrollments/panels/needs.html", needs_panel, order=25))
    register_panel(Panel("enrollments/panels/teacher.html", teacher_panel, order=30))
    register_panel(Panel("enrollments/panels/module.html", module_panel, page="courses:module"))
    register_panel(Panel("enrollments/panels/demand.html", demand_panel, page="courses:authored_module"))


def register_navigation() -> None:
    """Entries of the learner, HR, the provider and the hub coordinator: each shows to who may open it."""
    items = [
        NavItem(_("My learning"), "enrollments:my_learning", _is_signed_in, order=20, group=LEARNING),
        NavItem(_("My agenda"), "enrollments:my_agenda", _is_signed_in, order=22, group=LEARNING),
        NavItem(_("Asked by employers"), "enrollments:bundles", can_answer_needs_anywhere, order=34, group=TEACHING),
        NavItem(_("Interest without a date"), "enrollments:demand", can_view_demand, order=36, group=TEACHING),
        NavItem(_("All staff"), "enrollments:staff", can_enroll_staff_anywhere, order=40, group=STAFF),
        NavItem(_("Who is where"), "enrollments:who_is_where", can_enroll_staff_anywhere, order=41, group=STAFF),
        NavItem(_("Functions"), "enrollments:functions", can_enroll_staff_anywhere, order=43, group=STAFF),
        NavItem(_("Import a staff list"), "enrollments:import_staff", can_enroll_staff_anywhere, order=44, group=STAFF),
        NavItem(_("Requests"), "enrollments:to_decide", can_approve_requests, order=50, group=PLACES),
        NavItem(_("Waiting lists"), "enrollments:waiting_lists", can_enroll_staff_anywhere, order=51, group=PLACES),
        NavItem(_("Held places"), "courses:own_places", can_hold_places_anywhere, order=52, group=PLACES),
        NavItem(_("Agreements"), "enrollments:agreements", can_manage_agreements_anywhere, order=53, group=PLACES),
        NavItem(_("Invoices"), "enrollments:invoices", can_manage_agreements_anywhere, order=54, group=PLACES),
        NavItem(_("Training rules"), "enrollments:rules", can_make_rules_anywhere, order=60, group=TRAINING),
        NavItem(_("Training needs"), "enrollments:needs", can_post_needs_anywhere, order=61, group=TRAINING),
        NavItem(_("Skill gap"), "enrollments:skill_gap", can_post_needs_anywhere, order=62, group=TRAINING),
        NavItem(_("Needs of the region"), "enrollments:regional_needs", can_bundle_needs, order=63, group=TRAINING),
        NavItem(_("Figures of the region"), "enrollments:regional_figures", can_view_regional_figures, order=65),
        NavItem(_("Reports"), "enrollments:reports", can_view_reports_anywhere, order=70),
    ]
    for item in items:
        register_nav(item)


def _is_signed_in(user: Any) -> bool:
    return bool(user.is_authenticated)


def module_panel(request: HttpRequest, module: Module) -> dict[str, Any] | None:
    """On a module's public page: I take it, I wait for a date, or I could say so."""
    if not request.user.is_authenticated:
        return {"module": module}
    ongoing = Enrollment.objects.of_learner(request.user).ongoing().filter(version__module=module).first()
    interest = Interest.objects.visible_to(request.user).filter(module=module).first()
    return {"module": module, "ongoing": ongoing, "interest": interest}


def demand_panel(request: HttpRequest, module: Module) -> dict[str, Any] | None:
    """On a provider's page of a module: how many wait for a date."""
    waiting = Interest.objects.counted_for(request.user).filter(module=module)
    return waiting.aggregate(interested=Count("pk"), first=Min("since"), latest=Max("since"))


def learner_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Where to go on learning."""
    mine = Enrollment.objects.of_learner(request.user).for_cards()
    active = list(mine.filter(state=EnrollmentState.ACTIVE).most_recent_first()[:CARDS])
    waits = list(mine.filter(state__in=(EnrollmentState.WAITLISTED, EnrollmentState.OFFERED)).order_by("id")[:CARDS])
    if not active and not waits:
        return None
    offered = [enrollment for enrollment in waits if enrollment.state == EnrollmentState.OFFERED]
    waiting = [enrollment for enrollment in waits if enrollment not in offered]
    return {"active": cards_of(active), "waiting": waiting, "offered": offered}


def requests_panel(request: HttpRequest) -> dict[str, Any] | None:
    """How many requests wait for me, and how many of mine wait for others."""
    turns = ApprovalStep.objects.to_decide_by(request.user)
    asked = turns.aggregate(waiting=Count("pk"), since=Min("asked_at"))
    asked["mine"] = Enrollment.objects.of_learner(request.user).filter(state=EnrollmentState.REQUESTED).count()
    return asked if asked["waiting"] or asked["mine"] else None


def duties_panel(request: HttpRequest) -> dict[str, Any] | None:
    """What I still have to do, and how many of my people are late."""
    todo = TrainingDuty.objects.todo().of_present_staff()
    if request.user.is_superuser:
        return None
    others = TrainingDuty.objects.visible_to(request.user).exclude(learner=request.user.pk)
    panel = {
        "mine": todo.filter(learner=request.user.pk).count(),
        "late": todo.filter(learner=request.user.pk, due_on__lt=today()).count(),
        "overdue": others.overdue().of_present_staff().count(),
    }
    return panel if any(panel.values()) else None


def people_panel(request: HttpRequest) -> dict[str, Any] | None:
    """What the people of HR, or of somebody who leads people, do now: each figure opens to its rows."""
    if request.user.is_superuser:
        return None
    employers = []
    for asked in asked_of_each_employer(request.user)[:MOST_EMPLOYERS]:
        counts = PEOPLE.count(asked)
        figures = [
            {"figure": one, "count": counts[one.key], "url": address_of("report_rows", PEOPLE, asked, one.key)}
            for one in PEOPLE.figures
        ]
        employers.append({"employer": asked.employer, "figures": figures, "url": address_of("report", PEOPLE, asked)})
    if not employers:
        return None
    return {"employers": employers, "may_enroll": can_enroll_staff_anywhere(request.user)}


def needs_panel(request: HttpRequest) -> dict[str, Any] | None:
    """What waits for whom: places for HR to decide on, open needs to bundle, bundles to answer."""
    user = request.user
    if user.is_superuser:
        return None
    lines = {}
    if can_post_needs_anywhere(user) or can_bundle_needs(user):
        needs = TrainingNeed.objects.visible_to(user)
        lines = needs.aggregate(
            open=Count("pk", filter=Q(state=NeedState.OPEN)),
            bundled=Count("pk", filter=Q(state=NeedState.BUNDLED)),
            answered=Count("pk", filter=Q(state=NeedState.ANSWERED)),
        )
    if can_answer_needs_anywhere(user):
        lines["asked"] = NeedBundle.objects.visible_to(user).filter(state=BundleState.ASKED).count()
    posts, coordinates = can_post_needs_anywhere(user), can_bundle_needs(user)
    return lines | {"posts": posts, "coordinates": coordinates} if any(lines.values()) else None


def teacher_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Running offerings with participants."""
    if request.user.is_superuser or not can_view_some_participants(request.user):
        return None
    provided = Offering.objects.filter(pk__in=Enrollment.objects.participants_for(request.user).values("offering"))
    running = provided.filter(Q(ends_on=None) | Q(ends_on__gte=today()), cancelled_at=None)
    offerings = (
        running.select_related("version")
        .annotate(
            active=Count("enrollments", filter=Q(enrollments__state=EnrollmentState.ACTIVE)),
            completed=Count("enrollments", filter=Q(enrollments__state=EnrollmentState.COMPLETED)),
            waiting=Count("enrollments", filter=Q(enrollments__state=EnrollmentState.WAITLISTED)),
        )
        .order_by("-starts_on", "code")[:CARDS]
    )
    return {"offerings": list(offerings)}

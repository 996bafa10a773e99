"""Pages of the learner: what I take, what is in it, one unit at a time."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.downloads import send_file
from courses.kinds import kind_named
from courses.models import ModuleFile, ModuleVersion, Offering, Unit
from courses.references import uses_file
from enrollments.duties.rows import own_duties
from enrollments.flow import ARROWS, barrier_to_learning, may_read
from enrollments.known_names import names_known_to
from enrollments.models import Attempt, Enrollment, EnrollmentState, Interest
from enrollments.policies import can_enroll_self, can_join_session, can_learn, can_withdraw
from enrollments.prerequisites import find_lacks
from enrollments.progress import Progress, Step, cards_of, explain_progress
from enrollments.services import enrolling, learning
from enrollments.services.waiting import standing_of
from enrollments.version_moves import latest_move
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound

WAITING = (EnrollmentState.APPROVED, EnrollmentState.WAITLISTED, EnrollmentState.OFFERED)
ASKED = (EnrollmentState.REQUESTED, EnrollmentState.REFUSED)
LISTED_APART = (*WAITING, *ASKED, EnrollmentState.ACTIVE, EnrollmentState.COMPLETED)
SHOWN = 200


@login_required
@require_safe
def my_learning(request: HttpRequest) -> HttpResponse:
    """What I take, what I wait for, what I completed."""
    mine = list(Enrollment.objects.of_learner(request.user).for_cards().most_recent_first()[:SHOWN])
    context = {
        "active": cards_of([e for e in mine if e.state == EnrollmentState.ACTIVE]),
        "waiting": [e for e in mine if e.state in WAITING],
        "requested": [e for e in mine if e.state == EnrollmentState.REQUESTED],
        "completed": [e for e in mine if e.state == EnrollmentState.COMPLETED],
        "ended": [
            e for e in mine if e.state not in (*WAITING, *ASKED, EnrollmentState.ACTIVE, EnrollmentState.COMPLETED)
        ],
    }
    context |= {"interests": _interests(request), "duties": own_duties(request.user)}
    return render(request, "enrollments/my_learning.html", context)


@login_required
@require_safe
def learn(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One module: its outline, how far I am, exactly what is still missing."""
    enrollment = _own(request, pk)
    if enrollment.state in ASKED:
        return redirect("enrollments:request", pk=pk)
    progress = explain_progress(enrollment)
    sessions = list(enrollment.offering.sessions.for_lists().order_by("starts_at", "id"))
    ahead = [session for session in sessions if session.state in ("planned", "running")]
    context = {
        "enrollment": enrollment,
        "progress": progress,
        "sessions": ahead + [session for session in sessions if session not in ahead],
        "links": {session.pk for session in ahead if can_join_session(request.user, session)},
        "sections": _by_section(progress),
        "barrier": barrier_to_learning(enrollment),
        "standing": standing_of(enrollment),
        "carried": latest_move(enrollment),
        "readable": may_read(enrollment),
        "may_withdraw": EnrollmentState.WITHDRAWN in ARROWS[enrollment.state],
    }
    return render(request, "enrollments/learn.html", context)


@login_required
def unit(request: HttpRequest, pk: UUID, unit_pk: UUID) -> HttpResponse:
    """Read a unit and say so, or answer its questions."""
    enrollment, shown = _own_unit(request, pk, unit_pk)
    barrier = barrier_to_learning(enrollment)
    if barrier and not may_read(enrollment):
        messages.warning(request, barrier.detail)
        return redirect("enrollments:learn", pk=pk)
    if request.method == "POST":
        return _work_on(request, enrollment, shown)
    learning.open_unit(by=_user(request), enrollment=enrollment, unit=shown)
    return _unit_page(request, enrollment, shown)


@login_required
@require_safe
def file(request: HttpRequest, pk: UUID, file_pk: UUID) -> HttpResponseBase:
    """A file of a unit in the version that I take, as long as I may read it."""
    enrollment = _own(request, pk)
    if not uses_file(enrollment.version_id, file_pk):
        raise NotFound
    if not may_read(enrollment):
        raise barrier_to_learning(enrollment) or Conflict(_("This module is not open."))
    own = ModuleFile.objects.filter(module=enrollment.version.module_id)
    return send_file(request.headers, get_object_or_404(own, pk=file_pk))


@login_required
@require_safe
def result(request: HttpRequest, pk: UUID, unit_pk: UUID, number: int) -> HttpResponse:
    """What an attempt was worth: right or wrong per question, and the way on."""
    enrollment, shown = _own_unit(request, pk, unit_pk)
    attempts = Attempt.objects.select_related("unit")
    attempt = get_object_or_404(attempts, enrollment=enrollment, unit=shown, number=number)
    right = learning.verdict_of(attempt).feedback.get("right", {})
    content = kind_named(shown.kind).content(shown.data, get_language() or "nl")
    step, _before, after = _neighbors(explain_progress(enrollment), shown)
    context = {
        "enrollment": enrollment,
        "unit": shown,
        "attempt": attempt,
        "questions": [{"text": q["text"], "right": right.get(q["id"])} for q in content.get("questions", [])],
        "step": step,
        "after": after,
        "may_retry": not attempt.passed and step.attempts_left != 0 and barrier_to_learning(enrollment) is None,
    }
    return render(request, "enrollments/result.html", context)


@login_required
@require_safe
def finished(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Well done."""
    enrollment = _own(request, pk)
    if enrollment.state != EnrollmentState.COMPLETED:
        return redirect("enrollments:learn", pk=pk)
    return render(request, "enrollments/finished.html", {"enrollment": enrollment, "completion": enrollment.completion})


@login_required
def enroll_self(request: HttpRequest, code: str) -> HttpResponse:
    """What I agree to, and yes."""
    offering = get_object_or_404(
        Offering.objects.visible_to(request.user).select_related("version", "provider", "location"), code=code
    )
    if not can_enroll_self(request.user, offering):
        raise Forbidden(_("This offering is for employers: ask your employer to enroll you."))
    taking = Enrollment.objects.of_learner(request.user).live().filter(offering=offering).first()
    if taking is not None:
        messages.info(request, _("You take this module already."))
        return redirect("enrollments:learn", pk=taking.pk)
    if request.method == "POST":
        try:
            enrollment = enrolling.enroll_self(by=_user(request), offering=offering)
        except Conflict as problem:
            messages.error(request, problem.detail)
            return redirect("enrollments:enroll_self", code=code)
        messages.success(
            request, _("You are enrolled.") if enrollment.activated_at else _("You are on the waiting list.")
        )
        return redirect("enrollments:learn", pk=enrollment.pk)
    lacks = find_lacks(offering.version.module_id, [_user(request)])
    return render(request, "enrollments/enroll_self.html", {"offering": offering, "lack": lacks[0] if lacks else None})


@login_required
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop, after a question: the learner, or HR for somebody."""
    visible = Enrollment.objects.visible_to(request.user).for_cards()
    enrollment = get_object_or_404(visible, pk=pk)
    if not can_withdraw(request.user, enrollment):
        raise Forbidden
    own = enrollment.learner_id == request.user.pk
    if request.method == "POST":
        enrolling.withdraw_enrollment(by=_user(request), enrollment=enrollment)
        messages.success(request, _("The enrollment has been withdrawn."))
        return redirect("enrollments:my_learning" if own else "enrollments:who_is_where")
    allowed = EnrollmentState.WITHDRAWN in ARROWS[enrollment.state]
    name = names_known_to(None if own else enrollment.employer_id, [enrollment.learner])[enrollment.learner_id]
    context = {"enrollment": enrollment, "own": own, "name": name, "allowed": allowed}
    return render(request, "enrollments/withdraw.html", context)


def _interests(request: HttpRequest) -> list[dict[str, Any]]:
    """What I would take when there is a date, newest first."""
    mine = {wish.module_id: wish for wish in Interest.objects.visible_to(request.user).order_by("-since")[:SHOWN]}
    versions = ModuleVersion.objects.current().filter(module__in=mine).select_related("module__provider")
    by_module = {version.module_id: version for version in versions}
    return [{"interest": wish, "version": by_module[pk]} for pk, wish in mine.items() if pk in by_module]


def _own(request: HttpRequest, pk: UUID) -> Enrollment:
    enrollment = get_object_or_404(Enrollment.objects.visible_to(request.user).for_cards(), pk=pk)
    if not can_learn(request.user, enrollment):
        raise Forbidden
    return enrollment


def _own_unit(request: HttpRequest, pk: UUID, unit_pk: UUID) -> tuple[Enrollment, Unit]:
    enrollment = _own(request, pk)
    units = Unit.objects.filter(section__version=enrollment.version_id).select_related("section__version")
    return enrollment, get_object_or_404(units, pk=unit_pk)


def _work_on(request: HttpRequest, enrollment: Enrollment, shown: Unit) -> HttpResponse:
    user = _user(request)
    try:
        if not kind_named(shown.kind).judged:
            learning.mark_unit_done(by=user, enrollment=enrollment, unit=shown)
            return _onward(enrollment, shown)
        answers = {name[2:]: request.POST.getlist(name) for name in request.POST if name.startswith("q-")}
        attempt = learning.submit_attempt(by=user, enrollment=enrollment, unit=shown, answers=answers)
    except Invalid as problem:
        return _unit_page(request, enrollment, shown, chosen=answers, problem=problem)
    except Conflict as problem:
        messages.warning(request, problem.detail)
        return redirect("enrollments:learn", pk=enrollment.pk)
    if attempt.passed and _is_completed(enrollment):
        return redirect("enrollments:finished", pk=enrollment.pk)
    return redirect("enrollments:result", pk=enrollment.pk, unit_pk=shown.pk, number=attempt.number)


def _onward(enrollment: Enrollment, shown: Unit) -> HttpResponse:
    """To the next unit in reading order; to the end when this was all; else to what was skipped."""
    if _is_completed(enrollment) and enrollment.state != EnrollmentState.COMPLETED:
        return redirect("enrollments:finished", pk=enrollment.pk)
    _step, _before, after = _neighbors(explain_progress(enrollment), shown)
    if after is None:
        return redirect("enrollments:learn", pk=enrollment.pk)
    return redirect("enrollments:unit", pk=enrollment.pk, unit_pk=after.unit.pk)


def _is_completed(enrollment: Enrollment) -> bool:
    return Enrollment.objects.filter(pk=enrollment.pk, state=EnrollmentState.COMPLETED).exists()


def _unit_page(
    request: HttpRequest,
    enrollment: Enrollment,
    shown: Unit,
    *,
    chosen: dict[str, list[str]] | None = None,
    problem: Invalid | None = None,
) -> HttpResponse:
    kind = kind_named(shown.kind)
    content = kind.content(shown.data, get_language() or "nl")
    progress = explain_progress(enrollment)
    step, before, after = _neighbors(progress, shown)
    context = {
        "enrollment": enrollment,
        "unit": shown,
        "content": content,
        "kind": kind,
        "answers": chosen or {},
        "problems": _problems(problem, content) if problem else [],
        "errors": {error.field.removeprefix("answers/"): error.message for error in problem.errors} if problem else {},
        "progress": progress,
        "step": step,
        "number": progress.steps.index(step) + 1,
        "before": before,
        "after": after,
        "workable": barrier_to_learning(enrollment) is None and step.attempts_left != 0,
        "last_attempt": Attempt.objects.filter(enrollment=enrollment, unit=shown).order_by("-number").first(),
    }
    return render(request, "enrollments/unit.html", context, status=400 if problem else 200)


def _problems(problem: Invalid, content: dict[str, Any]) -> list[dict[str, str]]:
    """One line per question at fault, with the field to go to."""
    numbers = {question["id"]: index for index, question in enumerate(content.get("questions", []), start=1)}
    lines = []
    for error in problem.errors:
        question = error.field.removeprefix("answers/")
        label = _("Question %(number)d") % {"number": numbers[question]} if question in numbers else ""
        lines.append({"target": f"q-{question}" if label else "", "label": label, "message": error.message})
    return lines


def _neighbors(progress: Progress, shown: Unit) -> tuple[Step, Step | None, Step | None]:
    """This unit's step, the one before and the one after it."""
    steps = progress.steps
    index = next(i for i, step in enumerate(steps) if step.unit.pk == shown.pk)
    return steps[index], steps[index - 1] if index else None, steps[index + 1] if index + 1 < len(steps) else None


def _by_section(progress: Progress) -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = []
    for step in progress.steps:
        if not sections or sections[-1]["section"] != step.unit.section:
            sections.append({"section": step.unit.section, "steps": []})
        sections[-1]["steps"].append(step)
    return sections


def _user(request: HttpRequest) -> Any:
    return request.user

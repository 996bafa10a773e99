"""Pages of the provider: what a new version means for who is halfway, and choosing who goes on in it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import ModuleVersion, Offering
from courses.policies import can_plan_offering
from courses.services.switching import switch_offering
from enrollments.models import Enrollment, VersionMove
from enrollments.policies import can_move_enrollments, can_preview_moves
from enrollments.querysets import EnrollmentQuerySet
from enrollments.services.moving import Moved, move_enrollments
from enrollments.version_moves import effect_on, movers
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.web.paging import keyset_page

PEOPLE = 50  # on one page, and so at most chosen one by one in one go


@login_required
@require_http_methods(["GET", "POST"])
def transition(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What changes for whom. Once published: choose who moves, look at it again, confirm."""
    version = _version(request, pk)
    if request.method == "POST":
        return _choice(request, version)
    older = Enrollment.objects.participants_for(request.user).in_older_versions_than(version)
    page = keyset_page(request, older.ongoing().select_related("version", "learner", "offering"), size=PEOPLE)
    context = {
        "version": version,
        "effect": effect_on(version, older),
        "page": page,
        "people": movers(version, page.items),
        "may_move": not version.is_draft and can_move_enrollments(request.user, version),
        "switchable": _switchable(request, version),
        "moves": VersionMove.objects.filter(to_version=version).count(),
    }
    return render(request, "enrollments/transition.html", context)


@login_required
@require_POST
def switch(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """From now on newcomers of this offering take this version."""
    version = _version(request, pk)
    offering = get_object_or_404(Offering.objects.visible_to(request.user), code=code)
    user: Any = request.user
    try:
        switch_offering(by=user, offering=offering, version=version)
    except (Conflict, Invalid) as problem:
        messages.error(request, problem.detail)
    else:
        told = _("Who enrolls in %(code)s from now on takes version %(number)d.")
        messages.success(request, told % {"code": code, "number": version.number})
    return redirect("enrollments:transition", pk)


def _version(request: HttpRequest, pk: UUID) -> ModuleVersion:
    visible = ModuleVersion.objects.visible_to(request.user).select_related("module__provider")
    version = get_object_or_404(visible, pk=pk)
    if not can_preview_moves(request.user, version):
        raise Forbidden
    return version


def _switchable(request: HttpRequest, version: ModuleVersion) -> list[Offering]:
    """Offerings of which newcomers still get an older version."""
    if version.is_draft or not can_plan_offering(request.user, version.module.provider):
        return []
    older = Offering.objects.filter(version__module=version.module_id, version__number__lt=version.number)
    offerings = older.filter(cancelled_at=None).select_related("version").order_by("-starts_on", "code")
    return [offering for offering in offerings if offering.state != "finished"]


def _choice(request: HttpRequest, version: ModuleVersion) -> HttpResponse:
    """Shown again to be confirmed; then carried out."""
    if not can_move_enrollments(request.user, version):
        raise Forbidden
    offerings, chosen = _asked(request, version)
    if not offerings and not chosen:
        messages.info(request, _("Nobody was chosen, so nobody moves."))
        return redirect("enrollments:transition", version.pk)
    redo = request.POST.get("redo") == "on"
    if request.POST.get("confirmed"):
        return _carry_out(request, version, offerings, chosen, redo)
    people = _people_of(request, version, offerings, chosen)
    context = {
        "version": version,
        "effect": effect_on(version, people),
        "offerings": offerings,
        "chosen": list(people.filter(pk__in=chosen).select_related("learner")),
        "redo": redo,
    }
    return render(request, "enrollments/transition_confirm.html", context)


def _asked(request: HttpRequest, version: ModuleVersion) -> tuple[list[Offering], list[UUID]]:
    """The offerings and people that were ticked. An offering counts as a whole, its people are not named again."""
    of_module = Offering.objects.visible_to(request.user).filter(version__module=version.module_id)
    offerings = list(of_module.filter(code__in=request.POST.getlist("offering")).order_by("code"))
    try:
        return offerings, [UUID(pk) for pk in request.POST.getlist("person")[:PEOPLE]]
    except ValueError as error:
        raise Http404 from error


def _people_of(
    request: HttpRequest, version: ModuleVersion, offerings: list[Offering], chosen: list[UUID]
) -> EnrollmentQuerySet:
    older = Enrollment.objects.participants_for(request.user).in_older_versions_than(version).ongoing()
    return older.filter(offering__in=offerings) | older.filter(pk__in=chosen)


def _carry_out(
    request: HttpRequest, version: ModuleVersion, offerings: list[Offering], chosen: list[UUID], redo: bool
) -> HttpResponse:
    choice: dict[str, Any] = {"by": request.user, "version": version, "redo_changed": redo}
    outcome = Moved()
    if offerings:
        outcome = move_enrollments(offerings=[offering.pk for offering in offerings], **choice)
    one_by_one = [pk for pk in chosen if pk not in set(outcome.moved)]
    if one_by_one:
        single = move_enrollments(enrollments=one_by_one, **choice)
        outcome = Moved(
            outcome.moved + single.moved, outcome.completed + single.completed, outcome.left_alone + single.left_alone
        )
    for sentence in _sentences(outcome, version.number):
        messages.success(request, sentence)
    return redirect("enrollments:transition", version.pk)


def _sentences(outcome: Moved, number: int) -> list[str]:
    moved, completed, left = len(outcome.moved), len(outcome.completed), len(outcome.left_alone)
    goes_on = ngettext(
        "%(n)d person goes on in version %(number)d.", "%(n)d people go on in version %(number)d.", moved
    )
    told = [goes_on % {"n": moved, "number": number}]
    if completed:
        done = ngettext(
            "%(n)d person had nothing left to do and has completed the module.",
            "%(n)d people had nothing left to do and have completed the module.",
            completed,
        )
        told.append(done % {"n": completed})
    if left:
        stays = ngettext(
            "%(n)d person stays: the enrollment was completed or ended meanwhile.",
            "%(n)d people stay: their enrollments were completed or ended meanwhile.",
            left,
        )
        told.append(stays % {"n": left})
    return told

"""Enrolling for duties by itself: into what is open and paid; where that is not possible the duty says why it waits."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from courses.models import Offering, Visibility
from courses.services.places import room_in
from enrollments.duties.coverage import known_completions
from enrollments.models import (
    ArrangedBy,
    Enrollment,
    EnrollmentState,
    Obstacle,
    TrainingDuty,
    TrainingRule,
)
from enrollments.wallets import wallets_for
from lms.core.errors import Conflict
from lms.organizations.models import Organization

from .enrolling import enroll_staff

S = EnrollmentState
LEARNS_OR_WAITS = (S.APPROVED, S.WAITLISTED, S.OFFERED, S.ACTIVE)
GAVE_UP = (S.WITHDRAWN, S.DECLINED, S.NOT_PASSED)
Duties = dict[UUID, TrainingDuty]  # by learner


def assign_duties(rule_id: UUID) -> int:
    """Enroll those who are still to be enrolled for a rule, most urgent first; the rest waits with the reason.

    Who withdrew or did not pass is left to HR. Returns how many it enrolled. Emits: what `enroll_staff` emits.
    """
    rule = TrainingRule.objects.select_related("employer", "module").get(pk=rule_id)
    waiting = _waiting(rule)
    if not waiting:
        return 0
    _link_to_ongoing(rule, waiting)
    _leave_to_hr(waiting)
    enrolled, obstacle = 0, Obstacle.NO_OFFERING
    for offering in suitable_offerings(rule):
        if waiting:
            left, why = _left_for(rule.employer, offering)
            obstacle = why if obstacle == Obstacle.NO_OFFERING else obstacle
            enrolled += _enroll(rule, offering, waiting, left)
    _note(waiting.values(), obstacle)
    return enrolled


def suitable_offerings(rule: TrainingRule) -> QuerySet[Offering]:
    """Open runs of the module that the employer may use: its own first, then what begins first."""
    own = Offering.objects.filter(employers=rule.employer_id).values("pk")
    open_now = Offering.objects.open_for_enrollment().filter(version__module=rule.module_id)
    usable = open_now.filter(Q(visibility=Visibility.PUBLIC) | Q(pk__in=own)).select_related("version", "provider")
    return usable.order_by("visibility", "starts_on", "code")  # `employers` comes before `public`


def _waiting(rule: TrainingRule) -> Duties:
    """Open duties in which nobody learns or waits."""
    duties = TrainingDuty.objects.todo().filter(rule=rule).select_related("enrollment__offering", "learner")
    return {duty.learner_id: duty for duty in duties.worst_first() if not _is_taken_up(duty)}


def _is_taken_up(duty: TrainingDuty) -> bool:
    enrollment = duty.enrollment
    return bool(enrollment and enrollment.state in LEARNS_OR_WAITS and not enrollment.offering.is_over)


def _link_to_ongoing(rule: TrainingRule, waiting: Duties) -> None:
    """What HR arranged already, is how the duty is going to be met."""
    ongoing = Enrollment.objects.filter(
        version__module=rule.module_id,
        employer=rule.employer_id,
        arranged_by=ArrangedBy.EMPLOYER,
        state__in=LEARNS_OR_WAITS,
        learner__in=list(waiting),
    ).select_related("offering")
    _link(waiting, [enrollment for enrollment in ongoing.order_by("id") if not enrollment.offering.is_over])


def _leave_to_hr(waiting: Duties) -> None:
    stopped = [duty for duty in waiting.values() if duty.enrollment and duty.enrollment.state in GAVE_UP]
    _note(stopped, Obstacle.STOPPED)
    for duty in stopped:
        del waiting[duty.learner_id]


def _left_for(employer: Organization, offering: Offering) -> tuple[int | None, Obstacle]:
    """How many can be enrolled without waiting (None: no limit), and what keeps the next one out."""
    places = room_in(offering).left_for(employer.pk)
    wallet = wallets_for([employer.pk], offering)[employer.pk]
    rooms = [funding.room for funding in wallet.fundings]
    paid = None if not rooms or None in rooms else sum(room for room in rooms if room)
    if paid is not None and (places is None or paid < places):
        return paid, Obstacle.NO_SEATS
    return places, Obstacle.FULL


@transaction.atomic
def _enroll(rule: TrainingRule, offering: Offering, waiting: Duties, left: int | None) -> int:
    """Takes from `waiting` whom it enrolled or cannot."""
    chosen = list(waiting)[:left]
    if not chosen:
        return 0
    previous = _previous(rule, chosen)
    try:
        outcome = enroll_staff(
            by=None,
            employer=rule.employer,
            offering=offering,
            learners=[waiting[pk].learner for pk in chosen],
            mandatory=rule.legal,
            previous=previous,
        )
    except Conflict as problem:
        if problem.code == "prerequisites":
            _drop(waiting, chosen, Obstacle.PREREQUISITES)
        return 0
    own = [one for one in outcome.existing if one.employer_id == rule.employer_id and one.arranged_by == "employer"]
    _set_due([*outcome.active, *outcome.waitlisted], rule)
    _drop(waiting, [lack.learner.pk for lack in outcome.lacking], Obstacle.PREREQUISITES)
    enrolled = _link(waiting, [*outcome.active, *outcome.waitlisted, *own])
    _drop(waiting, [one.learner_id for one in outcome.existing], Obstacle.ASK_WORKER)
    return enrolled


def _previous(rule: TrainingRule, learners: list[UUID]) -> dict[UUID, Enrollment]:
    """By learner the enrollment of the cycle before, of those that this employer arranged."""
    known = known_completions(rule)
    ids = [known[pk].enrollment_id for pk in learners if pk in known]
    found = Enrollment.objects.filter(pk__in=ids, employer=rule.employer_id, arranged_by=ArrangedBy.EMPLOYER)
    return {enrollment.learner_id: enrollment for enrollment in found}


def _set_due(enrollments: list[Enrollment], rule: TrainingRule) -> None:
    due = TrainingDuty.objects.todo().filter(rule=rule, learner=OuterRef("learner")).values("due_on")[:1]
    Enrollment.objects.filter(pk__in=[one.pk for one in enrollments]).update(due_on=Subquery(due))


def _link(waiting: Duties, enrollments: Iterable[Enrollment]) -> int:
    linked = []
    for enrollment in enrollments:
        duty = waiting.pop(enrollment.learner_id, None)
        if duty:
            duty.enrollment, duty.obstacle = enrollment, ""
            linked.append(duty)
    TrainingDuty.objects.bulk_update(linked, ["enrollment", "obstacle"], batch_size=1000)
    return len(linked)


def _drop(waiting: Duties, learners: Iterable[UUID], obstacle: Obstacle) -> None:
    dropped = [waiting.pop(pk) for pk in learners if pk in waiting]
    _note(dropped, obstacle)


def _note(duties: Iterable[TrainingDuty], obstacle: Obstacle) -> None:
    changed = [duty.pk for duty in duties if duty.obstacle != obstacle]
    TrainingDuty.objects.filter(pk__in=changed).update(obstacle=obstacle)

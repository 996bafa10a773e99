"""Completing: the rule was met at this moment, with this result. Once, for good."""

from decimal import Decimal
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from enrollments import events
from enrollments.flow import facts_of, move
from enrollments.models import Completion, Enrollment, EnrollmentState
from enrollments.progress import Progress, StepState, explain_progress
from lms.core.clock import now
from lms.core.errors import Conflict
from lms.events.services import record

log = structlog.get_logger(__name__)


def update_progress(enrollment: Enrollment) -> Progress:
    """Count anew what the completion rule asks, after a fact that is not simply counted: attendance, a score, a move.

    The enrollment is completed when the rule is met while it is active. One that is completed is left as it is.

    Requires: the enrollment locked, in the transaction of the fact. Emits: enrollment.completed when it is.
    """
    progress = explain_progress(enrollment)
    if enrollment.state == EnrollmentState.COMPLETED:
        return progress
    enrollment.units_done, enrollment.units_required = progress.done, progress.required
    enrollment.save(update_fields=["units_done", "units_required"])
    if progress.is_complete and enrollment.state == EnrollmentState.ACTIVE:
        _complete(enrollment, progress)
    return progress


def update_progress_in(offering_id: Any) -> int:
    """Count anew for everybody active in an offering whose rule asks attendance: its planned session time changed.

    Returns for how many. Emits: enrollment.completed for whom the rule is met by it.
    """
    active = Enrollment.objects.filter(offering=offering_id, state=EnrollmentState.ACTIVE)
    asked = active.filter(version__rule__has_key="attendance").order_by("id").values_list("pk", flat=True)
    for pk in (found := list(asked)):
        with transaction.atomic():
            update_progress(Enrollment.objects.select_for_update(of=("self",)).get(pk=pk))
    return len(found)


def complete_enrollment(enrollment: Enrollment) -> Completion:
    """The completion rule is met: the enrollment is completed. What joins the event stands or falls with it.

    Requires: the enrollment locked, in the transaction of the last fact. Raises: Conflict when something is missing, or
    when it is not active. Audits: yes. Emits: enrollment.completed.
    """
    progress = explain_progress(enrollment)
    if not progress.is_complete:
        raise Conflict(_("Not everything in this module is done yet."), code="not_done")
    return _complete(enrollment, progress)


def _complete(enrollment: Enrollment, progress: Progress) -> Completion:
    moment = now()
    move(enrollment, EnrollmentState.COMPLETED, ended_at=moment)
    completion = Completion.objects.create(enrollment=enrollment, completed_at=moment, result=_result(progress))
    record(events.COMPLETED, enrollment.pk, facts_of(enrollment) | {"completion": completion.pk})
    return completion


def complete_forgotten(limit: int = 500) -> int:
    """Reconciler: active enrollments with everything done. Returns how many it completed."""
    done = Enrollment.objects.filter(
        state=EnrollmentState.ACTIVE, units_required__gt=0, units_done__gte=F("units_required")
    )
    completed = 0
    for pk in done.order_by("id").values_list("pk", flat=True)[:limit]:
        completed += _complete_if_done(pk)
    return completed


@transaction.atomic
def _complete_if_done(pk: Any) -> bool:
    enrollment = Enrollment.objects.select_for_update(of=("self",)).get(pk=pk)
    if enrollment.state != EnrollmentState.ACTIVE:
        return False
    try:
        complete_enrollment(enrollment)
    except Conflict:
        log.warning("counter_ahead_of_facts", enrollment=str(pk))
        return False
    return True


def _result(progress: Progress) -> dict[str, Any]:
    """`score`: the average of the best scores of what was judged, in percent, where anything was."""
    counted = [step for step in progress.steps if step.counts and step.state == StepState.DONE]
    scores = [step.best_score for step in counted if step.judged and step.best_score is not None]
    average = sum(scores, Decimal(0)) / len(scores) if scores else None
    return {
        "score": None if average is None else float(round(average, 2)),
        "units": len(counted),
        "minutes": sum(step.unit.minutes for step in counted),
    }

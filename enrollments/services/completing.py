"""Completing: the rule was met at this moment, with this result. Once, for good."""

from decimal import Decimal
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from courses.kinds import kind_named
from enrollments import events
from enrollments.flow import facts_of, move
from enrollments.models import Completion, Enrollment, EnrollmentState
from enrollments.progress import Progress, explain_progress
from lms.core.clock import now
from lms.core.errors import Conflict
from lms.events.services import record

log = structlog.get_logger(__name__)


def complete_enrollment(enrollment: Enrollment) -> Completion:
    """Every unit that counts is done: the enrollment is completed. What joins the event stands or falls with it.

    Requires: the enrollment locked, in the transaction of the last fact. Raises: Conflict when something is missing, or
    when it is not active. Audits: yes. Emits: enrollment.completed.
    """
    progress = explain_progress(enrollment)
    if not progress.is_complete:
        raise Conflict(_("Not everything in this module is done yet."), code="not_done")
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
    counted = [step for step in progress.steps if step.counts]
    scores = [step.best_score for step in counted if kind_named(step.unit.kind).judged and step.best_score is not None]
    average = sum(scores, Decimal(0)) / len(scores) if scores else None
    return {
        "score": None if average is None else float(round(average, 2)),
        "units": len(counted),
        "minutes": sum(step.unit.minutes for step in counted),
    }

"""Who hears of requests: whose turn it is, a reminder, and the worker who is refused. Each once, by the send ledger."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import formats, translation

from lms.accounts.models import User
from lms.core.clock import now
from lms.core.texts import localized
from lms.events.models import DomainEvent
from lms.notifications.services import Notice, notify
from lms.permissions.roles import roles_allowing

from .models import ApprovalStep, Approver
from .policies import can_decide


def tell_whose_turn(event: DomainEvent) -> None:
    """`approval.turn_came`: to the manager or to HR, who may decide at this moment."""
    step = _steps().filter(pk=event.subject_id, decided_at=None).first()
    if step is not None:
        with transaction.atomic():
            _tell_deciders("approval_asked", step)


def tell_refused(event: DomainEvent) -> None:
    """`enrollment.refused`: to the worker, with the reason."""
    step = _steps().get(pk=event.payload["step"])
    learner = step.enrollment.learner
    context = _context(step, learner) | {"reason": step.reason, "who": str(step.decided_by or "")}
    with transaction.atomic():
        notify([Notice("request_refused", learner.pk, str(step.enrollment_id), context)])


def remind_deciders(limit: int = 200) -> int:
    """Reconciler: who lets a request wait for as long as the employer's policy says, is reminded once per turn.

    Returns how many turns it reminded of.
    """
    waiting = ApprovalStep.objects.waiting_as_long_as("remind_after_days").filter(reminded_at=None)
    reminded = 0
    for pk in list(waiting.order_by("asked_at").values_list("pk", flat=True)[:limit]):
        reminded += _remind(pk)
    return reminded


@transaction.atomic
def _remind(pk: UUID) -> bool:
    if not ApprovalStep.objects.open().filter(pk=pk, reminded_at=None).update(reminded_at=now()):
        return False
    _tell_deciders("approval_reminder", _steps().get(pk=pk))
    return True


def _tell_deciders(kind: str, step: ApprovalStep) -> None:
    told = [person for person in _deciders(step) if can_decide(person, step)]
    notify([Notice(kind, person.pk, str(step.pk), _context(step, person)) for person in told])


def _deciders(step: ApprovalStep) -> QuerySet[User]:
    if step.approver == Approver.MANAGER:
        return User.objects.filter(approvals_to_decide=step)
    return User.objects.filter(
        is_active=True,
        memberships__organization=step.enrollment.employer_id,
        memberships__role__in=roles_allowing("approve_requests"),
    ).distinct()


def _steps() -> QuerySet[ApprovalStep]:
    return ApprovalStep.objects.select_related(
        *("enrollment__learner", "enrollment__version", "enrollment__provider"),
        *("enrollment__employer", "enrollment__offering", "decided_by"),
    )


def _context(step: ApprovalStep, reader: User) -> dict[str, Any]:
    """Plain words in the reader's language."""
    enrollment = step.enrollment
    with translation.override(reader.language):
        return {
            "learner": enrollment.learner.full_name,
            "title": localized(enrollment.version.title),
            "provider": enrollment.provider.name,
            "employer": str(enrollment.employer or ""),
            "starts_on": formats.date_format(enrollment.offering.starts_on, "DATE_FORMAT"),
            "since": formats.date_format(step.asked_at, "DATE_FORMAT"),
            "path": reverse("enrollments:request", args=[enrollment.pk]),
        }

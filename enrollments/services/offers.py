"""A place is offered to somebody who waited: accepted, declined, or accepted by silence when the time is over."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from courses.services.places import give_back_places, lock_offering
from enrollments import events
from enrollments.flow import facts_of, move
from enrollments.models import Enrollment, EnrollmentState
from enrollments.policies import can_answer_offer
from lms.accounts.models import User
from lms.core.clock import now
from lms.core.errors import Conflict, Forbidden
from lms.events.services import record

from .paying import lock_agreements, release
from .waiting import employers_waiting, promote_waiting


@transaction.atomic
def accept_place(*, by: User, enrollment: Enrollment) -> Enrollment:
    """Take the place that was offered. Place and reservation are held already.

    Requires: can_answer_offer; a place offered, in an offering that goes on. Raises: Forbidden; Conflict. Audits: yes.
    Emits: enrollment.activated.
    """
    enrollment = Enrollment.objects.select_for_update(of=("self",)).get(pk=enrollment.pk)
    if not can_answer_offer(by, enrollment):
        raise Forbidden
    if enrollment.offering.is_over:
        raise Conflict(_("This offering is over."), code="over")
    return _accept(enrollment)


@transaction.atomic
def decline_place(*, by: User, enrollment: Enrollment) -> Enrollment:
    """Leave the place that was offered to who is next. Seat and money go back to the agreement.

    Requires: can_answer_offer; a place offered. Raises: Forbidden; Conflict. Audits: yes. Emits: enrollment.declined,
    agreement.freed, and for who is next enrollment.offered or enrollment.activated.
    """
    offering = lock_offering(enrollment.offering_id)
    lock_agreements(employers_waiting(offering), offering, releasing=[enrollment.pk])
    enrollment = Enrollment.objects.select_for_update(of=("self",)).get(pk=enrollment.pk)
    if not can_answer_offer(by, enrollment):
        raise Forbidden
    move(enrollment, EnrollmentState.DECLINED, ended_at=now())
    record(events.DECLINED, enrollment.pk, facts_of(enrollment) | {"by": by.pk})
    release([enrollment.pk], by=by)
    give_back_places(offering, {enrollment.employer_id: 1})
    promote_waiting(offering)
    return enrollment


def accept_unanswered(limit: int = 500) -> int:
    """Silence is acceptance: they asked for the place, and nobody loses it by not reading mail. Returns how often."""
    late = Enrollment.objects.filter(
        state=EnrollmentState.OFFERED, answer_by__lte=now(), offering__cancelled_at=None
    ).order_by("answer_by")
    return sum(_accept_unless_answered(pk) for pk in late.values_list("pk", flat=True)[:limit])


@transaction.atomic
def _accept_unless_answered(pk: UUID) -> bool:
    enrollment = Enrollment.objects.select_for_update(of=("self",)).get(pk=pk)
    if enrollment.state != EnrollmentState.OFFERED:
        return False
    _accept(enrollment)
    return True


def _accept(enrollment: Enrollment) -> Enrollment:
    move(enrollment, EnrollmentState.ACTIVE, activated_at=now())
    record(events.ACTIVATED, enrollment.pk, facts_of(enrollment) | {"waited": True, "offered": True})
    return enrollment

"""Enrollments that end without completion: not passed by the provider's word, or expired when the offering is over."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from courses.models import Offering
from enrollments import events
from enrollments.flow import facts_of, move, move_many
from enrollments.models import Enrollment, EnrollmentState, ReservationState, SeatReservation
from enrollments.policies import can_mark_not_passed
from lms.accounts.models import User
from lms.core.clock import now, today
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid
from lms.events.models import DomainEvent
from lms.events.services import record, record_many

from .paying import lock_agreements, release, use

GRACE = timedelta(days=30)  # after the last day of an offering: time to mark work that was handed in
DONE_STATES = (EnrollmentState.COMPLETED, EnrollmentState.NOT_PASSED, EnrollmentState.EXPIRED)


@transaction.atomic
def mark_not_passed(*, by: User, enrollment: Enrollment, reason: str) -> Enrollment:
    """The provider says that somebody took part and did not pass. The learner and the employer see that; the reason is
    for the learner and the provider.

    Requires: can_mark_not_passed; active, in an offering whose last day has passed (or that has none); a reason.
    Raises: Forbidden; Invalid; Conflict. Audits: yes. Emits: enrollment.not_passed.
    """
    enrollment = Enrollment.objects.select_for_update(of=("self",)).select_related("offering").get(pk=enrollment.pk)
    if not can_mark_not_passed(by, enrollment):
        raise Forbidden
    if not reason.strip():
        message = _("Say why: the learner reads it.")
        raise Invalid(message, errors=[FieldError("reason", "required", message)])
    offering = enrollment.offering
    if offering.cancelled_at or (offering.ends_on and offering.ends_on >= today()):
        raise Conflict(_("This can be said when the offering has ended."), code="not_ended")
    move(enrollment, EnrollmentState.NOT_PASSED, ended_at=now(), end_reason=reason.strip())
    use(SeatReservation.objects.filter(enrollment=enrollment), by=by)
    record(events.NOT_PASSED, enrollment.pk, facts_of(enrollment) | {"by": by.pk})
    return enrollment


def expire_over(limit: int = 500) -> int:
    """Who has not completed within the time after an offering's last day is expired. Returns how many were.

    Emits: enrollment.expired.
    """
    unfinished = Q(units_done__lt=F("units_required")) | Q(units_required=0)
    over = Enrollment.objects.filter(
        unfinished,
        state=EnrollmentState.ACTIVE,
        offering__ends_on__lt=today() - GRACE,
        offering__cancelled_at=None,
    )
    with transaction.atomic():
        ended = list(over.select_for_update(of=("self",)).order_by("pk")[:limit])
        move_many(ended, EnrollmentState.EXPIRED, ended_at=now())
        use(SeatReservation.objects.filter(enrollment__in=[enrollment.pk for enrollment in ended]))
        record_many(events.EXPIRED, [(enrollment.pk, facts_of(enrollment)) for enrollment in ended])
    return len(ended)


def use_begun(limit: int = 500) -> int:
    """Reservations of what has begun are used: a run that started, or work that was begun where there is no end.

    Returns for how many.
    """
    begun = Q(enrollment__offering__ends_on__isnull=False, enrollment__offering__starts_on__lte=today())
    begun |= Q(enrollment__offering__ends_on=None, enrollment__last_activity_at__isnull=False)
    due = Q(begun, enrollment__state=EnrollmentState.ACTIVE) | Q(enrollment__state__in=DONE_STATES)
    found = SeatReservation.objects.filter(
        due, state=ReservationState.RESERVED, enrollment__offering__cancelled_at=None
    )
    with transaction.atomic():
        return use(SeatReservation.objects.filter(pk__in=list(found.values_list("pk", flat=True)[:limit])))


def release_cancelled(event: DomainEvent) -> None:
    """`offering.cancelled`, joined: seats and money of everybody who did not finish go back, used or not.

    Who cancels holds the offering's lock already. Emits: agreement.freed.
    """
    offering = Offering.objects.get(pk=event.subject_id)
    held = SeatReservation.objects.filter(enrollment__offering=offering).exclude(enrollment__state__in=DONE_STATES)
    concerned = list(held.values_list("enrollment", flat=True))
    lock_agreements([], offering, releasing=concerned)
    by = User.objects.filter(pk=event.actor_id).first() if event.actor_id else None
    release(concerned, by=by, used_too=True)


def use_of_completed(event: DomainEvent) -> None:
    """`enrollment.completed`, joined: what was reserved for it is used."""
    use(SeatReservation.objects.filter(enrollment=event.subject_id))

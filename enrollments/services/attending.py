"""Who was at a session, and how long: evidence that is added to, never changed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Session
from enrollments.models import PLACE_STATES, Attendance, Enrollment
from enrollments.policies import can_mark_attendance, can_view_session
from lms.accounts.models import User
from lms.audit.services import record_audit_many
from lms.core.clock import now
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound

from .completing import update_progress


@transaction.atomic
def mark_attendance(*, by: User, session: Session, minutes: Mapping[UUID, int], reason: str = "") -> list[Attendance]:
    """Say how many minutes participants were there, by enrollment. What is said already is left alone.

    Saying something else is a correction: the next number, with a reason. All or none.

    Requires: can_mark_attendance; a session that has begun and is not cancelled; people with a place in its offering.
    Raises: NotFound; Forbidden; Conflict; Invalid naming each enrollment at fault. Emits: enrollment.completed for whom
    it was the last thing missing.
    """
    _require_open(by, session)
    places = Enrollment.objects.filter(pk__in=minutes, offering=session.offering_id, state__in=PLACE_STATES)
    locked = places.select_for_update(of=("self",)).select_related("offering", "version").order_by("pk")
    enrollments = {enrollment.pk: enrollment for enrollment in locked}
    latest = latest_marks(session)
    _require_minutes(session, minutes, enrollments, latest, reason)
    made = [
        Attendance(
            enrollment=enrollments[pk],
            session=session,
            number=latest[pk].number + 1 if pk in latest else 1,
            minutes=present,
            reason=reason if pk in latest else "",
            recorded_by=by,
        )
        for pk, present in minutes.items()
        if pk not in latest or latest[pk].minutes != present
    ]
    Attendance.objects.bulk_create(made)
    record_audit_many("enrollments.mark_attendance", list(made), organization_id=session.offering.provider_id)
    for mark in made:
        mark.enrollment.last_activity_at = now()
        mark.enrollment.save(update_fields=["last_activity_at"])
        update_progress(mark.enrollment)
    return made


def latest_marks(session: Session) -> dict[UUID, Attendance]:
    """By enrollment what was said last."""
    return {mark.enrollment_id: mark for mark in Attendance.objects.filter(session=session).order_by("number")}


def _require_open(by: User, session: Session) -> None:
    if not can_view_session(by, session):
        raise NotFound
    if not can_mark_attendance(by, session):
        raise Forbidden
    if session.cancelled_at:
        raise Conflict(_("This session is cancelled."), code="cancelled")
    if not session.has_begun:
        raise Conflict(_("This session has not begun yet."), code="not_begun")


def _require_minutes(
    session: Session, minutes: Mapping[UUID, int], known: Mapping[UUID, Any], latest: Mapping[UUID, Any], reason: str
) -> None:
    errors = []
    for pk, present in minutes.items():
        field = f"minutes/{pk}"
        if pk not in known:
            errors.append(FieldError(field, "unknown", _("This person has no place in this offering.")))
        elif not 0 <= present <= session.minutes:
            message = _("Give 0 to %(lasts)d minutes: so long the session lasts.") % {"lasts": session.minutes}
            errors.append(FieldError(field, "range", message))
        elif pk in latest and latest[pk].minutes != present and not reason.strip():
            errors.append(FieldError("reason", "empty", _("Say why: you change what was marked before.")))
    if len(reason) > 300:
        errors.append(FieldError("reason", "long", _("Keep the reason under 300 characters.")))
    if errors:
        raise Invalid(errors[0].message, errors=errors)

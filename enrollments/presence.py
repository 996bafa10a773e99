"""How much of the planned session time somebody attended, from the attendance that was marked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from courses.models import Session

from .models import Attendance, Enrollment


@dataclass(frozen=True)
class Presence:
    """Minutes present, minutes planned, and minutes of planned sessions in which nothing was marked yet."""

    present: int = 0
    planned: int = 0
    ahead: int = 0

    @property
    def percent(self) -> int:
        """The share attended, rounded down; 0 where nothing is planned."""
        return self.present * 100 // self.planned if self.planned else 0


def presence_of(enrollments: Iterable[Enrollment], *, until: Mapping[UUID, date] | None = None) -> dict[UUID, Presence]:
    """Of each enrollment, in two queries; `until` leaves out what was after a day. The latest marking counts."""
    enrollments, last_days = list(enrollments), until or {}
    planned: dict[UUID, list[Session]] = {}
    for session in Session.objects.filter(offering__in={e.offering_id for e in enrollments}, cancelled_at=None):
        planned.setdefault(session.offering_id, []).append(session)
    marks = Attendance.objects.filter(enrollment__in=enrollments).order_by("number")
    minutes = {(mark.enrollment_id, mark.session_id): mark.minutes for mark in marks}

    def marked(enrollment: Enrollment, session: Session) -> int | None:
        """Minutes present, at most what the session lasts; None where nothing counts."""
        if timezone.localdate(session.starts_at) > last_days.get(enrollment.pk, date.max):
            return None
        present = minutes.get((enrollment.pk, session.pk))
        return None if present is None else min(present, session.minutes)

    found = {}
    for enrollment in enrollments:
        sessions = [
            (session.minutes, marked(enrollment, session)) for session in planned.get(enrollment.offering_id, [])
        ]
        found[enrollment.pk] = Presence(
            present=sum(present or 0 for _lasts, present in sessions),
            planned=sum(lasts for lasts, _present in sessions),
            ahead=sum(lasts for lasts, present in sessions if present is None),
        )
    return found

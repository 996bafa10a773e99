"""Meetings of an offering: planned, moved, cancelled. Nothing is restored: a cancelled session stays cancelled."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courses import events
from courses.models import Offering, Session
from courses.policies import can_plan_session
from courses.timetable import moment, weekly
from lms.accounts.models import User
from lms.audit.services import changed_fields, record_audit, record_audit_many
from lms.core.clock import now
from lms.core.errors import Conflict, FieldError, Forbidden, NotFound
from lms.events.services import record, record_many

from .clashes import require_free
from .places import lock_offering
from .session_rules import require_sessions
from .validity import refuse

SESSION_FACTS = ("title", "starts_at", "ends_at", "location", "room", "link", "teacher")
WHEN_AND_WHERE = ("starts_at", "ends_at", "location_id", "room_id", "teacher_id")
MOVES = {
    "starts_at": "time",
    "ends_at": "time",
    "location_id": "place",
    "room_id": "place",
    "link": "link",
    "teacher_id": "teacher",
}


@transaction.atomic
def plan_session(*, by: User, offering: Offering, **facts: Any) -> Session:
    """Plan one meeting. `facts` are `starts_at`, `ends_at` and any of SESSION_FACTS; a room brings its location.

    Requires: manage_offerings at the provider; an offering that is not cancelled or archived; a time to come inside its
    dates; a teacher of the provider or named for the module; a link by https. Raises: NotFound; Forbidden; Invalid;
    Conflict, which names what already has the room or the teacher then. Emits: session.planned.
    """
    return _plan(by, offering, [(facts.pop("starts_at"), facts.pop("ends_at"))], facts)[0]


@transaction.atomic
def plan_series(
    *,
    by: User,
    offering: Offering,
    first: date,
    begins: time,
    ends: time,
    times: int,
    skipping: Collection[date] = (),
    **facts: Any,
) -> list[Session]:
    """Plan `times` weekly meetings at the same time of the clock, also when it is put forward or back in between.

    All or none. Requires, Raises, Emits: as plan_session; Invalid also for a day to skip that is none of the series.
    """
    days = weekly(first, times, skipping)
    moments = [(moment(day, begins, "begins"), moment(day, ends, "ends")) for day in days]
    return _plan(by, offering, moments, facts)


@transaction.atomic
def move_session(*, by: User, session: Session, **facts: Any) -> Session:
    """Change a meeting: any of SESSION_FACTS. Another time, place, link or teacher counts as a move.

    Requires: as plan_session; not cancelled; once it has begun, time and place stay. Raises: NotFound; Forbidden;
    Invalid; Conflict. Emits: session.moved with what was and what is, unless only the title changed.
    """
    locked = _lock(by, session)
    before = _values(locked)
    _apply(locked, facts)
    changes = changed_fields(before, _values(locked))
    moved = {MOVES[name] for name in changes if name in MOVES}
    if moved & {"time", "place"}:
        _require_not_begun(before["starts_at"])
    require_sessions(locked.offering, [locked], changed={name.removesuffix("_id") for name in changes})
    if moved - {"link"}:
        require_free(by, [locked])
    locked.moves += bool(moved)
    locked.changed_at = now()
    _store(locked.save)
    audited = {name: ("…", "…") if name == "link" else values for name, values in changes.items()}
    record_audit("courses.move_session", locked, changes=audited, organization_id=locked.offering.provider_id)
    if moved:
        told = {"moves": locked.moves, "changed": sorted(moved)}
        told |= {"before": _told(before), "after": _told(_values(locked))}
        record(events.SESSION_MOVED, locked.pk, _ids(locked) | told)
    return locked


@transaction.atomic
def cancel_session(*, by: User, session: Session) -> Session:
    """Call a meeting off, for good: its room and teacher are free again.

    Requires: manage_offerings at the provider; not begun. Raises: NotFound; Forbidden; Conflict. Emits:
    session.cancelled.
    """
    locked = _lock(by, session)
    _require_not_begun(locked.starts_at)
    locked.cancelled_at = locked.changed_at = now()
    locked.save(update_fields=["cancelled_at", "changed_at"])
    record_audit("courses.cancel_session", locked, organization_id=locked.offering.provider_id)
    record(events.SESSION_CANCELLED, locked.pk, _ids(locked))
    return locked


def _plan(
    by: User, offering: Offering, moments: Sequence[tuple[datetime, datetime]], facts: dict[str, Any]
) -> list[Session]:
    locked = _lock_offering(by, offering)
    sessions = [Session(offering=locked, starts_at=starts, ends_at=ends) for starts, ends in moments]
    for session in sessions:
        _apply(session, facts)
    require_sessions(locked, sessions, changed={"starts_at", "teacher"})
    require_free(by, sessions)
    _store(lambda: Session.objects.bulk_create(sessions))
    record_audit_many("courses.plan_session", list(sessions), organization_id=locked.provider_id)
    record_many(events.SESSION_PLANNED, [(session.pk, _ids(session)) for session in sessions])
    return sessions


def _lock_offering(by: User, offering: Offering) -> Offering:
    if not Offering.objects.visible_to(by).filter(pk=offering.pk).exists():
        raise NotFound
    locked = lock_offering(offering.pk)
    if not can_plan_session(by, locked):
        raise Forbidden
    if locked.cancelled_at or locked.archived_at:
        raise Conflict(_("This offering is cancelled or archived: it has no sessions to plan."), code="closed")
    return locked


def _lock(by: User, session: Session) -> Session:
    """The session, locked after its offering. Raises: NotFound; Forbidden; Conflict when it is cancelled."""
    if not Session.objects.visible_to(by).filter(pk=session.pk).exists():
        raise NotFound
    offering = _lock_offering(by, session.offering)
    locked = (
        Session.objects.select_for_update(of=("self",)).select_related("location", "room", "teacher").get(pk=session.pk)
    )
    locked.offering = offering
    if locked.cancelled_at:
        raise Conflict(_("This session is cancelled."), code="cancelled")
    return locked


def _apply(session: Session, facts: dict[str, Any]) -> None:
    unknown = [name for name in facts if name not in SESSION_FACTS]
    refuse([FieldError(name, "unknown", _("A session has no such field.")) for name in unknown])
    for name, value in facts.items():
        setattr(session, name, value)
    if session.room is not None:
        if facts.get("location") not in (None, session.room.location):
            message = _("%(room)s is somewhere else: leave the place empty, or choose a room there.")
            refuse([FieldError("location", "room", message % {"room": session.room})])
        session.location = session.room.location


def _require_not_begun(starts_at: datetime) -> None:
    if starts_at <= now():
        raise Conflict(_("This session has begun: its time and place stay as they are."), code="begun")


def _store(write: Any) -> None:
    """The database refuses an overlap as well, whoever writes; here it says so in words."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        if "session_room_free" not in str(error) and "session_teacher_free" not in str(error):
            raise
        raise Conflict(_("The room or the teacher was taken at this very moment: try again."), code="clash") from error


def _ids(session: Session) -> dict[str, Any]:
    return {"offering": session.offering_id, "provider": session.offering.provider_id}


def _values(session: Session) -> dict[str, Any]:
    """The facts as stored: what a session refers to by its id."""
    return {name: getattr(session, name) for name in (*WHEN_AND_WHERE, "title", "link")}


def _told(values: dict[str, Any]) -> dict[str, Any]:
    """What a fact says of them: never the link, which is for who takes part."""
    return {name: values[name] for name in WHEN_AND_WHERE}

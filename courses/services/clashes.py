"""A room and a teacher are in one session at a time. Who books waits at the row of the room, then of the teacher."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.models import Session
from lms.accounts.models import User
from lms.core.errors import Conflict, FieldError
from lms.core.texts import localized
from lms.organizations.models import Room


def require_free(by: Any, sessions: Sequence[Session]) -> None:
    """Nobody else has the room or the teacher of these sessions at those times, and they do not clash among themselves.

    Holds the room's and the teacher's row until the transaction ends. Requires: an open transaction; sessions of one
    room and one teacher. Raises: Conflict naming every clash: the other session, its time and module if `by` may see
    it, else only that it is taken.
    """
    _lock(sessions[0])
    errors = [*_among_themselves(sessions), *_with_others(by, sessions)]
    if errors:
        detail = " ".join(dict.fromkeys(error.message for error in errors[:5]))
        raise Conflict(detail, code="clash", errors=errors)


def _lock(session: Session) -> None:
    """Always the room first. Who merely refers to the rows (a foreign key) need not wait."""
    if session.room_id:
        Room.objects.select_for_update(no_key=True).get(pk=session.room_id)
    if session.teacher_id:
        User.objects.select_for_update(no_key=True).get(pk=session.teacher_id)


def _among_themselves(sessions: Sequence[Session]) -> Iterator[FieldError]:
    if not (sessions[0].room_id or sessions[0].teacher_id):
        return
    in_order = sorted(sessions, key=lambda session: session.starts_at)
    for first, second in pairwise(in_order):
        if second.starts_at < first.ends_at:
            words = {"one": _when(first), "other": _when(second)}
            yield FieldError("starts_at", "clash", _("%(one)s and %(other)s overlap.") % words)


def _with_others(by: Any, sessions: Sequence[Session]) -> Iterator[FieldError]:
    shared = {name: getattr(sessions[0], f"{name}_id") for name in ("room", "teacher")}
    same = Q(*[Q(**{name: pk}) for name, pk in shared.items() if pk], _connector=Q.OR)
    if not same:
        return
    earliest, latest = min(s.starts_at for s in sessions), max(s.ends_at for s in sessions)
    others = (
        Session.objects.booked().overlapping(earliest, latest).filter(same).exclude(pk__in=[s.pk for s in sessions])
    )
    near = list(others.select_related("offering__version").order_by("starts_at", "id"))
    seen = (
        set(Session.objects.visible_to(by).filter(pk__in=[o.pk for o in near]).values_list("pk", flat=True))
        if near
        else set()
    )
    for session in sessions:
        for other in near:
            if other.starts_at < session.ends_at and session.starts_at < other.ends_at:
                for name in (name for name, pk in shared.items() if pk and getattr(other, f"{name}_id") == pk):
                    yield FieldError(name, "clash", _sentence(name, session, other if other.pk in seen else None))


def _sentence(name: str, session: Session, other: Session | None) -> str:
    words = {"what": session.room if name == "room" else session.teacher, "when": _when(session)}
    if other is None:
        return _("%(what)s is taken on %(when)s.") % words
    words |= {"title": localized(other.offering.version.title), "code": other.offering.code, "other": _when(other)}
    return _("%(what)s is taken on %(when)s: there is a session of “%(title)s” (%(code)s) on %(other)s.") % words


def _when(session: Session) -> str:
    """Such as `1 March 2027 09:00–12:00`, in Amsterdam."""
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return f"{date_format(starts, 'DATE_FORMAT')} {starts:%H:%M}–{ends:%H:%M}"

"""What a session must be like, said as errors that name the field; and what is worth a warning."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.models import Offering, Session
from courses.timetable import YEARS
from lms.accounts.models import User
from lms.core.errors import FieldError
from lms.permissions.roles import Role
from lms.permissions.services import anchors_allowing

from .validity import refuse, require_valid

TEACHING = (Role.TEACHER, Role.PUBLISHER)
LONGEST = timedelta(hours=24)


def require_sessions(offering: Offering, sessions: Sequence[Session], *, changed: set[str]) -> None:
    """What is true of one meeting of the offering, or of each of a series. `changed` names what was given anew.

    Raises: Invalid.
    """
    for session in sessions:
        require_valid(session, exclude=("offering", "location", "room", "teacher"))
    errors = [error for session in sessions for error in _time_errors(offering, session)]
    if "starts_at" in changed:
        errors += [error for session in sessions for error in _past_errors(session)]
    if sessions[0].link and not sessions[0].link.startswith("https://"):
        errors.append(FieldError("link", "https", _("Give a link that begins with https://.")))
    teacher = sessions[0].teacher
    if "teacher" in changed and teacher and not teachers_for(offering).filter(pk=teacher.pk).exists():
        message = _("%(person)s is no teacher or publisher of the provider, and not named for this module.")
        errors.append(FieldError("teacher", "unknown", message % {"person": teacher}))
    refuse(errors)


def teachers_for(offering: Offering) -> Any:
    """Who may teach its sessions: teachers and publishers of the provider, and who is named for the module."""
    by_role = Q(memberships__organization=offering.provider_id, memberships__role__in=TEACHING)
    by_name = Q(module_memberships__module=offering.version.module_id)
    return User.objects.filter(by_role | by_name, is_active=True).distinct()


def teachers_known_to(user: Any) -> Any:
    """Who may teach for the providers for which the user plans: those one can name, and nobody else."""
    if user.is_superuser:
        return User.objects.filter(is_active=True)
    providers = anchors_allowing(user, "manage_offerings")
    by_role = Q(memberships__organization__in=providers, memberships__role__in=TEACHING)
    by_name = Q(module_memberships__module__provider__in=providers)
    return User.objects.filter(by_role | by_name, is_active=True).distinct()


def room_warning(session: Session) -> str:
    """A sentence when the room holds fewer people than the offering has places; else nothing."""
    wanted = session.offering.taken if session.offering.capacity is None else session.offering.capacity
    if session.room is None or session.room.capacity >= wanted:
        return ""
    words = {"room": session.room, "holds": session.room.capacity, "wanted": wanted}
    return _("%(room)s holds %(holds)d people, and the offering has %(wanted)d places.") % words


def outside(offering: Offering, session: Session) -> bool:
    """Whether a session is not within the offering's dates, by the calendar in Amsterdam."""
    first, last = timezone.localdate(session.starts_at), timezone.localdate(session.ends_at)
    return first < offering.starts_on or (offering.ends_on is not None and last > offering.ends_on)


def _time_errors(offering: Offering, session: Session) -> Iterator[FieldError]:
    if session.starts_at.year not in YEARS or session.ends_at.year not in YEARS:
        yield FieldError("starts_at", "range", _("Look whether the year is right."))
        return
    if session.ends_at <= session.starts_at:
        yield FieldError("ends_at", "order", _("It cannot end before it starts."))
    elif session.ends_at - session.starts_at > LONGEST:
        yield FieldError("ends_at", "long", _("A session lasts a day at most."))
    if outside(offering, session):
        words = {"day": _day(timezone.localdate(session.starts_at)), "starts": _day(offering.starts_on)}
        message = _("%(day)s lies outside the offering, which starts on %(starts)s.")
        if offering.ends_on:
            words["ends"] = _day(offering.ends_on)
            message = _("%(day)s lies outside the offering, which runs from %(starts)s to %(ends)s.")
        yield FieldError("starts_at", "outside", message % words)


def _past_errors(session: Session) -> Iterator[FieldError]:
    if session.has_begun:
        local = timezone.localtime(session.starts_at)
        message = _("%(when)s is over: choose a time to come.") % {"when": f"{_day(local.date())} {local:%H:%M}"}
        yield FieldError("starts_at", "past", message)


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")

"""Who hears of meetings: each participant and the teacher, exactly once per move or cancellation."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.models import Offering, Session
from lms.accounts.models import LANGUAGES, User
from lms.core.errors import Conflict
from lms.core.texts import localized
from lms.events.models import DomainEvent
from lms.notifications.services import Notice, notify
from lms.organizations.models import Location, Room

from .models import ONGOING_STATES, Enrollment, EnrollmentState

PORTION = 1000  # notices per statement
NAMED = 5  # people in a sentence


def tell_session_moved(event: DomainEvent) -> None:
    """`session.moved`: another time, place or link, to who takes part; another teacher only to the teachers."""
    session = Session.objects.for_lists().get(pk=event.subject_id)
    before, after = event.payload["before"], event.payload["after"]
    changed = set(event.payload["changed"])
    told = _teachers(before["teacher_id"], after["teacher_id"])
    if changed - {"teacher"}:
        told |= _participants(session.offering)
    words = {"changed": dict.fromkeys(changed, True), "path": reverse("enrollments:session", args=[session.pk])}
    each = {
        language: _about(session, language)
        | words
        | {f"old_{name}": word for name, word in _when_and_where(before, language).items()}
        | _when_and_where(after, language)
        for language, _name in LANGUAGES
    }
    _tell("session_moved", f"{session.pk}:{event.payload['moves']}", told, each)


def tell_session_cancelled(event: DomainEvent) -> None:
    """`session.cancelled`: to who takes part, and the teacher."""
    session = Session.objects.for_lists().get(pk=event.subject_id)
    told = _participants(session.offering) | _teachers(session.teacher_id)
    path = {"path": reverse("enrollments:session", args=[session.pk])}
    each = {
        language: _about(session, language) | path | _when_and_where(vars(session), language)
        for language, _name in LANGUAGES
    }
    _tell("session_cancelled", str(session.pk), told, each)


def tell_offering_cancelled(event: DomainEvent) -> None:
    """`offering.cancelled`: to everybody who takes part or waits, and to the teachers of the sessions that are off."""
    offering = Offering.objects.select_related("version", "provider").get(pk=event.subject_id)
    told = _participants(offering, ONGOING_STATES)
    told |= _teachers(*offering.sessions.filter(cancelled_at=offering.cancelled_at).values_list("teacher", flat=True))
    each = {}
    for language, _name in LANGUAGES:
        with translation.override(language):
            each[language] = {
                "title": localized(offering.version.title),
                "provider": offering.provider.name,
                "starts_on": date_format(offering.starts_on, "DATE_FORMAT"),
                "path": reverse("enrollments:my_learning"),
            }
    _tell("offering_cancelled", str(offering.pk), told, each)


def refuse_while_active(event: DomainEvent) -> None:
    """`offering.archived`, joined: not while people are learning in it. Raises: Conflict naming them."""
    offering = Offering.objects.get(pk=event.subject_id)
    if offering.is_over:
        return
    active = Enrollment.objects.filter(offering=offering, state=EnrollmentState.ACTIVE).select_related("learner")
    people = [str(enrollment.learner) for enrollment in active.order_by("id")[: NAMED + 1]]
    if people:
        named = ", ".join(people[:NAMED]) + (" …" if len(people) > NAMED else "")
        message = _("This offering is still running, and people are active in it: %(people)s.") % {"people": named}
        raise Conflict(message, code="people_active")


def _participants(offering: Offering, states: Iterable[str] = (EnrollmentState.ACTIVE,)) -> set[tuple[UUID, str]]:
    """By id and language."""
    taking = Enrollment.objects.filter(offering=offering, state__in=states)
    return set(taking.values_list("learner", "learner__language"))


def _teachers(*ids: Any) -> set[tuple[UUID, str]]:
    return set(User.objects.filter(pk__in=[pk for pk in ids if pk]).values_list("pk", "language"))


def _tell(kind: str, about: str, told: set[tuple[UUID, str]], each: dict[str, dict[str, Any]]) -> None:
    notices = [Notice(kind, person, about, each[language]) for person, language in sorted(told)]
    for start in range(0, len(notices), PORTION):
        with transaction.atomic():
            notify(notices[start : start + PORTION])


def _about(session: Session, language: str) -> dict[str, Any]:
    with translation.override(language):
        return {
            "title": localized(session.offering.version.title),
            "session": localized(session.title),
            "provider": session.offering.provider.name,
        }


def _when_and_where(facts: dict[str, Any], language: str) -> dict[str, str]:
    """In words, from the ids and moments of an event or a session."""
    starts_at, ends_at = (_local(facts[name]) for name in ("starts_at", "ends_at"))
    room = Room.objects.filter(pk=facts["room_id"]).first() if facts["room_id"] else None
    location = Location.objects.filter(pk=facts["location_id"]).first() if facts["location_id"] else None
    with translation.override(language):
        return {
            "when": f"{date_format(starts_at, 'l j F Y')}, {starts_at:%H:%M}–{ends_at:%H:%M}",
            "where": ", ".join([*([room.name] if room else []), *([str(location)] if location else [])]),
        }


def _local(moment: Any) -> datetime:
    return timezone.localtime(datetime.fromisoformat(moment) if isinstance(moment, str) else moment)

"""What this app does when a fact was announced: tell people, once each; give places that came free to who waits."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import formats, translation

from courses.services.places import lock_offering
from lms.core.texts import localized
from lms.events.models import DomainEvent
from lms.notifications.services import Notice, notify

from .models import Enrollment
from .services.enrolling import promote_waiting


def tell_activated(event: DomainEvent) -> None:
    """`enrollment.activated`: you are enrolled, or there is a place for you after all.

    Somebody who never signed in gets an invitation instead of the first.
    """
    waited = bool(event.payload.get("waited"))
    _tell("place_free" if waited else "enrolled", event, also_pending=waited)


def tell_waitlisted(event: DomainEvent) -> None:
    """`enrollment.waitlisted`: you are on the waiting list."""
    _tell("waitlisted", event, also_pending=False)


def tell_completed(event: DomainEvent) -> None:
    """`enrollment.completed`: congratulations."""
    _tell("completed", event, also_pending=True)


def fill_places(event: DomainEvent) -> None:
    """`offering.changed`: more places than before go to those who wait longest."""
    if event.payload.get("capacity_raised"):
        with transaction.atomic():
            promote_waiting(lock_offering(event.subject_id))


def _tell(kind: str, event: DomainEvent, *, also_pending: bool) -> None:
    enrollment = Enrollment.objects.for_cards().get(pk=event.subject_id)
    if enrollment.learner.is_pending and not also_pending:
        return
    with transaction.atomic():
        notify([Notice(kind, enrollment.learner_id, str(enrollment.pk), _context(enrollment))])


def _context(enrollment: Enrollment) -> dict[str, Any]:
    """Plain words in the learner's language."""
    offering, employer = enrollment.offering, enrollment.employer
    with translation.override(enrollment.learner.language):
        return {
            "title": localized(enrollment.version.title),
            "provider": enrollment.provider.name,
            "employer": employer.name if employer else "",
            "starts_on": formats.date_format(offering.starts_on, "DATE_FORMAT"),
            "ends_on": formats.date_format(offering.ends_on, "DATE_FORMAT") if offering.ends_on else "",
            "path": reverse("enrollments:learn", args=[enrollment.pk]),
        }

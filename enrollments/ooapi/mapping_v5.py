"""Version 5 of the Open Education API: how enrollments and people are spelled in it."""

from django.utils import timezone

from courses.ooapi import mapping_v5 as offered
from courses.ooapi.facts import NOTHING, Body, Expanded, Site, code, said
from enrollments.models import EnrollmentState as State

from .sources import Seen, SeenPerson

CANCELLED = "canceled"
STATES = {
    State.REQUESTED: "pending",
    State.APPROVED: "pending",
    State.REFUSED: "denied",
    State.WAITLISTED: "queued",
    State.OFFERED: "queued",
    State.DECLINED: CANCELLED,
    State.ACTIVE: "associated",
    State.COMPLETED: "associated",
    State.NOT_PASSED: "associated",
    State.EXPIRED: "associated",
    State.WITHDRAWN: CANCELLED,
}
ASSOCIATION_TYPES = ("programOffering", "courseOffering", "componentOffering")
REMOTE_STATES = ("pending", CANCELLED, "denied", "associated", "queued")
RESULT_STATES = ("in progress", "postponed", "completed", "queued")
ROLES = ("student", "lecturer", "teaching assistant", "coordinator", "guest")
EXPANDS = {"association": {"person": "person", "offering": "offering"}, "person": {}}


def association(seen: Seen, site: Site, expanded: Expanded = NOTHING) -> Body:
    """An enrollment by itself, with whose it is and what for."""
    body = _association(seen)
    body["person"] = person(expanded["person"], site) if "person" in expanded else str(seen.enrollment.learner_id)
    if "offering" in expanded:
        return body | {"offering": offered.offering(expanded["offering"], site)}
    return body | {"offering": str(seen.enrollment.offering_id)}


def participant(seen: Seen, site: Site, expanded: Expanded = NOTHING) -> Body:
    """An enrollment among those of an offering."""
    return _association(seen) | {"person": {"personId": str(seen.enrollment.learner_id)}}


def participation(seen: Seen, site: Site, expanded: Expanded = NOTHING) -> Body:
    """An enrollment among those of a person; version 5 wants the whole offering with it."""
    return _association(seen) | {"offering": offered.offering(seen.enrollment.offering, site)}


def person(found: SeenPerson, site: Site, expanded: Expanded = NOTHING) -> Body:
    """Version 5 requires an address: who has none, as on the shop floor, gets one that can never receive mail."""
    user = found.user
    body = {
        "personId": str(user.pk),
        "primaryCode": code(str(user.pk), "uuid"),
        "givenName": user.given_name,
        "surname": user.family_name,
        "displayName": str(user),
        "activeEnrollment": found.is_learning,
        "affiliations": list(found.affiliations),
        "mail": user.email or f"{user.pk}@no-address.invalid",
    }
    return body | said({"surnamePrefix": user.name_prefix})


def _association(seen: Seen) -> Body:
    body = {
        "associationId": str(seen.enrollment.pk),
        "associationType": "courseOfferingAssociation",
        "role": "student",
        "state": STATES[State(seen.state)],
    }
    return body | said({"result": _result(seen)})


def _result(seen: Seen) -> Body | None:
    """Passed or not, when, and the load that was earned: never a grade."""
    if seen.outcome is None or seen.ended_at is None:
        return None
    ended = timezone.localdate(seen.ended_at).isoformat()
    return {"state": "completed", "pass": seen.outcome, "resultDate": ended, "studyLoad": seen.earned}

"""Version 6 of the Open Education API: how enrollments and people are spelled in it."""

from courses.ooapi import mapping_v6 as offered
from courses.ooapi.facts import NOTHING, Body, Expanded, Site, code, end_of, moment, said
from enrollments.models import EnrollmentState as State

from .sources import Seen, SeenPerson

CANCELLED = "cancelled"
STATES = {
    State.REQUESTED: "pending",
    State.APPROVED: "pending",
    State.REFUSED: "denied",
    State.WAITLISTED: "queued",
    State.OFFERED: "queued",
    State.DECLINED: CANCELLED,
    State.ACTIVE: "associated",
    State.COMPLETED: "finished",
    State.NOT_PASSED: "finished",
    State.EXPIRED: "finished",
    State.WITHDRAWN: CANCELLED,
}
REMOTE_STATES = ("pending", CANCELLED, "denied", "associated", "queued")
RESULT_STATES = ("in_progress", "postponed", "completed", "queued")
ROLES = ("student", "lecturer", "teaching_assistant", "coordinator", "invigilator", "assessor", "guest")
EXPANDS = {
    "association": {"person": "person", "course_offering": "offering", "academic_session": ""},
    "participation": {"course_offering": "offering", "academic_session": ""},
    "person": {},
}


def association(seen: Seen, site: Site, expanded: Expanded = NOTHING) -> Body:
    """An enrollment, with whose it is and what for."""
    enrollment = seen.enrollment
    ends_on = enrollment.offering.ends_on
    body = {
        "associationId": str(enrollment.pk),
        "role": "student",
        "state": STATES[State(seen.state)],
        "startDateTime": moment(seen.activated_at) if seen.activated_at else None,
        "expectedEndDateTime": moment(end_of(ends_on)) if ends_on else None,
        "actualEndDateTime": moment(seen.ended_at) if seen.ended_at else None,
        "result": _result(seen),
    }
    if "person" in expanded:
        body["person"] = person(expanded["person"], site)
    else:
        body["personId"] = str(enrollment.learner_id)
    if "offering" in expanded:
        body["courseOffering"] = offered.offering(expanded["offering"], site)
    else:
        body["courseOfferingId"] = str(enrollment.offering_id)
    return said(body)


participant = participation = association


def person(found: SeenPerson, site: Site, expanded: Expanded = NOTHING) -> Body:
    """Who it is: no more than a list of participants shows."""
    user = found.user
    body = {
        "personId": str(user.pk),
        "primaryCode": code(str(user.pk), "uuid"),
        "givenName": user.given_name,
        "surnamePrefix": user.name_prefix,
        "surname": user.family_name,
        "displayName": str(user),
        "affiliations": list(found.affiliations),
        "email": user.email,
    }
    return said(body) | {"activeEnrolment": found.is_learning}


def _result(seen: Seen) -> Body | None:
    """Passed or not, when, and the load that was earned: never a grade."""
    if seen.outcome is None or seen.ended_at is None:
        return None
    ended = moment(seen.ended_at)
    return {"state": "completed", "pass": seen.outcome, "resultDateTime": ended, "studyLoad": seen.earned}

"""The life of an enrollment: which state may follow which, and when there is learning in it. Completed is final."""

from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from courses.models import Offering
from lms.audit.services import Changes, record_audit, record_audit_many
from lms.core.clock import today
from lms.core.errors import Conflict

from .models import Enrollment, EnrollmentState

S = EnrollmentState
PORTION = 1000  # enrollments per statement

ARROWS: dict[str, frozenset[str]] = {
    S.REQUESTED: frozenset({S.APPROVED, S.REFUSED, S.WITHDRAWN}),
    S.APPROVED: frozenset({S.ACTIVE, S.WAITLISTED, S.WITHDRAWN}),
    S.WAITLISTED: frozenset({S.OFFERED, S.ACTIVE, S.WITHDRAWN}),
    S.OFFERED: frozenset({S.ACTIVE, S.DECLINED, S.WITHDRAWN}),
    S.ACTIVE: frozenset({S.COMPLETED, S.NOT_PASSED, S.WITHDRAWN, S.EXPIRED}),
    S.REFUSED: frozenset(),
    S.DECLINED: frozenset(),
    S.COMPLETED: frozenset(),
    S.NOT_PASSED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.EXPIRED: frozenset(),
}


def require_arrow(enrollment: Enrollment, to: EnrollmentState) -> None:
    """Raises Conflict when `to` may not follow the enrollment's present state."""
    if to not in ARROWS[enrollment.state]:
        present = EnrollmentState(enrollment.state).label
        raise Conflict(
            _("This enrollment is %(present)s; it cannot become %(to)s.") % {"present": present, "to": to.label},
            code="state",
        )


def move(enrollment: Enrollment, to: EnrollmentState, **facts: Any) -> None:
    """Write the next state and the facts that come with it, and who did it.

    Requires: the enrollment locked, in an open transaction. Raises: Conflict when `to` may not follow. Audits: yes.
    """
    require_arrow(enrollment, to)
    record_audit(
        f"enrollments.{to.value}",
        enrollment,
        changes={"state": (enrollment.state, to.value)},
        organization_id=enrollment.employer_id or enrollment.provider_id,
    )
    enrollment.state = to
    for name, value in facts.items():
        setattr(enrollment, name, value)
    enrollment.save(update_fields=["state", *facts])


def move_many(enrollments: list[Enrollment], to: EnrollmentState, **facts: Any) -> None:
    """The same for many at once, with the same facts: a bounded number of statements per employer.

    Requires: the enrollments locked, in an open transaction. Raises: Conflict when `to` may not follow. Audits: yes.
    """
    concerned: dict[Any, list[Enrollment]] = {}
    for enrollment in enrollments:
        require_arrow(enrollment, to)
        concerned.setdefault(enrollment.employer_id or enrollment.provider_id, []).append(enrollment)
    for organization, group in concerned.items():
        changes: list[Changes] = [{"state": (enrollment.state, to.value)} for enrollment in group]
        record_audit_many(f"enrollments.{to.value}", list(group), organization_id=organization, changes=changes)
    for enrollment in enrollments:
        enrollment.state = to
        for name, value in facts.items():
            setattr(enrollment, name, value)
    for start in range(0, len(enrollments), PORTION):
        portion = [enrollment.pk for enrollment in enrollments[start : start + PORTION]]
        Enrollment.objects.filter(pk__in=portion).update(state=to, **facts)


def facts_of(enrollment: Enrollment) -> dict[str, Any]:
    """The ids that every fact about an enrollment carries."""
    return {
        "learner": enrollment.learner_id,
        "offering": enrollment.offering_id,
        "version": enrollment.version_id,
        "provider": enrollment.provider_id,
        "employer": enrollment.employer_id,
    }


def barrier_to_learning(enrollment: Enrollment) -> Conflict | None:
    """Why units cannot be worked on at this moment, as a sentence for the learner; None when they can."""
    if enrollment.state == S.COMPLETED:
        return Conflict(_("You have completed this module. You can still read everything."), code="completed")
    if enrollment.state in (S.WAITLISTED, S.OFFERED, S.REQUESTED, S.APPROVED):
        return Conflict(_("You do not have a place in this module yet."), code="no_place")
    if enrollment.state != S.ACTIVE:
        return Conflict(_("Your enrollment in this module has ended."), code="ended")
    return _barrier_of(enrollment.offering)


def may_read(enrollment: Enrollment) -> bool:
    """Whether its content is open to the learner: while learning, and for good once completed."""
    return enrollment.state == S.COMPLETED or barrier_to_learning(enrollment) is None


def _barrier_of(offering: Offering) -> Conflict | None:
    if offering.cancelled_at:
        return Conflict(_("The provider has cancelled this module."), code="cancelled")
    if offering.starts_on > today():
        day = formats.date_format(offering.starts_on, "DATE_FORMAT")
        return Conflict(_("This module starts on %(day)s.") % {"day": day}, code="not_started")
    if offering.ends_on and offering.ends_on < today():
        day = formats.date_format(offering.ends_on, "DATE_FORMAT")
        return Conflict(_("This module ended on %(day)s.") % {"day": day}, code="over")
    return None

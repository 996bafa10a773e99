"""A worker asks the employer for a place."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from courses.models import Offering, Visibility
from courses.services.places import lock_offering
from enrollments import events
from enrollments.approval_route import Turn, first_turn
from enrollments.models import ApprovalStep, ArrangedBy, Enrollment, EnrollmentState
from enrollments.policies import can_request_place
from enrollments.prerequisites import find_lacks, lack_errors
from enrollments.progress import count_required
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from lms.events.services import record
from lms.organizations.models import Organization


@transaction.atomic
def request_place(*, by: User, employer: Organization, offering: Offering, motivation: str) -> Enrollment:
    """A worker asks an employer for a place in an offering, and says why; the first turn to decide begins.

    Requires: works for the employer today; an offering that is open to it. Raises: NotFound; Forbidden; Invalid without
    a motivation; Conflict when enrollment is not open, they take or asked for it already, or lack a prerequisite.
    Emits: approval.turn_came.
    """
    if not Offering.objects.visible_to(by).filter(pk=offering.pk).exists():
        raise NotFound
    if not can_request_place(by, employer):
        raise Forbidden
    offering = lock_offering(offering.pk)
    _require_room_for_request(by, employer, offering)
    if not motivation.strip():
        message = _("Say why you want to take this module: your employer decides on it.")
        raise Invalid(message, errors=[FieldError("motivation", "required", message)])
    enrollment = Enrollment.objects.create(
        learner=by,
        offering=offering,
        version_id=offering.version_id,
        provider_id=offering.provider_id,
        employer=employer,
        arranged_by=ArrangedBy.EMPLOYER,
        state=EnrollmentState.REQUESTED,
        motivation=motivation.strip(),
        units_required=count_required(offering.version_id),
    )
    record_audit("enrollments.request", enrollment, organization_id=employer.pk)
    begin_turn(enrollment, first_turn(employer, by))
    return enrollment


def begin_turn(enrollment: Enrollment, turn: Turn) -> ApprovalStep:
    """The next step of a request: whose turn it is from now on.

    Requires: the enrollment locked or new, no open step. Emits: approval.turn_came.
    """
    last = ApprovalStep.objects.filter(enrollment=enrollment).aggregate(last=Max("number"))["last"] or 0
    step = ApprovalStep.objects.create(
        enrollment=enrollment, number=last + 1, approver=turn.approver, manager=turn.manager
    )
    record(
        events.TURN_CAME,
        step.pk,
        {
            "enrollment": enrollment.pk,
            "employer": enrollment.employer_id,
            "approver": step.approver,
            "manager": step.manager_id,
        },
    )
    return step


def _require_room_for_request(by: User, employer: Organization, offering: Offering) -> None:
    """Requires: the offering locked, so that two clicks wait for each other."""
    if offering.visibility == Visibility.EMPLOYERS and not offering.employers.filter(pk=employer.pk).exists():
        raise Forbidden(_("This offering is reserved for other employers."))
    if offering.state not in ("open", "full"):
        raise Conflict(_("Enrollment for this offering is not open."), code="not_open")
    taking = Enrollment.objects.of_learner(by).live().filter(offering=offering).first()
    if taking is not None and taking.state == EnrollmentState.REQUESTED:
        raise Conflict(_("You have asked for this already: the decision is still to come."), code="existing")
    if taking is not None:
        raise Conflict(_("You take this offering already."), code="existing")
    lacking = find_lacks(offering.version.module_id, [by])
    if lacking:
        missing = ", ".join(lacking[0].missing)
        message = _("Complete this first: %(missing)s. Or ask the provider to let you in without.")
        raise Conflict(message % {"missing": missing}, code="prerequisites", errors=lack_errors(lacking))

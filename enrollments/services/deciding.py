"""Deciding on what workers ask for: one decision per turn, whoever presses at the same time."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from courses.services.places import lock_offerings
from enrollments import events
from enrollments.approval_route import Turn, cost_of, employer_of, first_turn, is_joinable, needs_hr, policy_of
from enrollments.flow import facts_of, move
from enrollments.models import ApprovalPolicy, ApprovalStep, Approver, Decision, Enrollment, EnrollmentState
from enrollments.policies import can_decide, can_set_approval_policy
from enrollments.services.enrolling import place_approved
from lms.accounts.models import User
from lms.audit.services import changed_fields, record_audit
from lms.core.clock import now
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid
from lms.events.models import DomainEvent
from lms.events.services import record
from lms.organizations.models import Organization

from .requesting import begin_turn

POLICY_FIELDS = ("hr_always", "hr_above", "remind_after_days", "escalate_after_days")


@transaction.atomic
def approve_request(*, by: User, step: ApprovalStep, remark: str = "") -> Enrollment:
    """Say yes. After the manager HR decides where the employer's policy says so; else the worker gets the place, or
    comes on the waiting list when it is full.

    Requires: can_decide. Raises: Forbidden; Conflict when somebody decided already, or when the offering cannot be
    joined any more. Audits: yes. Emits: approval.turn_came, or what `place_approved` emits.
    """
    step = _take_turn(by, step)
    _end_turn(step, Decision.APPROVED, by, remark)
    enrollment = step.enrollment
    employer = employer_of(enrollment)
    if step.approver == Approver.MANAGER and needs_hr(policy_of(employer), cost_of(employer, enrollment.offering)):
        begin_turn(enrollment, Turn(Approver.HR))
        return enrollment
    if not is_joinable(enrollment.offering):
        message = _(
            "This offering is over or cancelled: refuse the request, so that the worker can choose another date."
        )
        raise Conflict(message, code="over")
    move(enrollment, EnrollmentState.APPROVED)
    return place_approved(enrollment, by=by)


@transaction.atomic
def refuse_request(*, by: User, step: ApprovalStep, reason: str) -> Enrollment:
    """Say no, and why: the worker reads the reason.

    Requires: can_decide. Raises: Forbidden; Invalid without a reason; Conflict when somebody decided already.
    Audits: yes. Emits: enrollment.refused.
    """
    if not reason.strip():
        message = _("Say why you refuse: the worker reads it.")
        raise Invalid(message, errors=[FieldError("reason", "required", message)])
    step = _take_turn(by, step)
    _end_turn(step, Decision.REFUSED, by, reason)
    move(step.enrollment, EnrollmentState.REFUSED, ended_at=now())
    record(events.REFUSED, step.enrollment_id, facts_of(step.enrollment) | {"step": step.pk})
    return step.enrollment


@transaction.atomic
def set_approval_policy(*, by: User, policy: ApprovalPolicy) -> ApprovalPolicy:
    """Say how an employer decides on requests. It holds from the next decision on; open turns stay where they are.

    Requires: can_set_approval_policy; a valid policy, new or not. Raises: Forbidden. Audits: yes.
    """
    if not can_set_approval_policy(by, policy.employer):
        raise Forbidden
    Organization.objects.select_for_update(no_key=True).get(pk=policy.employer_id)
    stored = ApprovalPolicy.objects.filter(employer=policy.employer_id).first()
    before = {name: getattr(stored, name) for name in POLICY_FIELDS} if stored else {}
    after = {name: getattr(policy, name) for name in POLICY_FIELDS}
    policy = stored or policy
    for name, value in after.items():
        setattr(policy, name, value)
    policy.save()
    record_audit(
        "enrollments.set_approval_policy",
        policy,
        changes=changed_fields(before, after),
        organization_id=policy.employer_id,
    )
    return policy


def pass_on_stale_turns(limit: int = 200) -> int:
    """Reconciler: turns that nobody can take any more. A manager who left or changed hands the turn to the new one, or
    to HR; one who waits too long, to HR; the request of who left the employer ends. Returns how many.
    """
    steps = ApprovalStep.objects
    left = steps.past_their_asker().values_list("pk", flat=True)[:limit]
    changed = steps.past_their_manager().values_list("pk", flat=True)[:limit]
    late = steps.waiting_as_long_as("escalate_after_days").filter(approver=Approver.MANAGER)
    moved = sum(_end_request_of_leaver(pk) for pk in list(left))
    moved += sum(_pass_on(pk, late=False) for pk in list(changed))
    return moved + sum(_pass_on(pk, late=True) for pk in list(late.values_list("pk", flat=True)[:limit]))


def close_turn(event: DomainEvent) -> None:
    """`enrollment.withdrawn`, joined: who withdraws a request waits for no decision any more."""
    for step in ApprovalStep.objects.filter(enrollment=event.subject_id, decided_at=None):
        _end_turn(step, Decision.WITHDRAWN, None, by_id=event.payload.get("by"))


def _take_turn(by: User, step: ApprovalStep) -> ApprovalStep:
    """The step, still open, with everything locked that a decision can touch: employer, offering, enrollment."""
    step = _locked(step.pk)
    if not can_decide(by, step):
        raise Forbidden(_("It is not your turn to decide on this request."))
    if not step.is_open or step.enrollment.state != EnrollmentState.REQUESTED:
        raise Conflict(_decided_sentence(step), code="decided")
    return step


def _locked(pk: UUID) -> ApprovalStep:
    employer, offering = ApprovalStep.objects.values_list("enrollment__employer", "enrollment__offering").get(pk=pk)
    Organization.objects.select_for_update(no_key=True).get(pk=employer)
    lock_offerings([offering])
    step = ApprovalStep.objects.select_related("manager", "decided_by").get(pk=pk)
    enrollments = Enrollment.objects.select_for_update(of=("self",), no_key=True)
    step.enrollment = enrollments.select_related("employer", "offering", "learner").get(pk=step.enrollment_id)
    return step


def _decided_sentence(step: ApprovalStep) -> str:
    who = str(step.decided_by or "")
    if step.decision == Decision.APPROVED:
        return _("%(who)s approved this already. Your decision was not kept.") % {"who": who}
    if step.decision == Decision.REFUSED:
        return _("%(who)s refused this already. Your decision was not kept.") % {"who": who}
    if step.decision == Decision.PASSED_ON:
        return _("This request was passed on: it is somebody else's turn now. Your decision was not kept.")
    return _("This request was withdrawn: there is nothing to decide any more.")


def _end_turn(
    step: ApprovalStep, decision: Decision, by: User | None, reason: str = "", by_id: UUID | None = None
) -> None:
    step.decided_at, step.decision, step.reason = now(), decision, reason.strip()
    step.decided_by_id = by.pk if by else by_id
    step.save(update_fields=["decided_at", "decision", "reason", "decided_by"])


@transaction.atomic
def _pass_on(pk: UUID, *, late: bool) -> bool:
    step = _locked(pk)
    employer = employer_of(step.enrollment)
    if not step.is_open:
        return False
    turn = Turn(Approver.HR) if late else first_turn(employer, step.enrollment.learner)
    if (turn.approver, turn.manager) == (step.approver, step.manager):
        return False
    _end_turn(step, Decision.PASSED_ON, None)
    record_audit("enrollments.pass_on_request", step.enrollment, organization_id=employer.pk)
    begin_turn(step.enrollment, turn)
    return True


@transaction.atomic
def _end_request_of_leaver(pk: UUID) -> bool:
    step = _locked(pk)
    if not step.is_open or step.enrollment.state != EnrollmentState.REQUESTED:
        return False
    move(step.enrollment, EnrollmentState.WITHDRAWN, ended_at=now())
    record(events.WITHDRAWN, step.enrollment_id, facts_of(step.enrollment) | {"by": None})
    return True

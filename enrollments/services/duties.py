"""Keeping duties as rules ask: made for new hires, met by what is completed, renewed in time, lifted for who leaves."""

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from enrollments.duties.coverage import Known, known_completions, staff_under
from enrollments.duties.plan import Plan, meet, plan_of
from enrollments.models import ArrangedBy, Enrollment, EnrollmentState, TrainingDuty, TrainingRule
from enrollments.policies import can_show_completion
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.clock import now, today
from lms.core.errors import Conflict, Forbidden
from lms.events.models import DomainEvent

from .assigning import assign_duties


def keep_all_duties() -> int:
    """Each day: every rule that runs, or that ended and still asks something. Again on the same day changes nothing.

    Returns how many duties it made, met and lifted.
    """
    standing = TrainingDuty.objects.filter(rule=OuterRef("pk"), lifted_at=None)
    rules = TrainingRule.objects.running() | TrainingRule.objects.filter(Exists(standing))
    return sum(keep_duties(pk) for pk in list(rules.order_by("id").values_list("pk", flat=True)))


def keep_duties(rule_id: UUID) -> int:
    """Make the duties of one rule what it asks today, and enroll whom it can. A bounded number of queries per thousand
    people. Returns how many duties it made, met and lifted.
    """
    changed = settle_duties(rule_id)
    assign_duties(rule_id)
    return changed


@transaction.atomic
def settle_duties(rule_id: UUID) -> int:
    """Make, meet and lift what one rule asks today, enrolling nobody. Whoever comes at the same time waits at its row.

    Returns how many duties changed.
    """
    rule = TrainingRule.objects.select_for_update(no_key=True).get(pk=rule_id)
    plan = plan_of(rule, TrainingDuty.objects.filter(rule=rule))
    _write(plan)
    return len(plan)


def keep_changed_duties() -> int:
    """Reconciler, each minute: who has no duty but should, and who has one but should not. New hires, people who change
    department or function and leavers are found here, whatever door they came through.
    """
    changed = sum(keep_duties(rule.pk) for rule in TrainingRule.objects.running() if _is_out_of_step(rule))
    late = TrainingDuty.objects.of_ended_rules() | TrainingDuty.objects.met_meanwhile()
    return changed + sum(keep_duties(pk) for pk in set(late.values_list("rule", flat=True)))


def begin_rule(event: DomainEvent) -> None:
    """`training_rule.begun`: enroll whom it can."""
    assign_duties(event.subject_id)


def meet_duties(event: DomainEvent) -> None:
    """`enrollment.completed`: what the employer arranged meets what its rules ask."""
    asked = TrainingRule.objects.running().filter(
        employer=event.payload["employer"], module__versions=event.payload["version"]
    )
    for pk in list(asked.values_list("pk", flat=True)):
        settle_duties(pk)


@transaction.atomic
def show_completion(*, by: User, duty: TrainingDuty) -> TrainingDuty:
    """The worker shows the employer a completion of their own, so that it meets the duty. It cannot be taken back.

    Requires: the worker's own open duty. Raises: Forbidden; Conflict when it is no longer open, or when there is no
    completion that is still valid. Audits: yes.
    """
    rule = TrainingRule.objects.select_for_update(no_key=True).get(pk=duty.rule_id)
    duty = TrainingDuty.objects.select_for_update(of=("self",), no_key=True).get(pk=duty.pk)
    if not can_show_completion(by, duty):
        raise Forbidden
    if not duty.is_open:
        raise Conflict(_("This is not asked of you any more."), code="not_open")
    shown = completion_to_show(rule, duty)
    if shown is None:
        raise Conflict(_("You have no completion of this module that still counts."), code="nothing_to_show")
    meet(rule, duty, shown)
    duty.save(update_fields=["enrollment", "met_at", "valid_until", "obstacle"])
    record_audit("enrollments.show_completion", duty, organization_id=duty.employer_id)
    return duty


def completion_to_show(rule: TrainingRule, duty: TrainingDuty) -> Known | None:
    """What the worker completed without this employer, and would meet the duty today."""
    own = Enrollment.objects.filter(
        learner=duty.learner_id,
        version__module=rule.module_id,
        state=EnrollmentState.COMPLETED,
        ended_at__isnull=False,
    ).exclude(employer=rule.employer_id, arranged_by=ArrangedBy.EMPLOYER)
    latest = own.order_by("-ended_at").first()
    known = known_completions(rule).get(duty.learner_id)
    if latest is None or latest.ended_at is None or (known and known.completed_at >= latest.ended_at):
        return None
    found = Known(latest.pk, latest.ended_at)
    trial = TrainingDuty(rule=rule, valid_until=None)
    meet(rule, trial, found)
    return None if trial.valid_until and trial.valid_until < today() else found


def _is_out_of_step(rule: TrainingRule) -> bool:
    standing = TrainingDuty.objects.filter(rule=rule, lifted_at=None)
    staff = staff_under(rule)
    forgotten = staff.filter(~Exists(standing.filter(learner=OuterRef("user"))))
    surplus = standing.filter(~Exists(staff.filter(user=OuterRef("learner"))))
    return forgotten.exists() or surplus.exists()


def _write(plan: Plan) -> None:
    moment = now()
    for duty in plan.lifted:
        duty.lifted_at = moment
    TrainingDuty.objects.bulk_update(plan.lifted, ["lifted_at"], batch_size=1000)
    TrainingDuty.objects.bulk_update(plan.met, ["enrollment", "met_at", "valid_until", "obstacle"], batch_size=1000)
    TrainingDuty.objects.bulk_create(plan.made, batch_size=1000)

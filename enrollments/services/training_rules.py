"""Saying what people must have: make a rule, see beforehand what it would ask, end it."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import ModuleVersion
from enrollments import events
from enrollments.duties.coverage import hired_under, known_completions
from enrollments.duties.plan import make_plan
from enrollments.models import TrainingRule
from enrollments.policies import can_make_rules
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.clock import now, today
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid
from lms.events.services import record
from lms.organizations.models import Organization

from .duties import settle_duties

RULE_FIELDS = ("module", "department", "job_title", "due_days", "valid_months", "renew_days", "legal", "starts_on")


@dataclass
class Preview:
    """What a rule would ask: whom it covers, by person until when they have it (None: for good), and when it is due."""

    has_it: dict[UUID, date | None] = field(default_factory=dict)
    due: dict[UUID, date] = field(default_factory=dict)

    @property
    def covered(self) -> int:
        """How many people."""
        return len(self.has_it.keys() | self.due.keys())


def preview_rule(*, by: User, rule: TrainingRule) -> Preview:
    """What a rule would ask if it began now; nothing is written.

    Requires: can_make_rules; an unsaved rule, or one that runs. Raises: Forbidden; Invalid; Conflict as `make_rule`.
    """
    _require_sound(by, rule)
    preview = Preview()
    for duty in make_plan(rule, hired_under(rule), [], known_completions(rule)).made:
        if duty.met_at:
            preview.has_it[duty.learner_id] = duty.valid_until
        else:
            preview.due[duty.learner_id] = duty.due_on
            if (until := preview.has_it.get(duty.learner_id)) and until < today():
                del preview.has_it[duty.learner_id]
    return preview


@transaction.atomic
def make_rule(*, by: User, rule: TrainingRule) -> TrainingRule:
    """People must have a module from a day on. Duties are made at once for whom it covers; enrolling follows.

    Requires: can_make_rules; a new rule. Raises: Forbidden; Invalid when it begins before today, asks a module that is
    not published, or names a department of somebody else; Conflict when the same rule runs already. Audits: yes.
    Emits: training_rule.begun.
    """
    Organization.objects.select_for_update(no_key=True).get(pk=rule.employer_id)
    _require_sound(by, rule)
    rule.made_by = by
    rule.save(force_insert=True)
    changes = {name: (None, str(getattr(rule, name))) for name in RULE_FIELDS}
    record_audit("enrollments.make_rule", rule, changes=changes, organization_id=rule.employer_id)
    settle_duties(rule.pk)
    record(events.RULE_BEGUN, rule.pk, {"employer": rule.employer_id})
    return rule


@transaction.atomic
def end_rule(*, by: User, rule: TrainingRule) -> TrainingRule:
    """It is asked no more: what is open is lifted. Enrollments stay, and so does what was met.

    Requires: can_make_rules. Raises: Forbidden; Conflict when it has ended already. Audits: yes.
    """
    rule = TrainingRule.objects.select_for_update(of=("self",), no_key=True).select_related("employer").get(pk=rule.pk)
    if not can_make_rules(by, rule.employer):
        raise Forbidden
    if rule.ended_at:
        raise Conflict(_("This rule has ended already."), code="ended")
    rule.ended_at = now()
    rule.save(update_fields=["ended_at"])
    record_audit("enrollments.end_rule", rule, organization_id=rule.employer_id)
    settle_duties(rule.pk)
    return rule


def _require_sound(by: User, rule: TrainingRule) -> None:
    if not can_make_rules(by, rule.employer):
        raise Forbidden
    if not ModuleVersion.objects.published().filter(module=rule.module_id).exists():
        raise _wrong("module", _("Choose a module that is published."))
    if rule.department and rule.department.employer_id != rule.employer_id:
        raise _wrong("department", _("Choose a department of this employer."))
    if rule.starts_on < today():
        raise _wrong("starts_on", _("A rule begins today or later: nobody can have been late before."))
    if rule.valid_months and rule.renew_days > rule.valid_months * 28:
        raise _wrong("renew_days", _("Renew later than it was completed: choose fewer days."))
    same = TrainingRule.objects.filter(
        employer=rule.employer_id,
        module=rule.module_id,
        department=rule.department_id,
        job_title__iexact=rule.job_title,
        ended_at=None,
    )
    if same.exclude(pk=rule.pk).exists():
        raise Conflict(_("There is such a rule already: end it first, and then make this one."), code="existing")


def _wrong(name: str, message: str) -> Invalid:
    return Invalid(message, errors=[FieldError(name, "invalid", message)])

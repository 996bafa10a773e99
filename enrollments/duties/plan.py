"""What a rule asks of whom today, compared with the duties that are there. Nothing is written here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from enrollments.models import TrainingDuty, TrainingRule
from lms.core.clock import months_after, today

from .coverage import Known, hired_under, known_completions


@dataclass
class Plan:
    """What is to be written. `made` are new duties, met ones among them; `met` and `lifted` are changed."""

    made: list[TrainingDuty] = field(default_factory=list)
    met: list[TrainingDuty] = field(default_factory=list)
    lifted: list[TrainingDuty] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.made) + len(self.met) + len(self.lifted)


def plan_of(rule: TrainingRule, duties: Iterable[TrainingDuty]) -> Plan:
    """What is to change now, given all duties of the rule. Three queries, whatever the number of people."""
    hired = hired_under(rule) if rule.state == "running" else {}
    return make_plan(rule, hired, duties, known_completions(rule) if hired else {})


def make_plan(
    rule: TrainingRule, hired: Mapping[UUID, date], duties: Iterable[TrainingDuty], known: Mapping[UUID, Known]
) -> Plan:
    """`hired` holds whom the rule covers today; who is not in it owes it nothing any more."""
    by_person: dict[UUID, list[TrainingDuty]] = {}
    for duty in sorted(duties, key=lambda duty: duty.cycle):
        by_person.setdefault(duty.learner_id, []).append(duty)
    plan = Plan()
    for learner, history in by_person.items():
        if learner not in hired:
            plan.lifted += [duty for duty in history if duty.lifted_at is None]
    for learner, hired_on in hired.items():
        history = by_person.get(learner, [])
        current = _present_duty(history)
        if current is None:
            cycle = max((duty.cycle for duty in history), default=0)
            current = _duty(rule, learner, cycle + 1, first_due(rule, hired_on))
            plan.made.append(current)
        _go_on_with(plan, rule, current, _news(history, known.get(learner)))
    return plan


def first_due(rule: TrainingRule, hired_on: date) -> date:
    """So many days after hiring, or after the rule began. Who comes under it later, has the full time from then."""
    days = timedelta(days=rule.due_days)
    due = max(hired_on, rule.starts_on) + days
    return due if due >= today() else today() + days


def valid_until(rule: TrainingRule, completed: Known) -> date | None:
    """How long a completion counts for the rule; None: for good."""
    if rule.valid_months is None:
        return None
    return months_after(timezone.localdate(completed.completed_at), rule.valid_months)


def renews_on(rule: TrainingRule, duty: TrainingDuty) -> date | None:
    """From when a met duty is to be done anew; None: never."""
    return duty.valid_until - timedelta(days=rule.renew_days) if duty.valid_until else None


def meet(rule: TrainingRule, duty: TrainingDuty, completed: Known) -> None:
    """The duty is met by this completion, at the moment of that."""
    duty.enrollment_id, duty.met_at, duty.obstacle = completed.enrollment_id, completed.completed_at, ""
    duty.valid_until = valid_until(rule, completed)


def _present_duty(history: list[TrainingDuty]) -> TrainingDuty | None:
    """The latest cycle that is not lifted."""
    standing = [duty for duty in history if duty.lifted_at is None]
    return standing[-1] if standing else None


def _news(history: list[TrainingDuty], known: Known | None) -> Known | None:
    """A completion that has not met a standing duty before."""
    counted = max((duty.met_at for duty in history if duty.met_at and duty.lifted_at is None), default=None)
    return known if known and (counted is None or known.completed_at > counted) else None


def _go_on_with(plan: Plan, rule: TrainingRule, current: TrainingDuty, news: Known | None) -> None:
    """Meet the present duty by what was completed; begin the next cycle when it is time, met where it is done too."""
    if current.met_at is None and news:
        meet(rule, current, news)
        news = None
        if current not in plan.made[-1:]:
            plan.met.append(current)
    renewal = renews_on(rule, current) if current.met_at else None
    if renewal and renewal <= today():
        renewed = _duty(rule, current.learner_id, current.cycle + 1, _renewal_due(rule, current))
        if news:
            meet(rule, renewed, news)
        plan.made.append(renewed)


def _duty(rule: TrainingRule, learner: UUID, cycle: int, due_on: date) -> TrainingDuty:
    return TrainingDuty(rule=rule, employer_id=rule.employer_id, learner_id=learner, cycle=cycle, due_on=due_on)


def _renewal_due(rule: TrainingRule, before: TrainingDuty) -> date:
    """Before the last one runs out; who let it run out already has the full time again."""
    until = before.valid_until or today()
    return until if until >= today() else today() + timedelta(days=rule.due_days)

"""One unit as one learner stands in it, and what is missing in it."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.kinds import kind_named
from courses.models import Unit

from .models import UnitProgress


class StepState(TextChoices):
    """Where a learner is in one unit."""

    TODO = "todo", gettext_lazy("to do")
    STARTED = "started", gettext_lazy("started")
    DONE = "done", gettext_lazy("done")
    FAILED = "failed", gettext_lazy("not passed")


class Actor(TextChoices):
    """Who must act for something that is missing."""

    LEARNER = "learner", gettext_lazy("the learner")
    TEACHER = "teacher", gettext_lazy("the teacher")


@dataclass(frozen=True)
class Step:
    """One unit as this learner stands in it. `attempts_left` is None where there is no limit."""

    unit: Unit
    counts: bool
    state: StepState
    best_score: Decimal | None = None
    attempts: int = 0
    attempts_left: int | None = None
    pass_mark: int | None = None

    @property
    def judged(self) -> bool:
        """Its answers get a score."""
        return kind_named(self.unit.kind).judged

    @property
    def is_open(self) -> bool:
        """Not done yet, and the learner can still do it."""
        return self.state != StepState.DONE and self.attempts_left != 0


@dataclass(frozen=True)
class Missing:
    """What still has to happen before the enrollment is complete, why, and by whom. Some of it is about no one unit."""

    unit: Unit | None
    why: str
    who: Actor


def step_of(unit: Unit, counts: bool, fact: UnitProgress | None, attempts: int) -> Step:
    """How somebody stands in a unit, from the fact about it. A judged `unit` carries its attempts and mark."""
    judged = kind_named(unit.kind).judged
    limit = getattr(unit, "max_attempts", None) if judged else None
    if fact is None:
        state = StepState.TODO
    elif fact.done_at:
        state = StepState.DONE
    else:
        state = StepState.FAILED if attempts else StepState.STARTED
    return Step(
        unit=unit,
        counts=counts,
        state=state,
        best_score=fact.best_score if fact else None,
        attempts=attempts,
        attempts_left=None if limit is None else max(0, limit - attempts),
        pass_mark=getattr(unit, "pass_mark", None) if judged else None,
    )


def missing_in(step: Step) -> Missing:
    """Why a unit that is not done is not, and who must act."""
    if step.attempts_left == 0:
        why = _("not passed, and no attempts are left: the teacher decides")
        return Missing(step.unit, why, Actor.TEACHER)
    if step.state == StepState.FAILED:
        numbers = {"best": f"{step.best_score or 0:.0f}", "mark": step.pass_mark}
        why = _("not passed yet: the best score is %(best)s%%, %(mark)s%% is needed") % numbers
    elif step.judged:
        why = _("the quiz still has to be passed, with %(mark)s%% or more") % {"mark": step.pass_mark}
    elif step.state == StepState.STARTED:
        why = _("opened, not marked as done yet")
    else:
        why = _("still to be done")
    return Missing(step.unit, why, Actor.LEARNER)

"""How far somebody is: derived by one function from stored facts, able to say what is missing and who must act.

`Enrollment.units_done` of `units_required` is the same answer kept at hand; the services raise it with each fact, in
the same transaction. What counts are the required units; where an author requires none, every unit counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.kinds import kind_named
from courses.models import Unit

from .flow import barrier_to_learning
from .models import Attempt, Enrollment, UnitProgress, percent_of


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


@dataclass(frozen=True)
class Missing:
    """What still has to happen before the enrollment is complete, why, and by whom."""

    unit: Unit
    why: str
    who: Actor


@dataclass(frozen=True)
class Progress:
    """The whole answer. `next` is where to go on: the unit opened last, else the first that is missing."""

    steps: tuple[Step, ...]
    done: int
    required: int
    missing: tuple[Missing, ...]
    next: Unit | None

    @property
    def percent(self) -> int:
        """0 to 100; 100 exactly when nothing is missing."""
        return percent_of(self.done, self.required)

    @property
    def is_complete(self) -> bool:
        """All that counts is done, and something counts."""
        return 0 < self.required == self.done


def explain_progress(enrollment: Enrollment) -> Progress:
    """How far this enrollment is, unit by unit."""
    return explain_many([enrollment])[enrollment.pk]


def explain_many(enrollments: Iterable[Enrollment]) -> dict[UUID, Progress]:
    """The same for several enrollments, in three queries."""
    enrollments = list(enrollments)
    units: dict[UUID, list[Unit]] = {}
    for unit in _units_of({enrollment.version_id for enrollment in enrollments}):
        units.setdefault(unit.section.version_id, []).append(unit)
    facts = {
        (fact.enrollment_id, fact.unit_id): fact for fact in UnitProgress.objects.filter(enrollment__in=enrollments)
    }
    tries = {
        (row["enrollment"], row["unit"]): row["n"]
        for row in Attempt.objects.filter(enrollment__in=enrollments)
        .order_by()
        .values("enrollment", "unit")
        .annotate(n=Count("pk"))
    }
    return {
        enrollment.pk: derive(
            units.get(enrollment.version_id, []),
            {unit: fact for (owner, unit), fact in facts.items() if owner == enrollment.pk},
            {unit: n for (owner, unit), n in tries.items() if owner == enrollment.pk},
            last_unit=enrollment.last_unit_id,
        )
        for enrollment in enrollments
    }


def cards_of(enrollments: list[Enrollment]) -> list[dict[str, Any]]:
    """Each with its progress, and with what keeps the learner from working on it now."""
    explained = explain_many(enrollments)
    return [{"enrollment": e, "progress": explained[e.pk], "barrier": barrier_to_learning(e)} for e in enrollments]


def derive(
    units: list[Unit], facts: dict[UUID, UnitProgress], tries: dict[UUID, int], *, last_unit: UUID | None = None
) -> Progress:
    """The one derivation: from a version's units in order, the facts about them and the number of attempts."""
    none_required = not any(unit.required for unit in units)
    steps = tuple(
        _step(unit, unit.required or none_required, facts.get(unit.pk), tries.get(unit.pk, 0)) for unit in units
    )
    counting = [step for step in steps if step.counts]
    open_steps = [step for step in counting if step.state != StepState.DONE]
    workable = [step for step in open_steps if step.attempts_left != 0]
    resumed = [step for step in steps if step.unit.pk == last_unit and step in workable]
    return Progress(
        steps=steps,
        done=len(counting) - len(open_steps),
        required=len(counting),
        missing=tuple(_missing(step) for step in open_steps),
        next=next((step.unit for step in resumed + workable), None),
    )


def count_required(version_id: UUID) -> int:
    """How many units of a version count."""
    required = list(Unit.objects.filter(section__version=version_id).values_list("required", flat=True))
    return sum(required) or len(required)


def unit_counts(unit: Unit, version_id: UUID) -> bool:
    """Whether this unit of the version counts."""
    return unit.required or not Unit.objects.filter(section__version=version_id, required=True).exists()


def _units_of(versions: set[UUID]) -> Iterable[Unit]:
    """In reading order, without their content."""
    return (
        Unit.objects.filter(section__version__in=versions)
        .select_related("section")
        .defer("data")
        .annotate(max_attempts=F("data__max_attempts"), pass_mark=F("data__pass_mark"))
        .order_by("section__position", "position")
    )


def _step(unit: Unit, counts: bool, fact: UnitProgress | None, attempts: int) -> Step:
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


def _missing(step: Step) -> Missing:
    if step.attempts_left == 0:
        why = _("not passed, and no attempts are left: the teacher decides")
        return Missing(step.unit, why, Actor.TEACHER)
    if step.state == StepState.FAILED:
        numbers = {"best": f"{step.best_score or 0:.0f}", "mark": step.pass_mark}
        why = _("not passed yet: the best score is %(best)s%%, %(mark)s%% is needed") % numbers
    elif kind_named(step.unit.kind).judged:
        why = _("the quiz still has to be passed, with %(mark)s%% or more") % {"mark": step.pass_mark}
    elif step.state == StepState.STARTED:
        why = _("opened, not marked as read yet")
    else:
        why = _("still to be read")
    return Missing(step.unit, why, Actor.LEARNER)

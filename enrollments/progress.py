"""How far somebody is: derived by one function from stored facts and the version's completion rule.

`Enrollment.units_done` of `units_required` is the same answer kept at hand: what the rule asks of units or points, and
one more for an average score and for attendance where it asks those. The services keep it with each fact, in the same
transaction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F
from django.utils import timezone

from courses.completion_rule import SHARES, asked, counting
from courses.models import ModuleVersion, Unit

from .conditions import conditions_of
from .flow import barrier_to_learning
from .models import Attempt, Enrollment, EnrollmentState, UnitProgress, percent_of
from .presence import Presence, presence_of
from .steps import Actor, Missing, Step, StepState, step_of

__all__ = [
    "Actor",
    "Missing",
    "Progress",
    "Step",
    "StepState",
    "cards_of",
    "derive",
    "explain_many",
    "explain_progress",
]

Facts = dict[tuple[UUID, UUID], UnitProgress]  # by enrollment and unit
NOWHERE = Presence()


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
        """All that the rule asks is there, and it asks something."""
        return 0 < self.required == self.done


def explain_progress(enrollment: Enrollment) -> Progress:
    """How far this enrollment is, unit by unit."""
    return explain_many([enrollment])[enrollment.pk]


def explain_many(
    enrollments: Iterable[Enrollment], *, until: Mapping[UUID, date] | None = None
) -> dict[UUID, Progress]:
    """The same for several enrollments, in four queries, and two more where a rule asks attendance.

    Completed stays completed: then nothing is missing, whatever is corrected later. `until` gives for each the last day
    of which facts count, for somebody who may not know what came later.
    """
    enrollments = list(enrollments)
    versions = {enrollment.version_id for enrollment in enrollments}
    rules = dict(ModuleVersion.objects.filter(pk__in=versions).values_list("pk", "rule"))
    units: dict[UUID, list[Unit]] = {}
    for unit in _units_of(versions):
        units.setdefault(unit.section.version_id, []).append(unit)
    facts, tries = _facts_of(enrollments, until), _tries_of(enrollments)
    attending = [enrollment for enrollment in enrollments if "attendance" in rules[enrollment.version_id]]
    presence = presence_of(attending, until=until) if attending else {}
    explained = {
        enrollment.pk: derive(
            rules[enrollment.version_id],
            units.get(enrollment.version_id, []),
            {unit: fact for (owner, unit), fact in facts.items() if owner == enrollment.pk},
            {unit: n for (owner, unit), n in tries.items() if owner == enrollment.pk},
            presence=presence.get(enrollment.pk, NOWHERE),
            last_unit=enrollment.last_unit_id,
        )
        for enrollment in enrollments
    }
    if until is None:
        for enrollment in enrollments:
            if enrollment.state == EnrollmentState.COMPLETED:
                now = explained[enrollment.pk]
                explained[enrollment.pk] = replace(now, done=now.required, missing=(), next=None)
    return explained


def cards_of(enrollments: list[Enrollment]) -> list[dict[str, Any]]:
    """Each with its progress, and with what keeps the learner from working on it now."""
    explained = explain_many(enrollments)
    return [{"enrollment": e, "progress": explained[e.pk], "barrier": barrier_to_learning(e)} for e in enrollments]


def derive(
    rule: Mapping[str, Any],
    units: list[Unit],
    facts: Mapping[UUID, UnitProgress],
    tries: Mapping[UUID, int],
    *,
    presence: Presence = NOWHERE,
    last_unit: UUID | None = None,
) -> Progress:
    """The one derivation: from a version's rule and units in order, the facts about them and the number of attempts."""
    counted = {unit.pk for unit in counting(units)}
    steps = tuple(step_of(unit, unit.pk in counted, facts.get(unit.pk), tries.get(unit.pk, 0)) for unit in units)
    conditions = list(conditions_of(rule, [step for step in steps if step.counts], presence))
    workable = [step for condition in conditions for step in condition.workable]
    resumed = [step for step in workable if step.unit.pk == last_unit]
    return Progress(
        steps=steps,
        done=sum(condition.done for condition in conditions),
        required=sum(condition.required for condition in conditions),
        missing=tuple(missing for condition in conditions for missing in condition.missing),
        next=next((step.unit for step in resumed + workable), None),
    )


def count_required(version_id: UUID) -> int:
    """How much the version's rule asks in all."""
    rule = ModuleVersion.objects.values_list("rule", flat=True).get(pk=version_id)
    units = list(Unit.objects.filter(section__version=version_id).only("required"))
    return asked(rule, units) + sum(share in rule for share in SHARES)


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


def _facts_of(enrollments: list[Enrollment], until: Mapping[UUID, date] | None) -> Facts:
    stored = UnitProgress.objects.filter(enrollment__in=enrollments)
    facts = {(fact.enrollment_id, fact.unit_id): fact for fact in stored}
    if until is None:
        return facts
    for fact in facts.values():
        fact.best_score = None
        if fact.done_at and timezone.localdate(fact.done_at) > until[fact.enrollment_id]:
            fact.done_at = None
    for attempt in Attempt.objects.filter(enrollment__in=enrollments).defer("answers"):
        fact = facts[attempt.enrollment_id, attempt.unit_id]
        if timezone.localdate(attempt.submitted_at) <= until[attempt.enrollment_id]:
            fact.best_score = max(fact.best_score or 0, attempt.score)
    return facts


def _tries_of(enrollments: list[Enrollment]) -> dict[tuple[UUID, UUID], int]:
    counted = Attempt.objects.filter(enrollment__in=enrollments).order_by().values("enrollment", "unit")
    return {(row["enrollment"], row["unit"]): row["n"] for row in counted.annotate(n=Count("pk"))}

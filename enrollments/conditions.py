"""What a completion rule asks, condition by condition: how much, how much of it is there, what is missing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.completion_rule import asked

from .presence import Presence
from .steps import Actor, Missing, Step, StepState, missing_in


@dataclass(frozen=True)
class Condition:
    """One condition of a rule as somebody stands in it. `workable`: the steps in which the learner can do something."""

    required: int
    done: int
    missing: tuple[Missing, ...] = ()
    workable: tuple[Step, ...] = ()


def conditions_of(rule: Mapping[str, Any], steps: Sequence[Step], presence: Presence) -> Iterator[Condition]:
    """Every condition of the rule, over the steps that count."""
    yield _all_units(steps) if rule["units"] == "all" else _enough_units(rule, steps)
    if "average" in rule:
        yield _average(rule["average"], [step for step in steps if step.judged])
    if "attendance" in rule:
        yield _attendance(rule["attendance"], presence)


def _all_units(steps: Sequence[Step]) -> Condition:
    left = [step for step in steps if step.state != StepState.DONE]
    return Condition(
        required=len(steps),
        done=len(steps) - len(left),
        missing=tuple(map(missing_in, left)),
        workable=tuple(step for step in left if step.is_open),
    )


def _enough_units(rule: Mapping[str, Any], steps: Sequence[Step]) -> Condition:
    """So many units, or units worth so many points."""
    by_points = rule["units"] == "points"

    def worth(some: Sequence[Step]) -> int:
        return sum(step.unit.points for step in some) if by_points else len(some)

    required = asked(rule, [step.unit for step in steps])
    done = min(required, worth([step for step in steps if step.state == StepState.DONE]))
    workable = [step for step in steps if step.is_open]
    left = required - done
    if not left:
        return Condition(required, done)
    if by_points:
        why = ngettext("%(left)d more point with units", "%(left)d more points with units", left)
    else:
        why = ngettext("%(left)d more unit of your choice", "%(left)d more units of your choice", left)
    why %= {"left": left}
    if worth(workable) < left:
        why = _("%(why)s; with the attempts that are left this cannot be reached: the teacher decides") % {"why": why}
        return Condition(required, done, (Missing(None, why, Actor.TEACHER),), tuple(workable))
    return Condition(required, done, (Missing(None, why, Actor.LEARNER),), tuple(workable))


def _average(mark: int, judged: Sequence[Step]) -> Condition:
    """Over every judged unit that counts; one that was not taken counts as 0, so that more is never less."""
    average = sum((step.best_score or Decimal(0) for step in judged), Decimal(0)) / max(1, len(judged))
    if judged and average >= mark:
        return Condition(required=1, done=1)
    improvable = tuple(step for step in judged if (step.best_score or 0) < 100 and step.attempts_left != 0)
    numbers = {"average": f"{int(average)}", "mark": mark}
    if improvable:
        why = (
            _("the average over the quizzes is %(average)s%%, %(mark)s%% is needed: take every quiz, or one again")
            % numbers
        )
        return Condition(1, 0, (Missing(None, why, Actor.LEARNER),), improvable)
    why = _("the average over the quizzes is %(average)s%%, %(mark)s%% is needed, and no attempts are left") % numbers
    return Condition(1, 0, (Missing(None, why, Actor.TEACHER),))


def _attendance(share: int, presence: Presence) -> Condition:
    if not presence.planned:
        why = _("no sessions are planned yet: the teacher plans them")
        return Condition(1, 0, (Missing(None, why, Actor.TEACHER),))
    if presence.present * 100 >= share * presence.planned:
        return Condition(required=1, done=1)
    numbers = {"percent": presence.percent, "share": share}
    why = _("%(percent)d%% of the session time is attended, %(share)d%% is needed") % numbers
    if (presence.present + presence.ahead) * 100 < share * presence.planned:
        why = _("%(why)s; the sessions that are left are too few: the teacher decides") % {"why": why}
        return Condition(1, 0, (Missing(None, why, Actor.TEACHER),))
    return Condition(1, 0, (Missing(None, why, Actor.LEARNER),))

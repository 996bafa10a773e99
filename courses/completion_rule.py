"""When a version is completed: the rule's shape, its one plain sentence, and what keeps it from being published.

A rule says how much of the units must be done: `{"units": "all"}`, `{"units": "any", "count": 3}` or
`{"units": "points", "points": 10}`; and, when the author wants more, `"average"` (percent over the quizzes that count,
one that was not taken counts as 0) and `"attendance"` (percent of the planned session time). What counts are the
required units; where an author requires none, every unit counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.kinds import KINDS
from courses.models import Unit
from lms.core.errors import FieldError

AMOUNT = {"any": "count", "points": "points"}
SHARES = ("average", "attendance")
MOST = 10_000


def rule_errors(rule: Any) -> Iterator[FieldError]:
    """What is wrong with the shape of a rule; nothing when it can be kept."""
    if not isinstance(rule, dict) or rule.get("units") not in ("all", *AMOUNT):
        yield FieldError("rule/units", "unknown", _("Say how much must be done: all, any or points."))
        return
    amount = AMOUNT.get(rule["units"])
    if amount and not _is_number(rule.get(amount), MOST):
        message = _("Give a number from 1 to %(most)d.") % {"most": MOST}
        yield FieldError(f"rule/{amount}", "range", message)
    for share in SHARES:
        if share in rule and not _is_number(rule[share], 100):
            yield FieldError(f"rule/{share}", "range", _("Give a percentage from 1 to 100, or leave it out."))
    for name in sorted(map(str, set(rule) - {"units", amount, *SHARES})):
        yield FieldError(f"rule/{name}", "unknown", _("This rule has no such condition."))


def sentence(rule: Mapping[str, Any], language: str | None = None) -> str:
    """The rule as one plain sentence, in this language or the reader's. Requires: a rule without shape errors."""
    with translation.override(language or translation.get_language()):
        *parts, last = _parts(rule)
        conditions = _("%(first)s and %(last)s") % {"first": ", ".join(parts), "last": last} if parts else last
        return _("You complete this module when you %(conditions)s.") % {"conditions": conditions}


def is_plain(rule: Mapping[str, Any]) -> bool:
    """Everything that counts must be done, and nothing else: a new fact can then simply be counted."""
    return rule["units"] == "all" and not any(share in rule for share in SHARES)


def counting(units: Sequence[Unit]) -> list[Unit]:
    """The units that count: the required ones; where none is required, every one."""
    return [unit for unit in units if unit.required] or list(units)


def asked(rule: Mapping[str, Any], units: Sequence[Unit]) -> int:
    """How much of the units must be done: a number of units, or of points."""
    return int(rule[AMOUNT[rule["units"]]]) if rule["units"] in AMOUNT else len(counting(units))


def unreachable(rule: Mapping[str, Any], units: Sequence[Unit]) -> Iterator[FieldError]:
    """What nobody could ever meet with these units. Requires: a rule without shape errors."""
    units = counting(units)
    points = sum(unit.points for unit in units)
    if rule["units"] == "any" and rule["count"] > len(units):
        message = _("The rule asks for %(count)d units, but only %(units)d count: add units or ask for fewer.")
        yield FieldError("rule/count", "unreachable", message % {"count": rule["count"], "units": len(units)})
    if rule["units"] == "points" and rule["points"] > points:
        message = _("The rule asks for %(points)d points, but the units give %(given)d: ask for fewer or give more.")
        yield FieldError("rule/points", "unreachable", message % {"points": rule["points"], "given": points})
    if "average" in rule and not any(unit.kind in KINDS and KINDS[unit.kind].judged for unit in units):
        message = _("The rule asks for an average score, but no unit that counts is judged: add a quiz.")
        yield FieldError("rule/average", "unreachable", message)


def _parts(rule: Mapping[str, Any]) -> Iterator[str]:
    if rule["units"] == "any":
        words = ngettext("finish %(count)d unit of your choice", "finish %(count)d units of your choice", rule["count"])
        yield words % {"count": rule["count"]}
    elif rule["units"] == "points":
        words = ngettext("earn %(points)d point with units", "earn %(points)d points with units", rule["points"])
        yield words % {"points": rule["points"]}
    else:
        yield _("finish all required units")
    if "average" in rule:
        yield _("score %(share)d%% or more on average over the quizzes") % {"share": rule["average"]}
    if "attendance" in rule:
        yield _("attend at least %(share)d%% of the session time") % {"share": rule["attendance"]}


def _is_number(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most

"""What the region asks for: open needs counted by skill, level and town."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from enrollments.models import TrainingNeed

MOST = 12


@dataclass
class Asked:
    """How many people at how many employers ask for one thing."""

    label: str
    people: int = 0
    employers: set[object] = field(default_factory=set)


@dataclass(frozen=True)
class RegionalDemand:
    """The most asked of each, most people first."""

    skills: list[Asked]
    levels: list[Asked]
    towns: list[Asked]


def regional_demand(needs: list[TrainingNeed]) -> RegionalDemand:
    """Requires: skills prefetched. No query."""
    return RegionalDemand(
        skills=_counted(needs, lambda need: [skill.label for skill in need.skills.all()]),
        levels=_counted(needs, lambda need: [_level(need)]),
        towns=_counted(needs, lambda need: [need.place or _("anywhere")]),
    )


def _counted(needs: list[TrainingNeed], things: Callable[[TrainingNeed], Iterable[str]]) -> list[Asked]:
    found: dict[str, Asked] = defaultdict(lambda: Asked(""))
    for need in needs:
        for label in things(need):
            asked = found[label]
            asked.label = label
            asked.people += need.people
            asked.employers.add(need.employer_id)
    return sorted(found.values(), key=lambda asked: (-asked.people, asked.label.casefold()))[:MOST]


def _level(need: TrainingNeed) -> str:
    return _("level %(level)d") % {"level": need.level} if need.level else _("no level named")

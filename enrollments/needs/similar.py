"""Needs that look alike: which could be bundled, and why. The same facts give the same suggestions."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enrollments.models import NeedState, TrainingNeed
from lms.organizations.places import Place, find_place

ENOUGH = 50  # of 100
LOOKED_AT = 500  # open needs, the oldest first
DAYS_APART = 60


@dataclass(frozen=True)
class Likeness:
    """How much two needs look alike, 0 to 100, and in what."""

    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Suggestion:
    """Needs of several employers that could become one bundle. The reasons are those of the least alike."""

    needs: tuple[TrainingNeed, ...]
    reasons: tuple[str, ...]

    @property
    def people(self) -> int:
        """How many people together."""
        return sum(need.people for need in self.needs)

    @property
    def employers(self) -> int:
        """How many employers."""
        return len({need.employer_id for need in self.needs})


def open_needs() -> list[TrainingNeed]:
    """Those that wait for a bundle, oldest first. Two queries."""
    found = TrainingNeed.objects.filter(state=NeedState.OPEN).select_related("employer", "occupation", "department")
    return list(found.prefetch_related("skills").order_by("pk")[:LOOKED_AT])


def likeness(one: TrainingNeed, other: TrainingNeed) -> Likeness | None:
    """None when they share neither a skill nor the occupation.

    Requires: their skills prefetched.
    """
    mine, theirs = ({skill.pk: skill.label for skill in need.skills.all()} for need in (one, other))
    shared = sorted((mine[pk] for pk in mine.keys() & theirs.keys()), key=str.casefold)
    same = one.occupation_id is not None and one.occupation_id == other.occupation_id
    if not shared and not same:
        return None
    parts = [(50 * len(shared) // max(1, min(len(mine), len(theirs))), _shared_words(shared))]
    if same and one.occupation:
        parts.append((20, _("The same trade: %(occupation)s.") % {"occupation": one.occupation.label}))
    parts += [_level(one, other), _place(one, other), _time(one, other)]
    return Likeness(
        min(100, sum(points for points, _words in parts)), tuple(words for _points, words in parts if words)
    )


def suggest(needs: list[TrainingNeed]) -> list[Suggestion]:
    """Groups of at least two employers, each need in one group: around the need that most others look like."""
    alike = _alike(needs)
    left, found = {need.pk: need for need in needs}, []
    for seed in sorted(needs, key=lambda need: (-len(alike[need.pk]), need.pk)):
        if seed.pk not in left:
            continue
        group = [seed, *(left[pk] for pk in sorted(alike[seed.pk]) if pk in left)]
        if len({need.employer_id for need in group}) < 2:
            continue
        least = min((alike[seed.pk][need.pk] for need in group[1:]), key=lambda like: like.score)
        found.append(Suggestion(tuple(group), least.reasons))
        for need in group:
            del left[need.pk]
    return found


def fitting(needs: list[TrainingNeed], bundled: list[TrainingNeed]) -> Iterator[tuple[TrainingNeed, Likeness]]:
    """Open needs that look like one in a bundle, with the likeness to the nearest."""
    for need in needs:
        alike = [found for other in bundled if (found := likeness(need, other)) and found.score >= ENOUGH]
        if alike:
            yield need, max(alike, key=lambda found: found.score)


def _alike(needs: list[TrainingNeed]) -> dict[UUID, dict[UUID, Likeness]]:
    """By need those that look like it enough; only needs that share something are compared."""
    by_thing: dict[object, list[int]] = defaultdict(list)
    for index, need in enumerate(needs):
        for thing in {need.occupation_id, *(skill.pk for skill in need.skills.all())} - {None}:
            by_thing[thing].append(index)
    pairs = {pair for indices in by_thing.values() for pair in combinations(indices, 2)}
    alike: dict[UUID, dict[UUID, Likeness]] = defaultdict(dict)
    for first, second in sorted(pairs):
        found = likeness(needs[first], needs[second])
        if found and found.score >= ENOUGH:
            alike[needs[first].pk][needs[second].pk] = found
            alike[needs[second].pk][needs[first].pk] = found
    return alike


def _shared_words(shared: list[str]) -> str:
    if not shared:
        return ""
    words = {"n": len(shared), "skills": ", ".join(shared[:3]) + (" …" if len(shared) > 3 else "")}
    return ngettext("One skill in common: %(skills)s.", "%(n)d skills in common: %(skills)s.", len(shared)) % words


def _level(one: TrainingNeed, other: TrainingNeed) -> tuple[int, str]:
    if one.level is None or other.level is None:
        return 10, ""
    apart = abs(one.level - other.level)
    words = {"low": min(one.level, other.level), "high": max(one.level, other.level)}
    if apart == 0:
        return 10, _("The same level: %(low)d.") % words
    return (5, _("Levels next to each other: %(low)d and %(high)d.") % words) if apart == 1 else (0, "")


def _place(one: TrainingNeed, other: TrainingNeed) -> tuple[int, str]:
    here, there = (find_place(need.place) if need.place else None for need in (one, other))
    if here is None or there is None:
        return 10, ""
    away = _km(here, there)
    words = {"here": here.name, "there": there.name, "km": away}
    if here.name == there.name:
        return 10, _("Both in %(here)s.") % words
    if away <= max(one.km, other.km):
        return 10, _("%(here)s and %(there)s lie %(km)d km apart.") % words
    return 0, ""


def _time(one: TrainingNeed, other: TrainingNeed) -> tuple[int, str]:
    if one.by_day is None or other.by_day is None:
        return 10, ""
    days = abs((one.by_day - other.by_day).days)
    if days > DAYS_APART:
        return 0, ""
    weeks = -(-days // 7)
    if not weeks:
        return 10, _("Needed by the same day.")
    text = ngettext("Needed within %(n)d week of each other.", "Needed within %(n)d weeks of each other.", weeks)
    return 10, text % {"n": weeks}


def _km(here: Place, there: Place) -> int:
    return round(here.km_to(there.latitude, there.longitude))

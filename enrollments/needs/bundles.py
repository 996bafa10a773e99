"""What a bundle comes to: people, employers, skills in common, where and when; and who is in it, as each may see it.

Before an answer a provider sees of each employer how many, where and by when, and no name; afterwards the names of
those for whom it keeps places. Employers see totals and never each other.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from courses.models import ReservedPlaces
from enrollments.models import NeedAnswer, NeedBundle, NeedState, TrainingNeed
from lms.organizations.places import find_place
from lms.permissions.services import anchors_allowing

from .flow import LIVE
from .policies import can_bundle_needs
from .scoring import Wish


@dataclass(frozen=True)
class Totals:
    """A bundle in figures. `middle` is the town that lies nearest to all, on average `km` away."""

    people: int
    employers: int
    common: list[str]
    skills: list[tuple[str, int]]
    earliest: date | None
    middle: str
    km: int | None


@dataclass
class Party:
    """One employer in a bundle: `key` (its oldest need there) stands for it where its name is not told."""

    key: UUID
    employer_id: UUID
    number: int
    name: str = ""
    needs: list[TrainingNeed] = field(default_factory=list)

    @property
    def people(self) -> int:
        """How many people it wants trained."""
        return sum(need.people for need in self.needs)

    @property
    def towns(self) -> list[str]:
        """Near which places."""
        return sorted({need.place for need in self.needs if need.place})

    @property
    def by_day(self) -> date | None:
        """The earliest day."""
        return min((need.by_day for need in self.needs if need.by_day), default=None)


def needs_in(bundle: NeedBundle) -> list[TrainingNeed]:
    """Those in it that are not taken back, oldest first. Two queries."""
    found = bundle.needs.exclude(state=NeedState.TAKEN_BACK).select_related("employer", "occupation", "department")
    return list(found.prefetch_related("skills").order_by("pk"))


def totals_of(needs: list[TrainingNeed]) -> Totals:
    """Requires: their skills prefetched."""
    labels = {skill.pk: skill.label for need in needs for skill in need.skills.all()}
    counts = Counter(skill.pk for need in needs for skill in need.skills.all())
    ordered = sorted(counts, key=lambda pk: (-counts[pk], labels[pk].casefold()))
    middle, km = _middle(needs)
    return Totals(
        people=sum(need.people for need in needs),
        employers=len({need.employer_id for need in needs}),
        common=sorted((labels[pk] for pk in counts if counts[pk] == len(needs)), key=str.casefold),
        skills=[(labels[pk], counts[pk]) for pk in ordered],
        earliest=min((need.by_day for need in needs if need.by_day), default=None),
        middle=middle,
        km=km,
    )


def wish_of_bundle(needs: list[TrainingNeed], totals: Totals) -> Wish:
    """What all of them ask together: every skill, the level that most name, places for all before the earliest day."""
    levels = Counter(need.level for need in needs if need.level)
    tracks = Counter(need.track for need in needs if need.track)
    return Wish(
        skills={skill.pk: skill.label for need in needs for skill in need.skills.all()},
        track=max(sorted(tracks), key=lambda track: tracks[track], default=""),
        level=max(sorted(levels), key=lambda level: levels[level], default=None),
        people=max(1, totals.people),
        by_day=totals.earliest,
        place=find_place(totals.middle) if totals.middle else None,
        km=max((need.km for need in needs), default=25),
    )


def parties_of(user: Any, bundle: NeedBundle, needs: Iterable[TrainingNeed]) -> list[Party]:
    """The employers in a bundle as `user` may see them, in the order in which they came. At most one query."""
    found: dict[UUID, Party] = {}
    for need in needs:
        party = found.setdefault(need.employer_id, Party(need.pk, need.employer_id, len(found) + 1))
        party.needs.append(need)
    named = _named_for(user, bundle, found)
    for party in found.values():
        party.name = party.needs[0].employer.name if party.employer_id in named else ""
    return list(found.values())


def live_parties(parties: list[Party]) -> list[Party]:
    """Those that still need something."""
    return [party for party in parties if any(need.state in LIVE for need in party.needs)]


def kept_in(
    user: Any, answers: Iterable[NeedAnswer], employers: Iterable[UUID]
) -> dict[tuple[UUID, UUID], ReservedPlaces]:
    """By offering and employer the places that are reserved, also those given up, as `user` may see. One query.

    A coordinator sees all; a provider those in its own offerings, an employer its own.
    """
    offerings = [answer.offering_id for answer in answers]
    if not offerings:
        return {}
    seen = ReservedPlaces.objects.all() if can_bundle_needs(user) else ReservedPlaces.objects.visible_to(user)
    rows = seen.filter(offering__in=offerings, employer__in=list(employers))
    return {(row.offering_id, row.employer_id): row for row in rows}


def _named_for(user: Any, bundle: NeedBundle, found: dict[UUID, Party]) -> set[UUID]:
    if can_bundle_needs(user):
        return set(found)
    providers = anchors_allowing(user, "answer_needs")
    own = set(anchors_allowing(user, "post_needs"))
    answered = NeedAnswer.objects.filter(bundle=bundle, provider__in=providers).values("offering")
    kept = ReservedPlaces.objects.filter(offering__in=answered, employer__in=list(found)) if providers else None
    return own | (set(kept.values_list("employer", flat=True)) if kept is not None else set())


def _middle(needs: list[TrainingNeed]) -> tuple[str, int | None]:
    """Of the towns named the one to which all people together travel least, and how far that is on average."""
    people: dict[str, int] = defaultdict(int)
    places = {}
    for need in needs:
        if place := find_place(need.place) if need.place else None:
            people[place.name] += need.people
            places[place.name] = place
    if not places:
        return "", None

    def far(name: str) -> float:
        at = places[name]
        return sum(count * at.km_to(places[other].latitude, places[other].longitude) for other, count in people.items())

    nearest = min(sorted(places), key=far)
    return nearest, round(far(nearest) / sum(people.values()))

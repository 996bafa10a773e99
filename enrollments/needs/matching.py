"""Which modules fit what an employer asks: candidates straight from the database, scored by `scoring`."""

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from courses.models import CatalogueEntry, ModuleVersion, Offering, ReservedPlaces, Visibility
from enrollments.models import TrainingNeed
from lms.core.clock import today
from lms.organizations.models import Organization
from lms.organizations.places import find_place

from .scoring import Match, Run, Wish, match

CONSIDERED = 200  # the modules that give most of what is asked
SHOWN = 20


def wish_of(need: TrainingNeed) -> Wish:
    """What the need asks. One query, none when its skills were prefetched."""
    return Wish(
        skills={skill.pk: skill.label for skill in need.skills.all()},
        track=need.track,
        level=need.level,
        people=need.people,
        by_day=need.by_day,
        place=find_place(need.place) if need.place else None,
        km=need.km,
    )


def matches_for(user: Any, wish: Wish, employer: Organization | None, *, limit: int = SHOWN) -> list[Match]:
    """The modules in the catalogue that give at least one of the skills, best first. Four queries, whatever is asked.

    Runs are those that `user` may see and the employer may join, now or later.
    """
    skills = _candidates(wish)
    versions = ModuleVersion.objects.filter(pk__in=skills).select_related("module__provider")
    found = list(versions)
    runs = _runs(user, [version.module_id for version in found], employer) if found else {}
    scored = [match(wish, version, skills[version.pk], runs.get(version.module_id, [])) for version in found]
    return sorted(scored, key=lambda one: one.order)[:limit]


def _candidates(wish: Wish) -> dict[UUID, set[UUID]]:
    """By version in the catalogue the wanted skills that it gives."""
    if not wish.skills:
        return {}
    through = ModuleVersion.skills.through._default_manager
    given = through.filter(skill__in=list(wish.skills), moduleversion__in=CatalogueEntry.objects.values("version"))
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for version, skill in given.values_list("moduleversion", "skill"):
        found[version].add(skill)
    counts = Counter({version: len(skills) for version, skills in found.items()})
    most = sorted(counts, key=lambda version: (-counts[version], str(version)))[:CONSIDERED]
    return {version: found[version] for version in most}


def _runs(user: Any, modules: list[UUID], employer: Organization | None) -> dict[UUID, list[Run]]:
    joinable = Offering.objects.visible_to(user).to_come_or_open().filter(version__module__in=modules)
    open_to = Q(visibility=Visibility.PUBLIC)
    if employer is not None:
        open_to |= Q(
            pk__in=Offering.employers.through._default_manager.filter(organization=employer).values("offering")
        )
    offerings = list(joinable.filter(open_to).select_related("version", "location", "provider"))
    own = _own_places(offerings, employer) if offerings and employer is not None else {}
    runs: dict[UUID, list[Run]] = defaultdict(list)
    for offering in offerings:
        runs[offering.version.module_id].append(Run(offering, *own.get(offering.pk, (0, None))))
    return runs


def _own_places(offerings: list[Offering], employer: Organization) -> dict[UUID, tuple[int, Decimal | None]]:
    """By offering what is reserved for the employer and not taken yet, and its own price where it has one."""
    kept = ReservedPlaces.objects.filter(
        Q(until=None) | Q(until__gte=today()),
        offering__in=offerings,
        employer=employer,
        given_up_at=None,
        places__gt=F("taken"),
    )
    rows = kept.annotate(left=F("places") - F("taken")).values_list("offering", "left", "price")
    return {offering: (left, price) for offering, left, price in rows}

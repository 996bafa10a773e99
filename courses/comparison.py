"""Two to four modules side by side, for pages and API alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count

from .catalogue import catalogue_entries, open_offerings
from .models import ModuleVersion, Offering, Skill

FEWEST, MOST = 2, 4
SUGGESTED = 6


@dataclass(frozen=True)
class Compared:
    """One module in the comparison; `skills_apart` are those that not all the others teach."""

    version: ModuleVersion
    offerings: list[Offering]
    skills_apart: list[Skill]


@dataclass(frozen=True)
class Comparison:
    """What was found of what was asked; `unknown` says how many asked for are not in the catalogue."""

    entries: list[Compared]
    skills_in_common: list[Skill]
    unknown: int
    too_many: bool

    @property
    def modules(self) -> list[UUID]:
        """The ids of the modules compared, in the order asked for."""
        return [entry.version.module_id for entry in self.entries]


def compare_modules(user: Any, asked: Iterable[str]) -> Comparison:
    """The first four different modules asked for, by id. What is not in the catalogue is left out and counted."""
    names = list(dict.fromkeys(name.strip().lower() for name in asked if name.strip()))
    ids = [pk for pk in map(_uuid, names[:MOST]) if pk]
    entries = catalogue_entries().filter(module__in=ids).prefetch_related("sectors", "skills")
    versions = sorted(entries, key=lambda version: ids.index(version.module_id))
    offerings = open_offerings(user, versions)
    taught = {version.pk: {skill.pk: skill for skill in version.skills.all()} for version in versions}
    shared = set.intersection(*(set(skills) for skills in taught.values())) if len(versions) > 1 else set()
    return Comparison(
        [
            Compared(
                version,
                offerings.get(version.module_id, []),
                [skill for pk, skill in taught[version.pk].items() if pk not in shared],
            )
            for version in versions
        ],
        [skill for pk, skill in taught[versions[0].pk].items() if pk in shared] if shared else [],
        unknown=len(names[:MOST]) - len(versions),
        too_many=len(names) > MOST,
    )


def comparable_with(versions: list[ModuleVersion]) -> list[ModuleVersion]:
    """Modules to set beside these: those that teach most of the same skills, else newest of the same track."""
    others = catalogue_entries().exclude(module__in=[version.module_id for version in versions])
    skills = Skill.objects.filter(versions__in=versions)
    alike = others.filter(skills__in=skills).annotate(shared=Count("skills")).order_by("-shared", "-id")
    found: list[ModuleVersion] = list(alike[:SUGGESTED])
    if len(found) < SUGGESTED:
        known = [version.pk for version in found]
        track = others.exclude(pk__in=known).filter(track__in={version.track for version in versions})
        found += track.order_by("-id")[: SUGGESTED - len(found)]
    return found


def _uuid(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None

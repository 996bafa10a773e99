"""A programme as people read it: its modules as they are offered now, and the level and study load that follow."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from .models import LoadUnit, ModuleVersion, Prerequisite, Programme, ProgrammeItem
from .titles import titles_of


@dataclass(frozen=True)
class Step:
    """One module on the path: its newest published version, and titles of what it asks beforehand."""

    item: ProgrammeItem
    version: ModuleVersion
    asks: tuple[str, ...]


@dataclass(frozen=True)
class Level:
    """The highest level of the required modules. Official only where every one of theirs is (Wet NLQF)."""

    level: int
    is_official: bool
    stated_by: tuple[ModuleVersion, ...]


@dataclass(frozen=True)
class Load:
    """Study load in one unit; units are never converted into one another. A range where it depends on the choice."""

    unit: LoadUnit
    least: Decimal
    most: Decimal


@dataclass(frozen=True)
class Outline:
    """The whole programme."""

    programme: Programme
    steps: tuple[Step, ...]

    @property
    def required(self) -> tuple[Step, ...]:
        """The modules that everybody takes."""
        return tuple(step for step in self.steps if step.item.required)

    @property
    def optional(self) -> tuple[Step, ...]:
        """The modules to choose from."""
        return tuple(step for step in self.steps if not step.item.required)

    @property
    def level(self) -> Level | None:
        """None where no required module states one."""
        versions = [step.version for step in self.required]
        stated = [version for version in versions if version.level is not None]
        if not stated:
            return None
        highest = max(version.level or 0 for version in stated)
        official = len(stated) == len(versions) and all(version.level_is_official for version in stated)
        return Level(highest, official, tuple(version for version in stated if version.level == highest))

    @property
    def loads(self) -> tuple[Load, ...]:
        """Per unit: the required modules, with the lightest and the heaviest choice of the others."""
        choose = min(self.programme.optional_minimum, len(self.optional))
        loads = []
        for unit in LoadUnit:
            fixed = sum((_load(step, unit) for step in self.required), Decimal(0))
            choices = sorted(_load(step, unit) for step in self.optional)
            least = fixed + sum(choices[:choose], Decimal(0))
            most = fixed + sum(choices[len(choices) - choose :], Decimal(0))
            if most:
                loads.append(Load(unit, least, most))
        return tuple(loads)


def outline_of(programme: Programme) -> Outline:
    """One programme, as `outlines_of`."""
    return outlines_of([programme])[programme.pk]


def outlines_of(programmes: Iterable[Programme]) -> dict[UUID, Outline]:
    """By id, in five queries however many there are."""
    programmes = list(programmes)
    items = list(ProgrammeItem.objects.filter(programme__in=programmes).order_by("programme", "position"))
    modules = {item.module_id for item in items}
    current = ModuleVersion.objects.current().filter(module__in=modules).select_related("module__provider")
    versions = {version.module_id: version for version in current}
    asks = _asks(modules)
    steps: dict[UUID, list[Step]] = defaultdict(list)
    for item in items:
        if item.module_id in versions:
            steps[item.programme_id].append(Step(item, versions[item.module_id], asks.get(item.module_id, ())))
    return {programme.pk: Outline(programme, tuple(steps[programme.pk])) for programme in programmes}


def _asks(modules: set[UUID]) -> dict[UUID, tuple[str, ...]]:
    pairs = list(Prerequisite.objects.filter(module__in=modules).values_list("module", "requires"))
    titles = titles_of({requires for _module, requires in pairs}) if pairs else {}
    asks: dict[UUID, tuple[str, ...]] = {}
    for module, requires in pairs:
        asks[module] = (*asks.get(module, ()), titles[requires])
    return asks


def _load(step: Step, unit: LoadUnit) -> Decimal:
    return step.version.load if step.version.load_unit == unit else Decimal(0)

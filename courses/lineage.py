"""How the units of one version live on in a later one, followed by lineage."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from .models import Unit

FACTS = ("kind", "title", "data", "minutes", "required", "points")
CONTENT = ("kind", "data")


class Fate(TextChoices):
    """What became of a unit."""

    UNCHANGED = "unchanged", _("unchanged")
    CHANGED = "changed", _("changed")
    MOVED = "moved", _("in another place")
    NEW = "new", _("new")
    REMOVED = "removed", _("taken out")


@dataclass(frozen=True)
class UnitTrace:
    """One unit before and after. `changes` names what differs: of FACTS, and `place`."""

    before: Unit | None
    after: Unit | None
    changes: frozenset[str] = frozenset()

    @property
    def unit(self) -> Unit:
        """The unit as it is now, or as it was last."""
        unit = self.after or self.before
        assert unit is not None  # noqa: S101 - a trace is of one unit at least
        return unit

    @property
    def fate(self) -> Fate:
        """New, taken out, changed, in another place or unchanged: the first that holds."""
        if self.before is None:
            return Fate.NEW
        if self.after is None:
            return Fate.REMOVED
        if self.changes - {"place"}:
            return Fate.CHANGED
        return Fate.MOVED if self.changes else Fate.UNCHANGED

    @property
    def content_changed(self) -> bool:
        """What the learner reads or is asked differs; a title or an estimate is not that."""
        return not self.changes.isdisjoint(CONTENT)

    def carries(self, *, redo_changed: bool) -> bool:
        """What was done before counts as done after. A text that became a quiz never does: reading is no answer."""
        if self.before is None or self.after is None or "kind" in self.changes:
            return False
        return not (redo_changed and self.content_changed)


def trace_units(before: Iterable[Unit], after: Iterable[Unit]) -> list[UnitTrace]:
    """Every unit of either version: those of the later one in its order, then those that were taken out.

    Requires: both in reading order, with their sections.
    """
    old, new = {unit.lineage: unit for unit in before}, {unit.lineage: unit for unit in after}
    kept_places = _kept_places(old, new)
    traces = []
    for lineage, unit in new.items():
        origin = old.get(lineage)
        changes = _changes(origin, unit, stays=lineage in kept_places) if origin else frozenset()
        traces.append(UnitTrace(origin, unit, changes))
    return traces + [UnitTrace(unit, None) for lineage, unit in old.items() if lineage not in new]


def _changes(before: Unit, after: Unit, *, stays: bool) -> frozenset[str]:
    changed = {name for name in FACTS if getattr(before, name) != getattr(after, name)}
    return frozenset(changed if stays else changed | {"place"})


def _kept_places(old: dict, new: dict) -> set:
    """Lineages that kept their place among those in both, in the same chapter unless that was renamed or is gone."""
    common_before = [lineage for lineage in old if lineage in new]
    common_after = [lineage for lineage in new if lineage in old]
    blocks = SequenceMatcher(None, common_before, common_after, autojunk=False).get_matching_blocks()
    in_order = {lineage for block in blocks for lineage in common_before[block.a : block.a + block.size]}
    chapters = [unit.section.title for unit in new.values()]
    return {
        lineage
        for lineage in in_order
        if old[lineage].section.title == new[lineage].section.title or old[lineage].section.title not in chapters
    }

"""The difference between two versions of a module: fact by fact, section by section, unit by unit.

Pure: it reads two versions with their trees and asks nothing of anybody. Units are matched by lineage, sections by the
units they share. It shows raw content, so the answers of quizzes: only for who may see drafts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from courses.completion_rule import sentence
from courses.kinds import KINDS
from courses.models import ModuleVersion, Section, Unit
from lms.core.texts import LANGUAGES, localized

from .data import changes_of_data
from .shapes import Change, fact_change, list_change, text_changes

TEXTS = ("title", "summary", "description")
PLAIN = (
    "track",
    "purpose",
    "level",
    "nlqf_basis",
    "nlqf_number",
    "load",
    "load_unit",
    "document_type",
    "validity_months",
    "crebo",
    "croho",
    "certificate_code",
    "assessment_type",
    "participation_form",
    "identity_check",
    "isced",
)


@dataclass(frozen=True)
class UnitDifference:
    """What happened to one unit: `happened` is added, removed or kept; a kept one moved, changed or both."""

    title: str
    kind: str
    happened: str = "kept"
    moved_from: str = ""
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class SectionDifference:
    """What happened to one section and the units that are in it now, or were."""

    title: str
    happened: str = "kept"
    moved: bool = False
    changes: list[Change] = field(default_factory=list)
    units: list[UnitDifference] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    """Everything that differs; what is equal is left out."""

    facts: list[Change]
    sections: list[SectionDifference]

    @property
    def is_empty(self) -> bool:
        """The versions say the same."""
        return not self.facts and not self.sections


def compare_versions(old: ModuleVersion, new: ModuleVersion, names: Mapping[str, str]) -> Comparison:
    """What changed from `old` to `new`. `names` says what pictures and files are called, by id."""
    return Comparison([*_facts(old, new)], [*_sections(list(old.sections.all()), list(new.sections.all()), names)])


def _facts(old: ModuleVersion, new: ModuleVersion) -> Iterator[Change]:
    for name in TEXTS:
        yield from text_changes(_label(new, name), getattr(old, name), getattr(new, name))
    for name in PLAIN:
        yield from fact_change(_label(new, name), _shown(old, name), _shown(new, name))
    for name in ("name", "url"):
        before, after = old.quality_framework.get(name, ""), new.quality_framework.get(name, "")
        yield from fact_change(f"{_label(new, 'quality_framework')}: {name}", before, after)
    for language in LANGUAGES:
        before = [outcome[language] for outcome in old.outcomes if outcome.get(language)]
        after = [outcome[language] for outcome in new.outcomes if outcome.get(language)]
        yield from list_change(_label(new, "outcomes"), before, after, language)
    for name in ("languages", "work_processes"):
        yield from list_change(_label(new, name), getattr(old, name), getattr(new, name))
    for name in ("skills", "sectors"):
        yield from list_change(_label(new, name), _labels(getattr(old, name)), _labels(getattr(new, name)))
    yield from fact_change(_label(new, "rule"), sentence(old.rule), sentence(new.rule))


def _label(row: ModuleVersion | Unit, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _shown(version: ModuleVersion, name: str) -> str:
    choice = getattr(version, f"get_{name}_display", None)
    value = choice() if choice else getattr(version, name)
    return "" if value is None else str(value)


def _labels(concepts: Any) -> list[str]:
    return sorted(str(concept) for concept in concepts.all())


def _sections(old: list[Section], new: list[Section], names: Mapping[str, str]) -> Iterator[SectionDifference]:
    partners = _partners(old, new)
    before = {unit.lineage: (unit, section) for section in old for unit in section.units.all()}
    after = {unit.lineage for section in new for unit in section.units.all()}
    stayed = _in_order([section.pk for section in old], [partners[s.pk].pk for s in new if s.pk in partners])
    for section in new:
        partner = partners.get(section.pk)
        units = [*_units(section, partner, before, names)]
        if partner is None:
            yield SectionDifference(localized(section.title), "added", units=units)
            continue
        gone = [unit for unit in partner.units.all() if unit.lineage not in after]
        units += [UnitDifference(localized(unit.title), _kind(unit), "removed") for unit in gone]
        changes = [*text_changes(_("title"), partner.title, section.title)]
        moved = partner.pk not in stayed
        if units or changes or moved:
            yield SectionDifference(localized(section.title), "kept", moved, changes, units)
    kept = {section.pk for section in partners.values()}
    for section in (section for section in old if section.pk not in kept):
        gone = [unit for unit in section.units.all() if unit.lineage not in after]
        removed = [UnitDifference(localized(unit.title), _kind(unit), "removed") for unit in gone]
        yield SectionDifference(localized(section.title), "removed", units=removed)


def _partners(old: list[Section], new: list[Section]) -> dict[Any, Section]:
    """By new section the old one it comes from: with the most units in common, else with the same title."""
    held = {section.pk: {unit.lineage for unit in section.units.all()} for section in (*old, *new)}
    pairs = [(len(held[a.pk] & held[b.pk]), a, b) for a in old for b in new]
    scored = [(shared, a, b) for shared, a, b in pairs if shared or a.title == b.title]
    partners: dict[Any, Section] = {}
    taken: set[Any] = set()
    for _shared, a, b in sorted(scored, key=lambda pair: -pair[0]):
        if a.pk not in taken and b.pk not in partners:
            partners[b.pk] = a
            taken.add(a.pk)
    return partners


def _units(
    section: Section, partner: Section | None, before: Mapping[Any, tuple[Unit, Section]], names: Mapping[str, str]
) -> Iterator[UnitDifference]:
    here = [unit.lineage for unit in section.units.all()]
    there = [unit.lineage for unit in partner.units.all()] if partner else []
    stayed = _in_order(there, here)
    for unit in section.units.all():
        if unit.lineage not in before:
            yield UnitDifference(localized(unit.title), _kind(unit), "added")
            continue
        was, its_section = before[unit.lineage]
        moved = "" if unit.lineage in stayed else localized(its_section.title)
        changes = [*_changes(was, unit, names)]
        if moved or changes:
            yield UnitDifference(localized(unit.title), _kind(unit), "kept", moved, changes)


def _changes(old: Unit, new: Unit, names: Mapping[str, str]) -> Iterator[Change]:
    yield from text_changes(_("title"), old.title, new.title)
    for name in ("minutes", "points"):
        yield from fact_change(_label(new, name), str(getattr(old, name)), str(getattr(new, name)))
    words = {True: _("required"), False: _("optional")}
    yield from fact_change(_("counts"), words[old.required], words[new.required])
    yield from changes_of_data(old.data, new.data, names)


def _kind(unit: Unit) -> str:
    return str(KINDS[unit.kind].label) if unit.kind in KINDS else unit.kind


def _in_order(old: Sequence[Any], new: Sequence[Any]) -> set[Any]:
    """Those that kept their order: the others moved."""
    common = [key for key in old if key in set(new)]
    kept = [key for key in new if key in set(old)]
    blocks = SequenceMatcher(None, common, kept, autojunk=False).get_matching_blocks()
    return {key for block in blocks for key in common[block.a : block.a + block.size]}

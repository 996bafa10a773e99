"""The whole tree of a draft at once, as a file or a partner system gives it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from courses.models import ModuleVersion, Section, Unit
from lms.accounts.models import User
from lms.audit.services import changed_fields, record_audit_many
from lms.core.errors import FieldError, Invalid

from .drafts import lock_draft
from .tree import require_unit
from .validity import refuse, require_dutch, require_valid

UNIT_FACTS = ("title", "data", "minutes", "required", "points")
ASIDE = 100_000  # out of the way, because a position is taken only once


@transaction.atomic
def replace_outline(*, by: User, version: ModuleVersion, sections: list[dict[str, Any]]) -> None:
    """Make the sections and units of a draft those that are given; what is not given goes.

    A unit is known by its `key`, the lineage, so that progress can follow it wherever it moves; sections by place.
    Raises: NotFound; Forbidden; Conflict when it is published; Invalid with paths: `sections/0/units/1/title/nl`.
    Audits: as adding, editing and deleting one by one.
    """
    draft = lock_draft(by, version.pk)
    held = {str(unit.lineage): unit for unit in Unit.objects.filter(section__version=draft)}
    rows = list(draft.sections.order_by("position"))
    new = [Section(version=draft, position=0) for _section in sections[len(rows) :]]
    kept = [*rows, *new][: len(sections)]
    titles = {row.pk: row.title for row in rows}
    for index, (row, asked) in enumerate(zip(kept, sections, strict=True)):
        row.title, row.position = asked["title"], index
        with _at(f"sections/{index}"):
            require_dutch("title", row.title)
            require_valid(row, exclude=("version",))
    units = [unit for row, asked in zip(kept, sections, strict=True) for unit in _units_of(row, asked, held)]
    _require_units(units, kept)
    staying = {unit.pk for unit, _before in units}
    gone = [unit for unit in held.values() if unit.pk not in staying]
    _audit_sections(draft, rows, kept, titles)
    _audit_units(draft, units, gone)
    _store(draft, rows, kept, [unit for unit, _before in units], gone)


def _units_of(
    section: Section, asked: dict[str, Any], held: dict[str, Unit]
) -> Iterator[tuple[Unit, dict[str, Any] | None]]:
    """Each unit with what it held before; None for a new one. One that changes kind is a new one."""
    for position, facts in enumerate(asked["units"]):
        unit = held.get(facts["key"])
        before = None
        if unit is None or unit.kind != facts["kind"]:
            unit = Unit(lineage=UUID(facts["key"]), kind=facts["kind"])
        else:
            before = {name: getattr(unit, name) for name in UNIT_FACTS}
        for name in UNIT_FACTS:
            setattr(unit, name, facts[name])
        unit.section, unit.position = section, position
        yield unit, before


def _require_units(units: list[tuple[Unit, dict[str, Any] | None]], sections: list[Section]) -> None:
    for unit, _before in units:
        with _at(f"sections/{sections.index(unit.section)}/units/{unit.position}"):
            require_unit(unit)


def _store(draft: ModuleVersion, rows: list[Section], kept: list[Section], units: list[Unit], gone: list[Unit]) -> None:
    Unit.objects.filter(pk__in=[unit.pk for unit in gone]).delete()
    Unit.objects.filter(section__version=draft).update(position=F("position") + ASIDE)
    draft.sections.update(position=F("position") + ASIDE)
    Section.objects.bulk_update([row for row in kept if row in rows], ["title", "position"])
    Section.objects.bulk_create([row for row in kept if row not in rows])
    stored = set(Unit.objects.filter(section__version=draft).values_list("pk", flat=True))
    Unit.objects.bulk_update([unit for unit in units if unit.pk in stored], ["section", "position", *UNIT_FACTS])
    Unit.objects.bulk_create([unit for unit in units if unit.pk not in stored])
    draft.sections.filter(pk__in=[row.pk for row in rows if row not in kept]).delete()


def _audit_sections(draft: ModuleVersion, rows: list[Section], kept: list[Section], titles: dict[UUID, Any]) -> None:
    renamed = [row for row in kept if row.pk in titles and titles[row.pk] != row.title]
    tell = partial(record_audit_many, organization_id=draft.module.provider_id)
    tell("courses.add_section", [row for row in kept if row not in rows])
    changes = [{"title": (titles[row.pk], row.title)} for row in renamed]
    tell("courses.edit_section", [*renamed], changes=changes)
    tell("courses.delete_section", [row for row in rows if row not in kept])


def _audit_units(draft: ModuleVersion, units: list[tuple[Unit, dict[str, Any] | None]], gone: list[Unit]) -> None:
    tell = partial(record_audit_many, organization_id=draft.module.provider_id)
    tell("courses.add_unit", [unit for unit, before in units if before is None])
    edited = [
        (unit, changes)
        for unit, before in units
        if before and (changes := changed_fields(before, {name: getattr(unit, name) for name in UNIT_FACTS}))
    ]
    tell("courses.edit_unit", [unit for unit, _changes in edited], changes=[changes for _unit, changes in edited])
    tell("courses.delete_unit", [*gone])


@contextmanager
def _at(path: str) -> Iterator[None]:
    """Put the path before the fields found at fault."""
    try:
        yield
    except Invalid as refused:
        refuse([FieldError(f"{path}/{error.field}", error.code, error.message) for error in refused.errors])
        raise

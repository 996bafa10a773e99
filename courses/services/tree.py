"""Sections and units of a draft: added, edited, moved, deleted. Everything here locks the draft first."""

from typing import Any, TypeVar
from uuid import uuid4

from django.db import models, transaction
from django.db.models import Case, F, Max, Value, When
from django.utils.translation import gettext as _

from courses.kinds import KINDS
from courses.models import ModuleVersion, Section, Unit
from lms.accounts.models import User
from lms.audit.services import changed_fields, record_audit
from lms.core.errors import Conflict, FieldError, NotFound
from lms.core.texts import Text

from .drafts import lock_draft
from .validity import refuse, require_dutch, require_valid

Row = TypeVar("Row", Section, Unit)


@transaction.atomic
def add_section(*, by: User, version: ModuleVersion, title: Text) -> Section:
    """Add a section at the end of a draft.

    Raises: NotFound; Forbidden; Conflict when it is published; Invalid.
    """
    draft = lock_draft(by, version.pk)
    section = Section(version=draft, position=_end(draft.sections.all()), title=title)
    require_dutch("title", title)
    require_valid(section)
    section.save(force_insert=True)
    _audit("courses.add_section", section, draft)
    return section


@transaction.atomic
def edit_section(*, by: User, section: Section, title: Text, revision: str | None = None) -> Section:
    """Rename a section.

    `revision` is the `Section.revision` that the author started from; without it the last one to save wins.
    Raises: NotFound; Forbidden; Conflict when it is published, or with code `stale` when a colleague renamed it
    meanwhile; Invalid.
    """
    section, draft = _lock_section(by, section)
    if revision is not None and revision != section.revision:
        raise Conflict(_("A colleague renamed this section meanwhile: see their title and save again."), code="stale")
    before = section.title
    section.title = title
    require_dutch("title", title)
    require_valid(section)
    section.save(update_fields=["title"])
    record_audit(
        "courses.edit_section", section, changes={"title": (before, title)}, organization_id=draft.module.provider_id
    )
    return section


@transaction.atomic
def move_section(*, by: User, section: Section, position: int) -> Section:
    """Put a section at `position` (from 0) among its siblings; beyond the end is the end.

    Raises: NotFound; Forbidden; Conflict when it is published.
    """
    section, draft = _lock_section(by, section)
    _place(draft.sections.all(), section, position)
    _audit("courses.move_section", section, draft)
    return section


@transaction.atomic
def delete_section(*, by: User, section: Section) -> None:
    """Delete a section with its units.

    Raises: NotFound; Forbidden; Conflict when it is published.
    """
    section, draft = _lock_section(by, section)
    _audit("courses.delete_section", section, draft)
    section.delete()


@transaction.atomic
def add_unit(
    *,
    by: User,
    section: Section,
    kind: str,
    title: Text,
    data: dict[str, Any] | None = None,
    minutes: int = 15,
    required: bool = True,
    points: int = 1,
) -> Unit:
    """Add a unit at the end of a section. Its content may be unfinished: the publish check asks for the rest.

    Raises: NotFound; Forbidden; Conflict when it is published; Invalid.
    """
    section, draft = _lock_section(by, section)
    unit = Unit(
        section=section,
        lineage=uuid4(),
        position=_end(section.units.all()),
        kind=kind,
        title=title,
        data={} if data is None else data,
        minutes=minutes,
        required=required,
        points=points,
    )
    require_unit(unit)
    unit.save(force_insert=True)
    _audit("courses.add_unit", unit, draft)
    return unit


@transaction.atomic
def edit_unit(*, by: User, unit: Unit, revision: str | None = None, **facts: Any) -> Unit:
    """Change a unit's `title`, `data`, `minutes`, `required` or `points`.

    `revision` is the `Unit.revision` that the author started from; without it the last one to save wins.
    Raises: NotFound; Forbidden; Conflict when it is published, or with code `stale` when a colleague saved meanwhile;
    Invalid.
    """
    unit, draft = _lock_unit(by, unit)
    if revision is not None and revision != unit.revision:
        raise Conflict(
            _("A colleague saved this unit while you were writing: compare your text with theirs and save again."),
            code="stale",
        )
    names = ("title", "data", "minutes", "required", "points")
    refuse([FieldError(name, "unknown", _("This cannot be changed.")) for name in facts if name not in names])
    before = {name: getattr(unit, name) for name in facts}
    for name, value in facts.items():
        setattr(unit, name, value)
    require_unit(unit)
    unit.save(update_fields=[*facts] or None)
    changes = changed_fields(before, facts)
    record_audit("courses.edit_unit", unit, changes=changes, organization_id=draft.module.provider_id)
    return unit


@transaction.atomic
def move_unit(*, by: User, unit: Unit, position: int, section: Section | None = None) -> Unit:
    """Put a unit at `position` (from 0) in its section, or in another `section` of the same draft.

    Raises: NotFound; Forbidden; Conflict when it is published.
    """
    unit, draft = _lock_unit(by, unit)
    if section is not None and section.pk != unit.section_id:
        goal = draft.sections.filter(pk=section.pk).first()
        if goal is None:
            raise NotFound
        unit.section, unit.position = goal, _end(goal.units.all())
        unit.save(update_fields=["section", "position"])
    _place(Unit.objects.filter(section=unit.section_id), unit, position)
    _audit("courses.move_unit", unit, draft)
    return unit


@transaction.atomic
def delete_unit(*, by: User, unit: Unit) -> None:
    """Delete a unit.

    Raises: NotFound; Forbidden; Conflict when it is published.
    """
    unit, draft = _lock_unit(by, unit)
    _audit("courses.delete_unit", unit, draft)
    unit.delete()


def _lock_section(by: User, section: Section) -> tuple[Section, ModuleVersion]:
    """The section as it is now, and its draft, locked: what the caller holds may be old."""
    draft = lock_draft(by, section.version_id)
    fresh = draft.sections.filter(pk=section.pk).first()
    if fresh is None:
        raise NotFound
    return fresh, draft


def _lock_unit(by: User, unit: Unit) -> tuple[Unit, ModuleVersion]:
    version_id = Section.objects.filter(units=unit.pk).values_list("version", flat=True).first()
    if version_id is None:
        raise NotFound
    draft = lock_draft(by, version_id)
    fresh = Unit.objects.select_related("section").filter(section__version=draft, pk=unit.pk).first()
    if fresh is None:
        raise NotFound
    return fresh, draft


def require_unit(unit: Unit) -> None:
    """The unit can be kept. Raises: Invalid."""
    errors = []
    if not isinstance(unit.kind, str) or unit.kind not in KINDS:
        errors.append(FieldError("kind", "unknown", _("Choose one of: %(kinds)s.") % {"kinds": ", ".join(KINDS)}))
    if not isinstance(unit.data, dict):
        errors.append(FieldError("data", "type", _("Give an object.")))
    refuse(errors)
    require_dutch("title", unit.title)
    require_valid(unit, exclude=("data", "section"))


def _end(siblings: models.QuerySet[Any]) -> int:
    last: int | None = siblings.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _place(siblings: models.QuerySet[Row], row: Row, position: int) -> None:
    """Renumber from 0 with `row` at `position`. First out of the way, because a position is taken only once."""
    order = [pk for pk in siblings.order_by("position").values_list("pk", flat=True) if pk != row.pk]
    row.position = max(0, min(position, len(order)))
    order.insert(row.position, row.pk)
    siblings.update(position=F("position") + _end(siblings) + len(order))
    siblings.update(position=Case(*(When(pk=pk, then=Value(index)) for index, pk in enumerate(order))))


def _audit(action: str, row: Section | Unit, draft: ModuleVersion) -> None:
    record_audit(action, row, organization_id=draft.module.provider_id)

"""The tree of one version, copied under another."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from courses.models import ModuleVersion, Section, Unit


def copy_tree(
    source: ModuleVersion,
    draft: ModuleVersion,
    *,
    same_lineage: bool = True,
    data: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> None:
    """Give the draft the sections and units of `source`. `data` makes a unit's content from the source's.

    With the same lineage units stay comparable and progress can be mapped; another module's draft starts afresh.
    """
    sections = list(source.sections.prefetch_related("units"))
    copies = {
        section.pk: Section(version=draft, position=section.position, title=section.title) for section in sections
    }
    Section.objects.bulk_create(copies.values())
    Unit.objects.bulk_create(
        Unit(
            section=copies[section.pk],
            lineage=unit.lineage if same_lineage else uuid4(),
            position=unit.position,
            kind=unit.kind,
            title=unit.title,
            data=data(unit.data),
            minutes=unit.minutes,
            required=unit.required,
            points=unit.points,
        )
        for section in sections
        for unit in section.units.all()
    )

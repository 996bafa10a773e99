"""From what the publish check found to where on which page an author mends it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from courses.models import ModuleVersion, Section, Unit
from courses.services.publishing import publish_check
from lms.core.errors import FieldError

from .facts_form import FactsForm
from .refusals import field_for


@dataclass(frozen=True)
class Problem:
    """One thing that is missing: what, in which unit where it is one of a unit, and the address where it is mended."""

    message: str
    url: str
    unit: Unit | None = None


def problems_of(version: ModuleVersion) -> list[Problem]:
    """Everything that keeps the version from being published."""
    sections = list(version.sections.prefetch_related("units"))
    return [_problem(version, sections, error) for error in publish_check(version)]


def _problem(version: ModuleVersion, sections: list[Section], error: FieldError) -> Problem:
    parts = error.field.split("/")
    if parts[0] == "rule":
        return Problem(error.message, f"{reverse('courses:rule', args=[version.pk])}#id_{parts[1]}")
    if parts[0] != "sections":
        name = field_for(FactsForm.base_fields, error.field)
        return Problem(error.message, f"{reverse('courses:facts', args=[version.pk])}{f'#id_{name}' if name else ''}")
    content = reverse("courses:content", args=[version.pk])
    section = _nth(sections, parts, 1)
    if section is None:
        return Problem(error.message, content)
    unit = _nth(section.units.all(), parts, 3)
    if unit is None:
        return Problem(error.message, f"{content}#section-{section.pk}")
    return Problem(error.message, reverse("courses:unit", args=[unit.pk]) + _place_in_unit(parts), unit)


def _place_in_unit(parts: list[str]) -> str:
    if len(parts) > 5 and parts[4] == "data" and parts[5] in ("url", "file", "subtitles"):
        return "#files"
    return f"#question-{parts[6]}" if parts[5:6] == ["questions"] and len(parts) > 6 else ""


def _nth(rows: Any, parts: list[str], place: int) -> Any:
    if len(parts) <= place or not parts[place].isdigit():
        return None
    return rows[int(parts[place])]

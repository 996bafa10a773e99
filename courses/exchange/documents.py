"""A module and an offering as they are exchanged: everything an author writes, named by codes that people know."""

import json
from collections import Counter
from decimal import Decimal
from hashlib import sha256
from typing import Any

from courses.models import ModuleVersion, Offering
from courses.services.facts import FACTS
from courses.services.offerings import OFFERING_FACTS
from lms.organizations.models import Location

Document = dict[str, Any]

MODULE_KEYS = ("code", *FACTS, "sectors", "skills", "sections")
SECTION_KEYS = ("title", "units")
UNIT_KEYS = ("key", "kind", "title", "minutes", "required", "points", "data")
OFFERING_KEYS = ("code", "module", *OFFERING_FACTS, "employers")


def module_document(version: ModuleVersion) -> Document:
    """What a version holds. A unit's `key` is its lineage: the same in every version that carries it over."""
    return {
        "code": version.module.code,
        **{name: plain(getattr(version, name)) for name in FACTS},
        "sectors": sorted(sector.code for sector in version.sectors.all()),
        "skills": sorted(skill.uri for skill in version.skills.all()),
        "sections": [
            {
                "title": section.title,
                "units": [
                    {"key": str(unit.lineage), **{name: getattr(unit, name) for name in UNIT_KEYS[1:]}}
                    for unit in section.units.all()
                ],
            }
            for section in version.sections.all()
        ],
    }


def offering_document(offering: Offering, names: Counter[str] | None = None) -> Document:
    """What an offering holds. Its place by name, or by id where several places have that name (`names` counts them)."""
    facts = {name: plain(getattr(offering, name)) for name in OFFERING_FACTS if name != "location"}
    return {
        "code": offering.code,
        "module": offering.version.module.code,
        **facts,
        "location": place(offering.location, location_names() if names is None else names),
        "employers": sorted(employer.slug for employer in offering.employers.all()),
    }


def location_names() -> Counter[str]:
    """How many places have each name."""
    return Counter(Location.objects.values_list("name", flat=True))


def etag(document: Document) -> str:
    """Names exactly this content, for If-Match."""
    return f'"{sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:32]}"'


def plain(value: Any) -> Any:
    """A fact as JSON holds it: figures and days as text, so that nothing is rounded on the way."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if hasattr(value, "isoformat") else value


def place(location: Location | None, names: Counter[str]) -> str | None:
    """A place by its name, or by its id where several have that name."""
    if location is None:
        return None
    return location.name if names[location.name] == 1 else str(location.pk)

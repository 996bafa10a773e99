"""Where a module's pictures and files are used: in the texts and units of its versions."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from courses.kinds import KINDS
from courses.kinds.base import as_object
from courses.models import Module, ModuleVersion, Unit
from lms.core.texts import localized

_ID = re.compile("[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def places_of_uploads(module: Module) -> dict[str, list[str]]:
    """By the id of each picture and file that is named somewhere: where, in words. Three queries."""
    places: dict[str, list[str]] = {}
    for place, text in _texts_of(module):
        for found in _ID.findall(text):
            known = places.setdefault(found.lower(), [])
            if place not in known:
                known.append(place)
    return places


def uses_file(version_id: UUID, file: UUID) -> bool:
    """Whether a unit of this version refers to the file."""
    units = Unit.objects.filter(section__version=version_id).order_by().values_list("kind", "data")
    return any(
        str(file) == reference.file for kind, data in units if kind in KINDS for reference in KINDS[kind].files(data)
    )


def _texts_of(module: Module) -> Iterator[tuple[str, str]]:
    """Every text of every version, with the words for its place."""
    versions = ModuleVersion.objects.filter(module=module).prefetch_related("sections__units").order_by("-number")
    for version in versions:
        where = _("version %(number)d") % {"number": version.number}
        for text in _texts(version.description):
            yield _("%(version)s, description") % {"version": where}, text
        for section in version.sections.all():
            for unit in section.units.all():
                names = {"version": where, "section": localized(section.title), "unit": localized(unit.title)}
                for text in _texts(unit.data):
                    yield _("%(version)s, “%(section)s”, “%(unit)s”") % names, text


def _texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    for inner in value if isinstance(value, list) else as_object(value).values():
        yield from _texts(inner)

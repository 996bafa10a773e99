"""The fixed tables of the region, and what their categories are called. There are no filters: see decision 0026."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Delivery, ModuleVersion, Track
from lms.organizations.places import municipalities

ELSEWHERE, NONE, SEVERAL = "elsewhere", "none", "several"
# ISCO-08 (International Labour Organization): the first digit of an ESCO occupation's code.
MAJOR_GROUPS = {
    "1": gettext_lazy("managers"),
    "2": gettext_lazy("professionals"),
    "3": gettext_lazy("technicians and associate professionals"),
    "4": gettext_lazy("clerical support workers"),
    "5": gettext_lazy("service and sales workers"),
    "6": gettext_lazy("agricultural, forestry and fishery workers"),
    "7": gettext_lazy("craft and related trades workers"),
    "8": gettext_lazy("plant and machine operators and assemblers"),
    "9": gettext_lazy("elementary occupations"),
    "0": gettext_lazy("armed forces occupations"),
}
# NACE Rev. 2 (Regulation (EC) 1893/2006): each section by its last division.
SECTIONS = {
    3: gettext_lazy("agriculture, forestry and fishing"),
    9: gettext_lazy("mining and quarrying"),
    33: gettext_lazy("manufacturing"),
    39: gettext_lazy("energy, water and waste"),
    43: gettext_lazy("construction"),
    47: gettext_lazy("wholesale and retail trade"),
    53: gettext_lazy("transportation and storage"),
    56: gettext_lazy("accommodation and food service"),
    63: gettext_lazy("information and communication"),
    68: gettext_lazy("finance and real estate"),
    82: gettext_lazy("business services"),
    84: gettext_lazy("public administration"),
    85: gettext_lazy("education"),
    88: gettext_lazy("health and social work"),
    99: gettext_lazy("culture, recreation and other services"),
}


@dataclass(frozen=True)
class Measure:
    """What is counted. A flow happens in the quarter; what is no flow is the state at its end."""

    key: str
    label: Any
    is_flow: bool
    of_needs: bool


@dataclass(frozen=True)
class Table:
    """One way to divide a measure. `categories`: each that could occur, with its name."""

    key: str
    title: Any
    of_needs: bool
    categories: Callable[[], dict[str, str]]

    @property
    def measures(self) -> list[Measure]:
        """What it divides."""
        return [measure for measure in MEASURES if measure.of_needs == self.of_needs]


MEASURES = (
    Measure("completed", gettext_lazy("modules completed"), is_flow=True, of_needs=False),
    Measure("learning", gettext_lazy("learning at the end"), is_flow=False, of_needs=False),
    Measure("waiting", gettext_lazy("not begun at the end"), is_flow=False, of_needs=False),
    Measure("unmet", gettext_lazy("people needed, unmet at the end"), is_flow=False, of_needs=True),
    Measure("met", gettext_lazy("people needed, met"), is_flow=True, of_needs=True),
)


def level_key(track: str, level: int | None) -> str:
    """Such as mbo-3."""
    return f"{track or NONE}-{level or 0}"


def _levels() -> dict[str, str]:
    published = ModuleVersion.objects.exclude(published_at=None).order_by()
    return {level_key(*pair): "" for pair in sorted(published.values_list("track", "level").distinct(), key=str)}


def level_name(key: str) -> str:
    """The category in words."""
    track, _dash, level = key.partition("-")
    kind = Track(track).label if track in Track.values else _("any track")
    return str(kind if level == "0" else _("%(track)s, level %(level)s") % {"track": kind, "level": level})


def _sectors() -> dict[str, str]:
    named = {str(last): str(name) for last, name in SECTIONS.items()}
    return named | {SEVERAL: _("several sectors"), NONE: _("no sector")}


def sector_key(codes: set[str]) -> str:
    """The one section in which all divisions lie that a module names."""
    sections = {next(str(last) for last in SECTIONS if int(code[:2]) <= last) for code in codes if code[:2].isdigit()}
    if not sections:
        return NONE
    return sections.pop() if len(sections) == 1 else SEVERAL


def _deliveries() -> dict[str, str]:
    return {value: str(label) for value, label in Delivery.choices}


def _providers() -> dict[str, str]:
    return {"school": _("recognised school"), "public": _("public body"), "other": _("other provider")}


def _municipalities() -> dict[str, str]:
    return {name: name for name in municipalities()} | {ELSEWHERE: _("elsewhere, or on one's own account")}


def _occupations() -> dict[str, str]:
    return {key: str(name) for key, name in MAJOR_GROUPS.items()} | {NONE: _("no occupation named")}


TABLES = (
    Table("level", gettext_lazy("Track and level"), False, _levels),
    Table("sector", gettext_lazy("Sector of the module"), False, _sectors),
    Table("provider", gettext_lazy("Kind of provider"), False, _providers),
    Table("form", gettext_lazy("Form"), False, _deliveries),
    Table("municipality", gettext_lazy("Municipality of the employer"), False, _municipalities),
    Table("need_level", gettext_lazy("Level that is needed"), True, _levels),
    Table("need_occupation", gettext_lazy("Occupations that are needed"), True, _occupations),
    Table("need_municipality", gettext_lazy("Municipality where it is needed"), True, _municipalities),
)


def names_of(table: Table, found: set[str]) -> dict[str, str]:
    """Each category that could occur or does, with its name, in a fixed order."""
    known = table.categories()
    named = known | {key: key for key in sorted(found - known.keys())}
    return {key: level_name(key) if table.key.endswith("level") else name for key, name in named.items()}

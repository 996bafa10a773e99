"""What both versions tell of a row, before either spells it in its own words."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from courses.kinds import KINDS
from courses.models import Module, ModuleVersion, NlqfBasis, Offering, Programme, Track
from courses.programme_outline import Outline, Step
from lms.core.clock import today
from lms.core.texts import Text
from lms.organizations.models import Location

LOCALES = {"nl": "nl-NL", "en": "en-GB"}
HOUSE_NUMBER = re.compile(r"^(.*\D)\s+(\d+(?:\s?[\w/-]+)?)$")

_WITH_CODE = Q(nlqf_basis=NlqfBasis.FORMAL) & (~Q(crebo="") | ~Q(croho=""))
_IN_REGISTER = Q(nlqf_basis=NlqfBasis.REGISTER) & ~Q(nlqf_number="")
OFFICIAL_LEVEL = (_WITH_CODE | _IN_REGISTER) & Q(level__isnull=False)

Body = dict[str, Any]
Site = Callable[[str], str]
Expanded = Mapping[str, Any]  # related rows by our name: provider, course, programmes
Level = int | str | None

NOTHING: Expanded = {}


def level_of(version: ModuleVersion) -> Level:
    """1 to 8 where the level may be stated as official (Wet NLQF); otherwise `mbo`, or None: unknown."""
    if version.level and version.level_is_official:
        return version.level
    return Track.MBO.value if version.track == Track.MBO else None


def at_level(level: Level) -> Q:
    """The versions of which `level_of` says this."""
    if isinstance(level, int):
        return OFFICIAL_LEVEL & Q(level=level)
    of_track = Q(track=Track.MBO) if level else ~Q(track=Track.MBO)
    return ~OFFICIAL_LEVEL & of_track


def indicative_level(version: ModuleVersion) -> int | None:
    """The level that an author gave without a code or register number: 'indicatief niveau'."""
    return None if version.level_is_official else version.level


def texts(text: Text) -> list[Body]:
    """A text per language, Dutch first."""
    return [{"language": LOCALES[key], "value": text[key]} for key in LOCALES if text.get(key)]


def code(value: str, kind: str = "identifier") -> Body:
    """A code of a kind."""
    return {"codeType": kind, "code": value}


def codes(values: dict[str, str]) -> list[Body]:
    """Those of some kinds that are filled in."""
    return [code(value, kind) for kind, value in values.items() if value]


def said(body: Body) -> Body:
    """Without what is not known."""
    return {key: value for key, value in body.items() if value not in (None, "", [], {})}


def load(value: Decimal, unit: str) -> Body | None:
    """A value and a unit, which both versions name alike; nothing where the author gave none."""
    return {"studyLoadUnit": unit, "value": float(value)} if value else None


def extras(version: ModuleVersion) -> Body:
    """What neither version has a word for."""
    skills = [{"framework": s.framework, "uri": s.uri, "label": s.label_en} for s in version.skills.all()]
    return said(
        {
            "track": version.track,
            "purpose": version.purpose,
            "documentType": version.document_type,
            "indicativeLevel": indicative_level(version),
            "workProcesses": version.work_processes,
            "skills": skills,
        }
    )


def position_of(place: Location) -> Body | None:
    """Where it lies on the map (WGS84)."""
    if place.latitude is None or place.longitude is None:
        return None
    return {"latitude": float(place.latitude), "longitude": float(place.longitude)}


def module_page(version: ModuleVersion, site: Site) -> str:
    """The address where people read about it."""
    module = version.module
    return site(reverse("courses:module", args=[module.provider.slug, module.code]))


def first_filled(*texts: Text) -> Text:
    """The first that says something in any language."""
    return next((text for text in texts if any(text.values())), {})


def course_of(module: Module) -> ModuleVersion:
    """What a module in a programme offers now; asked for by `sources.programmes`."""
    return module.current[0]  # type: ignore[attr-defined]


def deliveries_of(version: ModuleVersion) -> list[str]:
    """How the runs that one can join are given; asked for by `sources.courses`."""
    runs = [run for each in version.module.runs for run in each.open_runs]  # type: ignore[attr-defined]
    return sorted({run.delivery for run in runs})


def programmes_of(version: ModuleVersion) -> list[UUID]:
    """The published programmes that hold the module."""
    return [item.programme_id for item in version.module.places]  # type: ignore[attr-defined]


def courses_in(programme: Programme) -> list[ModuleVersion]:
    """What its modules offer now, in order."""
    return [course_of(item.module) for item in programme.items.all() if item.module.current]  # type: ignore[attr-defined]


def programme_level(programme: Programme) -> Level:
    """The derived level where it may be stated as official; otherwise `mbo` where every module is mbo, or None."""
    outline = _outline(programme)
    if outline.level and outline.level.is_official:
        return outline.level.level
    return "mbo" if {step.version.track for step in outline.steps} == {Track.MBO} else None


def programme_load(programme: Programme) -> Body | None:
    """The least load of the whole, where it counts in one unit: SBU never turn into EC."""
    loads = _outline(programme).loads
    return load(loads[0].least, loads[0].unit) if len(loads) == 1 else None


def _outline(programme: Programme) -> Outline:
    """From what `sources.programmes` asked for."""
    items = [item for item in programme.items.all() if item.module.current]  # type: ignore[attr-defined]
    return Outline(programme, tuple(Step(item, course_of(item.module), ()) for item in items))


def street_and_number(line: str) -> tuple[str, str]:
    """'Parallelweg 31a' apart; what has no number stays whole."""
    found = HOUSE_NUMBER.match(line)
    return (found[1], found[2]) if found else (line, "")


def price_of(offering: Offering) -> dict[str, str]:
    """With and without VAT, as amounts in euros."""
    amounts = {"amount": offering.price_with_vat, "vatAmount": offering.vat, "amountWithoutVat": offering.price}
    return {name: f"{amount:.2f}" for name, amount in amounts.items()} | {"currency": "EUR"}


def start_of(day: date) -> datetime:
    """The first moment of a calendar day in the region."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of(day: date) -> datetime:
    """Its last second."""
    return start_of(day + timedelta(days=1)) - timedelta(seconds=1)


def moment(at: datetime) -> str:
    """RFC 3339, as the clock shows it in the region."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def is_available(offering: Offering) -> bool:
    """One can join it or take part in it today."""
    day = today()
    ended = offering.ends_on is not None and offering.ends_on < day
    return not ended and not (offering.enroll_from and day < offering.enroll_from)


def available() -> Q:
    """The offerings of which `is_available` says so."""
    day = today()
    return (Q(ends_on=None) | Q(ends_on__gte=day)) & (Q(enroll_from=None) | Q(enroll_from__lte=day))


def tests(yes: bool) -> Q:
    """The units that are judged by their questions, or the others."""
    judged = Q(kind__in=[key for key, kind in KINDS.items() if kind.judged])
    return judged if yes else ~judged


def place_number(unit: Any) -> str:
    """Where a unit stands: 2.1 is the first of the second chapter."""
    return f"{unit.section.position + 1}.{unit.position + 1}"

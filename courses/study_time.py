"""The estimated minutes of units, added up and held against the study load."""

from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import LoadUnit, ModuleVersion, Unit

HOURS_PER_EC = 28  # EC belong to hbo and wo only; hours and SBU are clock hours and are never turned into EC
TOLERANCE = 25  # percent


def minutes_of(units: Iterable[Unit]) -> int:
    """What units take together, all of them: the load counts optional ones too."""
    return sum(unit.minutes for unit in units)


def load_minutes(version: ModuleVersion) -> int:
    """The study load in minutes."""
    return round(version.load * 60 * (HOURS_PER_EC if version.load_unit == LoadUnit.ECTS else 1))


def is_far_off(version: ModuleVersion, minutes: int) -> bool:
    """The units take a quarter more or less than the study load says; never where no load is given."""
    load = load_minutes(version)
    return load > 0 and abs(minutes - load) * 100 > TOLERANCE * load


def in_words(minutes: int) -> str:
    """`9 uur en 20 minuten`."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": number_format(hours)})
    if rest or not hours:
        parts.append(ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest})
    return _(" and ").join(parts)


def sentence(version: ModuleVersion, minutes: int) -> str:
    """What the units take together, beside the study load."""
    load = load_minutes(version)
    if not load:
        return _("The units together take %(minutes)s; no study load is given yet.") % {"minutes": in_words(minutes)}
    names = {"minutes": in_words(minutes), "load": in_words(load), "ec": number_format(version.load.normalize())}
    if version.load_unit == LoadUnit.ECTS:
        return _("The units together take %(minutes)s; the study load is %(ec)s EC, which is %(load)s.") % names
    return _("The units together take %(minutes)s; the study load is %(load)s.") % names

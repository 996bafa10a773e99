"""How programmes are put into words, and a module's place among others."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from courses.models import LoadUnit, Module, Programme
from courses.programme_outline import Level, Load
from courses.titles import titles_of
from lms.core.texts import localized

register = template.Library()


@register.filter
def programme_level_words(level: Level | None) -> str:
    """The derived level as it may be shown. Empty without one."""
    if level is None:
        return ""
    words = _("NLQF level %(level)d") if level.is_official else _("indicative level %(level)d")
    return words % {"level": level.level}


@register.filter
def programme_level_basis(level: Level) -> str:
    """From what the level follows."""
    titles = ", ".join(localized(version.title) for version in level.stated_by)
    told = _("The highest level of the required modules: %(titles)s.") % {"titles": titles}
    if level.is_official:
        return told
    return f"{told} " + _("Indicative, because not every required module has an official level.")


@register.filter
def loads_words(loads: Iterable[Load]) -> str:
    """Study load per unit, never converted: `240 SBU + 5 EC`, with a range where it depends on the choice."""
    return " + ".join(_load(load) for load in loads)


def _load(load: Load) -> str:
    unit = {LoadUnit.HOUR: _("hours"), LoadUnit.SBU: "SBU", LoadUnit.ECTS: "EC"}[load.unit]
    least, most = _figure(load.least), _figure(load.most)
    return f"{least} {unit}" if least == most else f"{least}–{most} {unit}"


def _figure(amount: Decimal) -> str:
    whole = amount == amount.to_integral_value()
    return str(int(amount)) if whole else str(number_format(amount.normalize(), use_l10n=True))


@register.inclusion_tag("courses/module_place.html")
def module_place(module: Module) -> dict[str, Any]:
    """What a module asks beforehand, and in which programmes it is."""
    programmes = Programme.objects.on_offer().filter(items__module=module).select_related("provider")
    asked = module.prerequisites.values_list("requires", flat=True)
    return {"programmes": programmes.order_by("pk"), "asked": titles_of(asked).values()}

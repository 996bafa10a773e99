"""How facts of a module and an offering are put into words."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from courses.completion_rule import sentence
from courses.differences import words
from courses.differences.words import Run
from courses.models import Decision, Image, LoadUnit, ModuleVersion, NlqfBasis, Offering, Section
from courses.policies import can_edit_module
from courses.study_time import in_words, minutes_of
from lms.core.money import euros
from lms.core.texts import localized
from lms.web.markdown import render_markdown

register = template.Library()

VERSION_CHIPS = {"draft": "warn", "in_review": "info", "approved": "info", "published": "pos"}
DECISION_CHIPS = {Decision.APPROVED: "pos", Decision.CHANGES_REQUESTED: "warn"}
STATE_CHIPS = {"open": "pos", "full": "warn", "not_yet_open": "info", "cancelled": "neg"}


@register.filter
def load_words(version: ModuleVersion) -> str:
    """The study load with its unit: `8 uur`, `5 EC`."""
    figure = number_format(version.load.normalize() if version.load else 0, use_l10n=True, decimal_pos=None)
    if version.load == version.load.to_integral_value():
        figure = str(int(version.load))
    unit = {LoadUnit.HOUR: _("hours"), LoadUnit.SBU: "SBU", LoadUnit.ECTS: "EC"}[LoadUnit(version.load_unit)]
    return f"{figure} {unit}"


@register.filter
def rule_words(version: ModuleVersion) -> str:
    """When it is completed, as one plain sentence."""
    return sentence(version.rule)


@register.filter
def minutes_words(sections: Iterable[Section]) -> str:
    """How long the units of these sections take together: `45 minuten`, `2 uur en 10 minuten`."""
    return in_words(sum(minutes_of(section.units.all()) for section in sections))


@register.filter
def languages_words(version: ModuleVersion) -> str:
    """The languages of instruction, each by its name."""
    names = {"nl": _("Dutch"), "en": _("English")}
    return ", ".join(names.get(language, language) for language in version.languages)


@register.filter
def time_words(units: Any) -> str:
    """What units take together, in words; nothing where there are none."""
    return in_words(minutes_of(units)) if units else ""


@register.filter
def level_words(version: ModuleVersion) -> str:
    """The level as it may be shown: official only by right, else indicative (Wet NLQF). Empty without a level."""
    if version.level is None:
        return ""
    if version.level_is_official:
        return _("NLQF level %(level)d") % {"level": version.level}
    return _("indicative level %(level)d") % {"level": version.level}


@register.filter
def level_basis(version: ModuleVersion) -> str:
    """By what right the level is stated."""
    if not version.level_is_official:
        return _("Estimated by the provider; not established by law or register.")
    if version.nlqf_basis == NlqfBasis.REGISTER:
        return _("Entered in the NLQF register under number %(number)s.") % {"number": version.nlqf_number}
    codes = [f"crebo {version.crebo}" if version.crebo else "", f"croho {version.croho}" if version.croho else ""]
    return _("By law, through %(codes)s.") % {"codes": ", ".join(filter(None, codes))}


@register.filter
def version_state_chip(version: ModuleVersion) -> str:
    """The chip's kind for where a version is in its life."""
    return VERSION_CHIPS.get(version.state, "")


@register.filter
def decision_chip(decision: str) -> str:
    """The chip's kind for how a review ended."""
    return DECISION_CHIPS.get(Decision(decision), "")


@register.filter
def shortened(runs: list[Run]) -> list[Run]:
    """A text's differences without the long stretches that did not change."""
    return list(words.shortened(runs))


@register.filter
def may_be_written_by(version: ModuleVersion, user: Any) -> bool:
    """Is the user one of its authors?"""
    return can_edit_module(user, version.module)


@register.filter
def money(amount: Decimal) -> str:
    """An amount in euros."""
    return euros(amount)


@register.filter
def price_words(offering: Offering) -> str:
    """The price ex VAT, or that it is free."""
    return money(offering.price) if offering.price else _("free of charge")


@register.filter
def vat_words(offering: Offering) -> str:
    """What comes on top of the price."""
    if not offering.price:
        return ""
    if not offering.vat_percentage:
        return _("no VAT")
    percentage = number_format(offering.vat_percentage.normalize(), use_l10n=True)
    words = {"percentage": percentage, "vat": money(offering.vat), "total": money(offering.price_with_vat)}
    return _("+ %(percentage)s%% VAT (%(vat)s) = %(total)s") % words


@register.filter
def places_words(offering: Offering) -> str:
    """How many places are left, in words."""
    left = offering.places_left
    if left is None:
        return _("no limit")
    if left == 0:
        return _("full: waiting list")
    return _("%(left)d of %(capacity)d left") % {"left": left, "capacity": offering.capacity}


@register.filter
def minimum_words(offering: Offering) -> str:
    """From how many it runs, and how many there are; empty where there is no minimum."""
    if offering.minimum is None:
        return ""
    return _("runs from %(minimum)d, now %(taken)d") % {"minimum": offering.minimum, "taken": offering.taken}


@register.filter
def state_words(offering: Offering) -> str:
    """The derived state in words."""
    return {
        "archived": _("archived"),
        "cancelled": _("cancelled"),
        "finished": _("finished"),
        "not_yet_open": _("not open yet"),
        "closed": _("enrollment closed"),
        "full": _("full"),
        "open": _("open"),
    }[offering.state]


@register.filter
def state_chip(offering: Offering) -> str:
    """The chip's kind for the state."""
    return STATE_CHIPS.get(offering.state, "")


@register.simple_tag
def prose(source: str, module_id: Any = None, heading: int = 2) -> SafeString:
    """An author's markdown as safe HTML, with the pictures of this module and their stored words."""
    known = {}
    if module_id and "image:" in source:
        known = {image.pk: image for image in Image.objects.filter(module=module_id)}
    for pk, image in known.items():
        source = source.replace(f"![](image:{pk})", f"![{_plain(localized(image.alt))}](image:{pk})")

    def address(pk: Any) -> str | None:
        return reverse("courses:image", args=[pk]) if pk in known else None

    return render_markdown(source, image_url=address, first_heading=heading)


@register.filter
def of_question(values: Any, question: str) -> Any:
    """What a mapping by question id holds for this question; nothing where there is no mapping."""
    return values.get(question) if isinstance(values, dict) else None


def _plain(words: str) -> str:
    """Words that cannot break out of the square brackets of markdown."""
    return words.replace("\\", "").replace("[", "(").replace("]", ")").replace("\n", " ")

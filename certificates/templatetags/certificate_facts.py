"""Facts of a frozen snapshot in the reader's words."""

from datetime import date
from typing import Any

from django import template
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from certificates.models import Certificate
from courses.models import LoadUnit
from lms.core.ids import CODE_LENGTH

register = template.Library()

STATE_KINDS = {"valid": "pos", "expired": "warn", "replaced": "warn", "revoked": "neg"}


@register.filter
def state_kind(certificate: Certificate) -> str:
    """The color of its state."""
    return STATE_KINDS[certificate.state]


@register.filter
def level_words(facts: dict[str, Any]) -> str:
    """Official only on a code or a register number (Wet NLQF); 'indicative' in so many words otherwise."""
    level = facts["level"]
    if level is None:
        return _("not stated")
    if not level["official"]:
        return _("indicative level %(level)s (NLQF/EQF)") % {"level": level["nlqf"]}
    codes = facts["codes"]
    basis = [f"{name} {codes[name]}" for name in ("crebo", "croho") if codes[name]]
    if level["basis"] == "register":
        basis = [_("NLQF register %(number)s") % {"number": level["register_number"]}]
    return f"NLQF {level['nlqf']} / EQF {level['nlqf']} ({', '.join(basis)})"


@register.filter
def load_words(facts: dict[str, Any]) -> str:
    """The study load in its own unit."""
    load = facts["load"]
    if load is None:
        return _("not stated")
    return f"{number_format(load['value'].removesuffix('.0'))} {LoadUnit(load['unit']).label}"


@register.filter
def frozen_day(iso: str) -> str:
    """A day of the snapshot, written out."""
    return date_format(date.fromisoformat(iso), "j F Y")


@register.filter
def grouped(code: str) -> str:
    """The code as it is printed: in groups of four."""
    return " ".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4))

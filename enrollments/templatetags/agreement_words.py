"""How agreements and their ledger look."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from enrollments.models import Agreement
from lms.web.templatetags.components import chip

register = template.Library()


@register.simple_tag
def agreement_chip(agreement: Agreement) -> SafeString:
    """Where an agreement is."""
    words = {
        "proposed": (_("proposed"), "warn"),
        "taken_back": (_("taken back"), ""),
        "to_come": (_("to come"), "info"),
        "in_force": (_("in force"), "pos"),
        "over": (_("over"), ""),
        "ended": (_("ended early"), "neg"),
    }
    return chip(*words[agreement.state])


@register.filter
def signed(number: int) -> str:
    """With its sign: what a line adds or takes."""
    return f"+{number}" if number > 0 else f"−{-number}" if number < 0 else "0"

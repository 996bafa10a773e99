"""How training needs are put into words and pictures."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Offering, ReservedPlaces
from enrollments.models import BundleState, NeedState, TrainingNeed
from enrollments.needs.scoring import Fit
from lms.web.templatetags.components import chip, icon

register = template.Library()

KINDS = {NeedState.BUNDLED: "info", NeedState.ANSWERED: "warn", NeedState.MET: "pos"}
BUNDLE_KINDS = {BundleState.ASKED: "info", BundleState.ANSWERED: "pos"}
ICONS = {Fit.FULL: "check", Fit.PART: "warning", Fit.MISS: "error", Fit.NONE: "info"}
GOOD, FAIR = 75, 45


@register.simple_tag
def need_chip(state: str) -> SafeString:
    """The state of a need."""
    known = NeedState(state)
    return chip(known.label, KINDS.get(known, ""))


@register.simple_tag
def score_chip(score: int) -> SafeString:
    """How well a module fits, in words and as a figure."""
    words = _("fits well") if score >= GOOD else _("fits in part") if score >= FAIR else _("fits a little")
    return chip(f"{words}: {score}%", "pos" if score >= GOOD else "info" if score >= FAIR else "")


@register.simple_tag
def fit_icon(fit: Fit) -> SafeString:
    """A picture of how well one thing fits, with the word for who cannot see it."""
    words = {Fit.FULL: _("fits"), Fit.PART: _("fits in part"), Fit.MISS: _("does not fit"), Fit.NONE: ""}[fit]
    hidden = format_html('<span class="visually-hidden">{}:</span> ', words) if words else SafeString("")
    return format_html("<span>{}{}</span>", icon(ICONS[fit]), hidden)


@register.filter
def is_open(offering: Offering) -> bool:
    """People can be enrolled in it now; when it is full they wait."""
    return offering.state in ("open", "full")


@register.filter
def where_words(need: TrainingNeed) -> str:
    """Near which place; anywhere when none was named."""
    if not need.place:
        return _("anywhere")
    return _("%(place)s, within %(km)d km") % {"place": need.place, "km": need.km}


@register.simple_tag
def bundle_chip(state: str) -> SafeString:
    """The state of a bundle."""
    known = BundleState(state)
    return chip(known.label, BUNDLE_KINDS.get(known, ""))


@register.simple_tag
def kept_words(kept: ReservedPlaces) -> str:
    """How many places are kept for an employer, and how many of them it took."""
    words = {"places": kept.places, "taken": min(kept.taken, kept.places)}
    if kept.given_up_at:
        text = ngettext("%(places)d place was given up", "%(places)d places were given up", kept.places)
    else:
        text = ngettext(
            "%(places)d place reserved, %(taken)d taken", "%(places)d places reserved, %(taken)d taken", kept.places
        )
    return text % words


@register.simple_tag
def gap_bar(percent: int) -> SafeString:
    """A bar of 0 to 100. The figure stands beside it, so that it is decoration for who cannot see it."""
    return format_html(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="all" width="100" height="10" rx="2"></rect>'
        '<rect class="have" width="{}" height="10" rx="2"></rect></svg>',
        percent,
    )

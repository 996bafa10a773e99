"""How requests and their turns look."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from enrollments.models import ApprovalStep, Approver, Decision
from enrollments.requests import PlaceRequest
from lms.web.templatetags.components import chip

register = template.Library()

KINDS = {Decision.APPROVED: "pos", Decision.REFUSED: "neg", "open": "warn"}


@register.simple_tag
def request_chip(one: PlaceRequest) -> SafeString:
    """Where a request is, in a word."""
    words = {
        "open": _("waits for a decision"),
        "approved": _("approved"),
        "refused": _("refused"),
        "withdrawn": _("withdrawn"),
    }
    return chip(words[one.state], KINDS.get(one.state, ""))


@register.simple_tag
def room_chip(one: PlaceRequest) -> SafeString:
    """What a yes would do now."""
    if one.room == "closed":
        return chip(_("over or cancelled"), "neg")
    if one.room == "full":
        return chip(_("full: waiting list"), "warn")
    left = one.places_left
    return chip(_("places without limit") if left is None else _("%(left)d places left") % {"left": left}, "pos")


@register.filter
def decider_words(step: ApprovalStep) -> str:
    """Whose turn it is or was."""
    if step.decided_by_id and step.decision in (Decision.APPROVED, Decision.REFUSED):
        return str(step.decided_by)
    return str(step.manager) if step.approver == Approver.MANAGER and step.manager else _("HR")


@register.filter
def turn_words(step: ApprovalStep) -> str:
    """How a turn ended."""
    return {
        "": _("has to decide"),
        Decision.APPROVED: _("approved"),
        Decision.REFUSED: _("refused"),
        Decision.PASSED_ON: _("did not decide: passed on"),
        Decision.WITHDRAWN: _("withdrawn before a decision"),
    }[step.decision]


@register.filter
def turn_kind(step: ApprovalStep) -> str:
    """The color of a turn."""
    return {Decision.APPROVED: "pos", Decision.REFUSED: "neg"}.get(Decision(step.decision), "") if step.decision else ""

"""How states of enrollments and units look."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from enrollments.models import EnrollmentState
from enrollments.progress import StepState
from lms.web.templatetags.components import chip, icon

register = template.Library()

KINDS = {
    EnrollmentState.ACTIVE: "info",
    EnrollmentState.WAITLISTED: "warn",
    EnrollmentState.OFFERED: "warn",
    EnrollmentState.COMPLETED: "pos",
    EnrollmentState.NOT_PASSED: "neg",
    EnrollmentState.EXPIRED: "neg",
}
ICONS = {
    StepState.TODO: "todo",
    StepState.STARTED: "clock",
    StepState.DONE: "done",
    StepState.FAILED: "warning",
}


@register.simple_tag
def state_chip(state: str) -> SafeString:
    """The state of an enrollment, from an object or a row."""
    known = EnrollmentState(state)
    return chip(known.label, KINDS.get(known, ""))


@register.simple_tag
def step_icon(state: StepState) -> SafeString:
    """A picture of the state of a unit; the word is beside it or hidden for those who see."""
    return icon(ICONS[state])


@register.filter
def capital(words: Any) -> str:
    """With a capital at the start of a sentence."""
    text = str(words)
    return text[:1].upper() + text[1:]

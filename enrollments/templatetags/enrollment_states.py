"""How states of enrollments and units look."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from courses.lineage import Fate, UnitTrace
from enrollments.models import EnrollmentState
from enrollments.progress import StepState
from lms.web.templatetags.components import chip, icon

register = template.Library()

KINDS = {
    EnrollmentState.REQUESTED: "warn",
    EnrollmentState.REFUSED: "neg",
    EnrollmentState.ACTIVE: "info",
    EnrollmentState.WAITLISTED: "warn",
    EnrollmentState.OFFERED: "warn",
    EnrollmentState.COMPLETED: "pos",
    EnrollmentState.NOT_PASSED: "neg",
    EnrollmentState.EXPIRED: "neg",
}
FATES = {Fate.CHANGED: "warn", Fate.NEW: "info", Fate.REMOVED: "neg"}
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


@register.simple_tag
def fate_chip(trace: UnitTrace) -> SafeString:
    """What became of a unit in a newer version."""
    return chip(trace.fate.label, FATES.get(trace.fate, ""))


@register.filter
def changes_words(trace: UnitTrace) -> str:
    """Which facts of a unit differ."""
    words = {
        "kind": _("kind"),
        "title": _("title"),
        "data": _("content"),
        "minutes": _("estimated minutes"),
        "required": _("required or optional"),
        "points": _("points"),
        "place": _("place"),
    }
    return ", ".join(str(word) for name, word in words.items() if name in trace.changes)


@register.filter
def carried_words(trace: UnitTrace) -> str:
    """What happens to the work of who did this unit, when they move."""
    if trace.before is None:
        return _("still to be done")
    if trace.after is None:
        return _("stays as evidence, counts no more")
    if not trace.carries(redo_changed=False):
        return _("must be done again: it is another kind of unit")
    if not trace.carries(redo_changed=True):
        return _("you choose: it counts, or it is done again")
    return _("counts")


@register.filter
def hours_words(minutes: int) -> str:
    """Minutes as people say them: `1:30 hours`."""
    return _("%(hours)d:%(minutes)02d hours") % {"hours": minutes // 60, "minutes": minutes % 60}

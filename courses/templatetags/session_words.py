"""How sessions are put into words."""

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from courses.models import Session, SessionState
from lms.web.templatetags.components import chip

register = template.Library()

CHIPS = {SessionState.CANCELLED: "neg", SessionState.RUNNING: "pos", SessionState.OVER: ""}


@register.filter
def session_times(session: Session) -> str:
    """Such as `Monday 1 March 2027, 09:00–12:00`, as the clock in Amsterdam says."""
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    last = f"{ends:%H:%M}" if starts.date() == ends.date() else f"{date_format(ends, 'j F')} {ends:%H:%M}"
    return f"{date_format(starts, 'l j F Y')}, {starts:%H:%M}–{last}"


@register.filter
def clock_times(session: Session) -> str:
    """Such as `09:00–12:00`."""
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return f"{starts:%H:%M}–{ends:%H:%M}"


@register.simple_tag
def session_chip(session: Session) -> SafeString:
    """The state where it says more than the time does."""
    if session.state in CHIPS:
        return chip(session.state.label, CHIPS[session.state])
    return chip(_("changed"), "warn") if session.moves else SafeString("")

"""How rules and duties are said."""

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enrollments.duties.rows import DutyRow
from enrollments.models import EnrollmentState, TrainingRule
from lms.web.templatetags.components import chip

register = template.Library()


@register.filter
def whom_words(rule: TrainingRule) -> str:
    """Whom a rule is about."""
    if rule.department and rule.job_title:
        return _("%(function)s in %(department)s") % {"function": rule.job_title, "department": rule.department}
    if rule.department:
        return _("everybody in %(department)s") % {"department": rule.department}
    return rule.job_title or _("all staff")


@register.filter
def valid_words(rule: TrainingRule) -> str:
    """How long it counts."""
    if rule.valid_months is None:
        return _("for good")
    months = ngettext("%(n)d month", "%(n)d months", rule.valid_months) % {"n": rule.valid_months}
    days = ngettext("%(n)d day before", "%(n)d days before", rule.renew_days) % {"n": rule.renew_days}
    return _("%(months)s, again from %(days)s") % {"months": months, "days": days}


@register.simple_tag
def duty_chip(row: DutyRow) -> SafeString:
    """How a duty stands."""
    duty = row.duty
    if duty.state == "met":
        until = duty.valid_until
        return chip(_("valid until %(day)s") % {"day": date_format(until, "j F Y")} if until else _("met"), "pos")
    if duty.state == "overdue":
        late = ngettext("%(n)d day late", "%(n)d days late", row.days_late) % {"n": row.days_late}
        return chip(late, "neg")
    return chip(_("lifted") if duty.state == "lifted" else _("to be done"), "" if duty.lifted_at else "warn")


@register.filter
def how_words(row: DutyRow) -> str:
    """By what it is met, or what holds it up."""
    if row.is_shown:
        return _("completed elsewhere, shown by the worker")
    if row.duty.obstacle:
        return _("not enrolled: %(why)s") % {"why": row.duty.get_obstacle_display()}
    if row.enrollment is None:
        return _("not enrolled yet") if row.duty.is_open else ""
    label = EnrollmentState(row.enrollment.state).label
    if row.enrollment.state == EnrollmentState.ACTIVE:
        return _("%(state)s, %(percent)d%%") % {"state": label, "percent": row.enrollment.percent}
    return str(label)

"""Reports by mail: which I get, and stopping them."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from enrollments.models import Frequency, ScheduledReport
from enrollments.policies import can_view_some_reports
from enrollments.reports.catalog import REPORTS
from enrollments.services.scheduling import schedule_report, stop_schedule
from lms.core.errors import Forbidden


class FrequencyForm(forms.Form):
    """When it is to come."""

    is_filter = True
    frequency = forms.ChoiceField(label=gettext_lazy("Mail me this report"), choices=Frequency.choices)


@login_required
@require_safe
def scheduled(request: HttpRequest) -> HttpResponse:
    """What I get by mail."""
    if not can_view_some_reports(request.user):
        raise Forbidden
    mine = ScheduledReport.objects.visible_to(request.user).select_related("employer").order_by("next_on", "id")
    shown = [{"schedule": one, "report": REPORTS[one.kind], "filters": _filters(one)} for one in mine]
    return render(request, "enrollments/reports/scheduled.html", {"scheduled": shown})


@login_required
@require_POST
def schedule(request: HttpRequest, slug: str) -> HttpResponse:
    """Mail me this report, with the filters it has now."""
    report = next((report for report in REPORTS.values() if report.slug == slug), None)
    if report is None:
        raise Http404
    asked, form = report.ask(request.user, request.POST), FrequencyForm(request.POST)
    if form.is_valid():
        schedule_report(report=report, asked=asked, frequency=form.cleaned_data["frequency"])
        messages.success(request, _("The report comes by mail, with figures and a link; no names are in the mail."))
    else:
        messages.error(request, _("Choose how often."))
    return redirect("enrollments:scheduled_reports")


@login_required
@require_POST
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """No more mails."""
    user: Any = request.user
    stop_schedule(by=user, pk=pk)
    messages.success(request, _("You do not get this report any more."))
    return redirect("enrollments:scheduled_reports")


def _filters(schedule: ScheduledReport) -> list[str]:
    return [str(value) for name, value in schedule.filters.items() if name not in ("employer", "figure", "department")]

"""Pages of reports, below /rapporten/."""

from django.urls import path, re_path

from . import funding, reports, scheduling

urlpatterns = [
    path("", reports.reports, name="reports"),
    path("subsidie/vastleggen/", funding.record, name="record_funding"),
    path("subsidie/<uuid:pk>/uit-dossier/", funding.withdraw, name="withdraw_claim"),
    path("per-mail/", scheduling.scheduled, name="scheduled_reports"),
    path("per-mail/<uuid:pk>/stoppen/", scheduling.stop, name="stop_schedule"),
    path("<slug:slug>/inplannen/", scheduling.schedule, name="schedule_report"),
    path("<slug:slug>/", reports.report, name="report"),
    path("<slug:slug>/regels/", reports.rows, name="report_rows"),
    re_path(r"^(?P<slug>[\w-]+)/regels\.(?P<form>csv|xlsx)$", reports.file, name="report_file"),
]

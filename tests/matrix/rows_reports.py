"""Reports: HR, and who leads people."""

from .row import SIGNED_IN, Ref, Row, form, may

HR = "hr staff"
PEOPLE = {"slug": "mijn-mensen"}

REPORTS: dict[str, Row] = {
    "report-list GET": may(HR),
    "report-detail GET": may(HR, pk="people"),
    "report-rows GET": may(HR, pk="people"),
    "report-agreements GET": may(HR),
    "report-months GET": may(HR),
    "report-departments GET": may(HR, pk="people"),
    "report-csv GET": may(HR, pk="people"),
    "report-xlsx GET": may(HR, pk="people"),
    "funding-record-list POST": may(
        HR, body={"enrollments": [Ref("enrollment")], "scheme": "SLIM", "dossier_number": "D-1"}
    ),
    "funding-record-detail DELETE": may(HR, pk=Ref("claimed"), visible=True),
    "enrollments:record_funding GET": may(HR),
    "enrollments:record_funding POST": form(HR, fields={"row": Ref("enrollment")}),
    "enrollments:withdraw_claim POST": form(HR, pk=Ref("claimed"), visible=True),
    "enrollment-grade-share POST": may("worker", pk=Ref("enrollment")),
    "enrollment-grade-share DELETE": may("worker", pk=Ref("enrollment")),
    "enrollments:what_my_employer_sees GET": may(SIGNED_IN),
    "enrollments:share_grade POST": form("worker", pk=Ref("enrollment")),
    "scheduled-report-list GET": may(SIGNED_IN),
    "scheduled-report-list POST": may(HR, body={"report": "people", "frequency": "weekly"}),
    "scheduled-report-detail DELETE": may("hr", pk=Ref("scheduled")),
    "enrollments:scheduled_reports GET": may(HR),
    "enrollments:stop_schedule POST": form("hr", pk=Ref("scheduled")),
    "enrollments:schedule_report POST": form(HR, **PEOPLE, fields={"frequency": "weekly"}),
    "enrollments:reports GET": may(HR),
    "enrollments:report GET": may(HR, **PEOPLE),
    "enrollments:report_rows GET": may(HR, **PEOPLE),
    "enrollments:report_file GET": may(HR, **PEOPLE, form="csv"),
}

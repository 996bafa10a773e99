"""Reports: HR, and who leads people."""

from .row import Row, may

HR = "hr staff"
PEOPLE = {"slug": "mijn-mensen"}

REPORTS: dict[str, Row] = {
    "report-list GET": may(HR),
    "report-detail GET": may(HR, pk="people"),
    "report-rows GET": may(HR, pk="people"),
    "report-departments GET": may(HR, pk="people"),
    "report-csv GET": may(HR, pk="people"),
    "report-xlsx GET": may(HR, pk="people"),
    "enrollments:reports GET": may(HR),
    "enrollments:report GET": may(HR, **PEOPLE),
    "enrollments:report_rows GET": may(HR, **PEOPLE),
    "enrollments:report_file GET": may(HR, **PEOPLE, form="csv"),
}

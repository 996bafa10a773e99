"""The demo story: HR's report comes by mail, half a group is in a subsidy dossier, a worker shares a grade."""

from decimal import Decimal

from enrollments.models import Enrollment
from enrollments.reports.people import PEOPLE
from enrollments.services.funding import record_funding
from enrollments.services.scheduling import schedule_report
from enrollments.services.sharing import share_grade
from lms.accounts.models import User
from lms.core.clock import today
from lms.organizations.demo.moments import ago
from lms.organizations.models import Organization

ANNEKE = "anneke.veldhuis@zwaluwstaal.example"
GROUP = "cnc-veilig-instellen-voorjaar"
IN_DOSSIER = ("fatma.yildiz", "janwillem.schuurman")
SHARES = "fatma.yildiz"


def tell_reports() -> None:
    """Anneke gets a report every Monday and put two of the spring group into a dossier; Fatma shows a grade."""
    anneke, employer = User.objects.get(email=ANNEKE), Organization.objects.get(slug="zwaluwstaal")
    group = Enrollment.objects.filter(offering__code=GROUP, employer=employer).select_related("learner")
    by_name = {str(one.learner.email).split("@")[0]: one for one in group}
    with ago(20, by=anneke):
        record_funding(
            by=anneke,
            employer=employer,
            enrollments=[by_name[name].pk for name in IN_DOSSIER],
            scheme="SLIM",
            dossier_number="SLIM-2026-0142",
            facts={
                "wage_hours": Decimal(24),
                "invoice_number": "RT-26-0388",
                "invoice_dated_on": today(),
            },
        )
    with ago(12, by=by_name[SHARES].learner):
        share_grade(by=by_name[SHARES].learner, enrollment=by_name[SHARES])
    with ago(3, by=anneke):
        schedule_report(report=PEOPLE, asked=PEOPLE.ask(anneke, {}), frequency="weekly")

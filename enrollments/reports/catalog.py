"""Which reports there are."""

from .budget import BUDGET
from .expiry import EXPIRY
from .funding import FUNDING
from .needs import NEEDS
from .people import PEOPLE
from .report import Report

REPORTS: dict[str, Report] = {report.kind: report for report in (PEOPLE, EXPIRY, BUDGET, NEEDS, FUNDING)}


def reports_for(*, as_hr: bool) -> list[Report]:
    """Those that HR sees, or who leads people."""
    return [report for report in REPORTS.values() if as_hr or not report.hr_only]

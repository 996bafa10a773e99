"""Which reports there are."""

from .people import PEOPLE
from .report import Report

REPORTS: dict[str, Report] = {report.kind: report for report in (PEOPLE,)}

"""Which reports there are."""

from .expiry import EXPIRY
from .funding import FUNDING
from .people import PEOPLE
from .report import Report

REPORTS: dict[str, Report] = {report.kind: report for report in (PEOPLE, EXPIRY, FUNDING)}

"""Where a report, its rows and its files are on the web."""

from urllib.parse import urlencode

from django.urls import reverse

from .filters import Asked
from .report import Report


def address_of(route: str, report: Report, asked: Asked, figure: str | None = None, **path: str) -> str:
    """The address of `route` with what was asked, opened at `figure`."""
    parameters = asked.parameters
    parameters.pop("figure", None)
    if figure:
        parameters["figure"] = figure
    return f"{reverse(f'enrollments:{route}', kwargs={'slug': report.slug, **path})}?{urlencode(parameters)}"

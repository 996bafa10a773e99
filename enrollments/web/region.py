"""The figures of the region, for public bodies."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from enrollments.models import RegionalQuarter
from enrollments.policies import can_view_regional_figures
from enrollments.region.figures import Period, divide, people_of, periods_of, total_of
from enrollments.region.suppression import FEWEST_EMPLOYERS, FEWEST_PEOPLE, P_PERCENT
from enrollments.region.tables import MEASURES, TABLES
from enrollments.services.regional import export_regional_figures
from lms.core.errors import Forbidden

LATEST = 6  # quarters in the picture of how it goes


@login_required
@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Totals, how they go over the quarters, and each table of the chosen period."""
    periods = _periods(request)
    context: dict[str, Any] = {
        "periods": periods,
        "rule": {"people": FEWEST_PEOPLE, "employers": FEWEST_EMPLOYERS, "percent": P_PERCENT},
    }
    if periods:
        chosen = _chosen(request, periods)
        context |= {
            "chosen": chosen,
            "totals": [(one, total_of(chosen, one), people_of(chosen, one)) for one in MEASURES],
            "quarters": _course(periods),
            "measures": MEASURES,
            "divisions": [divide(chosen, table) for table in TABLES],
        }
    return render(request, "enrollments/region/figures.html", context)


@login_required
@require_safe
def file(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """The same figures for Excel. It is kept who took them."""
    user: Any = request.user
    periods = _periods(request)
    if not periods:
        raise Http404
    return export_regional_figures(by=user, period=_chosen(request, periods), form=form)


def _periods(request: HttpRequest) -> list[Period]:
    if not can_view_regional_figures(request.user):
        raise Forbidden
    return periods_of(RegionalQuarter.objects.visible_to(request.user))


def _chosen(request: HttpRequest, periods: list[Period]) -> Period:
    """The one that is asked; the latest quarter, where nothing is."""
    asked = request.GET.get("periode") or next(period.key for period in periods if not period.is_year)
    found = next((period for period in periods if period.key == asked), None)
    if found is None:
        raise Http404
    return found


def _course(periods: list[Period]) -> list[dict[str, Any]]:
    """The latest quarters, newest first; a bar shows the modules completed against the busiest quarter."""
    quarters = [period for period in periods if not period.is_year][:LATEST]
    rows = [(one, [(measure, total_of(one, measure)) for measure in MEASURES]) for one in quarters]
    most = max((totals[0][1].count or 0 for _one, totals in rows), default=0)
    return [
        {"period": one, "totals": totals, "percent": (totals[0][1].count or 0) * 100 // most if most else 0}
        for one, totals in rows
    ]

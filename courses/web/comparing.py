"""Modules side by side. The address holds the choice, so that it can be shared."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.comparison import MOST, comparable_with, compare_modules


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two to four modules; with fewer, what one could set beside them."""
    comparison = compare_modules(request.user, request.GET.getlist("m"))
    chosen = comparison.modules
    room = len(chosen) < MOST
    context = {
        "comparison": comparison,
        "columns": [{"entry": entry, "without": _query(chosen, leave=entry)} for entry in comparison.entries],
        "chosen": chosen,
        "room": room,
        "suggestions": [
            {"version": version, "query": _query([*chosen, version.module_id])}
            for version in (comparable_with([entry.version for entry in comparison.entries]) if room else [])
        ],
    }
    return render(request, "courses/compare.html", context)


def _query(modules: list[Any], leave: Any = None) -> str:
    left = leave.version.module_id if leave else None
    return urlencode([("m", str(module)) for module in modules if module != left])

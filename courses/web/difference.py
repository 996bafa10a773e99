"""What changed between two versions, readable on a phone."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.differences import compare_versions, names_in, versions_to_compare

from .access import own_version


@login_required
@require_safe
def difference(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From the version that `?met=` numbers, or the one before, to this one."""
    version = own_version(request, pk)
    asked = request.GET.get("met", "")
    if asked and not (asked.isdecimal() and len(asked) < 10):
        raise Http404
    against, version = versions_to_compare(version, int(asked) if asked else None)
    if asked and against is None:
        raise Http404
    others = version.module.versions.exclude(pk=version.pk).order_by("-number")
    context = {"version": version, "tab": "difference", "against": against, "others": others}
    if against is not None:
        context["comparison"] = compare_versions(against, version, names_in(version.module))
    return render(request, "courses/authoring/difference.html", context)

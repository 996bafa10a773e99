"""A module's public page: everything a worker or HR wants to know before joining."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from courses.catalogue import catalogue_entries
from courses.models import Offering, Session
from courses.policies import can_edit_module
from courses.structured_data import address_of, course_data
from lms.organizations.models import Employment

from .sharing import picture_path

MOST_RUNS = 50


@require_safe
def module(request: HttpRequest, provider: str, code: str) -> HttpResponse:
    """What one learns, for whom, what it takes and costs, when and where.

    One address serves both languages (the reader's choice is in session or cookie): it is canonical for both, and there
    are no other addresses that hreflang could name.
    """
    entries = catalogue_entries().prefetch_related("sectors", "skills", "sections__units")
    version = get_object_or_404(entries, module__provider__slug=provider, module__code=code)
    visible = Offering.objects.visible_to(request.user).to_come_or_open().filter(version__module=version.module_id)
    offerings = list(visible.select_related("provider", "location").order_by("starts_on", "id")[:MOST_RUNS])
    sessions = _sessions_of(offerings)
    language = (get_language() or "nl")[:2]
    picture = settings.BASE_URL + picture_path(version, language)
    context = {
        "version": version,
        "module": version.module,
        "runs": [{"offering": offering, "sessions": sessions.get(offering.pk, [])} for offering in offerings],
        "works_somewhere": _works_somewhere(request),
        "may_edit": can_edit_module(request.user, version.module),
        "address": address_of(version),
        "picture": picture,
        "course_data": course_data(version, offerings, sessions, language, picture),
    }
    return render(request, "courses/module.html", context)


def _works_somewhere(request: HttpRequest) -> bool:
    """Who has an employer can ask it."""
    user = request.user
    return user.is_authenticated and Employment.objects.current().filter(user=user.pk).exists()


def _sessions_of(offerings: Iterable[Offering]) -> dict[UUID, list[Session]]:
    """The meetings that are held, by offering. One query."""
    found: dict[UUID, list[Session]] = defaultdict(list)
    held = Session.objects.booked().filter(offering__in=list(offerings)).select_related("location", "room")
    for session in held.order_by("starts_at", "id"):
        found[session.offering_id].append(session)
    return found

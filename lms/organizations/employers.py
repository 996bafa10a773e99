"""Which employer a page of HR is about: `?employer=`, or the first of those whose staff one manages."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from lms.core.errors import Forbidden
from lms.organizations.models import Organization


@dataclass(frozen=True)
class Chosen:
    """The employer, and those to switch to."""

    employer: Organization
    employers: list[Organization]

    @property
    def several(self) -> bool:
        """There is something to switch."""
        return len(self.employers) > 1


def chosen_employer(request: HttpRequest, permission: str = "manage_staff") -> Chosen:
    """Raises Forbidden for who is HR nowhere, and Http404 for another's employer."""
    allowed: Any = Organization.objects.allowing(request.user, permission).filter(is_employer=True)
    employers = list(allowed.order_by("name"))
    if not employers:
        raise Forbidden(_("This page is for HR of an employer."))
    slug = request.GET.get("employer") or employers[0].slug
    found = next((employer for employer in employers if employer.slug == slug), None)
    if found is None:
        raise Http404
    return Chosen(found, employers)

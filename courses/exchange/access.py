"""Of which provider one exchanges modules and offerings."""

from typing import Any

from django.db.models import Q

from courses.models import Module
from lms.core.errors import NotFound
from lms.organizations.models import Organization
from lms.organizations.querysets import OrganizationQuerySet


def exchanging_providers(user: Any) -> OrganizationQuerySet:
    """Providers where one has a role that sees drafts, or of which one is named for a module."""
    own = Module.objects.with_drafts_for(user).values("provider")
    seeing = Organization.objects.allowing(user, "view_drafts").values("pk")
    return Organization.objects.filter(Q(pk__in=seeing) | Q(pk__in=own), is_provider=True).order_by("name")


def exchanging_provider(user: Any, slug: str) -> Organization:
    """A provider where one has a role, or of which one is named for a module. Raises: NotFound."""
    own = Module.objects.with_drafts_for(user).values("provider")
    roles = Organization.objects.visible_to(user).values("pk")
    found = Organization.objects.filter(Q(pk__in=roles) | Q(pk__in=own), is_provider=True, slug=slug).first()
    if found is None:
        raise NotFound
    return found

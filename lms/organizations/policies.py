"""May this user do this to this organization?"""

from typing import Any

from lms.permissions.services import allows

from .models import Organization


def can_manage_members(user: Any, organization: Organization) -> bool:
    """Gives and takes roles."""
    return allows(user, "manage_members", organization.pk)


def can_manage_organization(user: Any, organization: Organization) -> bool:
    """Changes its data and its locations."""
    return allows(user, "manage_organization", organization.pk)


def can_view_staff(user: Any, employer: Organization) -> bool:
    """Sees who works there."""
    return employer.is_employer and allows(user, "view_staff", employer.pk)


def can_manage_staff(user: Any, employer: Organization) -> bool:
    """Adds, changes and ends employments."""
    return employer.is_employer and allows(user, "manage_staff", employer.pk)

"""What this app puts into the shared frame: entries of the navigation, and who employs me on the account page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from lms.permissions.services import anchors_allowing
from lms.web.registry import NavGroup, NavItem, Panel, register_nav, register_panel

from .panels import own_employments

STAFF = NavGroup(_("Staff"))


def register() -> None:
    """Called once, when the app is ready."""
    register_panel(Panel("organizations/panels/own_employments.html", own_employments, page="accounts:account"))
    register_nav(NavItem(_("Departments"), "organizations:departments", _manages_staff, order=42, group=STAFF))
    register_nav(NavItem(_("Invitations"), "organizations:invitations", _manages_staff, order=45, group=STAFF))
    register_nav(NavItem(_("Organizations"), "organizations:index", _sees_members, order=90, group=STAFF))


def _manages_staff(user: Any) -> bool:
    return bool(user.is_superuser or anchors_allowing(user, "manage_staff"))


def _sees_members(user: Any) -> bool:
    return bool(user.is_superuser or anchors_allowing(user, "view_members"))

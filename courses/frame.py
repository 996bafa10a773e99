"""What this app puts into the shared frame: entries of the navigation, and what waits for whom on the start page."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lms.web.registry import NavGroup, NavItem, Panel, register_nav, register_panel

from .models import ModuleVersion, Review
from .policies import can_review_some, can_see_own_modules

SHOWN = 6

ON_OFFER = NavGroup(_("On offer"))
TEACHING = NavGroup(_("Teaching"))


def register() -> None:
    """Called once, when the app is ready."""
    register_nav(NavItem(_("Catalogue"), "courses:catalogue", visible=lambda user: True, order=10, group=ON_OFFER))
    register_nav(NavItem(_("Programmes"), "courses:programmes", visible=lambda user: True, order=12, group=ON_OFFER))
    register_nav(NavItem(_("My modules"), "courses:my_modules", visible=can_see_own_modules, order=30, group=TEACHING))
    register_nav(NavItem(_("Reviews"), "courses:reviews", visible=can_review_some, order=32, group=TEACHING))
    register_panel(Panel("courses/panels/waiting.html", waiting_panel, order=15))


def waiting_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Modules on which this person's next step waits: to review, to publish, to mend."""
    user = request.user
    if user.is_superuser or not can_see_own_modules(user):
        return None
    drafts = ModuleVersion.objects.order_by("id")
    steps: dict[str, list[Any]] = {"to_mend": list(drafts.sent_back_to(user)[:SHOWN])}
    if can_review_some(user):
        rounds = Review.objects.waiting_for(user).select_related("version", "submitted_by").order_by("id")
        steps["to_review"] = list(rounds[:SHOWN])
        steps["to_publish"] = list(drafts.approved().publishable_by(user)[:SHOWN])
    return steps if any(steps.values()) else None

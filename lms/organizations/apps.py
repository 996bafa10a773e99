from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    name = "lms.organizations"
    label = "organizations"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from lms.permissions.services import anchors_allowing
        from lms.permissions.sources import register_grants
        from lms.web.registry import NavItem, Panel, register_nav, register_panel

        from .handlers import show_own_name
        from .panels import own_employments
        from .services import membership_grants

        register_grants(membership_grants)
        user_logged_in.connect(show_own_name, dispatch_uid="organizations.show_own_name")
        register_panel(Panel("organizations/panels/own_employments.html", own_employments, page="accounts:account"))
        register_nav(
            NavItem(
                _("Organizations"),
                "organizations:index",
                visible=lambda user: user.is_superuser or bool(anchors_allowing(user, "view_members")),
                order=90,
            )
        )

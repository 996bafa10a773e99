from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    name = "lms.organizations"
    label = "organizations"

    def ready(self) -> None:
        from lms.permissions.services import anchors_allowing
        from lms.permissions.sources import register_grants
        from lms.web.registry import NavItem, register_nav

        from .services import membership_grants

        register_grants(membership_grants)
        register_nav(
            NavItem(
                _("Organizations"),
                "organizations:index",
                visible=lambda user: user.is_superuser or bool(anchors_allowing(user, "view_members")),
                order=90,
            )
        )

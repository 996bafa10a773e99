from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    name = "lms.organizations"
    label = "organizations"

    def ready(self) -> None:
        from lms.permissions.services import permissions_by_anchor
        from lms.web.registry import NavItem, register_nav

        register_nav(
            NavItem(
                _("Organizations"),
                "organizations:index",
                visible=lambda user: user.is_superuser or bool(permissions_by_anchor(user)),
                order=90,
            )
        )

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from lms.web.registry import NavItem, register_nav


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from .policies import can_see_own_modules

        register_nav(NavItem(_("Catalogue"), "courses:catalogue", visible=lambda user: True, order=10))
        register_nav(NavItem(_("My modules"), "courses:my_modules", visible=can_see_own_modules, order=30))

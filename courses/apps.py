from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from lms.web.registry import NavItem, register_nav


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        register_nav(NavItem(_("Catalogue"), "courses:catalogue", visible=lambda user: True, order=10))

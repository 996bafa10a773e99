from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from lms.web.registry import NavItem, register_nav


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from lms.events.registry import join, reconcile

        from . import events
        from .handlers import show_in_catalogue
        from .policies import can_see_own_modules
        from .services.indexing import mend_index

        for fact in (events.VERSION_PUBLISHED, events.MODULE_RETIRED, events.MODULE_BROUGHT_BACK):
            join(fact, "courses.show_in_catalogue", show_in_catalogue)
        reconcile("courses.catalogue_index", mend_index)

        register_nav(NavItem(_("Catalogue"), "courses:catalogue", visible=lambda user: True, order=10))
        register_nav(NavItem(_("My modules"), "courses:my_modules", visible=can_see_own_modules, order=30))

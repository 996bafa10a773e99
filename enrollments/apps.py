from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnrollmentsConfig(AppConfig):
    name = "enrollments"
    verbose_name = _("enrollments")

    def ready(self) -> None:
        from courses.events import OFFERING_CHANGED, OFFERING_PLANNED
        from lms.events.registry import reconcile, subscribe

        from . import events, frame, handlers
        from .services.completing import complete_forgotten
        from .staff_import.uploads import forget_old_uploads

        subscribe(events.ACTIVATED, "enrollments.tell_activated", handlers.tell_activated)
        subscribe(events.WAITLISTED, "enrollments.tell_waitlisted", handlers.tell_waitlisted)
        subscribe(events.COMPLETED, "enrollments.tell_completed", handlers.tell_completed)
        subscribe(events.MOVED, "enrollments.tell_moved", handlers.tell_moved)
        subscribe(OFFERING_CHANGED, "enrollments.fill_places", handlers.fill_places)
        subscribe(OFFERING_PLANNED, "enrollments.tell_interested", handlers.tell_interested)
        reconcile("enrollments.done_not_completed", complete_forgotten)
        reconcile("enrollments.old_uploads", forget_old_uploads)
        frame.register()

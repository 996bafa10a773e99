from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from lms.events.registry import join, reconcile, subscribe
        from lms.permissions.sources import register_grants

        from . import events, frame, handlers
        from .exchange.uploads import forget_old_uploads
        from .services.indexing import mend_index
        from .services.members import member_grants
        from .services.reserving import give_up_due_places

        register_grants(member_grants)

        for fact in (events.VERSION_PUBLISHED, events.MODULE_RETIRED, events.MODULE_BROUGHT_BACK):
            join(fact, "courses.show_in_catalogue", handlers.show_in_catalogue)
        reconcile("courses.catalogue_index", mend_index)
        subscribe(events.VERSION_SUBMITTED, "courses.ask_reviewers", handlers.ask_reviewers)
        subscribe(events.CHANGES_REQUESTED, "courses.tell_changes_requested", handlers.tell_changes_requested)
        subscribe(events.VERSION_APPROVED, "courses.tell_approved", handlers.tell_approved)

        reconcile("courses.reserved_places_due", give_up_due_places)
        reconcile("courses.old_module_imports", forget_old_uploads)
        frame.register()

from django.apps import AppConfig


class EnrollmentsConfig(AppConfig):
    name = "enrollments"

    def ready(self) -> None:
        from lms.events.registry import reconcile

        from .services.completing import complete_forgotten

        reconcile("enrollments.done_not_completed", complete_forgotten)

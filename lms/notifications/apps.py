from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "lms.notifications"
    label = "notifications"

    def ready(self) -> None:
        from lms.events.registry import reconcile

        from .services import queue_forgotten

        reconcile("notifications.queued_not_sent", queue_forgotten)

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "lms.organizations"
    label = "organizations"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from lms.permissions.sources import register_grants

        from . import frame
        from .handlers import show_own_name
        from .services import membership_grants

        register_grants(membership_grants)
        user_logged_in.connect(show_own_name, dispatch_uid="organizations.show_own_name")
        frame.register()

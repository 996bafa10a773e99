from django.apps import AppConfig


class PermissionsConfig(AppConfig):
    name = "lms.permissions"
    label = "permissions"

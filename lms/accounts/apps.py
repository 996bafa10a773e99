from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lms.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.account.signals import password_reset

        from .adapter import confirm_by_reset

        password_reset.connect(confirm_by_reset, dispatch_uid="accounts.confirm_by_reset")

"""What a password must be, beyond what Django brings."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class LongEnough(MinimumLengthValidator):
    """Django's rule; its own sentence is English on Dutch pages, because its text changed after the translation."""

    def get_error_message(self) -> str:
        return (
            ngettext(
                "This password is too short: use at least %d character.",
                "This password is too short: use at least %d characters.",
                self.min_length,
            )
            % self.min_length
        )

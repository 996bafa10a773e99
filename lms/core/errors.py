"""Errors a person caused or can mend. Services raise them; the API answers problem+json, pages show the sentence.

Every error says what, where and how to mend it. `code` is stable and for machines, `detail` is translated and for
people.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class FieldError:
    """One mendable problem. `field` is a JSON pointer-like path such as `sections/0/units/2/title`."""

    field: str
    code: str
    message: str


class DomainError(Exception):
    """A rule of the domain forbids this. Maps to an HTTP status and, where fields are at fault, names them."""

    status = 400
    code = "invalid"

    def __init__(self, detail: str, *, code: str | None = None, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.errors = tuple(errors)


class Invalid(DomainError):
    """The input is wrong; `errors` says where."""


class NotFound(DomainError):
    """It does not exist, or this user may not know that it does."""

    status = 404
    code = "not_found"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or _("Not found."))


class Forbidden(DomainError):
    """The user may see it but not do this to it."""

    status = 403
    code = "forbidden"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or _("You are not allowed to do this."))


class Conflict(DomainError):
    """The state of things does not allow it (any more): somebody else was first, or it is already done."""

    status = 409
    code = "conflict"

"""Signing in with employer, personnel number and password, for people without an e-mail address.

Also who left: the record of what they learned stays theirs, and the number of a former employment leads to it.
"""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.http import HttpRequest

from lms.accounts.models import Invitation, User
from lms.accounts.services import find_invitation
from lms.core.errors import NotFound
from lms.core.ids import normalize_code

from .models import Employment


def find_numbered(employer: str, personnel_number: str) -> Employment | None:
    """The employment with this number at the employer of this name, short name or KvK number, with its user.

    None when it could be that of two people.
    """
    employer, number = " ".join(employer.split()), personnel_number.strip()
    if not employer or not number:
        return None
    named = Q(employer__slug=employer.lower()) | Q(employer__name__iexact=employer) | Q(employer__kvk=employer)
    found = Employment.objects.filter(named, employer__is_employer=True).select_related("user", "employer")
    written = {number, number.upper(), number.lower()}
    numbered = list(found.filter(personnel_number__in=written).order_by("starts_on"))
    return numbered[-1] if len({employment.user_id for employment in numbered}) == 1 else None


def find_letter(employer: str, personnel_number: str, code: str) -> Invitation:
    """The letter that the holder of this number got. Raises NotFound, the same whatever is wrong."""
    invitation = find_invitation(normalize_code(code), printed=True)
    numbered = find_numbered(employer, personnel_number)
    if numbered is None or numbered.user_id != invitation.user_id:
        raise NotFound
    return invitation


class PersonnelNumberBackend(ModelBackend):
    """Beside the one for e-mail addresses. An unknown employer or number takes as long as a wrong password."""

    def authenticate(  # type: ignore[override]
        self,
        request: HttpRequest | None,
        *,
        employer: str,
        personnel_number: str,
        password: str,
        **_credentials: Any,
    ) -> User | None:
        """The person, when the password is theirs and the account is not switched off."""
        numbered = find_numbered(employer, personnel_number)
        if numbered is None:
            User().set_password(password)
            return None
        right = numbered.user.check_password(password)
        return numbered.user if right and self.user_can_authenticate(numbered.user) else None

"""Somebody starts to work for an employer, added by hand."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User, normalize_email
from lms.accounts.services import register_pending
from lms.core.clock import today
from lms.core.errors import FieldError, Forbidden, Invalid
from lms.organizations.models import Employment, Organization
from lms.organizations.policies import can_manage_staff

from .departments import with_department
from .employments import add_employments
from .fitting import require_fitting
from .inviting import invite_staff


@dataclass(frozen=True)
class NewPerson:
    """Somebody as the employer knows them: by e-mail address, or by the personnel number they will sign in with."""

    given_name: str = ""
    name_prefix: str = ""
    family_name: str = ""
    email: str = ""
    language: str = "nl"

    @property
    def written(self) -> str:
        """The name as the employer wrote it."""
        return " ".join(part for part in (self.given_name, self.name_prefix, self.family_name) if part) or self.email


@transaction.atomic
def add_person(*, by: User, employer: Organization, person: NewPerson, **facts: Any) -> Employment:
    """Somebody works for the employer from `starts_on`, which from then on sees what it arranges for them.

    Whoever has an address gets a mail. Whether an address was known here before changes nothing that the employer
    sees: the name stays as written until the person signs in. `facts` are personnel_number, department (or its name),
    job_title, manager (a person) and starts_on, as far as known.

    Requires: manage_staff. Raises: Forbidden; Invalid without address and number, and for a department or manager of
    elsewhere; Conflict when they work there now or the number is taken. Audits: yes.
    """
    if not can_manage_staff(by, employer):
        raise Forbidden
    Organization.objects.select_for_update(no_key=True).get(pk=employer.pk)
    email = normalize_email(person.email)
    _require_known_by_something(person, email, facts.get("personnel_number", ""))
    known = User.objects.filter(email=email).first() if email else None
    facts = with_department(employer, {"starts_on": today()} | facts)
    require_fitting(employer, known, facts)
    user = known or register_pending([_account(person, email)])[0]
    employment = Employment(employer=employer, user=user, listed_as=person.written[:232], **facts)
    add_employments(by=by, employer=employer, employments=[employment])
    if email:
        invite_staff(by=by, employer=employer, employments=[employment])
    return employment


def _require_known_by_something(person: NewPerson, email: str | None, number: str) -> None:
    if not email and not number:
        message = _("Give an e-mail address, or a personnel number to sign in with.")
        raise Invalid(message, errors=[FieldError("personnel_number", "required", message)])
    if not email and not person.family_name:
        message = _("Without e-mail address a name is needed.")
        raise Invalid(message, errors=[FieldError("family_name", "required", message)])


def _account(person: NewPerson, email: str | None) -> User:
    return User(
        email=email,
        given_name=person.given_name,
        name_prefix=person.name_prefix,
        family_name=person.family_name,
        language=person.language,
    )

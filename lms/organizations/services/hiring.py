"""Somebody starts to work for an employer, added by hand."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User, normalize_email
from lms.accounts.services import forget_invitations, register_pending
from lms.audit.services import record_audit
from lms.core.clock import today
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid
from lms.events.services import record
from lms.organizations import events
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


@transaction.atomic
def correct_address(*, by: User, employment: Employment, email: str) -> Employment:
    """Another e-mail address, or a first one, for somebody who has not signed in yet: it was mistyped, or is known now.

    The employment goes over to the account of that address, which gets the invitation; whether there was one already
    changes nothing that the employer sees. An earlier link or letter stops working.

    Requires: manage_staff. Raises: Forbidden; Invalid for no address; Conflict when the person has signed in, has left
    or is enrolled, or when somebody with that address works here. Emits: employment.readdressed. Audits: yes.
    """
    if not can_manage_staff(by, employment.employer):
        raise Forbidden
    employer = Organization.objects.select_for_update(no_key=True).get(pk=employment.employer_id)
    employment = Employment.objects.select_related("user", "employer", "department").get(pk=employment.pk)
    address = _require_correctable(employment, email)
    before = employment.user
    if address == before.email:
        return employment
    known = User.objects.filter(email=address).first()
    require_fitting(employer, known, {"starts_on": employment.starts_on}, but=employment)
    given, _space, family = employment.name.partition(" ")
    user = known or register_pending([_account(NewPerson(given, "", family, language=before.language), address)])[0]
    record(events.EMPLOYMENT_READDRESSED, employment.pk, {"employer": employer.pk, "was": before.pk})
    record_audit(
        "organizations.correct_address",
        employment,
        changes={"email": (before.email, address), "user": (str(before.pk), str(user.pk))},
        organization_id=employer.pk,
    )
    forget_invitations(before, employer.pk)
    employment.listed_as, employment.user = employment.name[:232], user
    employment.save(update_fields=["listed_as", "user"])
    invite_staff(by=by, employer=employer, employments=[employment])
    return employment


def _require_correctable(employment: Employment, email: str) -> str:
    """The address as it is stored. Raises: Invalid; Conflict."""
    address = normalize_email(email)
    if address is None:
        message = _("Give an e-mail address.")
        raise Invalid(message, errors=[FieldError("email", "required", message)])
    if not employment.is_awaited or employment.is_over:
        raise Conflict(_("This person has signed in, or has left: the address is theirs to change."))
    return address


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

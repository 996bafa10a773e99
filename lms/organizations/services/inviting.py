"""Asking people to start: a mail to who has an address, else a letter. Asking again kills the earlier one."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.accounts.models import INVITATION_LIFE, Invitation, User
from lms.accounts.services import invitation_link, invite_people, print_codes
from lms.audit.services import record_audit_many
from lms.core.clock import now
from lms.core.errors import Conflict, Forbidden
from lms.notifications.services import Notice, notify, set_aside_unsent
from lms.organizations.models import Employment, Organization
from lms.organizations.policies import can_manage_staff

ONE_ASKING = timedelta(minutes=1)  # pressed twice, or by two people at once: one mail
MOST_LETTERS = 250  # in one document: made while HR waits
KINDS = ("invitation", "added_to_staff")


@dataclass
class Asked:
    """What asking some people did."""

    sent: list[Employment] = field(default_factory=list)
    without_address: list[Employment] = field(default_factory=list)
    just_asked: list[Employment] = field(default_factory=list)
    in_already: list[Employment] = field(default_factory=list)


@dataclass(frozen=True)
class Letter:
    """What one letter says. The code is nowhere else."""

    employment: Employment
    code: str
    expires_at: Any


@transaction.atomic
def invite_staff(*, by: User | None, employer: Organization, employments: list[Employment]) -> Asked:
    """Mail people who have not signed in since the employer added them. An earlier link of this employer stops working.

    Who has an account elsewhere is told instead; the employer sees no difference. `by` None is the system.
    Requires: manage_staff; employments at this employer with their user. Raises: Forbidden. Audits: yes, each.
    """
    _require_staff(by, employer)
    Organization.objects.select_for_update(no_key=True).get(pk=employer.pk)
    asked = Asked()
    just_now = Invitation.objects.filter(
        organization_id=employer.pk,
        user__in=[employment.user_id for employment in employments],
        used_at=None,
        expires_at__gt=now() + INVITATION_LIFE - ONE_ASKING,
    )
    fresh = set(just_now.values_list("user", flat=True))
    for employment in employments:
        _group_for(employment, asked, fresh).append(employment)
    people = [employment.user for employment in asked.sent]
    set_aside_unsent(KINDS, people, organization_name=employer.name)
    secrets = invite_people(people, employer.name, organization_id=employer.pk)
    notify([_notice(employment, employer, secrets[employment.user]) for employment in asked.sent])
    record_audit_many("organizations.invite", list(asked.sent), organization_id=employer.pk)
    return asked


@transaction.atomic
def print_letters(*, by: User, employer: Organization, employments: list[Employment]) -> list[Letter]:
    """One-time codes for people without an e-mail address, who set a password with them: a first one or another one.

    An earlier letter stops working. People with an address are left out: they get mail.
    Requires: manage_staff; employments at this employer with their user. Raises: Forbidden; Conflict when nobody is
    left, or too many for one document. Audits: yes, each.
    """
    _require_staff(by, employer)
    Organization.objects.select_for_update(no_key=True).get(pk=employer.pk)
    chosen = [employment for employment in employments if gets_letter(employment)]
    if not chosen:
        raise Conflict(_("A letter is for people without e-mail address who have a personnel number and work here."))
    if len(chosen) > MOST_LETTERS:
        raise Conflict(
            _("These are %(n)d letters: print at most %(most)d at a time, by department.")
            % {"n": len(chosen), "most": MOST_LETTERS}
        )
    codes = print_codes([employment.user for employment in chosen], employer.name, employer.pk)
    expires_at = now() + INVITATION_LIFE
    record_audit_many("organizations.print_letter", list(chosen), organization_id=employer.pk)
    return [Letter(employment, codes[employment.user], expires_at) for employment in chosen]


def gets_letter(employment: Employment) -> bool:
    """Works there, has no address and has a number to sign in with. Reads the user."""
    user = employment.user
    return not user.email and bool(employment.personnel_number) and not employment.is_over and user.is_active


def _require_staff(by: User | None, employer: Organization) -> None:
    if by is not None and not can_manage_staff(by, employer):
        raise Forbidden


def _group_for(employment: Employment, asked: Asked, fresh: set[Any]) -> list[Employment]:
    if not employment.is_awaited or employment.is_over:
        return asked.in_already
    if not employment.user.email:
        return asked.without_address
    return asked.just_asked if employment.user_id in fresh else asked.sent


def _notice(employment: Employment, employer: Organization, secret: str) -> Notice:
    pending = employment.user.is_pending
    link = invitation_link(secret) if pending else f"{settings.BASE_URL}{reverse('account_login')}"
    return Notice(
        "invitation" if pending else "added_to_staff",
        employment.user_id,
        about=f"{employment.pk} {now().isoformat()}",
        context={"organization_name": employer.name, "module_title": "", "link": link},
    )

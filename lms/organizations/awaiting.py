"""Who has not signed in since the employer added them, how they were asked, and what became of that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from lms.accounts.models import Invitation
from lms.core.clock import now
from lms.notifications.models import SendState, SentMessage

from .models import Department, Employment, Organization
from .querysets import EmploymentQuerySet
from .services.inviting import KINDS, gets_letter

BY_NAME = ("user__family_name", "user__given_name", "id")


@dataclass(frozen=True)
class Waiting:
    """One person who is awaited. `asked_at` None: not asked by this employer, or asked so long ago that it is gone."""

    employment: Employment
    asked_at: datetime | None
    expires_at: datetime | None
    printed: bool
    refused: bool
    gets_letter: bool

    @property
    def is_expired(self) -> bool:
        """Asked, and too long ago."""
        return self.expires_at is not None and self.expires_at <= now()


def awaited_staff(employer: Organization, *, only: str = "") -> EmploymentQuerySet:
    """Those of an employer who are awaited; `only` those with an address (mail), without (letter), or to ask again."""
    found = Employment.objects.filter(employer=employer).not_over().awaited()
    if only == "letter":
        found = found.filter(user__email=None)
    if only in ("mail", "expired"):
        found = found.exclude(user__email=None)
    if only == "expired":
        still_open = Invitation.objects.filter(
            user=OuterRef("user"), organization_id=employer.pk, used_at=None, expires_at__gt=now()
        )
        found = found.filter(~Exists(still_open) | Exists(_refused(employer).filter(recipient=OuterRef("user"))))
    return found.select_related("user", "employer", "department")


def waiting_of(employer: Organization, employments: Iterable[Employment]) -> list[Waiting]:
    """How these people of one employer were asked: two queries. Reads the users."""
    listed = list(employments)
    people = [employment.user_id for employment in listed]
    asked = Invitation.objects.filter(user__in=people, organization_id=employer.pk).order_by("expires_at")
    latest = {invitation.user_id: invitation for invitation in asked}
    refused = set(_refused(employer).filter(recipient__in=people).values_list("recipient", flat=True))
    return [_waiting(employment, latest.get(employment.user_id), refused) for employment in listed]


def people_for_letters(
    employer: Organization, *, ids: Iterable[UUID] | None = None, department: Department | None = None
) -> list[Employment]:
    """Those chosen by id; else who is awaited without an address, in a department and those below it or everywhere.

    In the order in which letters are handed out: by department, then by name.
    """
    if ids is not None:
        chosen = Employment.objects.filter(employer=employer, pk__in=list(ids)).not_over()
        found = chosen.select_related("user", "employer", "department")
    else:
        found = awaited_staff(employer, only="letter")
    if department is not None:
        found = found.within(department)
    return list(found.order_by("department__name", *BY_NAME))


def _refused(employer: Organization) -> QuerySet[SentMessage]:
    """Mails of this employer that the mail server would not take."""
    return SentMessage.objects.filter(kind__in=KINDS, state=SendState.FAILED, context__organization_name=employer.name)


def _waiting(employment: Employment, invitation: Invitation | None, refused: set[Any]) -> Waiting:
    return Waiting(
        employment=employment,
        asked_at=invitation.made_at if invitation else None,
        expires_at=invitation.expires_at if invitation else None,
        printed=bool(invitation and invitation.printed),
        refused=employment.user_id in refused,
        gets_letter=gets_letter(employment),
    )

"""After a parcel: everybody in it hears of it once, by an invitation or by a mail, some hundred in a transaction."""

from typing import Any
from uuid import UUID

from django.db import transaction

from enrollments.models import Enrollment, ImportRow
from enrollments.notices import context_of
from lms.accounts.models import Invitation, User
from lms.accounts.services import invitation_link, invite_people
from lms.core.clock import now
from lms.core.texts import localized
from lms.events.models import DomainEvent
from lms.notifications.services import Notice, notify
from lms.organizations.models import Employment, Organization

PORTION = 500


def tell_imported(event: DomainEvent) -> None:
    """`enrollment.imported`: who cannot sign in yet is invited; who can hears that they are enrolled or wait.

    Told once: an invitation and its mail are written together, and a person who has an open one gets no other.
    """
    after, until = event.payload["after"], event.payload["until"]
    while rows := _next(event, after, until):
        with transaction.atomic():
            # Whoever tells the same rows at the same time goes first or later, not between.
            Organization.objects.select_for_update(no_key=True).get(pk=event.payload["employer"])
            _tell(event, rows)
        after = rows[-1][0]


def _next(event: DomainEvent, after: int, until: int) -> list[tuple[int, Any, str]]:
    rows = ImportRow.objects.filter(staff_import=event.subject_id, outcome__in=("active", "waitlisted"))
    found = rows.in_parcel(after, until).order_by("number").values_list("number", "user", "outcome")
    return list(found[:PORTION])


def _tell(event: DomainEvent, rows: list[tuple[int, Any, str]]) -> None:
    outcomes = {user: outcome for _number, user, outcome in rows}
    found = Enrollment.objects.for_cards().live().filter(offering=event.payload["offering"], learner__in=outcomes)
    enrollments = {enrollment.learner_id: enrollment for enrollment in found}
    employer = event.payload["employer"]
    pending = [e.learner for e in enrollments.values() if e.learner.is_pending and e.learner.email]
    notices = _invitations(_not_invited(pending, employer), enrollments)
    _let_all_look_alike(employer, [e.learner for e in enrollments.values() if not e.learner.is_pending])
    for user, enrollment in enrollments.items():
        waited = outcomes[user] == "waitlisted"
        if not enrollment.learner.is_pending and waited == (enrollment.state == "waitlisted"):
            kind = "waitlisted" if waited else "enrolled"
            notices.append(Notice(kind, user, str(enrollment.pk), context_of(enrollment)))
    notify(notices)


def _invitations(people: list[User], enrollments: dict[Any, Enrollment]) -> list[Notice]:
    if not people:
        return []
    employer = enrollments[people[0].pk].employer
    name = employer.name if employer else ""
    return [
        Notice(
            "invitation",
            user.pk,
            about=str(enrollments[user.pk].pk),
            context={
                "organization_name": name,
                "module_title": localized(enrollments[user.pk].version.title, user.language),
                "link": invitation_link(secret),
            },
        )
        for user, secret in invite_people(people, name, organization_id=employer.pk if employer else None).items()
    ]


def _let_all_look_alike(employer: Any, members: list[User]) -> None:
    """Who is new to the employer and has an account elsewhere is awaited as well: the same to see, another mail."""
    staff = Employment.objects.filter(employer=employer, user__in=members).exclude(listed_as="")
    awaited = set(staff.values_list("user", flat=True))
    new = _not_invited([user for user in members if user.pk in awaited], employer)
    if new:
        name = Organization.objects.values_list("name", flat=True).get(pk=employer)
        invite_people(new, name, organization_id=UUID(str(employer)))


def _not_invited(people: list[User], employer: Any) -> list[User]:
    """Those without an invitation of this employer that still works."""
    still_open = Invitation.objects.filter(
        user__in=people, organization_id=employer, used_at=None, expires_at__gt=now()
    )
    invited = set(still_open.values_list("user_id", flat=True))
    return [user for user in people if user.pk not in invited]

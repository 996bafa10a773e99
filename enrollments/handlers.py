"""What this app does when a fact was announced: tell people, once each; give places that came free to who waits."""

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from courses.models import Offering
from courses.services.places import lock_offering
from lms.accounts.models import LANGUAGES, User
from lms.core.clock import now
from lms.core.errors import Conflict
from lms.core.texts import localized
from lms.events.models import DomainEvent
from lms.notifications.services import Notice, notify
from lms.permissions.roles import roles_allowing

from .known_names import names_known_to
from .models import Enrollment, EnrollmentState, Interest, TrainingNeed, TrainingRule, VersionMove
from .notices import context_of
from .services.completing import update_progress_in
from .services.waiting import promote_waiting


def tell_activated(event: DomainEvent) -> None:
    """`enrollment.activated`: you are enrolled, or there is a place for you after all.

    Somebody who never signed in gets an invitation instead of the first. Who was offered the place knows already.
    """
    if event.payload.get("offered"):
        return
    waited = bool(event.payload.get("waited"))
    _tell("place_free" if waited else "enrolled", event, also_pending=waited)


def tell_waitlisted(event: DomainEvent) -> None:
    """`enrollment.waitlisted`: you are on the waiting list."""
    _tell("waitlisted", event, also_pending=False)


def tell_offered(event: DomainEvent) -> None:
    """`enrollment.offered`: a place is yours unless you decline it; HR answers for who has no account yet."""
    enrollment = Enrollment.objects.for_cards().get(pk=event.subject_id)
    if enrollment.answer_by is None:
        return
    learner = enrollment.learner
    kind, readers = "place_offered", [learner]
    if learner.is_pending and enrollment.employer_id:
        roles = roles_allowing("enroll_staff")
        mine = {"memberships__organization": enrollment.employer_id, "memberships__role__in": roles}
        kind, readers = "place_offered_to_staff", list(User.objects.filter(**mine, is_active=True).distinct())
    notices = []
    for reader in readers:
        with translation.override(reader.language):
            day = formats.date_format(timezone.localtime(enrollment.answer_by), "DATETIME_FORMAT")
        words = context_of(enrollment, reader.language) | {
            "name": names_known_to(enrollment.employer_id, [learner])[learner.pk],
            "answer_by": day,
            "path": reverse("enrollments:answer", args=[enrollment.pk]),
        }
        notices.append(Notice(kind, reader.pk, str(enrollment.pk), words))
    with transaction.atomic():
        notify(notices)


def tell_completed(event: DomainEvent) -> None:
    """`enrollment.completed`: congratulations."""
    _tell("completed", event, also_pending=True)


def tell_moved(event: DomainEvent) -> None:
    """`enrollment.moved`: you go on in a new version; this is what changed and what is kept."""
    move = VersionMove.objects.select_related("enrollment__learner", "from_version").get(pk=event.payload["move"])
    enrollment = Enrollment.objects.for_cards().get(pk=event.subject_id)
    if enrollment.learner.is_pending:
        return
    counts = {name: len(move.carried[name]) for name in ("kept", "again", "new", "removed")}
    context = context_of(enrollment) | counts | {"version": enrollment.version.number}
    with transaction.atomic():
        notify([Notice("moved", enrollment.learner_id, str(move.pk), context)])


def count_attendance(event: DomainEvent) -> None:
    """`session.planned`, `session.moved`, `session.cancelled`: attendance is a share of other session time now."""
    update_progress_in(event.payload["offering"])


def fill_places(event: DomainEvent) -> None:
    """`offering.changed`: more places than before go to those who wait longest."""
    if event.payload.get("capacity_raised"):
        with transaction.atomic():
            promote_waiting(lock_offering(event.subject_id))


def fill_places_paid_by(event: DomainEvent) -> None:
    """`agreement.freed`: its seats and money go to people of the employer who wait, wherever that is."""
    parties = {"provider": event.payload["provider"], "employer": event.payload["employer"]}
    waiting = Enrollment.objects.filter(state=EnrollmentState.WAITLISTED, **parties)
    for offering in sorted(set(waiting.values_list("offering", flat=True))):
        with transaction.atomic():
            promote_waiting(lock_offering(offering))


def tell_interested(event: DomainEvent) -> None:
    """`offering.planned`: there is a date for what you wait for. Each person once per offering."""
    offering = Offering.objects.select_related("version__module", "provider").get(pk=event.subject_id)
    if offering.state in ("cancelled", "finished", "closed"):
        return
    interested = Interest.objects.waiting_for(offering, event.occurred_at).values_list("user", "user__language")
    context = {language: _date_context(offering, language) for language, _name in LANGUAGES}
    with transaction.atomic():
        notify([Notice("date_planned", user, str(offering.pk), context[language]) for user, language in interested])


def _date_context(offering: Offering, language: str) -> dict[str, Any]:
    module = offering.version.module
    with translation.override(language):
        opens = offering.enroll_from if offering.state == "not_yet_open" else None
        return {
            "title": localized(offering.version.title),
            "provider": offering.provider.name,
            "starts_on": formats.date_format(offering.starts_on, "DATE_FORMAT"),
            "enroll_from": formats.date_format(opens, "DATE_FORMAT") if opens else "",
            "path": reverse("courses:module", args=[offering.provider.slug, module.code]),
        }


def refuse_while_enrolled(event: DomainEvent) -> None:
    """`employment.readdressed`, joined: what the employer arranged for a person is not carried to another account."""
    arranged = Enrollment.objects.ongoing().filter(employer=event.payload["employer"], learner=event.payload["was"])
    if arranged.exists():
        raise Conflict(_("This person is enrolled: withdraw that first, then correct the address."))


def keep_department_names(event: DomainEvent) -> None:
    """`department.merged`, joined: rules about a department that goes are about the one it went into.

    Where that has the same rule already, the rule that comes over ends.
    """
    moving = TrainingRule.objects.filter(department=event.subject_id)
    same = TrainingRule.objects.filter(
        department=event.payload["into"], module=OuterRef("module"), job_title=OuterRef("job_title"), ended_at=None
    )
    moving.filter(Exists(same), ended_at=None).update(ended_at=now())
    moving.update(department=event.payload["into"])
    TrainingNeed.objects.filter(department=event.subject_id).update(department=event.payload["into"])


def _tell(kind: str, event: DomainEvent, *, also_pending: bool) -> None:
    enrollment = Enrollment.objects.for_cards().get(pk=event.subject_id)
    if enrollment.learner.is_pending and not also_pending:
        return
    with transaction.atomic():
        notify([Notice(kind, enrollment.learner_id, str(enrollment.pk), context_of(enrollment))])

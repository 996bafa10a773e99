"""Training needs of an employer: posted, and taken back."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Occupation, ReservedPlaces, Skill, Track
from courses.services.places import lock_offerings
from courses.services.reserving import give_up_places
from enrollments import events
from enrollments.models import NeedAnswer, NeedState, TrainingNeed
from enrollments.needs.flow import LIVE, lock_bundle, lock_needs, move_need
from enrollments.needs.policies import can_post_needs
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.clock import now, today
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from lms.events.services import record
from lms.organizations.models import Organization
from lms.organizations.places import find_place, near_spellings

FARTHEST = 200  # km
MOST_SKILLS = 60
MOST_PEOPLE = 10_000


@transaction.atomic
def post_need(
    *,
    by: User,
    employer: Organization,
    occupation: Occupation | None = None,
    skills: Iterable[Skill] | None = None,
    **facts: Any,
) -> TrainingNeed:
    """An employer says what training it needs. `facts`: title, note, department, track, level, people, by_day, place,
    km.

    Without `skills` those that the occupation essentially needs; without a title the occupation or the first skill.

    Requires: post_needs at the employer. Raises: Forbidden; Invalid, naming each field. Emits: need.posted.
    """
    if not can_post_needs(by, employer):
        raise Forbidden
    if skills is None:
        skills = Skill.objects.current().needed_in(str(occupation.pk)) if occupation else ()
    wanted = list(skills)
    need = TrainingNeed(employer=employer, occupation=occupation, posted_by=by, **facts)
    need.title = need.title or _title(occupation, wanted)
    errors = list(_errors(need, wanted))
    if errors:
        raise Invalid(errors[0].message, errors=errors)
    need.save(force_insert=True)
    need.skills.set(wanted)
    record_audit("enrollments.post_need", need, organization_id=employer.pk)
    record(events.NEED_POSTED, need.pk, facts_of_need(need))
    return need


@transaction.atomic
def take_back_need(*, by: User, need: TrainingNeed) -> TrainingNeed:
    """The employer needs it no more, at whatever stage until it is met.

    Requires: post_needs at the employer. Raises: NotFound; Forbidden; Conflict when it is met or taken back already.
    Audits: yes. Emits: need.taken_back.
    """
    locked = lock_own_need(by, need)
    _give_up_places(by, locked)
    move_need(locked, NeedState.TAKEN_BACK, taken_back_at=now())
    record_audit("enrollments.take_back_need", locked, organization_id=locked.employer_id)
    record(events.NEED_TAKEN_BACK, locked.pk, facts_of_need(locked))
    return locked


def lock_own_need(by: User, need: TrainingNeed) -> TrainingNeed:
    """The employer's need, locked after its bundle and the offerings that keep places for it.

    Requires: an open transaction. Raises: NotFound; Forbidden; Conflict when it changed bundles at this moment.
    """
    seen = TrainingNeed.objects.visible_to(by).select_related("employer").filter(pk=need.pk).first()
    if seen is None:
        raise NotFound
    if not can_post_needs(by, seen.employer):
        raise Forbidden
    if seen.bundle_id:
        lock_bundle(seen.bundle_id)
        lock_offerings(reserved.offering_id for reserved in standing_places(seen))
    locked = lock_needs(pk=seen.pk)[0]
    if locked.bundle_id != seen.bundle_id:
        raise Conflict(_("Somebody changed this need at the same moment: look again."), code="stale")
    return locked


def standing_places(need: TrainingNeed) -> list[ReservedPlaces]:
    """What answers to the need's bundle still keep for its employer, in offerings that go on."""
    offerings = NeedAnswer.objects.filter(bundle=need.bundle_id).values("offering")
    rows = ReservedPlaces.objects.filter(offering__in=offerings, employer=need.employer_id, given_up_at=None)
    return list(rows.filter(offering__cancelled_at=None).order_by("offering"))


def facts_of_need(need: TrainingNeed) -> dict[str, Any]:
    """What an event tells: ids only."""
    return {"employer": need.employer_id, "bundle": need.bundle_id}


def _give_up_places(by: User, need: TrainingNeed) -> None:
    """What is kept for the employer returns to everybody, unless another need of it in the bundle may take it."""
    others = TrainingNeed.objects.filter(bundle=need.bundle_id, employer=need.employer_id, state__in=LIVE)
    if need.bundle_id is None or others.exclude(pk=need.pk).exists():
        return
    for reserved in standing_places(need):
        give_up_places(by=by, reserved=reserved)


def _title(occupation: Occupation | None, skills: list[Skill]) -> str:
    named = occupation or next(iter(skills), None)
    return named.label[:160] if named else ""


def _errors(need: TrainingNeed, skills: list[Skill]) -> Iterator[FieldError]:
    if not skills:
        message = _("Choose at least one skill, or a function of which the skills are known.")
        yield FieldError("skills", "empty", message)
    if len(skills) > MOST_SKILLS:
        yield FieldError("skills", "range", _("Choose at most %(most)d skills.") % {"most": MOST_SKILLS})
    if not need.title.strip():
        yield FieldError("title", "empty", _("Say in a few words what is needed."))
    yield from _plain_errors(need)
    if need.department and need.department.employer_id != need.employer_id:
        yield FieldError("department", "unknown", _("Choose a department of this employer."))
    if need.place and find_place(need.place) is None:
        near = ", ".join(near_spellings(need.place))
        message = _("We do not know the place “%(place)s”. Give a postal code or a town in the region.")
        hint = _("Do you mean %(names)s?") % {"names": near} if near else ""
        yield FieldError("place", "unknown", f"{message % {'place': need.place}} {hint}".strip())


def _plain_errors(need: TrainingNeed) -> Iterator[FieldError]:
    for name, most in (("title", 160), ("note", 2000), ("place", 80)):
        if len(getattr(need, name)) > most:
            yield FieldError(name, "long", _("Write at most %(most)d characters.") % {"most": most})
    if not 1 <= (need.people or 0) <= MOST_PEOPLE:
        yield FieldError("people", "range", _("Give a number from 1 to %(most)d.") % {"most": MOST_PEOPLE})
    if need.level is not None and not 1 <= need.level <= 8:
        yield FieldError("level", "range", _("Give a number from 1 to %(most)d.") % {"most": 8})
    if need.track and need.track not in Track.values:
        message = _("Choose from %(choices)s.") % {"choices": ", ".join(Track.values)}
        yield FieldError("track", "unknown", message)
    if not 1 <= need.km <= FARTHEST:
        yield FieldError("km", "range", _("Give a number from 1 to %(most)d.") % {"most": FARTHEST})
    if need.by_day and need.by_day < today():
        yield FieldError("by_day", "past", _("This day is over: choose a day to come."))
    if need.by_day and need.by_day > date(today().year + 10, 12, 31):
        yield FieldError("by_day", "range", _("Choose a day within ten years."))

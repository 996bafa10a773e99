"""Enrolling and withdrawing: one service behind every door (page, API, spreadsheet, command)."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import ModuleVersion, Offering, Visibility
from courses.services.places import give_back_places, lock_offering, take_places
from enrollments import events
from enrollments.flow import facts_of, move
from enrollments.models import LIVE_STATES, ArrangedBy, Enrollment, EnrollmentState, Interest
from enrollments.policies import can_enroll_self, can_enroll_staff, can_withdraw
from enrollments.prerequisites import Lack, find_lacks, lack_errors
from enrollments.progress import count_required
from lms.accounts.models import User
from lms.audit.services import record_audit_many
from lms.core.clock import now, today
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from lms.events.services import record, record_many
from lms.organizations.models import Employment, Organization


@dataclass
class Outcome:
    """What enrolling some people did, person by person in the order they were given.

    `lacking` were not enrolled: they have not completed what the module asks beforehand.
    """

    active: list[Enrollment] = field(default_factory=list)
    waitlisted: list[Enrollment] = field(default_factory=list)
    existing: list[Enrollment] = field(default_factory=list)
    lacking: list[Lack] = field(default_factory=list)


@transaction.atomic
def enroll_staff(
    *, by: User | None, employer: Organization, offering: Offering, learners: list[User], mandatory: bool = False
) -> Outcome:
    """An employer enrolls people who work for it: they start active, or on the waiting list when it is full.

    Somebody who already takes the offering is left alone, whoever arranged it; who lacks a prerequisite is reported and
    the others go in. A bounded number of queries per
    thousand people. `by` None is the platform itself (command line).

    Requires: enroll_staff at the employer; everybody employed there today. Raises: Forbidden; NotFound; Invalid for
    somebody who does not work there; Conflict when enrollment is not open, or when all lack a prerequisite.
    Emits: enrollment.activated, enrollment.waitlisted.
    """
    offering = lock_offering(offering.pk)
    require_enrollable(by, employer, offering)
    _require_employed(employer, learners)
    arranged = {"employer": employer, "arranged_by": ArrangedBy.EMPLOYER, "mandatory": mandatory}
    outcome = _enroll(offering, learners, arranged)
    if outcome.lacking and not (outcome.active or outcome.waitlisted or outcome.existing):
        message = _("Nobody is enrolled: none of them has completed what this module asks beforehand.")
        raise Conflict(message, code="prerequisites", errors=lack_errors(outcome.lacking))
    return outcome


def find_staff(*, by: User, employer: Organization, names: list[str]) -> list[User]:
    """The people who work for the employer today behind ids, e-mail addresses or personnel numbers, in that order.

    Requires: view_staff at the employer. Raises: Invalid, naming each that is nobody there.
    """
    current = Employment.objects.visible_to(by).current().filter(employer=employer).select_related("user")
    known: dict[str, User] = {}
    for employment in current:
        for name in (employment.user_id, employment.user.email, employment.personnel_number):
            known.setdefault(str(name or "").lower(), employment.user)
    wanted = [name.strip().lower() for name in names]
    message = _("Nobody who works for %(employer)s today is known by this.") % {"employer": employer}
    errors = [
        FieldError(f"learners/{index}", "unknown", message)
        for index, name in enumerate(wanted)
        if not name or name not in known
    ]
    if errors:
        raise Invalid(message, errors=errors)
    return [known[name] for name in wanted]


def require_enrollable(by: User | None, employer: Organization, offering: Offering) -> None:
    """May this employer's staff be enrolled in this offering, now, by this user?

    Raises: NotFound; Forbidden; Conflict when enrollment is not open.
    """
    if by is not None and not Offering.objects.visible_to(by).filter(pk=offering.pk).exists():
        raise NotFound
    if by is not None and not can_enroll_staff(by, employer):
        raise Forbidden
    _require_open_to(employer, offering)
    _require_open(offering)


@transaction.atomic
def enroll_self(*, by: User, offering: Offering) -> Enrollment:
    """A person enrolls on their own account; no employer sees it.

    Requires: a public offering, open for enrollment. Raises: NotFound; Forbidden; Conflict when it is not open, they
    take it already or lack a prerequisite. Emits: enrollment.activated or enrollment.waitlisted.
    """
    offering = _lock_visible(by, offering)
    if not can_enroll_self(by, offering):
        raise Forbidden
    outcome = _enroll(offering, [by], {"arranged_by": ArrangedBy.LEARNER})
    if outcome.existing:
        raise Conflict(_("You take this offering already."), code="existing")
    if outcome.lacking:
        missing = ", ".join(outcome.lacking[0].missing)
        message = _("Complete this first: %(missing)s. Or ask the provider to let you in without.")
        raise Conflict(message % {"missing": missing}, code="prerequisites", errors=lack_errors(outcome.lacking))
    return (outcome.active + outcome.waitlisted)[0]


@transaction.atomic
def withdraw_enrollment(*, by: User, enrollment: Enrollment) -> Enrollment:
    """The learner or the arranging employer withdraws; a place that comes free goes to the first on the waiting list.

    Requires: can_withdraw; not ended. Raises: Forbidden; Conflict. Emits: enrollment.withdrawn, and
    enrollment.activated for whoever gets the place.
    """
    offering = lock_offering(enrollment.offering_id)
    enrollment = Enrollment.objects.select_for_update(of=("self",)).get(pk=enrollment.pk)
    if not can_withdraw(by, enrollment):
        raise Forbidden
    held_place = enrollment.state == EnrollmentState.ACTIVE
    move(enrollment, EnrollmentState.WITHDRAWN, ended_at=now())
    record(events.WITHDRAWN, enrollment.pk, facts_of(enrollment) | {"by": by.pk})
    if held_place:
        give_back_places(offering, 1)
        promote_waiting(offering)
    return enrollment


def promote_waiting(offering: Offering) -> list[Enrollment]:
    """Give free places to those who wait longest.

    Requires: an offering from `lock_offering`, in the same transaction. Emits: enrollment.activated.
    """
    if offering.cancelled_at or (offering.ends_on and offering.ends_on < today()):
        return []
    waiting = Enrollment.objects.select_for_update(of=("self",)).filter(
        offering=offering, state=EnrollmentState.WAITLISTED
    )
    chosen = list(waiting.order_by("created_at", "id")[: offering.places_left])
    take_places(offering, len(chosen))
    for enrollment in chosen:
        move(enrollment, EnrollmentState.ACTIVE, activated_at=now())
    record_many(events.ACTIVATED, [(e.pk, facts_of(e) | {"waited": True}) for e in chosen])
    return chosen


def _lock_visible(by: User, offering: Offering) -> Offering:
    if not Offering.objects.visible_to(by).filter(pk=offering.pk).exists():
        raise NotFound
    return lock_offering(offering.pk)


def _require_open_to(employer: Organization, offering: Offering) -> None:
    """HR of two employers sees what is reserved for either: it still serves only the one it is reserved for."""
    reserved = offering.visibility == Visibility.EMPLOYERS
    if reserved and not offering.employers.filter(pk=employer.pk).exists():
        raise Forbidden(_("This offering is reserved for other employers."))


def _require_open(offering: Offering) -> None:
    if offering.state not in ("open", "full"):
        raise Conflict(_("Enrollment for this offering is not open."), code="not_open")


def _require_employed(employer: Organization, learners: list[User]) -> None:
    employed = set(Employment.objects.current().filter(employer=employer).values_list("user_id", flat=True))
    strangers = [learner for learner in learners if learner.pk not in employed]
    if strangers:
        message = _("%(name)s does not work for %(employer)s: add the person to the staff first.")
        errors = [
            FieldError("learners", "not_employed", message % {"name": stranger, "employer": employer})
            for stranger in strangers
        ]
        raise Invalid(errors[0].message, errors=errors)


def _enroll(offering: Offering, learners: list[User], arranged: dict[str, Any]) -> Outcome:
    """Requires: `offering` locked. Everybody once, in the order given, after those who wait already."""
    _require_open(offering)
    promote_waiting(offering)
    learners = list({learner.pk: learner for learner in learners}.values())
    taking = {
        enrollment.learner_id: enrollment
        for enrollment in Enrollment.objects.filter(offering=offering, state__in=LIVE_STATES)
    }
    new = [learner for learner in learners if learner.pk not in taking]
    lacking = find_lacks(offering.version.module_id, new)
    left_out = {lack.learner.pk for lack in lacking}
    new = [learner for learner in new if learner.pk not in left_out]
    places = take_places(offering, len(new))
    required = count_required(offering.version_id)
    rows = [
        Enrollment(
            learner=learner,
            offering=offering,
            version_id=offering.version_id,
            provider_id=offering.provider_id,
            state=EnrollmentState.ACTIVE if index < places else EnrollmentState.WAITLISTED,
            activated_at=now() if index < places else None,
            units_required=required,
            **arranged,
        )
        for index, learner in enumerate(new)
    ]
    Enrollment.objects.bulk_create(rows, batch_size=1000)
    active, waitlisted = rows[:places], rows[places:]
    record_audit_many("enrollments.enroll", list(rows), organization_id=offering.provider_id)
    record_many(events.ACTIVATED, [(e.pk, facts_of(e)) for e in active])
    record_many(events.WAITLISTED, [(e.pk, facts_of(e)) for e in waitlisted])
    _forget_interest(offering)
    existing = [taking[learner.pk] for learner in learners if learner.pk in taking]
    return Outcome(active=active, waitlisted=waitlisted, existing=existing, lacking=lacking)


def _forget_interest(offering: Offering) -> None:
    """Who takes the module, or waits for a place, waits for no date any more."""
    taking = Enrollment.objects.ongoing().filter(offering=offering)
    module = ModuleVersion.objects.filter(pk=offering.version_id).values("module")
    Interest.objects.filter(module__in=module, user__in=taking.values("learner")).delete()

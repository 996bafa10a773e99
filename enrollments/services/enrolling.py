"""Enrolling and withdrawing: one service behind every door (page, API, spreadsheet, command)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import ModuleVersion, Offering, Visibility
from courses.services.places import Room, give_back_places, lock_offering, room_in, take_places
from enrollments import events
from enrollments.flow import facts_of, move
from enrollments.models import HOLDS_PLACE_STATES, LIVE_STATES, ArrangedBy, Enrollment, EnrollmentState, Interest
from enrollments.policies import can_enroll_self, can_enroll_staff, can_withdraw
from enrollments.prerequisites import Lack, find_lacks, lack_errors
from enrollments.progress import count_required
from enrollments.wallets import Funding, Wallet, wallets_for
from lms.accounts.models import User
from lms.audit.services import record_audit_many
from lms.core.clock import now
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from lms.events.services import record, record_many
from lms.organizations.models import Employment, Organization

from .answering import meet_answered_needs
from .paying import lock_agreements, reserve_each, settle_withdrawal
from .waiting import employers_waiting, promote_waiting, shortage


@dataclass
class Outcome:
    """What enrolling some people did, person by person in the order they were given.

    `shortage` says why the rest waits: for a place, or for the seats or the money of an agreement. `lacking` were not
    enrolled: they have not completed what the module asks beforehand.
    """

    active: list[Enrollment] = field(default_factory=list)
    waitlisted: list[Enrollment] = field(default_factory=list)
    existing: list[Enrollment] = field(default_factory=list)
    lacking: list[Lack] = field(default_factory=list)
    shortage: str = ""


@transaction.atomic
def enroll_staff(
    *,
    by: User | None,
    employer: Organization,
    offering: Offering,
    learners: list[User],
    mandatory: bool = False,
    due_on: date | None = None,
    cost_recovery: bool = False,
    previous: Mapping[UUID, Enrollment] | None = None,
) -> Outcome:
    """An employer enrolls people who work for it: they start active while places, seats and money last, and then wait.

    Somebody who already takes the offering is left alone, whoever arranged it; who lacks a prerequisite is reported and
    the others go in. Each place reserves a seat and its price in the agreement that pays it. A bounded number of
    queries per thousand people. `by` None is the platform itself (command line). `previous`: by learner the enrollment
    of the cycle before.

    Requires: enroll_staff at the employer; everybody employed there today. Raises: Forbidden; NotFound; Invalid for
    somebody who does not work there, or cost recovery for what is mandatory; Conflict when enrollment is not open, or
    when all lack a prerequisite. Emits: enrollment.activated, enrollment.waitlisted.
    """
    offering = lock_offering(offering.pk)
    require_enrollable(by, employer, offering)
    _require_employed(employer, learners)
    require_free_when_mandatory(mandatory, cost_recovery)
    arranged = {
        "employer": employer,
        "arranged_by": ArrangedBy.EMPLOYER,
        "mandatory": mandatory,
        "cost_recovery": cost_recovery,
        "due_on": due_on,
    }
    outcome = _enroll(offering, learners, arranged, by=by, previous=previous or {})
    if outcome.active:
        meet_answered_needs(employer=employer, offering=offering)
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
    outcome = _enroll(offering, [by], {"arranged_by": ArrangedBy.LEARNER}, by=by)
    if outcome.existing:
        raise Conflict(_("You take this offering already."), code="existing")
    if outcome.lacking:
        missing = ", ".join(outcome.lacking[0].missing)
        message = _("Complete this first: %(missing)s. Or ask the provider to let you in without.")
        raise Conflict(message % {"missing": missing}, code="prerequisites", errors=lack_errors(outcome.lacking))
    return (outcome.active + outcome.waitlisted)[0]


@transaction.atomic
def place_approved(enrollment: Enrollment, *, by: User | None = None) -> Enrollment:
    """What was approved becomes active when there is a place and what pays it; else it waits.

    Requires: an enrollment in the state approved. Raises: Conflict otherwise. Audits: yes. Emits: enrollment.activated,
    and need.met where places were reserved for a need; or enrollment.waitlisted.
    """
    offering = lock_offering(enrollment.offering_id)
    employer_id = enrollment.employer_id
    room, wallet = _what_is_left(offering, employer_id)
    enrollment = Enrollment.objects.select_for_update(of=("self",)).get(pk=enrollment.pk)
    funding = wallet.next_funding() if wallet else None
    if offering.is_over or room.left_for(employer_id) == 0 or (wallet and funding is None):
        move(enrollment, EnrollmentState.WAITLISTED)
        record(events.WAITLISTED, enrollment.pk, facts_of(enrollment))
        return enrollment
    take_places(offering, {employer_id: 1})
    move(enrollment, EnrollmentState.ACTIVE, activated_at=now())
    reserve_each([(enrollment, funding)], by=by)
    record(events.ACTIVATED, enrollment.pk, facts_of(enrollment))
    if enrollment.employer is not None:
        meet_answered_needs(employer=enrollment.employer, offering=offering)
    return enrollment


@transaction.atomic
def withdraw_enrollment(*, by: User, enrollment: Enrollment) -> Enrollment:
    """The learner or the arranging employer withdraws; a place that comes free goes to who is next on the waiting list.

    Seat and money go back to the agreement when it is in time (`release_days`, or nothing begun where there is no
    end); else they count as used.

    Requires: can_withdraw; not ended. Raises: Forbidden; Conflict. Emits: enrollment.withdrawn; enrollment.activated
    for whoever gets the place; agreement.freed when seats or money come back.
    """
    offering = lock_offering(enrollment.offering_id)
    lock_agreements(employers_waiting(offering), offering, releasing=[enrollment.pk])
    enrollment = Enrollment.objects.select_for_update(of=("self",)).get(pk=enrollment.pk)
    if not can_withdraw(by, enrollment):
        raise Forbidden
    held_place = enrollment.state in HOLDS_PLACE_STATES
    move(enrollment, EnrollmentState.WITHDRAWN, ended_at=now())
    record(events.WITHDRAWN, enrollment.pk, facts_of(enrollment) | {"by": by.pk})
    if held_place:
        settle_withdrawal(enrollment, offering, by=by)
        give_back_places(offering, {enrollment.employer_id: 1})
        promote_waiting(offering)
    return enrollment


def require_free_when_mandatory(mandatory: bool, cost_recovery: bool) -> None:
    """Training that law or CAO requires is free for the worker (BW 7:611a). Raises: Invalid."""
    if mandatory and cost_recovery:
        message = _("What law or CAO requires is free for the worker (BW 7:611a): its costs cannot be recovered.")
        raise Invalid(message, errors=[FieldError("cost_recovery", "mandatory", message)])


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


def _enroll(
    offering: Offering,
    learners: list[User],
    arranged: dict[str, Any],
    *,
    by: User | None,
    previous: Mapping[UUID, Enrollment] | None = None,
) -> Outcome:
    """Requires: `offering` locked. Everybody once, in the order given, after those who wait already."""
    _require_open(offering)
    employer_id = arranged["employer"].pk if "employer" in arranged else None
    room, wallet = _what_is_left(offering, employer_id)
    learners = list({learner.pk: learner for learner in learners}.values())
    taking = {
        enrollment.learner_id: enrollment
        for enrollment in Enrollment.objects.filter(offering=offering, state__in=LIVE_STATES).order_by("id")
        if not _begins_anew(enrollment, previous or {})
    }
    new = [learner for learner in learners if learner.pk not in taking]
    lacking = find_lacks(offering.version.module_id, new, employer_id)
    left_out = {lack.learner.pk for lack in lacking}
    new = [learner for learner in new if learner.pk not in left_out]
    shares = _shares(room.left_for(employer_id), wallet, len(new))
    rows = _insert(offering, new, arranged, places=sum(n for _funding, n in shares), previous=previous or {})
    fundings = [funding for funding, n in shares for _place in range(n)]
    active, waitlisted = rows[: len(fundings)], rows[len(fundings) :]
    take_places(offering, {employer_id: len(active)})
    reserve_each(zip(active, fundings, strict=True), by=by)
    record_audit_many("enrollments.enroll", list(rows), organization_id=offering.provider_id)
    record_many(events.ACTIVATED, [(e.pk, facts_of(e)) for e in active])
    record_many(events.WAITLISTED, [(e.pk, facts_of(e)) for e in waitlisted])
    _forget_interest(offering)
    existing = [taking[learner.pk] for learner in learners if learner.pk in taking]
    outcome = Outcome(active=active, waitlisted=waitlisted, existing=existing, lacking=lacking)
    if waitlisted:
        room.take(employer_id, len(active))
        outcome.shortage = shortage(offering, employer_id, room, wallet)
    return outcome


def _begins_anew(enrollment: Enrollment, previous: Mapping[UUID, Enrollment]) -> bool:
    """What was completed here is no obstacle to a new cycle of it, also in an offering without an end."""
    return enrollment.state == EnrollmentState.COMPLETED and enrollment.learner_id in previous


def _what_is_left(offering: Offering, employer_id: UUID | None) -> tuple[Room, Wallet | None]:
    """Places and what pays them, after those who wait already. Requires: `offering` locked; locks the agreements."""
    employers = {employer_id} if employer_id else set()
    lock_agreements(employers | employers_waiting(offering), offering)
    promote_waiting(offering)
    wallets = wallets_for(employers, offering)
    return room_in(offering), wallets[employer_id] if employer_id else None


def _shares(places: int | None, wallet: Wallet | None, wanted: int) -> list[tuple[Funding | None, int]]:
    """How many of those who want a place get one, and what pays each."""
    count = wanted if places is None else min(wanted, places)
    return list(wallet.plan(count)) if wallet else [(None, count)]


def _insert(
    offering: Offering,
    learners: list[User],
    arranged: dict[str, Any],
    *,
    places: int,
    previous: Mapping[UUID, Enrollment],
) -> list[Enrollment]:
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
            previous=previous.get(learner.pk),
            **arranged,
        )
        for index, learner in enumerate(learners)
    ]
    return Enrollment.objects.bulk_create(rows, batch_size=1000)


def _forget_interest(offering: Offering) -> None:
    """Who takes the module, or waits for a place, waits for no date any more."""
    taking = Enrollment.objects.ongoing().filter(offering=offering)
    module = ModuleVersion.objects.filter(pk=offering.version_id).values("module")
    Interest.objects.filter(module__in=module, user__in=taking.values("learner")).delete()

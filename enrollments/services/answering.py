"""Answers to bundles: a provider keeps places for employers; each employer accepts what suits, or gives it up."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from courses.models import ModuleVersion, Offering, ReservedPlaces, Visibility
from courses.services.offerings import plan_offering
from courses.services.places import lock_offerings
from courses.services.reserving import give_up_places, reserve_for_each
from enrollments import events
from enrollments.models import BundleState, NeedAnswer, NeedBundle, NeedState, TrainingNeed
from enrollments.needs.bundles import Party, live_parties, needs_in, parties_of
from enrollments.needs.flow import LIVE, lock_bundle, lock_needs, move_bundle, move_need
from enrollments.needs.policies import can_answer_needs, can_answer_needs_anywhere
from lms.accounts.models import User
from lms.audit.services import record_audit
from lms.core.clock import now
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from lms.events.services import record, record_many
from lms.organizations.models import Organization

from .bundling import settle_bundle
from .needs import facts_of_need, lock_own_need, standing_places

MESSAGE = 2000


@transaction.atomic
def answer_bundle(
    *,
    by: User,
    bundle: NeedBundle,
    places: Mapping[UUID, int],
    offering: Offering | None = None,
    plan: Mapping[str, Any] | None = None,
    message: str = "",
    until: date | None = None,
) -> NeedAnswer:
    """A provider keeps places for employers in a bundle: in an `offering`, or in a new one.

    `places` says how many for each employer, by the key of its party (its oldest need in the bundle). `plan` holds
    `version`, `code` and facts for `plan_offering`; only these employers can join such an offering. All or nothing.

    Requires: answer_needs and manage_offerings at the provider. Raises: NotFound; Forbidden; Invalid; Conflict when the
    bundle takes no answers, an employer is not in it any more or the offering has too few places, with the numbers.
    Audits: yes. Emits: need.answered for each need, offering.planned, offering.changed.
    """
    if not NeedBundle.objects.visible_to(by).filter(pk=bundle.pk).exists():
        raise NotFound
    if not can_answer_needs_anywhere(by):
        raise Forbidden
    locked = lock_bundle(bundle.pk)
    if locked.state not in (BundleState.ASKED, BundleState.ANSWERED):
        raise Conflict(_("This bundle takes no answers now."), code="state")
    chosen = _chosen(by, locked, places, message)
    offering = _offering(by, offering, plan, [party.needs[0].employer for party, _places in chosen])
    if not can_answer_needs(by, offering.provider):
        raise Forbidden
    _reserve(by, offering, chosen, until)
    if NeedAnswer.objects.filter(bundle=locked, offering=offering).exists():
        raise Conflict(_("This bundle was answered with this offering already."), code="existing")
    facts = {"provider": offering.provider, "message": message, "answered_by": by}
    answer = NeedAnswer.objects.create(bundle=locked, offering=offering, **facts)
    record_audit("enrollments.answer_bundle", answer, organization_id=offering.provider_id)
    _move_answered(locked, answer, [party.employer_id for party, _places in chosen])
    return answer


@transaction.atomic
def meet_need(*, by: User, need: TrainingNeed, answer: NeedAnswer | None = None) -> TrainingNeed:
    """The employer accepts the places that were kept for it; without an answer: it found what it needs elsewhere.

    Requires: post_needs at the employer. Raises: NotFound; Forbidden; Conflict when the answer keeps no places for it
    (any more), or the need is over. Audits: yes. Emits: need.met.
    """
    locked = lock_own_need(by, need)
    if answer is not None:
        kept = _kept(locked, answer)
        if kept.given_up_at:
            raise Conflict(_("These places were given up already."), code="given_up")
    _meet(locked, answer)
    return locked


@transaction.atomic
def decline_places(*, by: User, need: TrainingNeed, answer: NeedAnswer) -> TrainingNeed:
    """The employer gives the places of an answer up: they return to everybody. Also after another answer met the need.

    Requires: post_needs at the employer. Raises: NotFound; Forbidden; Conflict when they were given up already.
    Audits: yes. Emits: offering.changed.
    """
    locked = lock_own_need(by, need)
    give_up_places(by=by, reserved=_kept(locked, answer))
    record_audit("enrollments.decline_places", locked, organization_id=locked.employer_id)
    _return_unanswered(locked)
    return locked


def meet_answered_needs(*, employer: Organization, offering: Offering) -> None:
    """The employer enrolled people in an offering that answered its needs: they are met. One query when there are none.

    Requires: an open transaction with the offering locked. Audits: yes. Emits: need.met, for each.
    """
    answers = NeedAnswer.objects.filter(offering=offering)
    needs = lock_needs(employer=employer, state=NeedState.ANSWERED, bundle__in=answers.values("bundle"))
    for need in needs:
        _meet(need, answers.get(bundle=need.bundle_id))


def return_lapsed_needs() -> int:
    """Needs that were answered, but for which no answer keeps places any more: they wait for another answer.

    Their offering was cancelled, the provider gave the places to everybody, or the day until which they were kept has
    passed. Safe to repeat. Returns how many. Audits: yes.
    """
    returned = 0
    answered = TrainingNeed.objects.filter(state=NeedState.ANSWERED).order_by("pk")
    standing = ReservedPlaces.objects.filter(
        given_up_at=None,
        offering__cancelled_at=None,
        offering__need_answers__bundle=OuterRef("bundle"),
        employer=OuterRef("employer"),
    )
    for pk, bundle in answered.filter(~Exists(standing)).values_list("pk", "bundle"):
        with transaction.atomic():
            lock_bundle(bundle)
            returned += sum(_return_unanswered(need) for need in lock_needs(pk=pk, state=NeedState.ANSWERED))
        settle_bundle(bundle)
    return returned


def _chosen(by: User, bundle: NeedBundle, places: Mapping[UUID, int], message: str) -> list[tuple[Party, int]]:
    """Parties that get places, always in the same order. Raises: Invalid; Conflict when somebody left the bundle."""
    parties = {party.key: party for party in live_parties(parties_of(by, bundle, needs_in(bundle)))}
    if set(places) - set(parties):
        raise Conflict(_("An employer is not in this bundle any more: look again."), code="stale")
    errors = [
        FieldError(f"places/{key}", "range", _("Give a number of places, or 0."))
        for key, number in places.items()
        if number < 0
    ]
    if not any(places.values()):
        errors.append(FieldError("places", "empty", _("Reserve at least one place for an employer.")))
    if len(message) > MESSAGE:
        errors.append(FieldError("message", "long", _("Write at most %(most)d characters.") % {"most": MESSAGE}))
    if errors:
        raise Invalid(errors[0].message, errors=errors)
    chosen = [(parties[key], number) for key, number in places.items() if number]
    return sorted(chosen, key=lambda pair: pair[0].employer_id)


def _offering(
    by: User, offering: Offering | None, plan: Mapping[str, Any] | None, employers: list[Organization]
) -> Offering:
    if offering is not None:
        if not Offering.objects.visible_to(by).filter(pk=offering.pk).exists():
            raise NotFound
        lock_offerings([offering.pk])
        return Offering.objects.select_related("provider").get(pk=offering.pk)
    facts = dict(plan or {})
    version = facts.pop("version", None)
    if not isinstance(version, ModuleVersion):
        message = _("Choose an offering, or a module to plan a new one of.")
        raise Invalid(message, errors=[FieldError("offering", "empty", message)])
    facts |= {"visibility": Visibility.EMPLOYERS, "employers": employers}
    return plan_offering(by=by, version=version, **facts)


def _reserve(by: User, offering: Offering, chosen: list[tuple[Party, int]], until: date | None) -> None:
    wanted, left = sum(number for _party, number in chosen), offering.places_left
    if left is not None and wanted > left:
        message = _("You reserve %(wanted)d places, but only %(left)d are left: give it more places, or reserve fewer.")
        raise Conflict(message % {"wanted": wanted, "left": max(0, left)}, code="full")
    employers = [party.employer_id for party, _number in chosen]
    before = ReservedPlaces.objects.filter(offering=offering, employer__in=employers, given_up_at=None)
    had = dict(before.values_list("employer", "places"))
    keep = {party.needs[0].employer: number + had.get(party.employer_id, 0) for party, number in chosen}
    reserve_for_each(by=by, offering=offering, places=keep, until=until)


def _move_answered(bundle: NeedBundle, answer: NeedAnswer, employers: list[UUID]) -> None:
    needs = lock_needs(bundle=bundle, employer__in=employers, state__in=LIVE)
    for need in needs:
        if need.state != NeedState.ANSWERED:
            move_need(need, NeedState.ANSWERED)
    if bundle.state == BundleState.ASKED:
        move_bundle(bundle, BundleState.ANSWERED)
    record_many(events.NEED_ANSWERED, [(need.pk, facts_of_need(need) | {"answer": answer.pk}) for need in needs])


def _meet(need: TrainingNeed, answer: NeedAnswer | None) -> None:
    move_need(need, NeedState.MET, met_at=now(), met_by=answer)
    record_audit("enrollments.meet_need", need, organization_id=need.employer_id)
    record(events.NEED_MET, need.pk, facts_of_need(need) | {"answer": answer.pk if answer else None})


def _kept(need: TrainingNeed, answer: NeedAnswer) -> ReservedPlaces:
    """What the answer keeps for the need's employer. Raises: NotFound."""
    found = ReservedPlaces.objects.filter(offering=answer.offering_id, employer=need.employer_id).first()
    if found is None or need.bundle_id != answer.bundle_id:
        raise NotFound
    return found


def _return_unanswered(need: TrainingNeed) -> int:
    """The employer's answered needs go back to `bundled` when no answer keeps places for it any more. How many.

    Requires: the bundle locked.
    """
    if standing_places(need):
        return 0
    unanswered = lock_needs(bundle=need.bundle_id, employer=need.employer_id, state=NeedState.ANSWERED)
    for one in unanswered:
        move_need(one, NeedState.BUNDLED)
        record_audit("enrollments.return_need", one, organization_id=one.employer_id)
    return len(unanswered)

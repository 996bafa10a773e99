"""Bundles of needs: made by a hub coordinator, filled while gathering, then put to providers; closed when over."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from enrollments import events
from enrollments.models import BundleState, NeedBundle, NeedState, TrainingNeed
from enrollments.needs.flow import LIVE, lock_bundle, lock_needs, move_bundle, move_need
from enrollments.needs.policies import can_bundle_for, can_change_bundle
from lms.accounts.models import User
from lms.audit.services import record_audit, record_audit_many
from lms.core.clock import now
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from lms.events.services import record, record_many
from lms.organizations.models import Organization

from .needs import facts_of_need


@transaction.atomic
def make_bundle(
    *, by: User, coordinator: Organization, title: str, needs: Iterable[TrainingNeed], note: str = ""
) -> NeedBundle:
    """A hub coordinator puts open needs together, of whichever employers.

    Requires: bundle_needs at the coordinator. Raises: Forbidden; NotFound; Invalid; Conflict when one of the needs is
    not open any more. Audits: yes. Emits: need.bundled, for each.
    """
    if not can_bundle_for(by, coordinator):
        raise Forbidden
    _require_words(title, note)
    bundle = NeedBundle.objects.create(coordinator=coordinator, title=title.strip(), note=note, made_by=by)
    record_audit("enrollments.make_bundle", bundle, organization_id=coordinator.pk)
    _bundle(by, bundle, needs)
    return bundle


@transaction.atomic
def edit_bundle(*, by: User, bundle: NeedBundle, title: str, note: str) -> NeedBundle:
    """Another title and note for providers, while gathering.

    Requires: bundle_needs at its coordinator. Raises: NotFound; Forbidden; Invalid; Conflict. Audits: yes.
    """
    locked = _lock_gathering(by, bundle)
    _require_words(title, note)
    changes = {"title": (locked.title, title.strip()), "note": (locked.note, note)}
    locked.title, locked.note = title.strip(), note
    locked.save(update_fields=["title", "note"])
    record_audit("enrollments.edit_bundle", locked, changes=changes, organization_id=locked.coordinator_id)
    return locked


@transaction.atomic
def add_needs(*, by: User, bundle: NeedBundle, needs: Iterable[TrainingNeed]) -> NeedBundle:
    """More open needs into a bundle, while gathering.

    Requires: bundle_needs at its coordinator. Raises: NotFound; Forbidden; Invalid when none is named; Conflict when
    providers were asked, or a need is not open any more. Audits: yes. Emits: need.bundled, for each.
    """
    locked = _lock_gathering(by, bundle)
    _bundle(by, locked, needs)
    return locked


@transaction.atomic
def take_out_need(*, by: User, bundle: NeedBundle, need: TrainingNeed) -> NeedBundle:
    """A need out of a bundle, while gathering: it is open again.

    Requires: bundle_needs at its coordinator. Raises: NotFound; Forbidden; Conflict. Audits: yes.
    """
    locked = _lock_gathering(by, bundle)
    found = lock_needs(pk=need.pk, bundle=locked)
    if not found:
        raise NotFound
    move_need(found[0], NeedState.OPEN, bundle=None, bundled_at=None)
    record_audit("enrollments.take_out_need", found[0], organization_id=locked.coordinator_id)
    return locked


@transaction.atomic
def ask_providers(*, by: User, bundle: NeedBundle) -> NeedBundle:
    """From now on all providers see the bundle; those with modules that fit are told once.

    Requires: bundle_needs at its coordinator; a need in it. Raises: NotFound; Forbidden; Conflict. Audits: yes. Emits:
    bundle.asked.
    """
    locked = _lock_gathering(by, bundle)
    if not locked.needs.filter(state=NeedState.BUNDLED).exists():
        raise Conflict(_("There is no need in this bundle: add one first."), code="empty")
    move_bundle(locked, BundleState.ASKED, asked_at=now())
    record_audit("enrollments.ask_providers", locked, organization_id=locked.coordinator_id)
    record(events.BUNDLE_ASKED, locked.pk, {"coordinator": locked.coordinator_id})
    return locked


@transaction.atomic
def close_bundle(*, by: User, bundle: NeedBundle) -> NeedBundle:
    """No more answers. What was not answered is open again, for another bundle.

    Requires: bundle_needs at its coordinator. Raises: NotFound; Forbidden; Conflict when employers still decide on
    places that are reserved for them, or it is closed already. Audits: yes.
    """
    locked = lock_own_bundle(by, bundle)
    needs = lock_needs(bundle=locked, state__in=LIVE)
    undecided = len({need.employer_id for need in needs if need.state == NeedState.ANSWERED})
    if undecided:
        message = _("%(n)d employers have not decided yet on the places reserved for them: wait for them.")
        raise Conflict(message % {"n": undecided}, code="undecided")
    for need in needs:
        move_need(need, NeedState.OPEN, bundle=None, bundled_at=None)
    move_bundle(locked, BundleState.CLOSED, closed_at=now())
    record_audit("enrollments.close_bundle", locked, organization_id=locked.coordinator_id)
    return locked


@transaction.atomic
def settle_bundle(bundle_id: UUID) -> None:
    """The state of a bundle after its needs moved: closed when none of them lives, asked when nobody's answer stands.

    Requires: no lock on an offering or a need, for the bundle comes first. Safe to repeat. Audits: yes.
    """
    bundle = lock_bundle(bundle_id)
    if bundle.state not in (BundleState.ASKED, BundleState.ANSWERED):
        return
    states = set(bundle.needs.values_list("state", flat=True))
    if not states & set(LIVE):
        move_bundle(bundle, BundleState.CLOSED, closed_at=now())
    elif bundle.state == BundleState.ANSWERED and not states & {NeedState.ANSWERED, NeedState.MET}:
        move_bundle(bundle, BundleState.ASKED)
    else:
        return
    record_audit("enrollments.settle_bundle", bundle, organization_id=bundle.coordinator_id)


def lock_own_bundle(by: User, bundle: NeedBundle) -> NeedBundle:
    """The coordinator's bundle, locked.

    Requires: an open transaction. Raises: NotFound; Forbidden.
    """
    seen = NeedBundle.objects.visible_to(by).filter(pk=bundle.pk).first()
    if seen is None:
        raise NotFound
    if not can_change_bundle(by, seen):
        raise Forbidden
    return lock_bundle(seen.pk)


def _lock_gathering(by: User, bundle: NeedBundle) -> NeedBundle:
    locked = lock_own_bundle(by, bundle)
    if locked.state != BundleState.GATHERING:
        raise Conflict(_("Providers were asked already: this bundle does not change any more."), code="state")
    return locked


def _bundle(by: User, bundle: NeedBundle, needs: Iterable[TrainingNeed]) -> None:
    wanted = {need.pk for need in needs}
    if not wanted:
        message = _("Choose at least one need.")
        raise Invalid(message, errors=[FieldError("needs", "empty", message)])
    seen = TrainingNeed.objects.visible_to(by).filter(pk__in=wanted).values_list("pk", flat=True)
    if set(seen) != wanted:
        raise NotFound
    locked = lock_needs(pk__in=wanted)
    for need in locked:
        move_need(need, NeedState.BUNDLED, bundle=bundle, bundled_at=now())
    record_audit_many("enrollments.bundle_need", list(locked), organization_id=bundle.coordinator_id)
    record_many(events.NEED_BUNDLED, [(need.pk, facts_of_need(need)) for need in locked])


def _require_words(title: str, note: str) -> None:
    errors = [*_word_errors(title.strip(), note)]
    if errors:
        raise Invalid(errors[0].message, errors=errors)


def _word_errors(title: str, note: str) -> Iterator[FieldError]:
    if not title:
        yield FieldError("title", "empty", _("Say in a few words what is needed."))
    for name, text, most in (("title", title, 160), ("note", note, 2000)):
        if len(text) > most:
            yield FieldError(name, "long", _("Write at most %(most)d characters.") % {"most": most})

"""The arrows between the states of a need and of a bundle, and the locks under which they are taken.

Lock order: bundle -> organizations -> offering -> agreement -> enrollment -> need.
"""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from enrollments.models import BundleState, NeedBundle, NeedState, TrainingNeed
from lms.core.errors import Conflict

NEED_ARROWS: dict[str, frozenset[str]] = {
    NeedState.OPEN: frozenset({NeedState.BUNDLED, NeedState.MET, NeedState.TAKEN_BACK}),
    NeedState.BUNDLED: frozenset({NeedState.OPEN, NeedState.ANSWERED, NeedState.MET, NeedState.TAKEN_BACK}),
    NeedState.ANSWERED: frozenset({NeedState.BUNDLED, NeedState.MET, NeedState.TAKEN_BACK}),
    NeedState.MET: frozenset(),
    NeedState.TAKEN_BACK: frozenset(),
}
BUNDLE_ARROWS: dict[str, frozenset[str]] = {
    BundleState.GATHERING: frozenset({BundleState.ASKED, BundleState.CLOSED}),
    BundleState.ASKED: frozenset({BundleState.ANSWERED, BundleState.CLOSED}),
    BundleState.ANSWERED: frozenset({BundleState.ASKED, BundleState.CLOSED}),
    BundleState.CLOSED: frozenset(),
}
LIVE = (NeedState.OPEN, NeedState.BUNDLED, NeedState.ANSWERED)


def lock_bundle(bundle_id: UUID) -> NeedBundle:
    """The bundle, locked until the transaction ends.

    Requires: an open transaction.
    """
    return NeedBundle.objects.select_for_update(no_key=True).get(pk=bundle_id)


def lock_needs(**which: Any) -> list[TrainingNeed]:
    """Needs, locked until the transaction ends, always in the same order.

    Requires: an open transaction; their bundle locked where they have one.
    """
    return list(TrainingNeed.objects.select_for_update(no_key=True).filter(**which).order_by("pk"))


def move_need(need: TrainingNeed, to: NeedState, **facts: Any) -> None:
    """Take an arrow and keep the facts that come with it.

    Requires: the need locked. Raises: Conflict when there is no such arrow: somebody else was first.
    """
    if to not in NEED_ARROWS[need.state]:
        message = _("“%(need)s” is %(state)s already.") % {"need": need, "state": need.get_state_display()}
        raise Conflict(message, code="state")
    for name, value in ({"state": to} | facts).items():
        setattr(need, name, value)
    need.save(update_fields=["state", *facts])


def move_bundle(bundle: NeedBundle, to: BundleState, **facts: Any) -> None:
    """Take an arrow of a bundle.

    Requires: the bundle locked. Raises: Conflict when there is no such arrow.
    """
    if to not in BUNDLE_ARROWS[bundle.state]:
        message = _("This bundle is in state “%(state)s”: that cannot be done any more.")
        raise Conflict(message % {"state": bundle.get_state_display()}, code="state")
    for name, value in ({"state": to} | facts).items():
        setattr(bundle, name, value)
    bundle.save(update_fields=["state", *facts])

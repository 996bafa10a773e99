"""Requests as pages and API show them: what a worker asked for, whose turn it is, what it costs, whether there is room.

Whoever decides sees who asks for what, when and why, and what it costs; nothing of the enrollment that comes of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from courses.models import Offering, ReservedPlaces

from .approval_route import employer_of, is_joinable
from .models import ApprovalStep, Enrollment
from .wallets import prices_of

OPEN = "open"


@dataclass
class PlaceRequest:
    """One request with its turns, as `user` sees it. `places_left` for this employer; None where there is no limit."""

    user: Any
    enrollment: Enrollment
    steps: list[ApprovalStep]
    cost: Decimal
    places_left: int | None
    may_decide: bool

    @property
    def step(self) -> ApprovalStep:
        """The latest turn."""
        return self.steps[-1]

    @property
    def state(self) -> str:
        """`open`, `approved`, `refused` or `withdrawn`: of the request, not of the enrollment that came of it."""
        return self.step.decision or OPEN

    @property
    def offering(self) -> Offering:
        """What was asked for."""
        return self.enrollment.offering

    @property
    def is_mine(self) -> bool:
        """The reader asked."""
        return bool(self.enrollment.learner_id == self.user.pk)

    @property
    def room(self) -> str:
        """What a yes would do now: `free` (a place), `full` (the waiting list), or `closed`."""
        if not is_joinable(self.offering):
            return "closed"
        return "full" if self.places_left == 0 else "free"


def requests_seen_by(user: Any) -> QuerySet[Enrollment]:
    """One's own, and those on which one decides or decided, as manager or HR."""
    return Enrollment.objects.filter(pk__in=ApprovalStep.objects.visible_to(user).values("enrollment"))


def requests_of(user: Any) -> QuerySet[Enrollment]:
    """What one asked for oneself."""
    return Enrollment.objects.of_learner(user).filter(approval_steps__number=1)


def requests_to_decide(user: Any) -> QuerySet[Enrollment]:
    """Those on which it is the user's turn to decide."""
    return Enrollment.objects.filter(pk__in=ApprovalStep.objects.to_decide_by(user).values("enrollment"))


def in_request_state(requests: QuerySet[Enrollment], state: str) -> QuerySet[Enrollment]:
    """Those that are `open`, `approved`, `refused` or `withdrawn`; all when nothing is asked."""
    if not state:
        return requests
    later = ApprovalStep.objects.filter(enrollment=OuterRef("enrollment"), number__gt=OuterRef("number"))
    latest = ApprovalStep.objects.filter(~Exists(later), decision="" if state == OPEN else state)
    return requests.filter(pk__in=latest.values("enrollment"))


def read_requests(user: Any, ids: Iterable[UUID]) -> list[PlaceRequest]:
    """The requests with these ids, in that order: a bounded number of queries, however many they are."""
    ids = list(ids)
    found = Enrollment.objects.filter(pk__in=ids).select_related(
        "learner", "offering__location", "offering__version", "version__module", "provider", "employer"
    )
    by_id = {enrollment.pk: enrollment for enrollment in found}
    steps: dict[UUID, list[ApprovalStep]] = {pk: [] for pk in by_id}
    for step in ApprovalStep.objects.filter(enrollment__in=by_id).select_related("manager", "decided_by"):
        step.enrollment = by_id[step.enrollment_id]
        steps[step.enrollment_id].append(step)
    wanted = [(employer_of(one).pk, one.offering) for one in by_id.values()]
    costs, held = prices_of(wanted), _held_for(wanted)
    turns = ApprovalStep.objects.to_decide_by(user).filter(enrollment__in=by_id)
    mine = set(turns.values_list("enrollment", flat=True))
    read = []
    for one in (by_id[pk] for pk in ids if pk in by_id):
        key = (employer_of(one).pk, one.offering_id)
        left = _left(one.offering, held.get(key, 0))
        read.append(PlaceRequest(user, one, steps[one.pk], costs[key], left, one.pk in mine))
    return read


def _held_for(wanted: list[tuple[UUID, Offering]]) -> dict[tuple[UUID, UUID], int]:
    """By employer and offering the places that are held for it."""
    held = ReservedPlaces.objects.holding().filter(
        offering__in=[offering for _employer, offering in wanted], employer__in={employer for employer, _o in wanted}
    )
    return {(row.employer_id, row.offering_id): row.held_back for row in held}


def _left(offering: Offering, held: int) -> int | None:
    return None if offering.places_left is None else max(0, offering.places_left) + held

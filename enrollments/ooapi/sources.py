"""The rows behind associations and persons, as far as the asking user may know them.

What an employer may know of somebody (AVG) is decided in `enrollments.rows`; a grade or a score is in none of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from courses.ooapi import sources
from enrollments.models import Enrollment, EnrollmentState
from enrollments.rows import columns_of, rows_for
from lms.accounts.models import User
from lms.organizations.models import Membership

OUTCOMES = {
    EnrollmentState.COMPLETED: "passed",
    EnrollmentState.NOT_PASSED: "failed",
    EnrollmentState.EXPIRED: "unknown",
}


@dataclass(frozen=True)
class Seen:
    """An enrollment as this user sees it: of somebody who left, an employer sees how it stood on the last day."""

    enrollment: Enrollment
    state: str
    activated_at: datetime | None
    ended_at: datetime | None

    @property
    def outcome(self) -> str | None:
        """Whether it was passed, which both versions spell alike; None as long as it goes on."""
        return OUTCOMES.get(EnrollmentState(self.state)) if self.ended_at else None

    @property
    def earned(self) -> dict[str, Any]:
        """The load that was earned: a value and a unit."""
        version = self.enrollment.version
        return {"studyLoadUnit": version.load_unit, "value": float(version.load) if self.outcome == "passed" else 0.0}


@dataclass(frozen=True)
class SeenPerson:
    """A person, and what this user may know of their learning."""

    user: User
    is_learning: bool
    affiliations: tuple[str, ...]


def associations(user: Any) -> QuerySet[Enrollment]:
    """Enrollments that the user may see: one's own, one's participants, those that one's employer arranged."""
    offerings = Prefetch("offering", sources.shown_offerings())
    return Enrollment.objects.visible_to(user).select_related("learner", "version").prefetch_related(offerings)


def seen_by(user: Any, enrollments: Iterable[Enrollment], states: Iterable[str] = ()) -> list[Seen]:
    """In the same order. One whose state, as the user sees it, is not among `states` is left out."""
    by_id = {enrollment.pk: enrollment for enrollment in enrollments}
    rows = {
        row["id"]: row for row in rows_for(user, columns_of(Enrollment.objects.filter(pk__in=by_id)), states=states)
    }
    return [
        Seen(enrollment, row["state"], row["activated_at"], row["ended_at"])
        for pk, enrollment in by_id.items()
        if (row := rows.get(pk))
    ]


def persons(user: Any) -> QuerySet[User]:
    """Oneself, and whoever takes part in something that one may see."""
    visible = Enrollment.objects.visible_to(user).values("learner")
    return User.objects.filter(pk__in=visible) | User.objects.filter(pk=user.pk)


def person_seen_by(user: Any, person: User) -> SeenPerson:
    """What the user may know of their learning, from the enrollments that the user may see."""
    visible = seen_by(user, Enrollment.objects.visible_to(user).filter(learner=person))
    roles = {"student": bool(visible), "employee": person.pk == user.pk and _works_for_provider(person)}
    affiliations = tuple(name for name, applies in roles.items() if applies) or ("guest",)
    return SeenPerson(person, any(seen.state == EnrollmentState.ACTIVE for seen in visible), affiliations)


def _works_for_provider(person: User) -> bool:
    return Membership.objects.filter(user=person, organization__is_provider=True).exists()

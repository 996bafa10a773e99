"""Learning: open a unit, say that it is done, answer its questions. The learner alone does this."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.completion_rule import is_plain
from courses.kinds import Verdict, kind_named
from courses.models import Unit
from enrollments.flow import barrier_to_learning
from enrollments.models import Attempt, Enrollment, EnrollmentState, UnitProgress
from enrollments.policies import can_learn
from enrollments.progress import unit_counts
from enrollments.services.completing import complete_enrollment, update_progress
from lms.accounts.models import User
from lms.core.clock import now
from lms.core.errors import Conflict, Forbidden, NotFound


@transaction.atomic
def open_unit(*, by: User, enrollment: Enrollment, unit: Unit) -> UnitProgress | None:
    """The learner starts on a unit, or comes back to it: this is where they resume.

    Once the enrollment is completed its units can still be read, and nothing is recorded.

    Requires: can_learn; an active enrollment in an offering that runs, or a completed one. Raises: Forbidden; NotFound
    for a unit of another version; Conflict.
    """
    enrollment = _lock_for(by, enrollment, unit)
    if enrollment.state == EnrollmentState.COMPLETED:
        return UnitProgress.objects.filter(enrollment=enrollment, unit=unit).first()
    _require_open(enrollment)
    fact = _touch(enrollment, unit)
    enrollment.save(update_fields=["last_unit", "last_activity_at"])
    return fact


@transaction.atomic
def mark_unit_done(*, by: User, enrollment: Enrollment, unit: Unit) -> UnitProgress:
    """The learner says that a unit without questions is done. Saying it again changes nothing.

    Requires: can_learn; an active enrollment in an offering that runs; a unit that is not judged. Raises: Forbidden;
    NotFound for a unit of another version; Conflict. Emits: enrollment.completed when it was the last one.
    """
    enrollment = _lock_for(by, enrollment, unit)
    if kind_named(unit.kind).judged:
        raise Conflict(_("This unit is done when you pass its questions."), code="judged")
    done = UnitProgress.objects.filter(enrollment=enrollment, unit=unit, done_at__isnull=False).first()
    if done is not None:
        return done
    _require_open(enrollment)
    fact = _touch(enrollment, unit)
    _finish(enrollment, unit, fact)
    return fact


@transaction.atomic
def submit_attempt(*, by: User, enrollment: Enrollment, unit: Unit, answers: dict[str, Any]) -> Attempt:
    """The learner answers a unit's questions. Each attempt is kept; the first that passes makes the unit done.

    Requires: can_learn; an active enrollment in an offering that runs; attempts left. Raises: Forbidden; NotFound for a
    unit of another version; Invalid when the answers do not fit the questions; Conflict. Emits: enrollment.completed
    when it was the last one.
    """
    enrollment = _lock_for(by, enrollment, unit)
    if not kind_named(unit.kind).judged:
        raise Conflict(_("This unit has no questions."), code="not_judged")
    _require_open(enrollment)
    made = Attempt.objects.filter(enrollment=enrollment, unit=unit).count()
    limit = unit.data.get("max_attempts")
    if limit is not None and made >= limit:
        raise Conflict(_("You have used all your attempts. Ask the teacher what to do."), code="no_attempts_left")
    verdict = kind_named(unit.kind).judge(unit.data, answers)
    attempt = Attempt.objects.create(
        enrollment=enrollment,
        unit=unit,
        number=made + 1,
        answers=answers,
        score=verdict.score,
        passed=verdict.passed,
    )
    fact = _touch(enrollment, unit)
    better = fact.best_score is None or verdict.score > fact.best_score
    if better:
        fact.best_score = verdict.score
        fact.save(update_fields=["best_score"])
    if verdict.passed and fact.done_at is None:
        _finish(enrollment, unit, fact)
        return attempt
    enrollment.save(update_fields=["last_unit", "last_activity_at"])
    if better and "average" in enrollment.version.rule:
        update_progress(enrollment)
    return attempt


def verdict_of(attempt: Attempt) -> Verdict:
    """What an attempt was worth, with the feedback for the learner: judged anew, for a version never changes."""
    return kind_named(attempt.unit.kind).judge(attempt.unit.data, attempt.answers)


def lock_enrollment(enrollment: Enrollment) -> Enrollment:
    """The enrollment with its offering, locked until the transaction ends: two tabs wait here.

    Without its version in the same statement: PostgreSQL finds no row any more when a move changes that meanwhile.
    """
    locked = Enrollment.objects.select_for_update(of=("self",)).select_related("offering")
    return locked.get(pk=enrollment.pk)


def _lock_for(by: User, enrollment: Enrollment, unit: Unit) -> Enrollment:
    enrollment = lock_enrollment(enrollment)
    if not can_learn(by, enrollment):
        raise Forbidden
    if unit.section.version_id != enrollment.version_id:
        raise NotFound
    return enrollment


def _require_open(enrollment: Enrollment) -> None:
    barrier = barrier_to_learning(enrollment)
    if barrier is not None:
        raise barrier


def _touch(enrollment: Enrollment, unit: Unit) -> UnitProgress:
    """The fact about this unit, made when first needed; the caller saves the enrollment."""
    fact, _created = UnitProgress.objects.get_or_create(enrollment=enrollment, unit=unit)
    enrollment.last_unit, enrollment.last_activity_at = unit, now()
    return fact


def _finish(enrollment: Enrollment, unit: Unit, fact: UnitProgress) -> None:
    """Requires: `fact` not done yet, the enrollment locked. Keeps the counter, and completes when the rule is met.

    Where everything must be done the counter goes up by one; other rules are counted anew.
    """
    fact.done_at = now()
    fact.save(update_fields=["done_at"])
    if not is_plain(enrollment.version.rule):
        enrollment.save(update_fields=["last_unit", "last_activity_at"])
        update_progress(enrollment)
        return
    if unit_counts(unit, enrollment.version_id):
        enrollment.units_done += 1
    enrollment.save(update_fields=["units_done", "last_unit", "last_activity_at"])
    if 0 < enrollment.units_required == enrollment.units_done:
        complete_enrollment(enrollment)

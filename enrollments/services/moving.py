"""Moving people who are halfway to a newer version of what they take: by somebody's choice only, with what they did."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import ModuleVersion
from courses.services.places import lock_offerings
from enrollments import events
from enrollments.flow import facts_of
from enrollments.models import ONGOING_STATES, Enrollment, EnrollmentState, UnitProgress, VersionMove
from enrollments.policies import can_move_enrollments
from enrollments.querysets import EnrollmentQuerySet
from enrollments.version_moves import Facts, Passage, facts_of_many, passages_to, presence_under
from lms.accounts.models import User
from lms.audit.services import record_audit_many
from lms.core.errors import Conflict, Forbidden, NotFound
from lms.events.services import record_many

from .completing import complete_enrollment

PORTION = 500  # enrollments per transaction: short enough that nobody who learns meanwhile waits long


@dataclass
class Moved:
    """Ids of enrollments: moved, of which completed by the move; and those left alone, because they had ended."""

    moved: list[UUID] = field(default_factory=list)
    completed: list[UUID] = field(default_factory=list)
    left_alone: list[UUID] = field(default_factory=list)


def move_enrollments(
    *,
    by: User,
    version: ModuleVersion,
    redo_changed: bool,
    enrollments: Iterable[UUID] | None = None,
    offerings: Iterable[UUID] | None = None,
) -> Moved:
    """People who are halfway in older versions go on in this one: these `enrollments`, or all in these `offerings`.

    What they did comes along by the lineage of units, `redo_changed` says whether units whose content changed must be
    done again; older facts and attempts stay as evidence. Who completed stays. Large numbers go in portions, each a
    transaction of its own; doing it again moves who is left.

    Requires: manage_offerings at the provider; a published version newer than theirs. Raises: NotFound; Forbidden;
    Conflict when it is a draft. Audits: yes. Emits: enrollment.moved; enrollment.completed for whom nothing is left.
    """
    target = _target(by, version)
    chosen = _chosen(by, target, enrollments, offerings)
    outcome = Moved()
    for portion in _portions(chosen):
        with transaction.atomic():
            _move_portion(by, target, portion, redo_changed, outcome)
    if enrollments is not None:
        outcome.left_alone = [pk for pk in dict.fromkeys(enrollments) if pk not in set(outcome.moved)]
    return outcome


def _target(by: User, version: ModuleVersion) -> ModuleVersion:
    target = ModuleVersion.objects.visible_to(by).select_related("module").filter(pk=version.pk).first()
    if target is None:
        raise NotFound
    if not can_move_enrollments(by, target):
        raise Forbidden
    if target.is_draft:
        raise Conflict(_("Publish this version first: nobody can go on in a draft."), code="draft")
    return target


def _chosen(
    by: User, target: ModuleVersion, enrollments: Iterable[UUID] | None, offerings: Iterable[UUID] | None
) -> EnrollmentQuerySet:
    participants = Enrollment.objects.participants_for(by)
    people = participants.in_older_versions_than(target).ongoing()
    if enrollments is None:
        return people.filter(offering__in=list(offerings or []))
    wanted = set(enrollments)
    if participants.filter(pk__in=wanted, version__module=target.module_id).count() < len(wanted):
        raise NotFound
    return people.filter(pk__in=wanted)


def _portions(people: EnrollmentQuerySet) -> Iterator[list[Enrollment]]:
    """By id, each portion read when the one before is done: nobody twice, whatever happens meanwhile."""
    last = None
    while True:
        rest = people.filter(pk__gt=last) if last else people
        portion = list(rest.order_by("pk").only("pk", "offering_id")[:PORTION])
        if not portion:
            return
        last = portion[-1].pk
        yield portion


def _move_portion(
    by: User, target: ModuleVersion, portion: list[Enrollment], redo_changed: bool, outcome: Moved
) -> None:
    """Places are counted under the lock of the offering, so that comes first, as everywhere."""
    lock_offerings(enrollment.offering_id for enrollment in portion)
    movable = [enrollment for enrollment in _locked(portion) if _may_move(enrollment, target)]
    passages = {p.source.pk: p for p in passages_to(target, {e.version_id: e.version for e in movable}.values())}
    facts, presence = facts_of_many(movable), presence_under(target, movable)
    moves, carried, finished = [], [], []
    for enrollment in movable:
        passage = passages[enrollment.version_id]
        after = passage.facts_after(facts.get(enrollment.pk, {}), redo_changed=redo_changed)
        carried += [_owned(fact, enrollment) for fact in after.values()]
        progress = passage.progress_after(after, presence.get(enrollment.pk))
        moves.append(_move(by, enrollment, passage, facts.get(enrollment.pk, {}), after))
        enrollment.units_done, enrollment.units_required = progress.done, progress.required
        if enrollment.state == EnrollmentState.ACTIVE and progress.is_complete:
            finished.append(enrollment)
    UnitProgress.objects.bulk_create(carried, batch_size=1000, ignore_conflicts=True)
    Enrollment.objects.bulk_update(movable, ["version", "units_done", "units_required", "last_unit"], batch_size=250)
    VersionMove.objects.bulk_create(moves, batch_size=1000)
    _tell(movable, moves, target)
    for enrollment in finished:
        complete_enrollment(enrollment)
    outcome.moved += [enrollment.pk for enrollment in movable]
    outcome.completed += [enrollment.pk for enrollment in finished]


def _locked(portion: list[Enrollment]) -> list[Enrollment]:
    """With the version each is in now, read after the lock: see `learning.lock_enrollment`."""
    rows = Enrollment.objects.select_for_update(of=("self",)).filter(pk__in=[e.pk for e in portion])
    locked = list(rows.select_related("offering").order_by("pk"))
    versions = ModuleVersion.objects.in_bulk({enrollment.version_id for enrollment in locked})
    for enrollment in locked:
        enrollment.version = versions[enrollment.version_id]
    return locked


def _may_move(enrollment: Enrollment, target: ModuleVersion) -> bool:
    """As it is under the lock: not completed meanwhile, not moved by a colleague."""
    return enrollment.state in ONGOING_STATES and enrollment.version.number < target.number


def _owned(fact: UnitProgress, enrollment: Enrollment) -> UnitProgress:
    fact.enrollment = enrollment
    return fact


def _move(by: User, enrollment: Enrollment, passage: Passage, before: Facts, after: Facts) -> VersionMove:
    """Point the enrollment at the new version, and write down what came along."""
    kept = {unit for unit, fact in after.items() if fact.done_at}
    done = {unit for unit, fact in before.items() if fact.done_at}
    told: dict[str, list[str]] = {"kept": [], "again": [], "new": [], "removed": []}
    for trace in passage.traces:
        if trace.after is None:
            told["removed"].append(str(trace.unit.pk))
        elif trace.before is None:
            told["new"].append(str(trace.unit.pk))
        elif trace.after.pk in kept:
            told["kept"].append(str(trace.unit.pk))
        elif trace.before.pk in done:
            told["again"].append(str(trace.unit.pk))
    heirs = {trace.before.pk: trace.after for trace in passage.traces if trace.before}
    enrollment.version = passage.target
    enrollment.last_unit = heirs.get(enrollment.last_unit_id) if enrollment.last_unit_id else None
    return VersionMove(
        enrollment=enrollment,
        from_version=passage.source,
        to_version=passage.target,
        carried=told,
        moved_by=by,
    )


def _tell(moved: list[Enrollment], moves: list[VersionMove], target: ModuleVersion) -> None:
    numbers = [{"version": (move.from_version.number, target.number)} for move in moves]
    record_audit_many("enrollments.move", list(moved), changes=numbers, organization_id=target.module.provider_id)
    facts = [(e.pk, facts_of(e) | {"move": m.pk, "from": m.from_version_id}) for e, m in zip(moved, moves, strict=True)]
    record_many(events.MOVED, facts)

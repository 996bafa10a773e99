"""What going on in a newer version would mean for people who are halfway in an older one. Nothing is written here.

Who completed keeps date and version, so only those who go on are asked about. What was done is carried over by the
lineage of units; whoever chooses says whether units whose content changed count as done or must be done again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from courses.lineage import UnitTrace, trace_units
from courses.models import ModuleVersion, Offering, Unit

from .models import ONGOING_STATES, Enrollment, EnrollmentState, UnitProgress, VersionMove, percent_of
from .presence import Presence, presence_of
from .progress import Progress, derive
from .querysets import EnrollmentQuerySet

BANDS = (0, 1, 25, 50, 75, 100)  # where each band of percentages begins

Facts = dict[UUID, UnitProgress]
Place = tuple[UUID, frozenset[tuple[Any, ...]], Presence | None]  # version, facts and attendance that many share


@dataclass(frozen=True)
class Passage:
    """The way from an older version to a newer one."""

    source: ModuleVersion
    target: ModuleVersion
    traces: list[UnitTrace]

    def carried(self, *, redo_changed: bool) -> dict[UUID, Unit]:
        """By the id of a unit in the old version: the unit in the new one to which what was done is carried."""
        return {
            trace.before.pk: trace.after
            for trace in self.traces
            if trace.before and trace.after and trace.carries(redo_changed=redo_changed)
        }

    def facts_after(self, facts: Facts, *, redo_changed: bool) -> Facts:
        """The facts as they will be kept for units of the new version."""
        carried = self.carried(redo_changed=redo_changed)
        return {
            carried[unit].pk: UnitProgress(
                unit=carried[unit], started_at=fact.started_at, done_at=fact.done_at, best_score=fact.best_score
            )
            for unit, fact in facts.items()
            if unit in carried
        }

    def progress_after(self, facts: Facts, presence: Presence | None) -> Progress:
        """How far somebody with these facts is by the rule of the new version; attendance stays what it was."""
        units = [trace.after for trace in self.traces if trace.after]
        return derive(self.target.rule, units, facts, {}, presence=presence or Presence())


@dataclass
class OfferingFigures:
    """How many people of older versions are in one offering."""

    offering: Offering
    active: int
    waiting: int
    completed: int


@dataclass
class Band:
    """How many of those who are learning are within these percentages: now, and after either choice."""

    first: int
    last: int
    now: int = 0
    kept: int = 0
    redone: int = 0


@dataclass
class Effect:
    """What moving everybody in question would mean.

    `active` are halfway, `waiting` have no place yet, `completed` stay where they are whatever is chosen;
    `completing_kept` and `completing_redone` would be completed by the move itself.
    """

    version: ModuleVersion
    passages: list[Passage]
    offerings: list[OfferingFigures]
    bands: list[Band]
    completing_kept: int = 0
    completing_redone: int = 0

    @property
    def active(self) -> int:
        return sum(figures.active for figures in self.offerings)

    @property
    def waiting(self) -> int:
        return sum(figures.waiting for figures in self.offerings)

    @property
    def completed(self) -> int:
        return sum(figures.completed for figures in self.offerings)


@dataclass
class Mover:
    """One person who goes on in an older version: how far now, and how far after either choice."""

    enrollment: Enrollment
    done: int
    required: int
    kept: Progress
    redone: Progress

    @property
    def percent(self) -> int:
        """Share done now."""
        return percent_of(self.done, self.required)


def effect_on(version: ModuleVersion, people: EnrollmentQuerySet) -> Effect:
    """What moving these people would mean, in a fixed number of queries.

    Requires: people `in_older_versions_than(version)`.
    """
    movable = people.ongoing()
    sources = ModuleVersion.objects.filter(pk__in=movable.values("version")).order_by("-number")
    effect = Effect(
        version=version,
        passages=passages_to(version, sources),
        offerings=_figures_by_offering(people),
        bands=[Band(first, last) for first, last in zip(BANDS, [*(n - 1 for n in BANDS[1:]), 100], strict=True)],
    )
    _count_progress(effect, movable.filter(state=EnrollmentState.ACTIVE))
    return effect


def passages_to(target: ModuleVersion, sources: Iterable[ModuleVersion]) -> list[Passage]:
    """The way from each of these versions, in one query for all their units."""
    sources = list(sources)
    units = Unit.objects.filter(section__version__in=[target, *sources]).select_related("section")
    by_version: dict[UUID, list[Unit]] = defaultdict(list)
    for unit in units.order_by("section__position", "position"):
        by_version[unit.section.version_id].append(unit)
    after = by_version[target.pk]
    return [Passage(source, target, trace_units(by_version[source.pk], after)) for source in sources]


def movers(version: ModuleVersion, enrollments: list[Enrollment]) -> list[Mover]:
    """The people on one page, in its order and a fixed number of queries.

    Requires: enrollments with their version, `ongoing` in older versions than this one.
    """
    passages = {p.source.pk: p for p in passages_to(version, {e.version_id: e.version for e in enrollments}.values())}
    facts, presence = facts_of_many(enrollments), presence_under(version, enrollments)
    found = []
    for enrollment in enrollments:
        passage, known = passages[enrollment.version_id], facts.get(enrollment.pk, {})
        kept, redone = (
            passage.progress_after(passage.facts_after(known, redo_changed=redo), presence.get(enrollment.pk))
            for redo in (False, True)
        )
        found.append(Mover(enrollment, enrollment.units_done, enrollment.units_required, kept, redone))
    return found


def facts_of_many(enrollments: Iterable[Enrollment]) -> dict[UUID, Facts]:
    """By enrollment and unit, what is known of the version that each of them is in."""
    versions = {enrollment.pk: enrollment.version_id for enrollment in enrollments}
    stored = UnitProgress.objects.filter(enrollment__in=list(versions)).select_related("unit__section")
    facts: dict[UUID, Facts] = defaultdict(dict)
    for fact in stored.defer("unit__data"):
        if fact.unit.section.version_id == versions[fact.enrollment_id]:
            facts[fact.enrollment_id][fact.unit_id] = fact
    return facts


def presence_under(version: ModuleVersion, enrollments: Iterable[Enrollment]) -> dict[UUID, Presence]:
    """Who attended how much, where the rule of the version asks that: two queries, else none."""
    return presence_of(enrollments) if "attendance" in version.rule else {}


def _figures_by_offering(people: EnrollmentQuerySet) -> list[OfferingFigures]:
    waiting = [state for state in ONGOING_STATES if state != EnrollmentState.ACTIVE]
    counted = (
        people.order_by()
        .values("offering")
        .annotate(
            active=Count("pk", filter=Q(state=EnrollmentState.ACTIVE)),
            waiting=Count("pk", filter=Q(state__in=waiting)),
            completed=Count("pk", filter=Q(state=EnrollmentState.COMPLETED)),
        )
    )
    counts = {row[0]: row[1:] for row in counted.values_list("offering", "active", "waiting", "completed")}
    offerings = Offering.objects.filter(pk__in=counts).select_related("version").order_by("-starts_on", "code")
    figures = [OfferingFigures(offering, *counts[offering.pk]) for offering in offerings]
    return [figure for figure in figures if figure.active or figure.waiting or figure.completed]


def _count_progress(effect: Effect, active: EnrollmentQuerySet) -> None:
    """Fill the bands. Most people stand at one of a few places, so each place is worked out once."""
    enrollments = list(active.only("version_id", "offering_id", "units_done", "units_required"))
    presence = presence_under(effect.version, enrollments)
    facts: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    stored = UnitProgress.objects.filter(enrollment__in=active.order_by().values("pk"))
    for enrollment, *fact in stored.values_list("enrollment_id", "unit_id", "done_at__date", "best_score").iterator():
        facts[enrollment].append(tuple(fact))
    places: Counter[Place] = Counter()
    for row in enrollments:
        _band(effect, row.percent).now += 1
        places[row.version_id, frozenset(facts[row.pk]), presence.get(row.pk)] += 1
    passages = {passage.source.pk: passage for passage in effect.passages}
    for (version, known, attended), count in places.items():
        place = {unit: UnitProgress(unit_id=unit, done_at=done, best_score=best) for unit, done, best in known}
        _count_place(effect, passages[version], place, attended, count)


def _count_place(effect: Effect, passage: Passage, place: Facts, attended: Presence | None, count: int) -> None:
    kept, redone = (
        passage.progress_after(passage.facts_after(place, redo_changed=redo), attended) for redo in (False, True)
    )
    _band(effect, kept.percent).kept += count
    _band(effect, redone.percent).redone += count
    effect.completing_kept += count * kept.is_complete
    effect.completing_redone += count * redone.is_complete


def _band(effect: Effect, percent: int) -> Band:
    return next(band for band in reversed(effect.bands) if percent >= band.first)


@dataclass
class Carried:
    """What a move carried over, for the learner to read: units of the new version, and those taken out of the old."""

    move: VersionMove
    kept: list[Unit] = field(default_factory=list)
    again: list[Unit] = field(default_factory=list)
    new: list[Unit] = field(default_factory=list)
    removed: list[Unit] = field(default_factory=list)


def latest_move(enrollment: Enrollment) -> Carried | None:
    """The last move of an enrollment to the version it is in; None when it never moved."""
    moves = VersionMove.objects.filter(enrollment=enrollment, to_version=enrollment.version_id)
    move = moves.select_related("from_version", "to_version").first()
    if move is None:
        return None
    names = ("kept", "again", "new", "removed")
    units = Unit.objects.select_related("section").defer("data")
    found = units.in_bulk([pk for name in names for pk in move.carried.get(name, [])])
    told = {name: [found[UUID(pk)] for pk in move.carried.get(name, []) if UUID(pk) in found] for name in names}
    return Carried(move, **told)

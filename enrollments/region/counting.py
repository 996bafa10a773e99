"""Who lies in which cell of a quarter. One pass over each measure; what comes out still tells too much to be kept."""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q

from courses.models import ModuleVersion
from enrollments.models import Enrollment, TrainingNeed
from lms.organizations.models import Location, Organization
from lms.organizations.places import find_place

from .quarters import Quarter
from .suppression import FEWEST_PEOPLE, Cell
from .tables import ELSEWHERE, NONE, level_key, sector_key

NOT_BEGUN = ("requested", "approved", "waitlisted", "offered")


@dataclass
class Counted:
    """One measure: its cells by table and category, and how many different people it is about."""

    cells: dict[str, dict[str, Cell]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Cell)))
    people: int | None = None

    def add(self, categories: dict[str, str], employer: Hashable, people: list[Hashable], amount: int = 1) -> None:
        """Count it once in each table."""
        for table, category in categories.items():
            self.cells[table][category].add(employer, people, amount)


def count_quarter(quarter: Quarter) -> dict[str, Counted]:
    """All measures of a quarter, by key."""
    within = {"gte": quarter.begins_at, "lt": quarter.next.begins_at}
    end = within["lt"]
    still = Q(ended_at=None) | Q(ended_at__gte=end)
    later = Q(activated_at__gte=end) | Q(activated_at=None, ended_at__gte=end) | Q(state__in=NOT_BEGUN)
    places = _places()
    met = TrainingNeed.objects.filter(met_at__gte=within["gte"], met_at__lt=end)
    wanted = TrainingNeed.objects.filter(
        Q(met_at=None) | Q(met_at__gte=end), Q(taken_back_at=None) | Q(taken_back_at__gte=end), posted_at__lt=end
    )
    taken = {
        "completed": Q(state="completed", ended_at__gte=within["gte"], ended_at__lt=end),
        "learning": Q(activated_at__lt=end) & still,
        "waiting": Q(created_at__lt=end) & later & still,
    }
    counted = {key: _count_enrollments(fits, places) for key, fits in taken.items()}
    return counted | {"unmet": _count_needs(wanted, places), "met": _count_needs(met, places)}


def _count_enrollments(fits: Q, places: dict[UUID, str]) -> Counted:
    counted, people = Counted(), set()
    versions, kinds = versions_divided(), _kinds()
    rows = Enrollment.objects.filter(fits).order_by()
    columns = ("learner_id", "employer_id", "version_id", "provider_id", "offering__delivery")
    for learner, employer, version, provider, delivery in rows.values_list(*columns).iterator(chunk_size=10_000):
        level, sector = versions[version]
        categories = {
            "level": level,
            "sector": sector,
            "provider": kinds.get(provider, "other"),
            "form": delivery,
            "municipality": places.get(employer, ELSEWHERE),
        }
        counted.add(categories, employer or ("on own account", learner), [learner])
        people.add(learner)
    counted.people = len(people)
    return counted


def _count_needs(needs: Any, places: dict[UUID, str]) -> Counted:
    """A need names no people: each of those needed counts as somebody."""
    counted = Counted()
    columns = ("pk", "employer_id", "people", "track", "level", "place", "occupation__code")
    for pk, employer, people, track, level, place, code in needs.order_by().values_list(*columns):
        found = find_place(place)
        categories = {
            "need_level": level_key(track, level),
            "need_occupation": (code or "")[:1] or NONE,
            "need_municipality": found.municipality if found else places.get(employer, ELSEWHERE),
        }
        counted.add(categories, employer, [(pk, one) for one in range(min(people, FEWEST_PEOPLE))], people)
    return counted


def versions_divided() -> dict[UUID, tuple[str, str]]:
    """Level and sector of each version that was ever published."""
    sectors: dict[UUID, set[str]] = defaultdict(set)
    links = ModuleVersion.sectors.through.objects.values_list("moduleversion_id", "sector__code")
    for version, code in links:
        sectors[version].add(code)
    facts = ModuleVersion.objects.exclude(published_at=None).values_list("pk", "track", "level")
    return {pk: (level_key(track, level), sector_key(sectors.get(pk, set()))) for pk, track, level in facts}


def _kinds() -> dict[UUID, str]:
    providers = Organization.objects.filter(Q(is_recognised_school=True) | Q(is_public_body=True))
    return {pk: "school" if school else "public" for pk, school in providers.values_list("pk", "is_recognised_school")}


def _places() -> dict[UUID, str]:
    """The municipality of each employer: of the first address it gave that lies in the region."""
    found: dict[UUID, str] = {}
    addresses: Iterator[Any] = iter(
        Location.objects.filter(organization__is_employer=True)
        .order_by("id")
        .values_list("organization_id", "postal_code", "city")
    )
    for employer, code, city in addresses:
        place = find_place(code) or find_place(city)
        if place:
            found.setdefault(employer, place.municipality)
    return found

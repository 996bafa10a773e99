"""Departments in the order of their tree: to choose from, and with people counted. Few queries, whatever the size."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from .models import Department, Employment, Organization

Parts = dict[Any, list[Department]]


@dataclass(frozen=True)
class Place:
    """A department where it lies in the tree, with the names from the top down to its own."""

    department: Department
    path: tuple[str, ...]

    @property
    def depth(self) -> int:
        """How many departments lie above it."""
        return len(self.path) - 1

    @property
    def above(self) -> str:
        """The name of the department it is part of; empty at the top."""
        return self.path[-2] if self.depth else ""

    @property
    def indented(self) -> str:
        """For a choice among departments, where a list cannot be indented otherwise."""
        return "\u2003" * self.depth + self.department.name


@dataclass(frozen=True)
class Branch(Place):
    """And who is in it today, who is in it or below, and whether nobody ever was."""

    people: int
    people_within: int
    is_empty: bool


def places_of(employers: Iterable[Organization]) -> list[Place]:
    """All departments of these employers, each followed by those below it, in alphabetical order: one query."""
    listed = list(employers)
    parts: dict[Any, Parts] = {employer.pk: defaultdict(list) for employer in listed}
    for department in Department.objects.filter(employer__in=listed).order_by("name"):
        parts[department.employer_id][department.parent_id].append(department)
    return [place for employer in listed for place in _places(parts[employer.pk], None, ())]


def tree_of(employer: Organization) -> list[Branch]:
    """The same with its people counted: three queries."""
    staff = Employment.objects.filter(employer=employer).exclude(department=None).order_by()
    present = dict(staff.current().values_list("department").annotate(Count("pk")))
    ever = set(staff.values_list("department", flat=True).distinct())
    branches: list[Branch] = []
    within: dict[Any, int] = defaultdict(int)
    filled: set[Any] = set(ever)
    for place in reversed(places_of([employer])):  # those below come before what they are part of
        department, people = place.department, present.get(place.department.pk, 0)
        total = within[department.pk] + people
        branches.append(Branch(department, place.path, people, total, department.pk not in filled))
        within[department.parent_id] += total
        filled.add(department.parent_id)
    return branches[::-1]


def _places(parts: Parts, parent: Any, path: tuple[str, ...]) -> Iterator[Place]:
    for department in parts.get(parent, []):
        here = (*path, department.name)
        yield Place(department, here)
        yield from _places(parts, department.pk, here)

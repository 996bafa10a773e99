"""An employer's departments as a tree with its people counted: two queries, whatever its size."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count

from .models import Department, Employment, Organization


@dataclass(frozen=True)
class Branch:
    """A department in its place: how deep it lies, who is in it, and who is in it or below."""

    department: Department
    depth: int
    path: tuple[str, ...]
    people: int
    people_within: int
    is_empty: bool

    @property
    def above(self) -> str:
        """The name of the department it is part of; empty at the top."""
        return self.path[-2] if self.depth else ""

    @property
    def indented(self) -> str:
        """For a choice among departments, where a list cannot be indented otherwise."""
        return "\u2003" * self.depth + self.department.name


def tree_of(employer: Organization) -> list[Branch]:
    """All departments, each followed by those below it, in alphabetical order."""
    departments = Department.objects.filter(employer=employer).order_by("name")
    parts: dict[UUID | None, list[Department]] = defaultdict(list)
    for department in departments:
        parts[department.parent_id].append(department)
    staff = Employment.objects.filter(employer=employer).exclude(department=None).order_by()
    present = dict(staff.current().values_list("department").annotate(Count("pk")))
    ever = set(staff.values_list("department", flat=True).distinct())
    return list(_branches(parts, present, ever, None, ()))


def _branches(
    parts: dict[Any, list[Department]],
    present: dict[Any, int],
    ever: set[Any],
    parent: UUID | None,
    path: tuple[str, ...],
) -> Iterator[Branch]:
    for department in parts.get(parent, []):
        here = (*path, department.name)
        below = list(_branches(parts, present, ever, department.pk, here))
        people = present.get(department.pk, 0)
        total = people + sum(branch.people for branch in below)
        empty = not below and department.pk not in ever
        yield Branch(department, len(path), here, people, total, empty)
        yield from below

"""Figures per department, each with all below it, as a tree."""

from typing import Any

from lms.organizations.models import Department

from .filters import NO_DEPARTMENT, Asked

SUMMED = ("figures", "amounts")


def tree_of(asked: Asked, own: dict[Any, dict[str, Any]]) -> list[dict[str, Any]]:
    """A row per department in which there is something, last who has none. One query.

    `own` holds `figures` (and `amounts`) of what lies in each department itself, at None what lies in none.

    Each row opens with its `department` as the filter, to the very same rows.
    """
    parts: dict[Any, list[Department]] = {}
    departments = list(Department.objects.filter(employer=asked.employer.pk).order_by("name"))
    for department in departments:
        parts.setdefault(department.parent_id, []).append(department)
    tops = [one for one in departments if one.pk == asked.department] if asked.department else parts.get(None, [])
    rows = [row for top in tops for row in _branch(top, 0, parts, own)]
    if None in own:
        rows.append({"department": NO_DEPARTMENT, "name": "", "depth": 0, **own[None]})
    return [row for row in rows if any(row["figures"].values())]


def _branch(top: Department, depth: int, parts: Any, own: dict[Any, dict[str, Any]]) -> list[dict[str, Any]]:
    below = [row for part in parts.get(top.pk, []) for row in _branch(part, depth + 1, parts, own)]
    summed = [own.get(top.pk, {}), *(row for row in below if row["depth"] == depth + 1)]
    added = {"figures": {}} | _added([{key: part[key] for key in SUMMED if key in part} for part in summed])
    return [{"department": top.pk, "name": top.name, "depth": depth, **added}, *below]


def _added(parts: list[Any]) -> Any:
    """Numbers added up, in dictionaries key by key."""
    if not all(isinstance(part, dict) for part in parts):
        return sum(parts[1:], parts[0])
    keys = dict.fromkeys(key for part in parts for key in part)
    return {key: _added([part[key] for part in parts if key in part]) for key in keys}

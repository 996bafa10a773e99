"""Verbs about organizations: who has authority in them, who works for them, and how they are divided."""

from .departments import departments_named
from .employments import add_employment, add_employments, change_employments, end_employment
from .members import add_member, membership_grants, remove_member

__all__ = [
    "add_employment",
    "add_employments",
    "add_member",
    "change_employments",
    "departments_named",
    "end_employment",
    "membership_grants",
    "remove_member",
]

"""Verbs about organizations: who has authority in them, who works for them, and how they are divided."""

from .departments import add_department, change_department, delete_department, departments_named, merge_department
from .employments import add_employments, change_employment, change_employments, end_employment
from .hiring import NewPerson, add_person, correct_address
from .inviting import Asked, Letter, invite_staff, print_letters
from .members import add_member, membership_grants, remove_member, roles_of

__all__ = [
    "Asked",
    "Letter",
    "NewPerson",
    "add_department",
    "add_employments",
    "add_member",
    "add_person",
    "change_department",
    "change_employment",
    "change_employments",
    "correct_address",
    "delete_department",
    "departments_named",
    "end_employment",
    "invite_staff",
    "membership_grants",
    "merge_department",
    "print_letters",
    "remove_member",
    "roles_of",
]

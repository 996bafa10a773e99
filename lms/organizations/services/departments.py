"""Verbs about the departments of an employer, a tree. Each locks the employer: the tree changes one step at a time."""

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.audit.services import record_audit, record_audit_many
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid
from lms.events.services import record
from lms.organizations import events
from lms.organizations.models import Department, Employment, Organization
from lms.organizations.policies import can_manage_staff


def departments_named(employer: Organization, names: set[str]) -> dict[str, Department]:
    """The employer's departments with these names, by name in lower case; those that are new come at the top.

    Requires: an open transaction; names of at most 120 characters.
    """
    wanted = {name.casefold(): name for name in sorted(names) if name}
    found = {department.name.casefold(): department for department in Department.objects.filter(employer=employer)}
    new = [Department(employer=employer, name=name) for key, name in wanted.items() if key not in found]
    Department.objects.bulk_create(new)
    record_audit_many("organizations.add_department", list(new), organization_id=employer.pk)
    found |= {department.name.casefold(): department for department in new}
    return {key: found[key] for key in wanted}


def with_department(employer: Organization, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts with a department that is given by name as the department itself; an empty name is none.

    Requires: the employer locked.
    """
    name = facts.get("department")
    if not isinstance(name, str):
        return facts
    return facts | {"department": departments_named(employer, {name})[name.casefold()] if name else None}


@transaction.atomic
def add_department(*, by: User, employer: Organization, name: str, parent: Department | None = None) -> Department:
    """A new department, at the top or below another one.

    Requires: manage_staff. Raises: Forbidden; Invalid for a name that is in use or a parent elsewhere. Audits: yes.
    """
    _lock(by, employer)
    department = Department(employer=employer, name=_free_name(employer, name))
    department.parent = _place(department, parent)
    department.save(force_insert=True)
    record_audit("organizations.add_department", department, organization_id=employer.pk)
    return department


@transaction.atomic
def change_department(*, by: User, department: Department, name: str, parent: Department | None) -> Department:
    """Give a department another name or another place in the tree, with everything below it.

    Requires: manage_staff. Raises: Forbidden; Invalid for a name that is in use, a parent elsewhere, or one that lies
    below the department itself. Audits: yes.
    """
    _lock(by, department.employer)
    department.refresh_from_db()
    before = {"name": department.name, "parent": department.parent_id}
    department.name = _free_name(department.employer, name, but=department)
    department.parent = _place(department, parent)
    after = {"name": department.name, "parent": department.parent_id}
    changes = {key: (before[key], value) for key, value in after.items() if before[key] != value}
    if changes:
        department.save(update_fields=["name", "parent"])
        record_audit(
            "organizations.change_department", department, changes=changes, organization_id=department.employer_id
        )
    return department


@transaction.atomic
def merge_department(*, by: User, department: Department, into: Department) -> Department:
    """Everybody of a department goes over to another one, with the departments below it; the department itself goes.

    Requires: manage_staff. Raises: Forbidden; Invalid for a department elsewhere, itself or one below it.
    Emits: department.merged, which carries along what else names it. Audits: yes.
    """
    _lock(by, department.employer)
    if into.employer_id != department.employer_id:
        raise _wrong_parent(_("Choose a department of the same employer."), "into")
    if Department.objects.within(department).filter(pk=into.pk).exists():
        raise _wrong_parent(_("A department cannot be merged into itself or into one below it."), "into")
    moved = Employment.objects.filter(department=department).update(department=into)
    Department.objects.filter(parent=department).update(parent=into)
    record(events.DEPARTMENT_MERGED, department.pk, {"into": into.pk, "employer": department.employer_id})
    record_audit(
        "organizations.merge_department",
        department,
        changes={"into": (None, str(into.pk)), "name": (department.name, into.name), "people": (moved, 0)},
        organization_id=department.employer_id,
    )
    department.delete()
    return into


@transaction.atomic
def delete_department(*, by: User, department: Department) -> None:
    """An empty department goes: nobody in it, also nobody who left, and none below it.

    Requires: manage_staff. Raises: Forbidden; Conflict when it is not empty, or rules name it. Audits: yes.
    """
    _lock(by, department.employer)
    if Employment.objects.filter(department=department).exists():
        raise Conflict(_("There are people in this department, or who left from it: merge it into another one."))
    record_audit(
        "organizations.delete_department",
        department,
        changes={"name": (department.name, None)},
        organization_id=department.employer_id,
    )
    try:
        department.delete()
    except ProtectedError as error:
        if any(isinstance(held, Department) for held in error.protected_objects):
            raise Conflict(_("There are departments below this one: move or merge those first.")) from error
        raise Conflict(_("Training rules name this department: merge it into another one.")) from error


def _lock(by: User, employer: Organization) -> None:
    if not can_manage_staff(by, employer):
        raise Forbidden
    Organization.objects.select_for_update(no_key=True).get(pk=employer.pk)


def _free_name(employer: Organization, name: str, but: Department | None = None) -> str:
    """Requires: the employer locked. Raises: Invalid."""
    name = " ".join(name.split())
    others = Department.objects.filter(employer=employer, name__iexact=name)
    if but is not None:
        others = others.exclude(pk=but.pk)
    if not name or others.exists():
        message = _("There is a department with this name already.") if name else _("Give the department a name.")
        raise Invalid(message, errors=[FieldError("name", "unique" if name else "required", message)])
    return name


def _place(department: Department, parent: Department | None) -> Department | None:
    """Requires: the employer locked. Raises: Invalid where the tree would become a circle."""
    if parent is None:
        return None
    if parent.employer_id != department.employer_id:
        raise _wrong_parent(_("Choose a department of the same employer."), "parent")
    if Department.objects.within(department).filter(pk=parent.pk).exists():
        raise _wrong_parent(_("A department cannot lie below itself."), "parent")
    return parent


def _wrong_parent(message: str, field: str) -> Invalid:
    return Invalid(message, errors=[FieldError(field, "invalid", message)])

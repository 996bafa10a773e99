"""Verbs about the departments of an employer, which form a tree."""

from lms.audit.services import record_audit_many
from lms.organizations.models import Department, Organization


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

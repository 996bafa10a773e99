"""The department column: a name, or a path to it from the top ('Productie > Verspaning') that makes the tree."""

from itertools import pairwise
from uuid import UUID

from django.utils.translation import gettext as _

from enrollments.models import ImportRow, StaffImport
from lms.audit.services import record_audit
from lms.organizations.models import Department
from lms.organizations.services import departments_named

from .headers import Field

ARROW = " > "


def departments_known(staff_import: StaffImport) -> dict[str, UUID]:
    """Of what the list names, what exists: by the text of the cell."""
    existing = {one.name.casefold(): one.pk for one in Department.objects.filter(employer=staff_import.employer_id)}
    ends = {text: text.split(ARROW)[-1].casefold() for text in _texts(staff_import)}
    return {text: existing[name] for text, name in ends.items() if name in existing}


def departments_made(staff_import: StaffImport) -> dict[str, UUID]:
    """All that the list names, by the text of the cell; what is new is made, and hung where its path says.

    What is part of another department already stays there, and the rows that say otherwise tell so.

    Requires: an open transaction, with the employer locked.
    """
    paths = {text: text.split(ARROW) for text in _texts(staff_import)}
    made = departments_named(staff_import.employer, {name for path in paths.values() for name in path})
    for text, path in sorted(paths.items()):
        for above, name in pairwise(path):
            _hang(staff_import, text, made[name.casefold()], made[above.casefold()], made)
    return {text: made[path[-1].casefold()].pk for text, path in paths.items()}


def _texts(staff_import: StaffImport) -> list[str]:
    rows = ImportRow.objects.filter(staff_import=staff_import).going_in().exclude(department="")
    return list(rows.order_by().values_list("department", flat=True).distinct())


def _hang(
    staff_import: StaffImport, text: str, part: Department, above: Department, all_named: dict[str, Department]
) -> None:
    if part.parent_id == above.pk:
        return
    if part.parent_id is not None or _is_within(above, part):
        _remark(staff_import, text, part)
        return
    record_audit(
        "organizations.move_department",
        part,
        changes={"parent": (None, above.pk)},
        organization_id=staff_import.employer_id,
    )
    part.parent = above
    part.save(update_fields=["parent"])


def _is_within(department: Department, other: Department) -> bool:
    return Department.objects.within(other).filter(pk=department.pk).exists()


def _remark(staff_import: StaffImport, text: str, part: Department) -> None:
    above = part.parent
    reason = _("“%(name)s” is part of “%(above)s” with you: it stays there. Change it under Departments.")
    told = reason % {"name": part, "above": above or "–"}
    title = staff_import.report.get("titles", {}).get(Field.DEPARTMENT, "")
    rows = ImportRow.objects.filter(staff_import=staff_import, department=text, problems=None)
    rows.update(problems=[[title, text, told]])

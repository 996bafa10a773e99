"""Verbs about who works where: start, change, end an employment."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.audit.services import Changes, record_audit, record_audit_many
from lms.core.clock import today
from lms.core.errors import Conflict, FieldError, Forbidden, Invalid
from lms.organizations.models import Employment, Organization
from lms.organizations.policies import can_manage_staff

from .departments import departments_named, with_department
from .fitting import require_fitting


@transaction.atomic
def add_employments(*, by: User | None, employer: Organization, employments: list[Employment]) -> None:
    """People start to work for the employer, a thousand per statement. `by` None is the system.

    Requires: manage_staff; unsaved employments at this employer. Raises: Forbidden. Audits: yes, each.
    """
    if by is not None and not can_manage_staff(by, employer):
        raise Forbidden
    Employment.objects.bulk_create(employments, batch_size=1000)
    record_audit_many("organizations.add_employment", list(employments), organization_id=employer.pk)


@transaction.atomic
def change_employments(
    *, by: User | None, employer: Organization, changed: list[tuple[Employment, dict[str, str]]]
) -> None:
    """Give employments another personnel number, department (by name) or function, a thousand per statement.

    Requires: manage_staff; employments at this employer. Raises: Forbidden; Conflict for a personnel number that
    somebody else has. Audits: yes, each with old and new.
    """
    if by is not None and not can_manage_staff(by, employer):
        raise Forbidden
    Organization.objects.select_for_update(no_key=True).get(pk=employer.pk)
    _require_free_numbers(employer, changed)
    departments = departments_named(employer, {values.get("department", "") for _employment, values in changed})
    changes: list[Changes] = []
    for employment, values in changed:
        changes.append({name: (str(getattr(employment, name) or ""), value) for name, value in values.items()})
        for name, value in values.items():
            new = departments.get(value.casefold()) if name == "department" else value
            setattr(employment, name, new)
    subjects = [employment for employment, _values in changed]
    Employment.objects.bulk_update(subjects, ["personnel_number", "department", "job_title"], batch_size=1000)
    record_audit_many("organizations.change_employment", list(subjects), organization_id=employer.pk, changes=changes)


def _require_free_numbers(employer: Organization, changed: list[tuple[Employment, dict[str, str]]]) -> None:
    """Requires: the employer locked."""
    wanted = {
        values["personnel_number"]: employment.pk for employment, values in changed if values.get("personnel_number")
    }
    numbers = list(wanted)
    for start in range(0, len(numbers), 1000):
        held = Employment.objects.filter(employer=employer, personnel_number__in=numbers[start : start + 1000])
        for pk, number in held.values_list("pk", "personnel_number"):
            if wanted[number] != pk:
                raise Conflict(_("The personnel number %(number)s is in use already.") % {"number": number})


@transaction.atomic
def change_employment(*, by: User, employment: Employment, **facts: Any) -> Employment:
    """Change number, department (or its name), function, manager (a person) or first day of one employment.

    Requires: manage_staff. Raises: Forbidden; Conflict when it is over, or the number or the days are taken; Invalid
    for a department or manager of elsewhere, or a circle of managers. Audits: yes, with old and new.
    """
    if not can_manage_staff(by, employment.employer):
        raise Forbidden
    Organization.objects.select_for_update(no_key=True).get(pk=employment.employer_id)
    employment.refresh_from_db()
    if employment.is_over:
        raise Conflict(_("This person left on %(day)s: what was, stays as it was.") % {"day": employment.ends_on})
    facts = with_department(employment.employer, facts)
    changed = {name: value for name, value in facts.items() if getattr(employment, name) != value}
    require_fitting(employment.employer, employment.user, changed, but=employment)
    if not changed:
        return employment
    changes = {name: (_plain(getattr(employment, name)), _plain(value)) for name, value in changed.items()}
    for name, value in changed.items():
        setattr(employment, name, value)
    employment.save(update_fields=list(changed))
    record_audit("organizations.change_employment", employment, changes=changes, organization_id=employment.employer_id)
    return employment


@transaction.atomic
def end_employment(*, by: User, employment: Employment, ends_on: date) -> Employment:
    """The person leaves: `ends_on` is the last day. They keep everything; the employer sees nothing newer.

    Requires: manage_staff. Raises: Forbidden; Invalid when before the start; Conflict when that would let the employer
    see again what came after somebody left: who returns gets a new employment. Audits: yes.
    """
    if not can_manage_staff(by, employment.employer):
        raise Forbidden
    employment = Employment.objects.select_for_update(of=("self",)).select_related("employer").get(pk=employment.pk)
    if employment.ends_on and employment.ends_on < min(ends_on, today()):
        raise Conflict(
            _("This person left on %(day)s: who returns gets a new employment.") % {"day": employment.ends_on}
        )
    if ends_on < employment.starts_on:
        message = _("The last day lies before the first day (%(day)s).") % {"day": employment.starts_on}
        raise Invalid(message, errors=[FieldError("ends_on", "before_start", message)])
    record_audit(
        "organizations.end_employment",
        employment,
        changes={"ends_on": (employment.ends_on, ends_on)},
        organization_id=employment.employer_id,
    )
    employment.ends_on = ends_on
    employment.save(update_fields=["ends_on"])
    return employment


def _plain(value: Any) -> Any:
    """As the audit log keeps it: a department or a person by id."""
    return str(value.pk) if isinstance(value, Model) else value

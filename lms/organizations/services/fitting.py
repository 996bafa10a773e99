"""What is said about an employment must fit what the employer knows already."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.core.errors import Conflict, DomainError, FieldError, Invalid
from lms.organizations.models import Employment, Organization


def require_fitting(
    employer: Organization, person: User | None, facts: dict[str, Any], *, but: Employment | None = None
) -> None:
    """Refuse a number or days that are taken, and a department or manager that cannot be. `person` None is new here.

    Requires: the employer locked. Raises: Conflict; Invalid.
    """
    others = Employment.objects.filter(employer=employer)
    if but is not None:
        others = others.exclude(pk=but.pk)
    number = facts.get("personnel_number", "")
    if number and others.filter(personnel_number=number).exists():
        raise _taken("personnel_number", _("The personnel number %(number)s is in use already.") % {"number": number})
    if "personnel_number" in facts and not number and but is not None and not but.user.email:
        raise _wrong("personnel_number", _("Without e-mail address this person signs in with a number."))
    department = facts.get("department")
    if department is not None and department.employer_id != employer.pk:
        raise _wrong("department", _("Choose a department of the same employer."))
    if manager := facts.get("manager"):
        _require_manager(employer, person, manager)
    if person is not None and facts.get("starts_on"):
        _require_free_days(others.filter(user=person), facts["starts_on"], but)


def _require_manager(employer: Organization, person: User | None, manager: User) -> None:
    if not Employment.objects.not_over().filter(employer=employer, user=manager).exists():
        raise _wrong("manager", _("A manager works at the same employer: %(name)s does not.") % {"name": manager})
    if person is None:
        return
    above: set[Any] = set()
    step: Any = manager.pk
    while step is not None and step not in above:
        if step == person.pk:
            raise _wrong("manager", _("This makes a circle: %(name)s would be above themselves.") % {"name": person})
        above.add(step)
        line = Employment.objects.not_over().filter(employer=employer, user=step).exclude(manager=None)
        step = line.values_list("manager", flat=True).first()


def _require_free_days(own: Any, starts_on: date, but: Employment | None) -> None:
    """Periods of one person at one employer do not overlap."""
    overlapping = own.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
    if but is not None and but.ends_on:
        if but.ends_on < starts_on:
            raise _wrong("starts_on", _("The first day lies after the last day (%(day)s).") % {"day": but.ends_on})
        overlapping = overlapping.filter(starts_on__lte=but.ends_on)
    if overlapping.exists():
        raise _taken("starts_on", _("This person works here already in that time."))


def _taken(field: str, message: str) -> DomainError:
    return Conflict(message, errors=[FieldError(field, "taken", message)])


def _wrong(field: str, message: str) -> DomainError:
    return Invalid(message, errors=[FieldError(field, "invalid", message)])

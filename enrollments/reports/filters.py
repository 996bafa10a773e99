"""What somebody asks of a report: whose, cut to what, opened at which figure. Made only for who may see it."""

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from enrollments.models import Agreement, EnrollmentState
from enrollments.policies import can_view_reports, teams_led_by
from lms.core.clock import today
from lms.core.errors import FieldError, Forbidden, Invalid
from lms.core.texts import LANGUAGES, is_unkeepable
from lms.organizations.models import Department, Employment, Organization

NO_DEPARTMENT = "none"


@dataclass(frozen=True)
class Asked:
    """Whose report, and which rows of it. `team_of`: only the people that this person leads."""

    user: Any
    employer: Organization
    team_of: UUID | None = None
    department: UUID | str | None = None
    function: str | None = None
    manager: UUID | None = None
    module: str | None = None
    provider: str | None = None
    state: str | None = None
    since: date | None = None
    until: date | None = None
    mandatory: bool | None = None
    agreement: UUID | None = None
    figure: str | None = None

    @property
    def parameters(self) -> dict[str, str]:
        """As they stand in an address."""
        said = {name: getattr(self, name) for name in _READERS}
        written = {name: _written(value) for name, value in said.items() if value is not None}
        return {"employer": self.employer.slug} | written

    def staff(self, employments: QuerySet[Employment]) -> QuerySet[Employment]:
        """Of these employments at the employer, those that were asked for."""
        found = employments.filter(employer=self.employer.pk)
        if self.team_of:
            found = found.filter(manager=self.team_of)
        if self.department == NO_DEPARTMENT:
            found = found.filter(department=None)
        elif isinstance(self.department, UUID):
            found = found.filter(department__in=Department.objects.within(self.department))
        if self.function:
            found = found.filter(job_title=self.function)
        return found.filter(manager=self.manager) if self.manager else found

    def people(self) -> Exists:
        """An enrollment's learner works at the employer now, and is among those asked for."""
        return Exists(self.staff(Employment.objects.current()).filter(user=OuterRef("learner")))

    def offered(self, prefix: str = "") -> Q:
        """What was asked about the module and its run. `prefix` leads to the enrollment."""
        asked: dict[str, Any] = {
            "provider__slug": self.provider,
            "mandatory": self.mandatory,
            "offering__starts_on__gte": self.since,
            "offering__starts_on__lte": self.until,
        }
        fits = Q(**{prefix + path: value for path, value in asked.items() if value is not None})
        if self.module is None:
            return fits
        titles = [f"{prefix}version__title__{language}__icontains" for language in LANGUAGES]
        named = Q(**{f"{prefix}version__module__code__iexact": self.module})
        return fits & reduce(or_, (Q(**{title: self.module}) for title in titles), named)


def read_filters(user: Any, data: Any, *, figures: tuple[str, ...] = (), as_hr: bool = False) -> Asked:
    """What `user` asks with these parameters, about an employer whose reports they may see (`as_hr`: as HR alone).

    Raises: Forbidden for who sees no reports; Invalid with the field, what is wrong and what it may be.
    """
    employer, team_of = _whose(user, str(data.get("employer") or ""), as_hr)
    values: dict[str, Any] = {}
    errors = []
    for name, read in _READERS.items():
        said = str(data.get(name) or "").strip()
        try:
            values[name] = read(said, employer, figures) if said else None
        except _Refused as refused:
            errors.append(FieldError(name, "invalid", str(refused)))
    if errors:
        raise Invalid("; ".join(f"{error.field}: {error.message}" for error in errors), errors=errors)
    return Asked(user=user, employer=employer, team_of=team_of, **values)


def asked_of_each_employer(user: Any) -> list[Asked]:
    """Everything, at each employer whose reports the user may see. One query."""
    return [Asked(user, employer, _team_of(user, employer)) for employer in employers_reporting_to(user)]


def employers_reporting_to(user: Any, *, as_hr: bool = False) -> list[Organization]:
    """Those whose reports the user may see, as HR or as somebody who leads people there unless `as_hr`."""
    whole = Organization.objects.allowing(user, "view_reports").filter(is_employer=True)
    if as_hr:
        return list(whole.order_by("name", "id"))
    led = Organization.objects.filter(pk__in=teams_led_by(user).values("employer"))
    return list((whole | led).distinct().order_by("name", "id"))


def _whose(user: Any, slug: str, as_hr: bool) -> tuple[Organization, UUID | None]:
    employers = employers_reporting_to(user, as_hr=as_hr)
    if not employers and as_hr:
        raise Forbidden(_("This report is for HR of an employer."))
    if not employers:
        raise Forbidden(_("Reports are for HR of an employer, and for who leads people there."))
    chosen = next((employer for employer in employers if employer.slug == slug), None)
    if slug and chosen is None:
        known = ", ".join(employer.slug for employer in employers)
        message = _("You see no reports of this employer; yours: %(known)s.") % {"known": known}
        raise Invalid(message, errors=[FieldError("employer", "invalid", message)])
    employer = chosen or employers[0]
    return employer, _team_of(user, employer)


def _team_of(user: Any, employer: Organization) -> UUID | None:
    """Who is no HR sees the people they lead."""
    return None if can_view_reports(user, employer) else user.pk


class _Refused(Exception):
    """One value that cannot be; the text says what can."""


def _department(said: str, employer: Organization, _figures: tuple[str, ...]) -> UUID | str:
    if said == NO_DEPARTMENT:
        return said
    try:
        pk = UUID(said)
    except ValueError:
        pk = None
    if pk is None or not Department.objects.filter(employer=employer.pk, pk=pk).exists():
        raise _Refused(_("No department of this employer has this id; “none” is who has no department."))
    return pk


def _manager(said: str, employer: Organization, _figures: tuple[str, ...]) -> UUID:
    try:
        pk = UUID(said)
    except ValueError:
        pk = None
    if pk is None or not Employment.objects.filter(employer=employer.pk, manager=pk).exists():
        raise _Refused(_("Nobody with this id leads people at this employer."))
    return pk


def _agreement(said: str, employer: Organization, _figures: tuple[str, ...]) -> UUID:
    try:
        pk = UUID(said)
    except ValueError:
        pk = None
    if pk is None or not Agreement.objects.filter(employer=employer.pk, pk=pk).exists():
        raise _Refused(_("This employer has no agreement with this id."))
    return pk


def _text(said: str, _employer: Organization, _figures: tuple[str, ...]) -> str:
    if is_unkeepable(said) or len(said) > 120:
        raise _Refused(_("A text of at most 120 characters."))
    return said


def _state(said: str, _employer: Organization, _figures: tuple[str, ...]) -> str:
    if said not in EnrollmentState.values:
        raise _Refused(_("One of: %(known)s.") % {"known": ", ".join(EnrollmentState.values)})
    return said


def _day(said: str, _employer: Organization, _figures: tuple[str, ...]) -> date:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        day = date.min
    if not 1900 <= day.year <= 2200:
        raise _Refused(_("A day such as %(day)s.") % {"day": today().isoformat()})
    return day


def _yes_no(said: str, _employer: Organization, _figures: tuple[str, ...]) -> bool:
    if said not in ("yes", "no"):
        raise _Refused(_("One of: %(known)s.") % {"known": "yes, no"})
    return said == "yes"


def _figure(said: str, _employer: Organization, figures: tuple[str, ...]) -> str:
    if said not in figures:
        raise _Refused(_("One of: %(known)s.") % {"known": ", ".join(figures)})
    return said


_READERS = {
    "department": _department,
    "function": _text,
    "manager": _manager,
    "module": _text,
    "provider": _text,
    "state": _state,
    "since": _day,
    "until": _day,
    "mandatory": _yes_no,
    "agreement": _agreement,
    "figure": _figure,
}


def _written(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)

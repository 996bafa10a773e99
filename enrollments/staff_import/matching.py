"""Who the people in a sheet are: by e-mail address, or by personnel number at this employer; never by name alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Func, Value
from django.utils.translation import gettext as _

from courses.models import Offering
from enrollments.models import Enrollment
from lms.accounts.models import User
from lms.core.clock import today
from lms.organizations.models import Employment, Organization

from .headers import Columns, Field
from .names import Name, same_person
from .rows import Person, Problem

CHUNK = 1000


@dataclass(slots=True)
class Match:
    """One good row and who it is. Nothing is written yet."""

    person: Person
    user: User | None = None
    employment: Employment | None = None
    enrolled: bool = False
    changes: dict[str, str] = field(default_factory=dict)
    gets_address: bool = False


@dataclass
class Matches:
    """The rows that can go in, and what is wrong with the others."""

    good: list[Match] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def match_people(employer: Organization, offering: Offering, people: list[Person], columns: Columns) -> Matches:
    """Find everybody, in a bounded number of queries per thousand rows.

    What another employer or the person alone knows never shows in a reason: those speak of this employer's staff only.
    """
    known = _Known(employer, people)
    enrolled = set(Enrollment.objects.live().filter(offering=offering).values_list("learner_id", flat=True))
    matches = Matches()
    taken: dict[Any, int] = {}
    for person in people:
        match, problem = _match(person, known)
        if problem is None and match.user is not None:
            problem = _second(match.user, person, taken)
        if problem is not None:
            where, reason = problem
            value = {Field.EMAIL: person.email, Field.NUMBER: person.number}[where]
            matches.problems.append(Problem(person.row, columns.title(where), value, reason))
            continue
        match.enrolled = match.user is not None and match.user.pk in enrolled
        match.changes = _changes(match)
        matches.good.append(match)
    return matches


Trouble = tuple[Field, str]


class _Known:
    """The accounts with these addresses, and this employer's employments of these people and numbers."""

    def __init__(self, employer: Organization, people: list[Person]) -> None:
        self.users: dict[str | None, User] = {}
        self.by_user: dict[Any, Employment] = {}
        self.by_number: dict[str, Employment] = {}
        self.by_bare: dict[str, list[Employment]] = {}
        for emails in _chunks(person.email for person in people if person.email):
            self.users |= {user.email: user for user in User.objects.filter(email__in=emails)}
        staff = Employment.objects.filter(employer=employer).select_related("user", "department")
        for ids in _chunks(user.pk for user in self.users.values()):
            self._keep(staff.filter(user__in=ids))
        bare = Func(F("personnel_number"), Value("0"), function="LTRIM")
        for numbers in _chunks({form for person in people if person.number for form in _forms(person.number)}):
            self._keep(staff.alias(bare=bare).filter(bare__in=numbers))

    def _keep(self, employments: Iterable[Employment]) -> None:
        for employment in employments:
            other = self.by_user.get(employment.user_id)
            if other is None or _last_day(other) < _last_day(employment):
                self.by_user[employment.user_id] = employment
            if employment.personnel_number and employment.personnel_number.casefold() not in self.by_number:
                self.by_number[employment.personnel_number.casefold()] = employment
                self.by_bare.setdefault(_bare(employment.personnel_number), []).append(employment)

    def holder(self, number: str) -> Employment | None:
        """Whose personnel number this is; leading zeros that Excel dropped do not matter when that is unambiguous."""
        if exact := self.by_number.get(number.casefold()):
            return exact
        alike = self.by_bare.get(_bare(number), [])
        return alike[0] if len(alike) == 1 else None


def _match(person: Person, known: _Known) -> tuple[Match, Trouble | None]:
    match = Match(person, user=known.users.get(person.email) if person.email else None)
    holder = known.holder(person.number) if person.number else None
    if holder is not None and (trouble := _fit_holder(match, holder)):
        return match, trouble
    if match.user is None:
        return match, None
    match.employment = holder or known.by_user.get(match.user.pk)
    where = Field.EMAIL if person.email else Field.NUMBER
    if match.employment is None:
        return match, None if match.user.is_active else (where, _unavailable())
    numbered = match.employment.personnel_number
    if holder is None and numbered and person.number:
        reason = _("This person has personnel number %(number)s with you: correct one of the two.")
        return match, (Field.NUMBER, reason % {"number": numbered})
    return match, _why_not_now(match, where)


def _fit_holder(match: Match, holder: Employment) -> Trouble | None:
    """The personnel number is in use: is it this person's? Then that is who they are."""
    person, owner = match.person, holder.user
    name = Name(owner.given_name, owner.name_prefix, owner.family_name)
    if match.user is not None and match.user.pk == owner.pk:
        return None
    if match.user is not None or (person.email and owner.email):
        return Field.NUMBER, _("This personnel number is in use with you by somebody with another e-mail address.")
    if not same_person(person.name, name):
        return Field.NUMBER, _("This personnel number is in use with you by somebody with another name.")
    match.user = owner
    match.gets_address = bool(person.email) and owner.is_pending
    return None


def _why_not_now(match: Match, where: Field) -> Trouble | None:
    employment = match.employment
    if employment is None or match.user is None:
        return None
    if employment.ends_on and employment.ends_on < today():
        reason = _("No longer employed according to your staff list: left on %(day)s.")
        return where, reason % {"day": f"{employment.ends_on:%d-%m-%Y}"}
    if employment.starts_on > today():
        reason = _("Not yet employed according to your staff list: starts on %(day)s.")
        return where, reason % {"day": f"{employment.starts_on:%d-%m-%Y}"}
    return None if match.user.is_active else (where, _unavailable())


def _unavailable() -> str:
    return _("This person cannot be enrolled: ask the administrator of this site.")


def _second(user: User, person: Person, taken: dict[Any, int]) -> Trouble | None:
    """The same person on two rows that share neither address nor number as written."""
    first = taken.setdefault(user.pk, person.row)
    if first == person.row:
        return None
    where = Field.EMAIL if person.email else Field.NUMBER
    return where, _("Double: the same person is on row %(row)d, and was taken from there.") % {"row": first}


def _changes(match: Match) -> dict[str, str]:
    """What the sheet says anew about an employment: filled cells only, and a number only where there was none."""
    if match.employment is None:
        return {}
    person, employment = match.person, match.employment
    said = {"department": person.department, "job_title": person.job_title}
    if not employment.personnel_number:
        said["personnel_number"] = person.number
    changed = {name: value for name, value in said.items() if value and value != str(getattr(employment, name) or "")}
    if employment.department and person.department.casefold() == employment.department.name.casefold():
        changed.pop("department", None)
    return changed


def _last_day(employment: Employment) -> tuple[bool, Any]:
    return (employment.ends_on is None, employment.ends_on or employment.starts_on)


def _bare(number: str) -> str:
    return number.casefold().lstrip("0")


def _forms(number: str) -> set[str]:
    """How a number may be stored, without its leading zeros."""
    bare = number.lstrip("0")
    return {bare, bare.lower(), bare.upper()}


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    whole = list(values)
    for start in range(0, len(whole), CHUNK):
        yield whole[start : start + CHUNK]

"""Rows -> people. Each row is judged by itself, then against the rows above it; one bad row never stops the others."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from lms.core.clock import today

from . import cells
from .cells import Unusable, clean
from .headers import Columns, Field
from .kinds_of_file import Unreadable
from .names import Name, calling_name, same_person, split_name, split_surname
from .reading import Row, Sheet

_TOTALS = re.compile(
    r"(sub|eind)?(totaal|total)\b.*|aantal( medewerkers| personen)?\b.*|einde( lijst| overzicht)?", re.I
)
NO_END_FROM = 2100  # payroll systems write 31-12-9999 for 'no end'
SHOWN_OF_VALUE = 200


class Problem(NamedTuple):
    """What cannot go in: where a person finds it in the sheet, and why."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Person:
    """One good row."""

    row: int
    email: str
    number: str
    name: Name
    department: str = ""
    job_title: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass
class People:
    """What the rows of a sheet say."""

    good: list[Person] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_people(sheet: Sheet) -> People:
    """Everybody in the sheet, in its order, and every problem.

    Raises Unreadable when the personnel numbers turn out to be BSNs.
    """
    people = People()
    seen = _Seen(sheet.columns)
    for row in sheet.rows:
        if _is_furniture(row, sheet):
            continue
        reader = _RowReader(row, sheet)
        person = reader.read()
        problem = None if reader.problems or person is None else seen.problem_with(person)
        if problem:
            reader.problems.append(problem)
        if reader.problems or person is None:
            people.problems.extend(reader.problems)
        else:
            people.good.append(person)
    _refuse_bsn([person.number for person in people.good], sheet.columns)
    return people


class _RowReader:
    """Reads the cells of one row, keeping what is wrong with each."""

    def __init__(self, row: Row, sheet: Sheet) -> None:
        self.row, self.sheet, self.columns = row, sheet, sheet.columns
        self.problems: list[Problem] = []

    def read(self) -> Person | None:
        """The person, or None with `problems`."""
        if self._is_shifted():
            return None
        email = self._cell(Field.EMAIL, cells.as_email)
        number = self._cell(Field.NUMBER, cells.as_number)
        name = self._name()
        person = Person(
            self.row.number,
            email or "",
            number or "",
            name,
            self._cell(Field.DEPARTMENT, cells.as_text, 120) or "",
            self._cell(Field.JOB_TITLE, cells.as_text, 120) or "",
            self._cell(Field.STARTS_ON, cells.as_day),
            self._cell(Field.ENDS_ON, cells.as_day),
        )
        if not self.problems:
            self._require_identity(person)
            self._require_employed_today(person)
        return person

    def _cell(self, name: Field, read: Callable[..., Any], *limits: int) -> Any:
        text = self._text(name)
        if not text:
            return None
        try:
            return read(text, *limits)
        except Unusable as error:
            self._add(name, str(error))
            return None

    def _text(self, name: Field) -> str:
        at = self.columns.at.get(name)
        return self.row.cells[at] if at is not None and at < len(self.row.cells) else ""

    def _add(self, name: Field, reason: str) -> None:
        shown = clean(self._text(name))[:SHOWN_OF_VALUE]
        self.problems.append(Problem(self.row.number, self.columns.title(name), shown, reason))

    def _name(self) -> Name:
        """The three parts, from their own columns where these are filled, else from the full name."""
        families = (Field.FAMILY_NAME, Field.BIRTH_NAME)
        givens = (Field.CALLING_NAME, Field.GIVEN_NAME, Field.INITIALS)
        family = next(filter(None, (self._cell(name, cells.as_name, 100) for name in families)), "")
        given = next(filter(None, (self._cell(name, cells.as_name, 100) for name in givens)), "")
        prefix = self._cell(Field.PREFIX, cells.as_text, 30) or ""
        whole = self._cell(Field.FULL_NAME, cells.as_name, 230) or ""
        if not family and whole:
            return self._fitting(_completed(split_name(whole), given, prefix))
        found, family = split_surname(family)
        return self._fitting(Name(given, prefix or found, family))

    def _fitting(self, name: Name) -> Name:
        name = name._replace(given=calling_name(name.given))
        if len(name.given) > 100 or len(name.prefix) > 30 or len(name.family) > 100:
            self._add(Field.FULL_NAME, _("Too long: at most %(longest)d characters.") % {"longest": 100})
        return name

    def _require_identity(self, person: Person) -> None:
        named = bool(person.name.given or person.name.family)
        if person.email or (person.number and named):
            return
        if person.number:
            where = next((n for n in _NAMES if n in self.columns.at), Field.NUMBER)
            self._add(where, _("The name is missing: without e-mail address a personnel number needs a name."))
        elif Field.EMAIL not in self.columns.at:
            self._add(Field.NUMBER, _("The personnel number is missing."))
        elif Field.NUMBER in self.columns.at:
            self._add(
                Field.EMAIL, _("The e-mail address is missing: fill it in, or give a personnel number with a name.")
            )
        else:
            self._add(Field.EMAIL, _("The e-mail address is missing."))

    def _require_employed_today(self, person: Person) -> None:
        day = today()
        if person.ends_on and person.ends_on.year >= NO_END_FROM:
            person.ends_on = None
        if person.starts_on and person.starts_on > day:
            reason = _("Not yet employed: starts on %(day)s.") % {"day": f"{person.starts_on:%d-%m-%Y}"}
            self._add(Field.STARTS_ON, reason)
        if person.ends_on and person.starts_on and person.ends_on < person.starts_on:
            self._add(Field.ENDS_ON, _("The last day lies before the first day."))
        elif person.ends_on and person.ends_on < day:
            reason = _("No longer employed: left on %(day)s.") % {"day": f"{person.ends_on:%d-%m-%Y}"}
            self._add(Field.ENDS_ON, reason)

    def _is_shifted(self) -> bool:
        """More cells than headers: a separator inside a cell has moved everything behind it."""
        width = len(self.columns.titles)
        extra = [cell for cell in self.row.cells[width:] if clean(cell)]
        if not (extra and self.sheet.has_separators):
            return False
        reason = _("This row has more cells than the header: put text that holds a separator between quotes.")
        last = next((title for title in reversed(self.columns.titles) if title), "")
        self.problems.append(Problem(self.row.number, last, clean(extra[0])[:SHOWN_OF_VALUE], reason))
        return True


_NAMES = (Field.FULL_NAME, Field.FAMILY_NAME, Field.BIRTH_NAME)


class _Seen:
    """Who came before in the same sheet, by e-mail address and by personnel number."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.by_email: dict[str, Person] = {}
        self.by_number: dict[str, Person] = {}

    def problem_with(self, person: Person) -> Problem | None:
        """Why this person cannot be added to those above; remembers the person when nothing is wrong."""
        number = person.number.casefold()
        for name, value, first in (
            (Field.EMAIL, person.email, self.by_email.get(person.email) if person.email else None),
            (Field.NUMBER, person.number, self.by_number.get(number) if number else None),
        ):
            if first is not None:
                return Problem(person.row, self.columns.title(name), value, _why_twice(name, person, first))
        if person.email:
            self.by_email[person.email] = person
        if number:
            self.by_number[number] = person
        return None


def _why_twice(name: Field, person: Person, first: Person) -> str:
    emails = {person.email, first.email} - {""}
    numbers = {person.number.casefold(), first.number.casefold()} - {""}
    if len(emails) < 2 and len(numbers) < 2 and same_person(person.name, first.name):
        return _("Double: the same person is on row %(row)d, and was taken from there.") % {"row": first.row}
    if name is Field.EMAIL:
        sentence = _("This e-mail address is also on row %(row)d, with another name or number: give each their own.")
    else:
        sentence = _("This personnel number is also on row %(row)d, for somebody else: give each their own.")
    return sentence % {"row": first.row}


def _completed(name: Name, given: str, prefix: str) -> Name:
    """The full name's parts, where columns of their own do not say better."""
    return Name(given or name.given, prefix or name.prefix, name.family)


def _is_furniture(row: Row, sheet: Sheet) -> bool:
    """A totals row, or the header repeated at the top of each printed page: no person."""
    filled = [text for text in (clean(cell) for cell in row.cells) if text]
    if not filled:
        return True
    if [text.casefold() for text in filled] == [title.casefold() for title in sheet.columns.titles if title]:
        return True
    return len(filled) <= 3 and bool(_TOTALS.fullmatch(filled[0])) and not any("@" in text for text in filled)


def _refuse_bsn(numbers: list[str], columns: Columns) -> None:
    """Three or more numbers that are all BSNs by length and check digit are no coincidence."""
    given = [number for number in numbers if number]
    if len(given) >= 3 and all(_is_bsn(number) for number in given):
        raise Unreadable(
            _("The column “%(title)s” holds BSNs. These may not be sent: use your own personnel numbers.")
            % {"title": columns.title(Field.NUMBER)}
        )


def _is_bsn(number: str) -> bool:
    if not re.fullmatch(r"[0-9]{8,9}", number):
        return False
    digits = [int(digit) for digit in number.zfill(9)]
    weighed = sum(weight * digit for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True))
    return weighed % 11 == 0 and weighed > 0

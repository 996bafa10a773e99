"""One row -> a person, or what is wrong with it cell by cell. Rows that are about nobody are passed over."""

import re
from collections.abc import Callable
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from lms.core.clock import today

from . import cells
from .cells import Unusable, clean
from .headers import Field
from .names import Name, calling_name, split_name, split_surname
from .reading import Row, Sheet

_TOTALS = re.compile(
    r"(sub|eind)?(totaal|totalen|total)s?\b.*|som\b.*|aantal( medewerkers| personen)?\b.*|einde( lijst| overzicht)?",
    re.I,
)
NO_END_FROM = 2100  # payroll systems write 31-12-9999 for 'no end'
SHOWN_OF_VALUE = 200
FIELDS = (
    *(Field.EMAIL, Field.NUMBER, Field.FAMILY_NAME, Field.BIRTH_NAME, Field.CALLING_NAME, Field.GIVEN_NAME),
    *(Field.INITIALS, Field.PREFIX, Field.FULL_NAME, Field.DEPARTMENT, Field.JOB_TITLE, Field.MANAGER),
    *(Field.STARTS_ON, Field.ENDS_ON),
)
_GIVEN = (Field.CALLING_NAME, Field.GIVEN_NAME, Field.INITIALS)
_NAMES = (Field.FULL_NAME, Field.FAMILY_NAME, Field.BIRTH_NAME)


class Problem(NamedTuple):
    """What cannot go in: where a person finds it in the sheet, and why."""

    row: int
    column: str
    value: str
    reason: str


class Person(NamedTuple):
    """What one row says, in the order in which rows are stored."""

    row: int
    email: str
    number: str
    given: str
    prefix: str
    family: str
    department: str
    job_title: str
    manager: str
    starts_on: date | None
    ends_on: date | None

    @property
    def name(self) -> Name:
        """In the three parts in which it is stored."""
        return Name(self.given, self.prefix, self.family)


class Refused(NamedTuple):
    """A row that cannot go in: who it seems to be about, and what is wrong."""

    person: Person
    problems: list[Problem]


class RowReader:
    """Reads single rows of a sheet. `employed_today`: only who works there today can go in."""

    def __init__(self, sheet: Sheet, *, employed_today: bool) -> None:
        self.columns, self.has_separators = sheet.columns, sheet.has_separators
        self.employed_today = employed_today
        self.width = len(sheet.columns.titles)
        self.cells_of = itemgetter(*(sheet.columns.at.get(name, self.width) for name in FIELDS))
        self.managers_named = False

    def read(self, row: Row) -> Person | Refused | None:
        """Who the row is about, or what is wrong with it; None for a row that is about nobody."""
        texts = self._fitted(row.cells)
        if texts is None:
            return None if self.is_furniture(row) else self._shifted(row)
        if texts.count("") >= len(texts) - 3 and self.is_furniture(row):
            return None
        found = self.cells_of([*texts, ""])
        person = self._plainly(row.number, found)
        if person or self.is_furniture(row):
            return person
        return _CarefulReader(self, row.number, found).refusal()

    def _plainly(self, row: int, texts: tuple[str, ...]) -> Person | None:
        """The person; None when something is wrong with the row."""
        email, number, family, birth, calling, given, initials, prefix, whole, department, job, manager, start, end = (
            texts
        )
        try:
            email = cells.as_email(email) if email else ""
            number = cells.as_number(number) if number else ""
            name = _name_of((family, birth), (calling, given, initials), prefix, whole)
            department = cells.as_department(department) if department else ""
            job = cells.as_text(job, 120) if job else ""
            starts_on = cells.as_day(start) if start else None
            ends_on = cells.as_day(end) if end else None
        except Unusable:
            return None
        if not (email or (number and (name.given or name.family))) or _too_long(name):
            return None
        if ends_on and ends_on.year >= NO_END_FROM:
            ends_on = None
        if (starts_on or ends_on) and self.why_not_employed(starts_on, ends_on):
            return None
        if manager:
            manager = self.manager_of(manager)
        return Person(row, email, number, *name, department, job, manager, starts_on, ends_on)

    def why_not_employed(self, starts_on: date | None, ends_on: date | None) -> tuple[Field, str] | None:
        """What is wrong with these two days; None when nothing is."""
        if ends_on and starts_on and ends_on < starts_on:
            return Field.ENDS_ON, _("The last day lies before the first day.")
        if not self.employed_today:
            return None
        day = today()
        if starts_on and starts_on > day:
            return Field.STARTS_ON, _("Not yet employed: starts on %(day)s.") % {"day": f"{starts_on:%d-%m-%Y}"}
        if ends_on and ends_on < day:
            return Field.ENDS_ON, _("No longer employed: left on %(day)s.") % {"day": f"{ends_on:%d-%m-%Y}"}
        return None

    def manager_of(self, text: str) -> str:
        """The manager's number or address; empty for a name, which is remembered."""
        found = cells.as_manager(text)
        self.managers_named = self.managers_named or (not found and bool(clean(text)))
        return found

    def _fitted(self, texts: list[str]) -> list[str] | None:
        """As many cells as there are headers; None when a separator inside a cell has moved what is behind it."""
        extra = texts[self.width :]
        if self.has_separators and any(clean(cell) for cell in extra):
            return None
        return texts[: self.width] if extra else [*texts, *[""] * (self.width - len(texts))]

    def _shifted(self, row: Row) -> Refused:
        extra = next(filter(None, map(clean, row.cells[self.width :])))
        reason = _("This row has more cells than the header: put text that holds a separator between quotes.")
        last = next((title for title in reversed(self.columns.titles) if title), "")
        nobody = Person(row.number, "", "", "", "", "", "", "", "", None, None)
        return Refused(nobody, [Problem(row.number, last, extra[:SHOWN_OF_VALUE], reason)])

    def is_furniture(self, row: Row) -> bool:
        """A totals row, or the header repeated at the top of each printed page: no person."""
        filled = [text for text in map(clean, row.cells) if text]
        if not filled:
            return True
        if [text.casefold() for text in filled] == [title.casefold() for title in self.columns.titles if title]:
            return True
        return len(filled) <= 3 and bool(_TOTALS.fullmatch(filled[0])) and not any("@" in text for text in filled)


class _CarefulReader:
    """Reads a row again in which something is wrong, and says of each cell what."""

    def __init__(self, reader: RowReader, row: int, texts: tuple[str, ...]) -> None:
        self.reader, self.columns, self.row = reader, reader.columns, row
        self.texts = dict(zip(FIELDS, texts, strict=True))
        self.problems: list[Problem] = []

    def refusal(self) -> Refused:
        """What could be read, and every problem."""
        email = self._cell(Field.EMAIL, cells.as_email) or ""
        number = self._cell(Field.NUMBER, cells.as_number) or ""
        name = self._name()
        department = self._cell(Field.DEPARTMENT, cells.as_department) or ""
        job = self._cell(Field.JOB_TITLE, cells.as_text, 120) or ""
        starts_on, ends_on = self._cell(Field.STARTS_ON, cells.as_day), self._cell(Field.ENDS_ON, cells.as_day)
        person = Person(self.row, email, number, *name, department[:400], job, "", starts_on, ends_on)
        if not self.problems:
            self._require_identity(person)
            wrong = self.reader.why_not_employed(starts_on, ends_on)
            if wrong:
                self._add(*wrong)
        return Refused(person, self.problems)

    def _cell(self, name: Field, read: Callable[..., Any], *limits: int) -> Any:
        if not self.texts[name]:
            return None
        try:
            return read(self.texts[name], *limits)
        except Unusable as error:
            self._add(name, str(error))
            return None

    def _add(self, name: Field, reason: str) -> None:
        shown = clean(self.texts[name])[:SHOWN_OF_VALUE]
        self.problems.append(Problem(self.row, self.columns.title(name), shown, reason))

    def _name(self) -> Name:
        families = [self._cell(name, cells.as_name, 100) or "" for name in (Field.FAMILY_NAME, Field.BIRTH_NAME)]
        givens = [self._cell(name, cells.as_name, 100) or "" for name in _GIVEN]
        prefix = self._cell(Field.PREFIX, cells.as_text, 30) or ""
        whole = self._cell(Field.FULL_NAME, cells.as_name, 230) or ""
        name = _name_from(families, givens, prefix, whole)
        if _too_long(name):
            self._add(Field.FULL_NAME, _("Too long: at most %(longest)d characters.") % {"longest": 100})
            return Name()
        return name

    def _require_identity(self, person: Person) -> None:
        if person.email or (person.number and (person.given or person.family)):
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


def _name_of(families: tuple[str, ...], givens: tuple[str, ...], prefix: str, whole: str) -> Name:
    """The three parts out of cells as they stand. Raises Unusable."""
    return _name_from(
        [cells.as_name(text, 100) if text else "" for text in families],
        [cells.as_name(text, 100) if text else "" for text in givens],
        cells.as_text(prefix, 30) if prefix else "",
        cells.as_name(whole, 230) if whole else "",
    )


def _name_from(families: list[str], givens: list[str], prefix: str, whole: str) -> Name:
    """From their own columns where these are filled, else from the full name."""
    family = families[0] or families[1]
    given = givens[0] or givens[1] or givens[2]
    if not family and whole:
        split = split_name(whole)
        given, prefix, family = given or split.given, prefix or split.prefix, split.family
    elif " " in family or "," in family or "(" in family:
        found, family = split_surname(family)
        prefix = prefix or found
    return Name(calling_name(given) if given.endswith(")") else given, prefix, family)


def _too_long(name: Name) -> bool:
    return len(name.given) > 100 or len(name.prefix) > 30 or len(name.family) > 100

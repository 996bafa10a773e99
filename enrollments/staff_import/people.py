"""The rows of a sheet -> people, thousands at once: what is plain is read column by column, the rest row by row.

A cell is plain when it can be nothing but what it seems: then the fast way and the careful way say the same. One bad
row never stops the others.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .cells import Unusable, as_day, as_department, as_text
from .headers import Field, IgnoredColumn
from .kinds_of_file import Unreadable
from .names import Name, same_person
from .reading import Row, Sheet, Stretch
from .rows import FIELDS, NO_END_FROM, Person, Problem, Refused, RowReader

BATCH = 5_000
MAX_DEPARTMENTS = 2_000
_LOCAL = r"[A-Za-z0-9]{1,30}(?:[._-][A-Za-z0-9]{1,16}){0,3}"
_DOMAIN = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,20}[A-Za-z0-9])?(?:\.[A-Za-z0-9]{1,20}){0,2}\.[A-Za-z]{2,12}"
_PLAIN_WORD = r"(?!(?i:nvt|(?:sub|eind)?tota|som|aantal|einde)[^\n]*)[A-Za-z][A-Za-z0-9'-]{0,59}"
_EMAILS = re.compile(rf"(?:(?:{_LOCAL}@{_DOMAIN})?\n)*")
_NUMBERS = re.compile(r"(?:(?:0{0,20}[1-9][0-9]{0,19})?\n)*")
_WORDS = re.compile(rf"(?:(?:{_PLAIN_WORD})?\n)*")


@dataclass
class Batch:
    """Some thousand rows: people as lines, and rows that cannot go in.

    A line holds the texts of a `Person` in that order, with tabs between them and days as 2026-12-31.
    """

    people: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


class PeopleReader:
    """Reads a sheet, once. `employed_today`: only who works there today can go in."""

    def __init__(self, sheet: Sheet, *, employed_today: bool) -> None:
        self.sheet, self.columns = sheet, sheet.columns
        self._single = RowReader(sheet, employed_today=employed_today)
        self._seen = _Seen(sheet)
        self._numbers = _Numbers(sheet)
        self._departments: set[str] = set()

    def read(self) -> Iterator[Batch]:
        """Everybody in the sheet, in its order, and every row that cannot go in.

        Raises Unreadable when there is nobody, when the personnel numbers turn out to be BSNs, or departments are no
        departments.
        """
        found = 0
        for stretch in self.sheet.stretches(BATCH):
            batch = self._by_columns(stretch) if stretch.columns else None
            yield batch or self._by_rows(stretch)
            found += 1
        if not found:
            raise Unreadable(_("The file has a header row, but no people below it."))
        self._numbers.refuse_bsn()
        if self._single.managers_named:
            reason = _("names of managers are not matched: give their personnel number or e-mail address")
            self.columns.ignored.append(IgnoredColumn(self.columns.title(Field.MANAGER), reason))

    def _by_columns(self, stretch: Stretch) -> Batch | None:
        """All of them, when every cell is plain and nobody is double; else None."""
        count = len(stretch.columns[0])
        rows = range(stretch.first, stretch.first + count)
        columns = [*stretch.columns, [""] * count]
        told = dict(zip(FIELDS, self._single.cells_of(columns), strict=True))
        try:
            return self._plain(rows, told)
        except Unusable:
            return None

    def _plain(self, rows: range, told: dict[Field, list[str]]) -> Batch | None:
        emails, numbers = _all_plain(_EMAILS, told[Field.EMAIL]), _all_plain(_NUMBERS, told[Field.NUMBER])
        family = self._words(told, Field.FAMILY_NAME, Field.BIRTH_NAME, Field.FULL_NAME)
        given = self._words(told, Field.CALLING_NAME, Field.GIVEN_NAME, Field.INITIALS)
        if emails is None or numbers is None or family is None or given is None:
            return None
        known = zip(emails, numbers, family, given, strict=True)
        if "" in emails and not all(email or (number and (f or g)) for email, number, f, g in known):
            return None
        days = self._days(told[Field.STARTS_ON], told[Field.ENDS_ON])
        emails = list(map(str.lower, emails))
        if days is None or not self._seen.are_new(emails, numbers):
            return None
        departments = _each(as_department, told[Field.DEPARTMENT])
        columns = (
            *(map(str, rows), emails, numbers, given, _each(as_prefix, told[Field.PREFIX]), family, departments),
            *(_each(as_title, told[Field.JOB_TITLE]), _each(self._single.manager_of, told[Field.MANAGER]), *days),
        )
        people = list(map("\t".join, zip(*columns, strict=True)))
        self._seen.keep(rows, emails, numbers, people)
        self._note(numbers, departments)
        return Batch(people)

    def _words(self, told: dict[Field, list[str]], *names: Field) -> list[str] | None:
        """The column of the first of these names, when the others are not there and all of it is plain."""
        there = [name for name in names if name in self.columns.at]
        if there[1:] or there[:1] == [Field.FULL_NAME]:
            return None
        return _all_plain(_WORDS, told[names[0] if not there else there[0]])

    def _days(self, starts: list[str], ends: list[str]) -> tuple[list[str], list[str]] | None:
        """First and last days, when each pair can be of somebody who can go in."""
        if not any(starts) and not any(ends):
            return starts, ends
        read: dict[tuple[str, str], tuple[str, str]] = {}
        for start, end in set(zip(starts, ends, strict=True)):
            first, last = as_day(start) if start else None, as_day(end) if end else None
            last = None if last and last.year >= NO_END_FROM else last
            if self._single.why_not_employed(first, last):
                return None
            read[start, end] = (first.isoformat() if first else "", last.isoformat() if last else "")
        pairs = [read[pair] for pair in zip(starts, ends, strict=True)]
        return [pair[0] for pair in pairs], [pair[1] for pair in pairs]

    def _by_rows(self, stretch: Stretch) -> Batch:
        batch = Batch()
        for row in stretch.rows or _rows_of(stretch):
            read = self._single.read(row)
            if isinstance(read, Person) and (problem := self._seen.problem_with(read)):
                read = Refused(read, [problem])
            if isinstance(read, Refused):
                batch.refused.append(read)
            elif read is not None:
                line = "\t".join("" if value is None else str(value) for value in read)
                batch.people.append(line)
                self._seen.keep([read.row], [read.email], [read.number.casefold()], [line])
                self._note([read.number], [read.department])
        return batch

    def _note(self, numbers: list[str], departments: list[str]) -> None:
        self._numbers.note(numbers)
        self._departments.update(departments)
        if len(self._departments) > MAX_DEPARTMENTS:
            raise Unreadable(
                _("The column “%(title)s” names more than 2,000 departments: is it another column?")
                % {"title": self.columns.title(Field.DEPARTMENT)}
            )


class _Seen:
    """Who came before in the same sheet, by e-mail address and by personnel number: the row of each."""

    def __init__(self, sheet: Sheet) -> None:
        self.columns = sheet.columns
        self.by_email: dict[str, int] = {}
        self.by_number: dict[str, int] = {}
        self._kept: list[tuple[int, str]] = []  # first row of each batch, and its people as lines: small and searchable

    def are_new(self, emails: list[str], numbers: list[str]) -> bool:
        """Is none of them double, here or above?"""
        for given, known in ((emails, self.by_email), (numbers, self.by_number)):
            told = list(filter(None, given)) if "" in given else given
            if len(set(told)) < len(told) or not known.keys().isdisjoint(told):
                return False
        return True

    def keep(self, rows: Sequence[int], emails: list[str], numbers: list[str], people: list[str]) -> None:
        """Remember who these rows are about."""
        self.by_email.update(zip(emails, rows, strict=True))
        self.by_number.update(zip(numbers, rows, strict=True))
        self._kept.append((rows[0], "\n".join(people)))

    def problem_with(self, person: Person) -> Problem | None:
        """Why this person cannot be added to those above."""
        number = person.number.casefold()
        for name, value, row in (
            (Field.EMAIL, person.email, self.by_email.get(person.email) if person.email else None),
            (Field.NUMBER, person.number, self.by_number.get(number) if number else None),
        ):
            if row is not None:
                return Problem(person.row, self.columns.title(name), value, self._why_twice(name, person, row))
        return None

    def _why_twice(self, name: Field, person: Person, row: int) -> str:
        lines = next(lines for first, lines in reversed(self._kept) if first <= row)
        told = next(line for line in lines.split("\n") if line.startswith(f"{row}\t")).split("\t")
        emails = {person.email, told[1]} - {""}
        numbers = {person.number.casefold(), told[2].casefold()} - {""}
        if len(emails) < 2 and len(numbers) < 2 and same_person(person.name, Name(*told[3:6])):
            return _("Double: the same person is on row %(row)d, and was taken from there.") % {"row": row}
        if name is Field.EMAIL:
            sentence = _(
                "This e-mail address is also on row %(row)d, with another name or number: give each their own."
            )
        else:
            sentence = _("This personnel number is also on row %(row)d, for somebody else: give each their own.")
        return sentence % {"row": row}


class _Numbers:
    """Three or more personnel numbers that are all BSNs by length and check digit are no coincidence."""

    def __init__(self, sheet: Sheet) -> None:
        self.title, self.given, self.all_bsn = sheet.columns.title(Field.NUMBER), 0, True

    def note(self, numbers: list[str]) -> None:
        """Some more."""
        for number in filter(None, numbers):
            if not self.all_bsn:
                return
            self.given += 1
            self.all_bsn = _is_bsn(number)

    def refuse_bsn(self) -> None:
        """Raises Unreadable."""
        if self.all_bsn and self.given >= 3:
            raise Unreadable(
                _("The column “%(title)s” holds BSNs. These may not be sent: use your own personnel numbers.")
                % {"title": self.title}
            )


def _rows_of(stretch: Stretch) -> Iterator[Row]:
    cells = zip(*stretch.columns, strict=True)
    return (Row(number, list(row)) for number, row in enumerate(cells, start=stretch.first) if any(row))


def as_prefix(text: str) -> str:
    """A surname prefix. Raises Unusable."""
    return as_text(text, 30)


def as_title(text: str) -> str:
    """A function. Raises Unusable."""
    return as_text(text, 120)


def _all_plain(pattern: re.Pattern[str], column: list[str]) -> list[str] | None:
    joined = "\n".join(column) + "\n"
    if not pattern.fullmatch(joined):
        return None
    found = joined.split("\n")
    found.pop()
    return found if len(found) == len(column) else None


def _each(read: Callable[[str], str], column: list[str]) -> list[str]:
    """The cells as `read` takes them, each different text once. Raises Unusable."""
    different = set(column)
    known = {text: read(text) if text else "" for text in different}
    return [known[text] for text in column]


def _is_bsn(number: str) -> bool:
    if not re.fullmatch(r"[0-9]{8,9}", number):
        return False
    digits = [int(digit) for digit in number.zfill(9)]
    weighed = sum(weight * digit for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True))
    return weighed % 11 == 0 and weighed > 0

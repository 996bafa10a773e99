"""Which column is which: Dutch or English headers in any order, however they are spelled."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _


class Field(StrEnum):
    """What a column can tell about a person."""

    EMAIL = "email"
    NUMBER = "number"
    CALLING_NAME = "calling_name"
    GIVEN_NAME = "given_name"
    INITIALS = "initials"
    PREFIX = "prefix"
    FAMILY_NAME = "family_name"
    BIRTH_NAME = "birth_name"
    FULL_NAME = "full_name"
    DEPARTMENT = "department"
    JOB_TITLE = "job_title"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"
    MANAGER = "manager"


_STAFF = (
    r"(?:personeels?(?:lid)?|medewerkers?|medew|werknemers?|pers|employee|emp|staff|personnel|payroll|stam|loon|salaris"
    r"|associate)"
)
_SOMEBODY = r"(?:medewerkers?|werknemers?|deelnemers?|personeelslid|cursist)"
_SPELLINGS: dict[Field, tuple[str, ...]] = {
    Field.NUMBER: (rf"{_STAFF}(?:nummers?|nr|no|num|number|id|code)", "pnr|persn|wnr|mdwnr|medewnr|perno|workernumber"),
    Field.CALLING_NAME: ("roepnaam|roepnamen|callingname|preferredname|knownas|nickname|gebruikelijkevoornaam",),
    Field.GIVEN_NAME: (rf"(?:eerste)?voorna(?:am|men){_SOMEBODY}?", "givennames?|firstnames?|forenames?"),
    Field.INITIALS: ("voorletters?|initialen|initials?|vl",),
    Field.PREFIX: (
        "tussenv(?:oegsels?|gsl|gs)?|tussenvoegselachternaam|tv|tsv|tussennaam",
        "voorv(?:oegsels?|gsl)?|voorvoegselachternaam|voorvoegselgeslachtsnaam",
        "(?:sur|last|family)?nameprefix|prefix|infix|insertion",
    ),
    Field.FAMILY_NAME: (
        rf"(?:achter|familie|geslachts)na(?:am|men){_SOMEBODY}?",
        "eigenachternaam|surnames?|lastnames?|familynames?",
    ),
    Field.BIRTH_NAME: ("geboortenaam|meisjesnaam|birthname|maidenname|geboorteachternaam",),
    Field.FULL_NAME: (
        "(?:volledige|gehele|complete|full|display|weergave)?na(?:am|men|me|mes)",
        rf"(?:volledige)?na(?:am|men){_SOMEBODY}",
        rf"(?:{_SOMEBODY}|personeelsleden|employees?|staff|staffmember|participants?|learner)(?:na(?:am|men|me))?",
        "(?:naam)?(?:voor(?:naam)?en?achternaam|achternaam(?:en)?voornaam|achternaamvoorletters|voornaamachternaam)",
        "achternaamvoorvoegselvoornaam|achternaamroepnaam|lastnamefirstname|firstnamelastname|surnamefirstname",
    ),
    Field.DEPARTMENT: (
        "afd|afdeling(?:en|s?naam|somschrijving)?|team(?:naam)?|organisatie(?:eenheid|onderdeel)|divisie",
        "dep(?:t|artment)?(?:name)?|orgunit|businessunit|division",
    ),
    Field.JOB_TITLE: (
        "functie(?:naam|titel|omschrijving|benaming)?|beroep|rol|positie",
        "function|job(?:title|function|name)?|position|role|occupation",
    ),
    Field.STARTS_ON: (
        "(?:datum)?indienst(?:datum|treding|tredingsdatum|sinds|per|vanaf|name)?",
        "(?:start|begin|ingangs|aanvangs)datum(?:dienstverband|contract|dienst|arbeidsovereenkomst)?",
        "dienstverbandvanaf|begindienstverband|(?:employment)?startdate|startdateemployment|hiredate|hiredon|datehired",
        "dateofhire|entrydate|joindate|datejoined|joiningdate|employedsince",
    ),
    Field.ENDS_ON: (
        "(?:datum)?uitdienst(?:datum|treding|tredingsdatum|per)?",
        "eind(?:e)?(?:datum)?(?:dienstverband|contract|dienst|arbeidsovereenkomst)|einddatum|datumeindedienstverband",
        "laatstewerkdag|dienstverbandtot|(?:employment)?enddate|enddateemployment|leavedate|leavingdate|dateleft",
        "terminationdate|lastday",
    ),
    Field.EMAIL: (
        "(?:zakelijke?|werk|bedrijfs|business|work|company|office)?(?:e?mail|epost)(?:adres(?:sen)?|address)?s?",
    ),
}
_EXACT = [(name, re.compile("|".join(patterns))) for name, patterns in _SPELLINGS.items()]
_LOOSE = [
    (Field.EMAIL, re.compile(r"email|mailadres|mailaddress")),
    (Field.NUMBER, re.compile(r"(?:personeels|medewerkers?|werknemers?|employee|personnel|staff)(?:nummer|nr|number)")),
]
_BSN = re.compile(
    r"bsn|bsnnummer|bsnnr|.*burgerservicen.*|sofi.*|citizenservicenumber|socialsecurity.*|ssn|nationalid.*"
)
_MANAGER = re.compile(
    r"leidinggevende|manager|supervisor|teamleider|teamlead|reportsto|afdelingshoofd|chef|superior|rapporteertaan"
)
_NAMED = re.compile(r"naam|name|telefoon|phone")
_OTHERS = re.compile(
    r"partner|nood|emergency|contactpers|verzonden|verstuurd|sent|akkoord|status|relatie|mentor|buddy|vervang|coach"
)
_PRIVATE = re.compile(r"prive|private|personal|thuis|home")
_SEPARATED = re.compile(r"[,;\t]|.{50}", re.S)  # several headers in one cell, or a sentence
_LETTERS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class IgnoredColumn:
    """A column that is not read, and why."""

    title: str
    reason: str


@dataclass
class Columns:
    """What the header row says: `titles` as they stand in the file, `at` where each field is found."""

    titles: list[str]
    at: dict[Field, int] = field(default_factory=dict)
    ignored: list[IgnoredColumn] = field(default_factory=list)

    @property
    def tell_who(self) -> bool:
        """Does it say who people are: by e-mail address, or by personnel number and name?"""
        return Field.EMAIL in self.at or (Field.NUMBER in self.at and self.tell_names)

    @property
    def tell_names(self) -> bool:
        """Is there a column with (part of) a name?"""
        return any(name in self.at for name in (Field.FULL_NAME, Field.FAMILY_NAME, Field.BIRTH_NAME))

    def title(self, name: Field) -> str:
        """The header above this field, as it stands in the file; empty when there is none."""
        return self.titles[self.at[name]] if name in self.at else ""


def recognise(cells: Sequence[str]) -> Columns:
    """Which columns these headers name. Of two columns with the same meaning the first one is read."""
    columns = Columns([" ".join(cell.split()) for cell in cells])
    private: list[int] = []
    for position, title in enumerate(columns.titles):
        if not title:
            continue
        found, reason = _meaning(title)
        if found is None:
            columns.ignored.append(IgnoredColumn(title, reason))
        elif found is Field.EMAIL and _PRIVATE.search(_plain(title)):
            private.append(position)
        elif found in columns.at:
            reason = _("a second column for the same: “%(title)s” is read") % {"title": columns.title(found)}
            columns.ignored.append(IgnoredColumn(title, reason))
        else:
            columns.at[found] = position
    for position in private:
        if Field.EMAIL in columns.at:
            reason = _("private; “%(title)s” is read") % {"title": columns.title(Field.EMAIL)}
            columns.ignored.append(IgnoredColumn(columns.titles[position], reason))
        else:
            columns.at[Field.EMAIL] = position
    return columns


def recognise_two(upper: Sequence[str], lower: Sequence[str]) -> Columns | None:
    """Which columns two rows name together, as with merged cells: 'Dienstverband' above 'Van' and 'Tot'.

    None where the lower row holds data.
    """
    width = max(len(upper), len(lower))
    above = [" ".join(cell.split()) for cell in [*upper, *[""] * (width - len(upper))]]
    below = [" ".join(cell.split()) for cell in [*lower, *[""] * (width - len(lower))]]
    if not any(below) or any("@" in cell or any(map(str.isdigit, cell)) for cell in below):
        return None
    titles, group = [], ""
    for top, bottom in zip(above, below, strict=True):
        group = top or (group if bottom else "")
        both = f"{group} {bottom}".strip()
        choices = [both, bottom, top]
        titles.append(next((title for title in choices if title and _meaning(title)[0]), both if bottom else top))
    return recognise(titles)


def _meaning(title: str) -> tuple[Field | None, str]:
    """The field a header names, or None with the reason why it is not read."""
    plain = _plain(title)
    if _BSN.fullmatch(plain):
        return None, _("a BSN is never read or kept: please remove this column")
    unknown = _("not needed")
    if _OTHERS.search(plain):
        return None, unknown
    if _MANAGER.search(plain):
        return (None, _("names of managers are not matched")) if _NAMED.search(plain) else (Field.MANAGER, "")
    for spelling in _spellings(title, plain):
        for name, pattern in _EXACT:
            if pattern.fullmatch(spelling):
                return name, ""
    if not _SEPARATED.search(title):
        for name, pattern in _LOOSE:
            if pattern.search(plain):
                return name, ""
    return None, unknown


def _spellings(title: str, plain: str) -> list[str]:
    """The header, without what stands between brackets, and each half of 'Voornaam / First name'."""
    without = re.sub(r"[(\[{<].*?[)\]}>]", " ", title)
    halves = re.split(r"[/|\\:]| - |\*", without)
    named = [plain, _plain(without)] + [_plain(half) for half in halves]
    return [spelling for spelling in dict.fromkeys(named) if spelling]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return _LETTERS.sub("", decomposed)

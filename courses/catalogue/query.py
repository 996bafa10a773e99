"""What somebody asks of the catalogue, read from a query string. What cannot be read is said, and left out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from courses.models import Delivery, DocumentType, Purpose, Sector, Skill, Track
from lms.core.errors import FieldError
from lms.organizations.models import Organization
from lms.organizations.places import Place, find_place, near_spellings

from .searching import LONGEST_QUESTION

LANGUAGES = ("nl", "en")
LEVELS = tuple(str(level) for level in range(1, 9))
DISTANCES = ("5", "10", "25", "50")
USUAL_DISTANCE = "25"
STARTS = ("running", "month", "quarter")
SORTS = ("relevance", "newest", "start", "price", "distance")
PLAIN = {
    "track": tuple(Track.values),
    "level": LEVELS,
    "purpose": tuple(Purpose.values),
    "language": LANGUAGES,
    "document": tuple(DocumentType.values),
    "delivery": tuple(Delivery.values),
}
MOST_CHOICES = 50
DEAREST = Decimal(1_000_000)
MOST_PLACES = 10_000


@dataclass
class CatalogueQuery:
    """`chosen` holds the values of each facet as they stand in the address; `labels` the names of what is looked up."""

    q: str = ""
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sectors: list[Sector] = field(default_factory=list)
    skills: list[Skill] = field(default_factory=list)
    providers: list[Organization] = field(default_factory=list)
    place: Place | None = None
    km: int = int(USUAL_DISTANCE)
    near: str = ""
    spellings: list[str] = field(default_factory=list)
    start: str = ""
    starts_from: date | None = None
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    places: int | None = None
    sort: str = ""
    skill_words: str = ""
    errors: list[FieldError] = field(default_factory=list)

    @property
    def order(self) -> str:
        """How the modules are ordered: as asked where that is possible, else what fits the question."""
        possible = {"relevance": bool(self.q), "distance": self.place is not None}
        if self.sort and possible.get(self.sort, True):
            return self.sort
        return "relevance" if self.q else "newest"

    @property
    def asks_of_offerings(self) -> bool:
        """Something is asked that only a run can fit."""
        asked = (self.place, self.start, self.starts_from, self.price_min, self.price_max, self.places)
        return any(value not in (None, "") for value in asked) or bool(self.chosen.get("delivery"))

    @property
    def asks_something(self) -> bool:
        """Not everything is shown."""
        looked_up = (self.q, self.sectors, self.skills, self.providers, self.chosen)
        return self.asks_of_offerings or any(bool(value) for value in looked_up)


def read_query(parameters: QueryDict) -> CatalogueQuery:
    """At most one query for each of provider, sector and skill that is named."""
    query = CatalogueQuery()
    for read in (_words, _choices, _lookups, _near, _when, _prices, _places, _order):
        read(query, parameters)
    return query


def _wrong(query: CatalogueQuery, name: str, message: str) -> None:
    query.errors.append(FieldError(name, "invalid", message))


def _words(query: CatalogueQuery, given: QueryDict) -> None:
    query.q = " ".join(given.get("q", "").replace("\x00", " ").split())
    if len(query.q) > LONGEST_QUESTION:
        _wrong(query, "q", _("Ask in at most %(most)d characters.") % {"most": LONGEST_QUESTION})
        query.q = query.q[:LONGEST_QUESTION]
    query.skill_words = given.get("skill_q", "").replace("\x00", " ").strip()[:100]


def _choices(query: CatalogueQuery, given: QueryDict) -> None:
    for name, possible in PLAIN.items():
        chosen = _given(given, name)
        fitting = tuple(value for value in possible if value in chosen)
        if fitting:
            query.chosen[name] = fitting
        for value in sorted(chosen - set(possible)):
            message = _("%(value)s is not a choice: choose from %(choices)s.")
            _wrong(query, name, message % {"value": value[:80], "choices": ", ".join(possible)})


def _lookups(query: CatalogueQuery, given: QueryDict) -> None:
    query.providers = _found(query, "provider", _given(given, "provider"), _providers, lambda provider: [provider.slug])
    query.sectors = _found(query, "sector", _given(given, "sector"), _sectors, lambda sector: [sector.code])
    query.skills = _found(query, "skill", _given(given, "skill"), _skills, lambda skill: [str(skill.pk), skill.uri])


def _found(
    query: CatalogueQuery,
    name: str,
    asked: set[str],
    look_up: Callable[[set[str]], Iterable[Any]],
    names_of: Callable[[Any], list[str]],
) -> list[Any]:
    found = list(look_up(asked)) if asked else []
    known = {name for thing in found for name in names_of(thing)}
    for value in sorted(asked - known):
        _wrong(query, name, _("%(value)s is not known.") % {"value": value[:80]})
    return found


def _providers(slugs: set[str]) -> Iterable[Organization]:
    return Organization.objects.filter(is_provider=True, slug__in=slugs)


def _sectors(codes: set[str]) -> Iterable[Sector]:
    return Sector.objects.filter(code__in=codes)


def _skills(names: set[str]) -> Iterable[Skill]:
    ids = {pk for name in names if (pk := _uuid(name))}
    return Skill.objects.filter(Q(pk__in=ids) | Q(uri__in=names))


def _near(query: CatalogueQuery, given: QueryDict) -> None:
    query.near = " ".join(given.get("near", "").replace("\x00", " ").split())[:80]
    km = given.get("km", "") or USUAL_DISTANCE
    if km not in DISTANCES:
        _wrong(query, "km", _("Choose a distance of %(distances)s km.") % {"distances": ", ".join(DISTANCES)})
        km = USUAL_DISTANCE
    query.km = int(km)
    if not query.near:
        return
    query.place = find_place(query.near)
    if query.place is None:
        query.spellings = near_spellings(query.near)
        message = _("We do not know the place “%(place)s”. Give a postal code or a town in the region.")
        _wrong(query, "near", message % {"place": query.near})


def _when(query: CatalogueQuery, given: QueryDict) -> None:
    start = given.get("start", "")
    if start and start not in STARTS:
        _wrong(query, "start", _("Choose from %(choices)s.") % {"choices": ", ".join(STARTS)})
    query.start = start if start in STARTS else ""
    if written := given.get("from", "").strip():
        try:
            query.starts_from = parse_date(written)
        except ValueError:
            query.starts_from = None
        if query.starts_from is None:
            _wrong(query, "from", _("Write the date as 2026-09-01."))


def _prices(query: CatalogueQuery, given: QueryDict) -> None:
    for name in ("price_min", "price_max"):
        if written := given.get(name, "").strip():
            amount = _amount(written)
            if amount is None:
                _wrong(query, name, _("Give an amount in euros, such as 250."))
            setattr(query, name, amount)
    if query.price_min is not None and query.price_max is not None and query.price_min > query.price_max:
        _wrong(query, "price_min", _("The lowest price is above the highest."))
        query.price_min = None


def _places(query: CatalogueQuery, given: QueryDict) -> None:
    if written := given.get("places", "").strip():
        wanted = int(written) if written.isascii() and written.isdigit() and len(written) < 6 else 0
        if 1 <= wanted <= MOST_PLACES:
            query.places = wanted
        else:
            message = _("Give a number of places from 1 to %(most)d.")
            _wrong(query, "places", message % {"most": MOST_PLACES})


def _order(query: CatalogueQuery, given: QueryDict) -> None:
    sort = given.get("sort", "")
    if sort and sort not in SORTS:
        _wrong(query, "sort", _("Choose from %(choices)s.") % {"choices": ", ".join(SORTS)})
    query.sort = sort if sort in SORTS else ""


def _given(given: QueryDict, name: str) -> set[str]:
    values = [value.replace("\x00", "").strip() for value in given.getlist(name)[:MOST_CHOICES]]
    return {value for value in values if value}


def _amount(written: str) -> Decimal | None:
    try:
        amount = Decimal(written.replace("€", "").strip().replace(",", ".")[:12])
    except InvalidOperation:
        return None
    return amount.quantize(Decimal("0.01")) if amount.is_finite() and 0 <= amount <= DEAREST else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

"""Which entries and runs fit a question: one condition per facet, so that each facet can be counted without its own."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import F, FloatField, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.db.models.lookups import LessThanOrEqual

from courses.models import CatalogueEntry, ModuleVersion, Offering
from courses.querysets import OfferingQuerySet
from lms.core.clock import today
from lms.organizations.places import KM_PER_DEGREE, Place

from .query import CatalogueQuery
from .searching import Search, understand

LOOKED_UP = 5000  # entries that are named one by one in a query


@dataclass
class Narrowing:
    """A question about the catalogue as one person asks it: `modules` and `runs` hold a condition by facet."""

    query: CatalogueQuery
    user: Any
    search: Search
    modules: dict[str, Q] = field(default_factory=dict)
    runs: dict[str, Q] = field(default_factory=dict)

    @cached_property
    def fits_words(self) -> Q:
        """The condition of the words. What few fit is looked up once, for a listing and all counts."""
        fits = self.search.fits()
        found = list(CatalogueEntry.objects.filter(fits).values_list("pk", flat=True)[: LOOKED_UP + 1])
        return fits if len(found) > LOOKED_UP else Q(pk__in=found)

    def open_runs(self) -> OfferingQuerySet:
        """All that the user may see and join, whatever else is asked."""
        return Offering.objects.visible_to(self.user).open_for_enrollment().order_by()

    def fitting_runs(self) -> QuerySet[Offering]:
        """Those that meet all conditions together."""
        return self.open_runs().filter(*self.runs.values())

    def entries(self, *, without: Collection[str] = (), runs: bool = True) -> QuerySet[CatalogueEntry]:
        """Those that fit, leaving out the conditions of some facets, or all conditions on runs."""
        found = CatalogueEntry.objects.filter(*(q for name, q in self.modules.items() if name not in without))
        if self.search:
            found = found.filter(self.fits_words)
        return self._with_runs(found) if runs else found

    def ranked(self) -> QuerySet[CatalogueEntry]:
        """Those that fit, with `score`: how much they are about the words."""
        return self._with_runs(self.search.ranked(CatalogueEntry.objects.filter(*self.modules.values())))

    def _with_runs(self, found: QuerySet[CatalogueEntry]) -> QuerySet[CatalogueEntry]:
        return found.filter(module__in=self.fitting_runs().values("version__module")) if self.runs else found


def narrow(query: CatalogueQuery, user: Any) -> Narrowing:
    """The conditions of a question."""
    narrowing = Narrowing(query, user, understand(query.q))
    chosen = query.chosen
    for name, column in (("track", "track"), ("purpose", "purpose"), ("document", "document_type"), ("level", "level")):
        if name in chosen:
            narrowing.modules[name] = Q(**{f"{column}__in": chosen[name]})
    if "language" in chosen:
        narrowing.modules["language"] = Q(languages__in=[*chosen["language"], "nl,en"])
    if query.providers:
        narrowing.modules["provider"] = Q(provider__in=[provider.pk for provider in query.providers])
    if query.sectors:
        narrowing.modules["sector"] = Q(version__in=_versions_with("sectors", "sector", query.sectors))
    if query.skills:
        narrowing.modules["skill"] = Q(version__in=_versions_with("skills", "skill", query.skills))
    _narrow_runs(narrowing)
    return narrowing


def _narrow_runs(narrowing: Narrowing) -> None:
    query, runs = narrowing.query, narrowing.runs
    if "delivery" in query.chosen:
        runs["delivery"] = Q(delivery__in=query.chosen["delivery"])
    if query.start or query.starts_from:
        runs["start"] = starts(query.start) & (Q(starts_on__gte=query.starts_from) if query.starts_from else Q())
    if query.price_min is not None or query.price_max is not None:
        low = Q() if query.price_min is None else Q(price__gte=query.price_min)
        runs["price"] = low if query.price_max is None else low & Q(price__lte=query.price_max)
    if query.places:
        runs["places"] = places_left(query.places)
    if query.place:
        runs["near"] = within(query.place, query.km)


def starts(when: str) -> Q:
    """Runs that began already, or begin this month or within a quarter of a year."""
    day = today()
    return {
        "": Q(),
        "running": Q(starts_on__lte=day),
        "month": Q(starts_on__gte=day, starts_on__lt=_next_month(day)),
        "quarter": Q(starts_on__gte=day, starts_on__lte=day + timedelta(days=92)),
    }[when]


def places_left(wanted: int) -> Q:
    """Runs without a limit, or with room for so many."""
    return Q(capacity=None) | Q(capacity__gte=F("taken") + F("held_back") + wanted)


def within(place: Place, km: int) -> Q:
    """Runs whose location lies so near; those without a place are nowhere. Only arithmetic that every database has."""
    north, east = km / KM_PER_DEGREE, km / place.km_per_degree_east
    box = Q(
        location__latitude__range=(place.latitude - north, place.latitude + north),
        location__longitude__range=(place.longitude - east, place.longitude + east),
    )
    return box & Q(LessThanOrEqual(squared_km(place), float(km**2)))


def squared_km(place: Place, path: str = "location__") -> Combinable:
    """The square of the distance to the place, which orders as the distance does."""
    north = (Cast(f"{path}latitude", FloatField()) - place.latitude) * KM_PER_DEGREE
    east = (Cast(f"{path}longitude", FloatField()) - place.longitude) * place.km_per_degree_east
    return north * north + east * east


def _versions_with(relation: str, column: str, chosen: list[Any]) -> QuerySet[Any]:
    through = getattr(ModuleVersion, relation).through
    return through.objects.filter(**{f"{column}__in": [thing.pk for thing in chosen]}).values("moduleversion")


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)

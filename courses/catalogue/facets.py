"""How many modules each choice would give. A facet is counted without its own choice, as shops do.

Five queries however much is chosen: one counts the five facts that every entry has once, one each provider, sectors and
skills, and one everything that depends on runs, where one and the same run must meet all that is asked of runs.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, Q, Sum, Value, When
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.models import Delivery, DocumentType, Purpose, Track

from .narrowing import Narrowing, places_left, starts, within
from .query import DISTANCES, LANGUAGES, LEVELS, STARTS

ONCE = {
    "track": "track",
    "level": "level",
    "purpose": "purpose",
    "language": "languages",
    "document": "document_type",
}
TOP_SKILLS = 10
PRICES = (Decimal(0), Decimal(100), Decimal(250), Decimal(500), Decimal(1000))
ROOM = (1, 5, 10)


@dataclass(frozen=True)
class Choice:
    """One value of a facet, with the number of modules it would give."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A fact by which modules are narrowed. `single`: one choice at a time."""

    name: str
    label: str
    choices: list[Choice]
    single: bool = False


def count_facets(narrowing: Narrowing) -> tuple[int, dict[str, Facet]]:
    """How many modules fit, and the facets by name."""
    cube = _cube(narrowing)
    total = sum(count for cell, count in cube.items() if _fits(narrowing, cell))
    facets = [
        *_once(narrowing, cube),
        _providers(narrowing),
        _sectors(narrowing),
        _skills(narrowing),
        *_run_facets(narrowing),
    ]
    return total, {facet.name: facet for facet in facets}


def _cube(narrowing: Narrowing) -> Counter[tuple[str, ...]]:
    """Modules per combination of the facts that each has once, so that each is counted without its own choice."""
    entries = narrowing.entries(without=ONCE)
    rows = entries.order_by().values_list(*ONCE.values()).annotate(Count("pk"))
    return Counter({tuple(str(value or "") for value in values): count for *values, count in rows})


def _fits(narrowing: Narrowing, cell: tuple[str, ...], without: str = "") -> bool:
    for name, held in zip(ONCE, cell, strict=True):
        chosen = narrowing.query.chosen.get(name)
        if chosen and name != without and not set(chosen) & _values(name, held):
            return False
    return True


def _values(name: str, held: str) -> set[str]:
    return set(held.split(",")) if name == "language" else {held}


def _once(narrowing: Narrowing, cube: Counter[tuple[str, ...]]) -> Iterable[Facet]:
    labels: dict[str, tuple[str, list[tuple[str, Any]]]] = {
        "track": (_("Track"), Track.choices),
        "level": (_("Level"), [(level, _("level %(level)s") % {"level": level}) for level in LEVELS]),
        "purpose": (_("Purpose"), Purpose.choices),
        "language": (_("Language"), list(zip(LANGUAGES, (_("Dutch"), _("English")), strict=True))),
        "document": (_("Document"), DocumentType.choices),
    }
    for place, name in enumerate(ONCE):
        counts: Counter[str] = Counter()
        for cell, count in cube.items():
            if _fits(narrowing, cell, without=name):
                for value in _values(name, cell[place]):
                    counts[value] += count
        label, values = labels[name]
        chosen = narrowing.query.chosen.get(name, ())
        yield Facet(name, label, _shown((value, str(words), counts[value], value in chosen) for value, words in values))


def _providers(narrowing: Narrowing) -> Facet:
    chosen = {provider.slug: provider.name for provider in narrowing.query.providers}
    rows = (
        narrowing.entries(without=["provider"])
        .order_by()
        .values_list("provider__slug", "provider__name")
        .annotate(count=Count("pk"))
        .order_by("-count", "provider__name")
    )
    return Facet("provider", _("Provider"), _with_chosen(rows, chosen))


def _sectors(narrowing: Narrowing) -> Facet:
    chosen = {sector.code: str(sector) for sector in narrowing.query.sectors}
    label = _label_column("version__sectors")
    rows = (
        narrowing.entries(without=["sector"])
        .filter(version__sectors__isnull=False)
        .order_by()
        .values_list("version__sectors__code", label)
        .annotate(count=Count("pk"))
        .order_by("-count", "version__sectors__code")
    )
    return Facet("sector", _("Sector"), _with_chosen(rows, chosen))


def _skills(narrowing: Narrowing) -> Facet:
    """The most taught ones, and of those with the words that were looked for."""
    chosen = {str(skill.pk): skill.label for skill in narrowing.query.skills}
    named = Q(version__skills__isnull=False)
    for word in narrowing.query.skill_words.split()[:5]:
        named &= Q(version__skills__label_nl__icontains=word) | Q(version__skills__label_en__icontains=word)
    columns = ("version__skills", "version__skills__label_nl", "version__skills__label_en")
    rows = (
        narrowing.entries(without=["skill"])
        .filter(named)
        .order_by()
        .values_list(*columns)
        .annotate(count=Count("pk"))
        .order_by("-count", "version__skills__label_en")
    )
    dutch = get_language() != "en"
    named_rows = [(pk, (nl if dutch else en) or en, count) for pk, nl, en, count in rows[:TOP_SKILLS]]
    return Facet("skill", _("Skill"), _with_chosen(named_rows, chosen))


def _run_facets(narrowing: Narrowing) -> Iterable[Facet]:
    """Each module counts once for a choice that at least one run offers which also meets all other conditions."""
    options = list(_run_options(narrowing))
    conditions = narrowing.runs
    flags = {
        f"option_{number}": Max(
            Case(
                When(Q(fits, *(q for other, q in conditions.items() if other != name)), then=1),
                default=Value(0),
                output_field=IntegerField(),
            )
        )
        for number, (name, _value, _words, fits, _is_chosen) in enumerate(options)
    }
    runs = narrowing.open_runs().filter(version__module__in=narrowing.entries(runs=False).values("module"))
    per_module = runs.values("version__module").annotate(**flags)
    counts = per_module.aggregate(**{f"sum_{flag}": Sum(flag) for flag in flags})
    titles = {
        "delivery": _("Delivery"),
        "start": _("Start"),
        "price": _("Price ex VAT"),
        "places": _("Places left"),
        "near": _("Distance"),
    }
    for name, title in titles.items():
        rows = (
            (value, words, counts[f"sum_option_{number}"] or 0, is_chosen)
            for number, (facet, value, words, _fits, is_chosen) in enumerate(options)
            if facet == name
        )
        yield Facet(name, title, _shown(rows), single=name != "delivery")


def _run_options(narrowing: Narrowing) -> Iterable[tuple[str, str, str, Q, bool]]:
    """Facet, value, words, condition, whether it is chosen."""
    query = narrowing.query
    for value, label in Delivery.choices:
        yield "delivery", value, str(label), Q(delivery=value), value in query.chosen.get("delivery", ())
    whens = (_("running: start at once"), _("this month"), _("within three months"))
    for value, words in zip(STARTS, whens, strict=True):
        yield "start", value, words, starts(value), query.start == value
    for price in sorted({*PRICES, *([] if query.price_max is None else [query.price_max])}):
        words = _("up to € %(price)s") % {"price": number_format(price)} if price else _("free of charge")
        yield "price", str(price), words, Q(price__lte=price), query.price_max == price
    for room in sorted({*ROOM, *([query.places] if query.places else [])}):
        words = _("at least %(room)d") % {"room": room}
        yield "places", str(room), words, places_left(room), query.places == room
    if query.place:
        for km in DISTANCES:
            words = _("within %(km)s km") % {"km": km}
            yield "near", km, words, within(query.place, int(km)), query.km == int(km)


def _with_chosen(rows: Iterable[tuple[Any, str, int]], chosen: dict[str, str]) -> list[Choice]:
    """What is chosen stays in sight, also where it gives nothing any more."""
    counted = [(str(value), label, count, str(value) in chosen) for value, label, count in rows]
    missing = chosen.keys() - {value for value, *_rest in counted}
    return _shown([*counted, *((value, chosen[value], 0, True) for value in sorted(missing))])


def _shown(rows: Iterable[tuple[str, str, int, bool]]) -> list[Choice]:
    return [Choice(*row) for row in rows if row[2] or row[3]]


def _label_column(path: str) -> str:
    return f"{path}__label_{'en' if get_language() == 'en' else 'nl'}"

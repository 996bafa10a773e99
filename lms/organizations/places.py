"""Where places of the region lie, to about a kilometre: by postal code, town or municipality."""

import csv
import math
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import fmean

from rapidfuzz import process
from rapidfuzz.distance import OSA

from lms.core.texts import folded

PLACES = Path(__file__).resolve().parent / "data" / "places" / "places.csv"
POSTAL_CODE = re.compile(r"^([1-9]\d{3})\s*([a-z]{2})?$", re.I)
KM_PER_DEGREE = 111.2
MOST_SPELLINGS = 4


@dataclass(frozen=True)
class Place:
    """A town or a municipality of the region."""

    name: str
    municipality: str
    latitude: float
    longitude: float

    def km_to(self, latitude: float, longitude: float) -> float:
        """As the crow flies; over these distances the earth is flat enough."""
        east = (longitude - self.longitude) * self.km_per_degree_east
        return math.hypot((latitude - self.latitude) * KM_PER_DEGREE, east)

    @property
    def km_per_degree_east(self) -> float:
        """A degree of longitude is shorter the further one is from the equator."""
        return KM_PER_DEGREE * math.cos(math.radians(self.latitude))


def find_place(text: str) -> Place | None:
    """The place that a postal code (`7772`, `7772 BA`) or a name stands for."""
    text = text.strip()
    if code := POSTAL_CODE.match(text):
        return _by_postal_code().get(int(code[1]))
    return _by_name().get(_plain(text))


def near_spellings(text: str) -> list[str]:
    """Names of places that are written almost like this, the closest first."""
    asked = _plain(text)
    names = _by_name()
    close = process.extract(
        asked, sorted(names), scorer=OSA.distance, score_cutoff=max(1, len(asked) // 3), limit=MOST_SPELLINGS
    )
    begun = [name for name in sorted(names) if len(asked) >= 3 and name.startswith(asked)]
    found = dict.fromkeys([*begun[:MOST_SPELLINGS], *(name for name, _distance, _at in close)])
    return [names[name].name for name in found][:MOST_SPELLINGS]


def municipalities() -> list[str]:
    """Their names."""
    return sorted({place.municipality for place, _codes_of_it in _rows()})


@cache
def _rows() -> list[tuple[Place, range]]:
    with PLACES.open(encoding="utf-8", newline="") as file:
        return [
            (
                Place(row["town"], row["municipality"], float(row["latitude"]), float(row["longitude"])),
                _codes(row["postal_codes"]),
            )
            for row in csv.DictReader(file)
        ]


@cache
def _by_postal_code() -> dict[int, Place]:
    return {code: place for place, codes in _rows() for code in codes}


@cache
def _by_name() -> dict[str, Place]:
    """Towns, and municipalities whose name no town has: those lie in the middle of their towns."""
    towns: dict[str, list[Place]] = defaultdict(list)
    for place, _codes_of_it in _rows():
        towns[place.municipality].append(place)
    middle = {
        _plain(name): Place(
            name, name, fmean(town.latitude for town in within), fmean(town.longitude for town in within)
        )
        for name, within in towns.items()
    }
    return middle | {_plain(place.name): place for place, _codes_of_it in reversed(_rows())}


def _codes(written: str) -> range:
    first, _, last = written.partition("-")
    return range(int(first), int(last or first) + 1)


def _plain(name: str) -> str:
    """As it is compared: without capitals, accents and marks."""
    return " ".join(re.sub(r"[^\w]+", " ", folded(name)).split())

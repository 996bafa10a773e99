"""Published reference data that is read, never written: the mbo qualifications.

The list is historic (2015); `courses/data/mbo/NOTICE` says where it comes from.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True)
class Qualification:
    """One mbo qualification. `level` is the mbo level, 1 to 4, which equals its NLQF level."""

    crebo: str
    name: str
    dossier: str
    domain: str
    level: int
    kind: str
    leerweg: str


def qualification(crebo: str) -> Qualification | None:
    """The qualification with this crebo code, None for a code that the list does not have."""
    return _qualifications().get(crebo)


def search_qualifications(text: str) -> list[Qualification]:
    """Qualifications that match every word, in name, file or crebo code; by level, then by name."""
    words = text.casefold().split()
    if not words:
        return []
    found = [
        candidate
        for candidate in _qualifications().values()
        if all(word in f"{candidate.crebo} {candidate.name} {candidate.dossier}".casefold() for word in words)
    ]
    return sorted(found, key=lambda found: (found.level, found.name))


@cache
def _qualifications() -> dict[str, Qualification]:
    with (DATA / "mbo" / "mbo-kwalificaties-2015-crebo.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["crebo"]: Qualification(
                crebo=row["crebo"],
                name=row["kwalificatie"],
                dossier=row["kwalificatiedossier"],
                domain=row["opleidingsdomein"],
                level=int(row["mbo_niveau"]),
                kind=row["soort_opleiding"],
                leerweg=row["leerweg"],
            )
            for row in csv.DictReader(file)
        }

"""Bringing ESCO's occupations and skills into the catalogue.

This service uses the ESCO classification of the European Commission.
"""

import csv
from collections.abc import Iterator

from courses.reference import DATA

from .frameworks import ConceptRow, Loaded, NeedRow, load_framework


def load_esco() -> Loaded:
    """Make each occupation, skill and need of the shipped files exist. Again: corrects labels, adds nothing twice.

    ESCO's file of skills is English; the Dutch labels are our own working translation, and marked as ours.
    """
    return load_framework("ESCO", [*_skills(), *_occupations()], [*_needs()], whole=True)


def _skills() -> Iterator[ConceptRow]:
    dutch = {row["uri"]: row["label_nl"] for _number, row in _rows("skills-nl-working.csv")}
    for number, row in _rows("esco-skills-manufacturing-en.csv"):
        uri = row["conceptUri"]
        ours = dutch.get(uri, "")
        yield ConceptRow(number, uri, "skill", ours, row["label_en"], _code_of(uri), label_nl_is_ours=bool(ours))


def _occupations() -> Iterator[ConceptRow]:
    for number, row in _rows("esco-occupations-manufacturing-nl-en.csv"):
        labels = row["label_nl"], row["label_en"]
        yield ConceptRow(number, row["conceptUri"], "occupation", *labels, row["esco_code"])


def _needs() -> Iterator[NeedRow]:
    for number, row in _rows("esco-occupation-skill-essential.csv"):
        yield NeedRow(number, row["occupationUri"], row["skillUri"])


def _code_of(uri: str) -> str:
    """ESCO gives skills no code of their own; the last part of the address names one."""
    return uri.rsplit("/", 1)[-1]


def _rows(name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with its number in the file."""
    with (DATA / "esco" / name).open(encoding="utf-8", newline="") as file:
        yield from enumerate(csv.DictReader(file), start=2)

"""Bringing ESCO's occupations and skills into the catalogue.

This service uses the ESCO classification of the European Commission.
"""

import csv
from collections.abc import Iterator

from django.db import transaction

from courses.models import Occupation, OccupationSkill, Skill
from courses.reference import DATA

BATCH = 1000


@transaction.atomic
def load_esco() -> dict[str, int]:
    """Make each occupation, skill and pair of the shipped files exist. Again: corrects labels, adds nothing twice.

    Returns how many there are of each. Ids stay: what refers to a skill keeps referring to it.
    """
    _store(
        Skill,
        [
            Skill(uri=row["conceptUri"], code=_code_of(row["conceptUri"]), label_en=row["label_en"])
            for row in _rows("esco-skills-manufacturing-en.csv")
        ],
    )
    _store(
        Occupation,
        [
            Occupation(uri=row["conceptUri"], code=row["esco_code"], label_nl=row["label_nl"], label_en=row["label_en"])
            for row in _rows("esco-occupations-manufacturing-nl-en.csv")
        ],
    )
    skills = dict(Skill.objects.values_list("uri", "pk"))
    occupations = dict(Occupation.objects.values_list("uri", "pk"))
    pairs = [
        OccupationSkill(occupation_id=occupations[row["occupationUri"]], skill_id=skills[row["skillUri"]])
        for row in _rows("esco-occupation-skill-essential.csv")
    ]
    known = set(OccupationSkill.objects.values_list("occupation_id", "skill_id"))
    OccupationSkill.objects.bulk_create(
        [pair for pair in pairs if (pair.occupation_id, pair.skill_id) not in known], batch_size=BATCH
    )
    return {"occupations": len(occupations), "skills": len(skills), "pairs": len(pairs)}


def _store(model: type[Skill] | type[Occupation], concepts: list[Skill] | list[Occupation]) -> None:
    model._default_manager.bulk_create(
        concepts,  # type: ignore[arg-type]
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["uri"],
        update_fields=["code", "label_nl", "label_en"],
    )


def _code_of(uri: str) -> str:
    """ESCO gives skills no code of their own; the last part of the address names one."""
    return uri.rsplit("/", 1)[-1]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / "esco" / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)

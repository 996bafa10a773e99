"""Bringing the sectors into the catalogue: NACE Rev. 2, with Dutch names. See `courses/data/nace/NOTICE`."""

import csv

from django.db import transaction

from courses.models import Sector
from courses.reference import DATA


@transaction.atomic
def load_sectors() -> int:
    """Make each shipped sector exist. Again: corrects names, adds nothing twice. Returns how many there are."""
    with (DATA / "nace" / "sectors.csv").open(encoding="utf-8", newline="") as file:
        sectors = [Sector(**row) for row in csv.DictReader(file)]
    Sector.objects.bulk_create(
        sectors, update_conflicts=True, unique_fields=["code"], update_fields=["label_nl", "label_en"]
    )
    return len(sectors)

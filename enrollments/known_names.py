"""What an employer calls people: as it wrote the name, until they have signed in (decision 0022)."""

from collections.abc import Collection
from uuid import UUID

from lms.accounts.models import User
from lms.organizations.models import Employment

PORTION = 1000  # SQLite takes so many values per statement


def names_known_to(employer_id: UUID | None, people: Collection[User]) -> dict[UUID, str]:
    """Their names by id, as this employer knows them; their own for nobody's employer. One query per thousand."""
    names = {person.pk: str(person) for person in people}
    if employer_id is None:
        return names
    ids = list(names)
    for start in range(0, len(ids), PORTION):
        staff = Employment.objects.filter(employer=employer_id, user__in=ids[start : start + PORTION])
        names |= {person: name for (_employer, person), name in staff.written_names().items()}
    return names

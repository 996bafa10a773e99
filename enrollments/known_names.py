"""What an employer calls people: as it wrote the name, until they have signed in (decision 0022)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

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


def own_name_has(word: str, path: str = "learner") -> Q:
    """Whose own name has the word. `path` leads to the person."""
    return Q(**{f"{path}__given_name__icontains": word}) | Q(**{f"{path}__family_name__icontains": word})


def known_name_has(word: str, employer: Any, path: str = "learner") -> Q:
    """Whose name, as this employer reads it, has the word: no search tells the name behind an address.

    `employer` is a key or an OuterRef.
    """
    awaited = Employment.objects.filter(employer=employer, user=OuterRef(path)).exclude(listed_as="")
    return own_name_has(word, path) & ~Exists(awaited) | Q(Exists(awaited.filter(listed_as__icontains=word)))

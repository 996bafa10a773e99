"""The functions that an employer's people have, and the ESCO occupations they are."""

from dataclasses import dataclass

from django.db.models import Count
from rapidfuzz import fuzz, process

from courses.models import Occupation
from lms.core.texts import folded
from lms.organizations.models import Employment, Organization

from .models import JobFunction

FOUND = 10
ALIKE = 70  # of 100: below it, a suggestion has little to do with the name


@dataclass(frozen=True)
class FunctionOfStaff:
    """A function as the employer names it, how many have it now, and the occupation that HR said it is."""

    title: str
    people: int
    occupation: Occupation | None


def functions_of(employer: Organization) -> list[FunctionOfStaff]:
    """Every function that somebody has now, and those linked before, in alphabetical order: two queries."""
    staff = Employment.objects.filter(employer=employer).current().exclude(job_title="")
    people = dict(staff.order_by().values_list("job_title").annotate(Count("pk")))
    rows = JobFunction.objects.filter(employer=employer).select_related("occupation")
    linked = {row.title: row.occupation for row in rows}
    titles = sorted(people.keys() | {title for title, occupation in linked.items() if occupation}, key=str.casefold)
    return [FunctionOfStaff(title, people.get(title, 0), linked.get(title)) for title in titles]


def occupations_named(words: str) -> list[Occupation]:
    """Occupations with these words in their Dutch or English label, then those that are written almost like it."""
    exact = list(Occupation.objects.current().named(words).closest_first(words)[:FOUND])
    return (exact + [one for one in occupations_like(words) if one not in exact])[:FOUND]


def occupations_like(title: str) -> list[Occupation]:
    """Those whose label, in either language, looks most like the name of a function."""
    labels: dict[str, str] = {}
    for pk, dutch, english in Occupation.objects.current().values_list("pk", "label_nl", "label_en"):
        for label in filter(None, (dutch, english)):
            labels.setdefault(folded(label), str(pk))
    close = process.extract(folded(title), list(labels), scorer=fuzz.WRatio, score_cutoff=ALIKE, limit=2 * FOUND)
    order = list(dict.fromkeys(labels[label] for label, _score, _at in close))[:FOUND]
    found = {str(one.pk): one for one in Occupation.objects.filter(pk__in=order)}
    return [found[pk] for pk in order]

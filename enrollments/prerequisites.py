"""Who lacks what a module asks beforehand: not completed in any version, and let in by nobody."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from courses.models import Prerequisite
from courses.titles import titles_of
from lms.accounts.models import User
from lms.core.errors import FieldError

from .known_names import names_known_to
from .models import Enrollment, EnrollmentState, PrerequisiteOverride


@dataclass(frozen=True)
class Lack:
    """One person, by the name that whoever asked knows, and the titles of what is missing."""

    learner: User
    name: str
    missing: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Why this person cannot go in, and what would mend it."""
        told = _("%(name)s has not completed what this module asks beforehand: %(missing)s.")
        return told % {"name": self.name, "missing": ", ".join(self.missing)}


def asked_beforehand(module_id: UUID) -> dict[UUID, str]:
    """Titles of the modules that must be completed first, by id."""
    return titles_of(Prerequisite.objects.filter(module=module_id).values_list("requires", flat=True))


def find_lacks(module_id: UUID, learners: Collection[User], employer_id: UUID | None = None) -> list[Lack]:
    """Of these people, in this order, those who lack something: at most six queries however many there are.

    An employer knows people by the name it wrote until they have signed in.
    """
    asked = asked_beforehand(module_id)
    if not asked or not learners:
        return []
    done: dict[UUID, set[UUID]] = defaultdict(set)
    for portion in _portions(learners):
        completed = Enrollment.objects.filter(
            learner__in=portion, state=EnrollmentState.COMPLETED, version__module__in=asked
        )
        for learner, module in completed.values_list("learner", "version__module"):
            done[learner].add(module)
        excused = PrerequisiteOverride.objects.filter(learner__in=portion, module=module_id)
        for learner in excused.values_list("learner", flat=True):
            done[learner] |= asked.keys()
    missing = {person: tuple(asked[pk] for pk in asked if pk not in done[person.pk]) for person in learners}
    lacking = [person for person in learners if missing[person]]
    names = names_known_to(employer_id, lacking)
    return [Lack(person, names[person.pk], missing[person]) for person in lacking]


def lack_errors(lacks: Iterable[Lack]) -> list[FieldError]:
    """One error per person."""
    return [FieldError("learners", "prerequisites", lack.sentence) for lack in lacks]


def _portions(learners: Collection[User]) -> Iterable[list[UUID]]:
    """SQLite takes so many values per statement."""
    ids = [learner.pk for learner in learners]
    return (ids[start : start + 1000] for start in range(0, len(ids), 1000))

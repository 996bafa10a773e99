"""The skill gap: what each function needs (the essential skills of its occupation) against what people completed.

Counted is what the employer may know of: modules that it arranged, completed or not. Never how well, never what people
take on their own account. A bounded number of queries, however many people.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from courses.models import CatalogueEntry, ModuleVersion, Occupation, OccupationSkill, Skill
from enrollments.models import ArrangedBy, Enrollment, EnrollmentState, JobFunction
from enrollments.reports.columns import Column, Kind, Line
from lms.core.texts import localized
from lms.organizations.models import Department, Employment, Organization


@dataclass(frozen=True)
class SkillGap:
    """One skill that a function needs: how many of its people completed a module with it, how many modules give it."""

    skill: Skill
    people: int
    have: int
    modules: int

    @property
    def missing(self) -> int:
        """How many did not."""
        return self.people - self.have

    @property
    def percent(self) -> int:
        """The share that has it, rounded down."""
        return self.have * 100 // self.people if self.people else 0


@dataclass
class FunctionGap:
    """One function: its people and the skills that it needs, the largest gap first."""

    function: JobFunction
    occupation: Occupation
    people: int
    skills: list[SkillGap] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """All gaps together: what is sorted by."""
        return sum(gap.missing for gap in self.skills)

    @property
    def lacking(self) -> list[SkillGap]:
        """The skills that somebody misses."""
        return [gap for gap in self.skills if gap.missing]


GAP_COLUMNS = (
    Column("function", _("Function")),
    Column("occupation", _("Trade (ESCO)")),
    Column("skill", _("Skill")),
    Column("skill_uri", _("Skill (URI)"), brief=False),
    Column("people", _("People"), Kind.NUMBER),
    Column("have", _("Completed"), Kind.NUMBER),
    Column("missing", _("Not completed"), Kind.NUMBER),
    Column("percent", _("Completed (%)"), Kind.NUMBER),
    Column("modules", _("Modules that give it"), Kind.NUMBER),
)
PEOPLE_COLUMNS = (
    Column("name", _("Name")),
    Column("personnel_number", _("Personnel number")),
    Column("department", _("Department")),
    Column("function", _("Function")),
    Column("skill", _("Skill")),
    Column("completed", _("Completed"), Kind.YES_NO),
    Column("module", _("Module")),
    Column("completed_on", _("Completed on"), Kind.DAY),
)


def present_staff(employer: Organization, department: Department | None = None) -> QuerySet[Employment]:
    """Who works there today, in the department and those below it when one is named."""
    staff = Employment.objects.current().filter(employer=employer)
    return staff.filter(department__in=Department.objects.within(department)) if department else staff


def skill_gap(employer: Organization, department: Department | None = None) -> list[FunctionGap]:
    """Functions with people that are linked to an occupation, the largest gap first. Five queries."""
    functions = _functions(employer)
    people = _people(present_staff(employer, department))
    needed = _needed([function.occupation_id for function in functions.values()])
    have, offered = _have(employer, department), _offered({one.pk for row in needed.values() for one in row})
    found = [
        FunctionGap(function, function.occupation, people[title])
        for title, function in functions.items()
        if function.occupation and title in people
    ]
    for gap in found:
        held = have[gap.function.title]
        needs = needed[gap.occupation.pk]
        skills = [SkillGap(skill, gap.people, held[skill.pk], offered.get(skill.pk, 0)) for skill in needs]
        gap.skills = sorted(skills, key=lambda one: (-one.missing, -one.modules, one.skill.label.casefold()))
    return sorted(found, key=lambda gap: (-gap.missing, gap.function.title.casefold()))


def unlinked_people(employer: Organization, department: Department | None, gaps: list[FunctionGap]) -> int:
    """How many people are not counted: they have no function, or one that is linked to no occupation. One query."""
    return present_staff(employer, department).count() - sum(gap.people for gap in gaps)


def gap_lines(gaps: Iterable[FunctionGap]) -> Iterator[Line]:
    """The table as a file holds it."""
    for gap in gaps:
        for one in gap.skills:
            yield {
                "function": gap.function.title,
                "occupation": gap.occupation.label,
                "skill": one.skill.label,
                "skill_uri": one.skill.uri,
                "people": one.people,
                "have": one.have,
                "missing": one.missing,
                "percent": one.percent,
                "modules": one.modules,
            }


def people_behind(
    employer: Organization, department: Department | None, gap: FunctionGap, skill: Skill, *, missing: bool | None
) -> QuerySet[Employment]:
    """Those with the function who miss the skill, who have it, or both."""
    staff = present_staff(employer, department).filter(job_title=gap.function.title)
    if missing is None:
        return staff
    has = Exists(_completed(employer).filter(learner=OuterRef("user"), version__skills=skill))
    return staff.filter(~has if missing else has)


def people_lines(employer: Organization, skill: Skill, employments: list[Employment]) -> list[Line]:
    """Per person whether, by which module and when. One query.

    Requires: user and department joined.
    """
    found = _completed(employer).filter(learner__in=[one.user_id for one in employments], version__skills=skill)
    done: dict[UUID, Any] = {
        row["learner"]: row for row in found.order_by("-ended_at").values("learner", "version__title", "ended_at")
    }
    return [_person(employment, skill, done.get(employment.user_id)) for employment in employments]


def _person(employment: Employment, skill: Skill, done: Any) -> Line:
    return {
        "id": employment.pk,
        "name": employment.name,
        "personnel_number": employment.personnel_number,
        "department": str(employment.department or ""),
        "function": employment.job_title,
        "skill": skill.label,
        "completed": done is not None,
        "module": localized(done["version__title"]) if done else "",
        "completed_on": done["ended_at"].date() if done and done["ended_at"] else None,
    }


def _completed(employer: Organization) -> QuerySet[Enrollment]:
    """What the employer arranged and is completed."""
    arranged = Enrollment.objects.filter(employer=employer, arranged_by=ArrangedBy.EMPLOYER)
    return arranged.filter(state=EnrollmentState.COMPLETED)


def _functions(employer: Organization) -> dict[str, JobFunction]:
    """Linked functions by title."""
    linked = JobFunction.objects.filter(employer=employer, occupation__isnull=False).select_related("occupation")
    return {function.title: function for function in linked}


def _people(staff: QuerySet[Employment]) -> dict[str, int]:
    """By title how many people."""
    return dict(staff.order_by().values_list("job_title").annotate(Count("user", distinct=True)))


def _needed(occupations: Iterable[UUID | None]) -> dict[UUID, list[Skill]]:
    rows = OccupationSkill.objects.filter(occupation__in={pk for pk in occupations if pk}, skill__retired_at=None)
    needed: dict[UUID, list[Skill]] = defaultdict(list)
    for row in rows.select_related("skill"):
        needed[row.occupation_id].append(row.skill)
    return needed


def _offered(skills: set[UUID]) -> dict[UUID, int]:
    """By skill how many modules in the catalogue give it."""
    given = ModuleVersion.skills.through._default_manager.filter(skill__in=skills)
    listed = given.filter(moduleversion__in=CatalogueEntry.objects.values("version"))
    return dict(listed.values_list("skill").annotate(Count("moduleversion")).order_by())


def _have(employer: Organization, department: Department | None) -> dict[str, dict[UUID, int]]:
    """By title and skill: how many people completed a module that gives it."""
    completed = present_staff(employer, department).filter(
        user__enrollments__employer=employer,
        user__enrollments__arranged_by=ArrangedBy.EMPLOYER,
        user__enrollments__state=EnrollmentState.COMPLETED,
        user__enrollments__version__skills__isnull=False,
    )
    rows = completed.values_list("job_title", "user__enrollments__version__skills")
    have: dict[str, dict[UUID, int]] = defaultdict(lambda: defaultdict(int))
    for title, skill, count in rows.annotate(Count("user", distinct=True)).order_by():
        have[title][skill] = count
    return have

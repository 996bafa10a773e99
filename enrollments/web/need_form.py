"""The form of a training need: a function fills in its skills, which one takes away and adds to."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courses.models import Occupation, Skill, Track
from enrollments.models import JobFunction
from enrollments.needs.scoring import Wish
from lms.core.errors import DomainError
from lms.core.texts import words_asked
from lms.organizations.models import Department, Organization
from lms.organizations.places import find_place

FOUND = 12
DISTANCES = (5, 10, 25, 50, 100)
FACTS = ("title", "note", "department", "track", "level", "people", "by_day", "place", "km")


class NeedForm(forms.Form):
    """What is needed, beside the function and the skills, which `Composition` reads."""

    people = forms.IntegerField(label=_("How many people"), min_value=1, max_value=10_000, initial=1)
    by_day = forms.DateField(
        label=_("By when"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    place = forms.CharField(label=_("Town or postal code"), max_length=80, required=False)
    km = forms.TypedChoiceField(
        label=_("Within"),
        coerce=int,
        choices=[(km, f"{km} km") for km in DISTANCES],
        initial=25,
    )
    track = forms.ChoiceField(label=_("Track"), choices=[("", _("any")), *Track.choices], required=False)
    level = forms.TypedChoiceField(
        label=_("Level (NLQF)"),
        coerce=int,
        choices=[("", _("any")), *((level, str(level)) for level in range(1, 9))],
        required=False,
        empty_value=None,
    )
    department = forms.ModelChoiceField(
        Department.objects.none(), label=_("Department"), required=False, empty_label=_("the whole organization")
    )
    title = forms.CharField(
        label=_("What is needed"),
        help_text=_("Empty: the function, or the first skill."),
        max_length=160,
        required=False,
    )
    note = forms.CharField(
        label=_("Note for the coordinator"),
        help_text=_("Name no people."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, employer: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = cast(forms.ModelChoiceField, self.fields["department"])
        departments.queryset = Department.objects.filter(employer=employer)

    @property
    def facts(self) -> dict[str, Any]:
        """What the service is given."""
        return {name: self.cleaned_data[name] for name in FACTS}

    def wish(self, skills: list[Skill]) -> Wish:
        """As much as can be read already, for the modules that fit."""
        read: dict[str, Any] = getattr(self, "cleaned_data", {})
        return Wish(
            skills={skill.pk: skill.label for skill in skills},
            track=read.get("track") or "",
            level=read.get("level"),
            people=read.get("people") or 1,
            by_day=read.get("by_day"),
            place=find_place(read.get("place") or ""),
            km=read.get("km") or 25,
        )


class Composition:
    """The function and the skills as they stand in the form, with what was searched for.

    `prefilled` is the occupation of which the skills were filled in last: another one brings its own, and what was
    ticked beside them stays.
    """

    def __init__(self, data: QueryDict, employer: Organization) -> None:
        self.functions = list(
            JobFunction.objects.filter(employer=employer, occupation__isnull=False).select_related("occupation")
        )
        self.occupation_words = words_asked(data.get("occupation_q", ""))
        self.skill_words = words_asked(data.get("skill_q", ""))
        self.occupation = self._occupation(data)
        prefilled = _by_id(Occupation.objects.all(), data.get("prefilled", ""))
        ticked = list(Skill.objects.filter(pk__in=uuids(data.getlist("skill"))))
        self.skills = _sorted(self._filled(ticked, prefilled) if self.occupation != prefilled else ticked)
        self.essential = _sorted(_essentials(self.occupation))

    @property
    def offered(self) -> list[tuple[Skill, bool]]:
        """Each skill to be ticked, and whether it is: those chosen, then those of the function that were taken away."""
        chosen = {skill.pk for skill in self.skills}
        rest = [skill for skill in self.essential if skill.pk not in chosen]
        return [*((skill, True) for skill in self.skills), *((skill, False) for skill in rest)]

    @property
    def found_skills(self) -> list[Skill]:
        """What was searched for, beside those that stand there already."""
        if not self.skill_words:
            return []
        others = Skill.objects.current().exclude(pk__in=[skill.pk for skill, _chosen in self.offered])
        return list(others.named(self.skill_words).closest_first(self.skill_words)[:FOUND])

    @property
    def found_occupations(self) -> list[Occupation]:
        """What was searched for."""
        if not self.occupation_words:
            return []
        found = Occupation.objects.current().named(self.occupation_words)
        return list(found.closest_first(self.occupation_words)[:FOUND])

    def _occupation(self, data: QueryDict) -> Occupation | None:
        function = data.get("function", "")
        if function != data.get("function_was", ""):
            return next((own.occupation for own in self.functions if str(own.pk) == function), None)
        return _by_id(Occupation.objects.all(), data.get("occupation", ""))

    def _filled(self, ticked: list[Skill], prefilled: Occupation | None) -> list[Skill]:
        before = {skill.pk for skill in _essentials(prefilled)}
        added = [skill for skill in ticked if skill.pk not in before]
        return list({skill.pk: skill for skill in [*_essentials(self.occupation), *added]}.values())


def add_errors(form: forms.Form, refused: DomainError) -> None:
    """Each error at its field; what has none of its own stands above the form."""
    for error in refused.errors:
        form.add_error(error.field if error.field in form.fields else None, error.message)
    if not refused.errors:
        form.add_error(None, refused.detail)


def _essentials(occupation: Occupation | None) -> list[Skill]:
    return list(Skill.objects.current().needed_in(str(occupation.pk))) if occupation else []


def _sorted(skills: list[Skill]) -> list[Skill]:
    return sorted(skills, key=lambda skill: skill.label.casefold())


def uuids(values: list[str]) -> list[str]:
    """Those that are ids; the rest is nothing."""
    field = forms.UUIDField()
    found = []
    for value in values[:200]:
        try:
            found.append(str(field.clean(value)))
        except forms.ValidationError:
            continue
    return found


def _by_id(concepts: QuerySet[Any], value: str) -> Any:
    ids = uuids([value]) if value else []
    return concepts.filter(pk=ids[0]).first() if ids else None

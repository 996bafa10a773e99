"""Forms about departments and the people in them."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.accounts.models import LANGUAGES, User
from lms.core.clock import today
from lms.organizations.models import Department, Employment, Organization
from lms.organizations.trees import places_of

MANAGERS_SHOWN = 200


class DayField(forms.DateField):
    """A day, with the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DepartmentChoice(forms.TypedChoiceField):
    """A department of an employer, shown as a tree. `without` leaves out one with everything below it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"required": False, "empty_value": None} | kwargs))
        self._known: dict[str, Department] = {}
        self.coerce = self._known.__getitem__

    def choose_from(self, employer: Organization, *, without: Department | None = None, nothing: Any = "–") -> None:
        """Offer the employer's departments."""
        left_out: set[Any] = set()
        if without is not None:
            left_out = set(Department.objects.within(without).values_list("pk", flat=True))
        offered = [place for place in places_of([employer]) if place.department.pk not in left_out]
        self._known.update({str(place.department.pk): place.department for place in offered})
        self.choices = [("", nothing), *((str(place.department.pk), place.indented) for place in offered)]

    def __deepcopy__(self, memo: Any) -> "DepartmentChoice":
        copied: DepartmentChoice = super().__deepcopy__(memo)
        copied._known = {}
        copied.coerce = copied._known.__getitem__
        return copied


class DepartmentForm(forms.Form):
    """The name of a department and where it lies."""

    name = forms.CharField(label=_("Name"), max_length=120)
    parent = DepartmentChoice(label=_("Part of"))

    def __init__(self, *args: Any, employer: Organization, department: Department | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent: Any = self.fields["parent"]
        parent.choose_from(employer, without=department, nothing=_("the employer itself (at the top)"))
        if department is not None:
            self.initial = {"name": department.name, "parent": str(department.parent_id or "")}


class MergeForm(forms.Form):
    """Into which department another one goes."""

    into = DepartmentChoice(label=_("Merge into"), required=True)

    def __init__(self, *args: Any, department: Department, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into: Any = self.fields["into"]
        into.choose_from(department.employer, without=department, nothing=_("choose a department"))


class EmploymentForm(forms.Form):
    """Where somebody stands at an employer."""

    personnel_number = forms.CharField(label=_("Personnel number"), max_length=40, required=False)
    department = DepartmentChoice(label=_("Department"))
    job_title = forms.CharField(label=_("Function"), max_length=120, required=False)
    manager = forms.CharField(
        label=_("Manager"),
        max_length=254,
        required=False,
        help_text=_("personnel number or e-mail address of somebody who works here; decides on requests"),
    )
    starts_on = DayField(label=_("First day"))

    def __init__(self, *args: Any, employer: Organization, employment: Employment | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.employer = employer
        department: Any = self.fields["department"]
        department.choose_from(employer)
        titles = Employment.objects.filter(employer=employer).exclude(job_title="").order_by()
        self.job_titles = sorted(titles.values_list("job_title", flat=True).distinct()[:MANAGERS_SHOWN])
        self.managers = managers_of(employer)
        self.fields["job_title"].widget.attrs["list"] = "job-titles"
        self.fields["manager"].widget.attrs["list"] = "managers"
        self.initial = {"starts_on": today()} if employment is None else _initial(employment)

    def clean_manager(self) -> User | None:
        """Somebody who works here, by number, address or full name."""
        asked = re.split(r"\s+–\s+", self.cleaned_data["manager"].strip())[0]
        if not asked:
            return None
        staff = Employment.objects.filter(employer=self.employer).not_over().select_related("user")
        for found in (staff.filter(personnel_number=asked), staff.filter(user__email=asked.lower())):
            people = {employment.user for employment in found[:2]}
            if len(people) == 1:
                return people.pop()
        raise forms.ValidationError(_("Nobody who works here has this number or address."))


class PersonForm(EmploymentForm):
    """Somebody new at the employer."""

    given_name = forms.CharField(label=_("Given name"), max_length=100)
    name_prefix = forms.CharField(
        label=_("Surname prefix"), max_length=30, required=False, help_text=_("such as: van der")
    )
    family_name = forms.CharField(label=_("Surname"), max_length=100)
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Without one the person signs in with the personnel number; you print a letter."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, help_text=_("of our mails and letters"))

    field_order = ["given_name", "name_prefix", "family_name", "email", "language"]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and not given["email"] and not given["personnel_number"]:
            self.add_error("personnel_number", _("Give an e-mail address, or a personnel number to sign in with."))
        return given


class AddressForm(forms.Form):
    """Where somebody can be reached after all."""

    email = forms.EmailField(label=_("E-mail address"))


class LeavingForm(forms.Form):
    """The last day."""

    ends_on = DayField(label=_("Last day"))

    def __init__(self, *args: Any, employment: Employment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"ends_on": employment.ends_on or max(today(), employment.starts_on)}


def managers_of(employer: Organization) -> list[str]:
    """Who is somebody's manager here, as `number – name`, to choose from."""
    managing = Employment.objects.filter(employer=employer).exclude(manager=None).values("manager")
    found = Employment.objects.filter(employer=employer, user__in=managing).not_over().select_related("user")
    return [_named(employment) for employment in found.order_by("user__family_name", "id")[:MANAGERS_SHOWN]]


def _named(employment: Employment) -> str:
    return f"{employment.personnel_number or employment.user.email or ''} – {employment.name}"


def _initial(employment: Employment) -> dict[str, str | date]:
    line = Employment.objects.filter(employer=employment.employer_id, user=employment.manager_id).not_over()
    manager = line.select_related("user").first() if employment.manager_id else None
    return {
        "personnel_number": employment.personnel_number,
        "department": str(employment.department_id or ""),
        "job_title": employment.job_title,
        "manager": _named(manager) if manager else "",
        "starts_on": employment.starts_on,
    }

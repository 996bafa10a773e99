"""Filters of the lists, and the choice of an offering."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Offering
from enrollments.models import EnrollmentState
from enrollments.services.enrolling import require_free_when_mandatory
from lms.core.errors import Invalid
from lms.core.texts import localized
from lms.organizations.models import Organization
from lms.organizations.trees import places_of

EMPLOYERS_SHOWN = 20  # whose departments can be chosen; who is HR of more chooses the employer first
ANY = [("", _("all"))]
STATES = [
    *ANY,
    *[
        (state.value, state.label)
        for state in (
            EnrollmentState.ACTIVE,
            EnrollmentState.WAITLISTED,
            EnrollmentState.OFFERED,
            EnrollmentState.COMPLETED,
            EnrollmentState.NOT_PASSED,
            EnrollmentState.WITHDRAWN,
            EnrollmentState.EXPIRED,
        )
    ],
]


class StaffFilter(forms.Form):
    """Whom HR looks for."""

    is_filter = True
    q = forms.CharField(label=_("Name, e-mail address or number"), max_length=100, required=False)
    employer = forms.ChoiceField(label=_("Employer"), required=False)
    department = forms.ChoiceField(label=_("Department"), required=False)
    state = forms.ChoiceField(label=_("Enrollment"), choices=[*STATES, ("none", _("none"))], required=False)
    who = forms.ChoiceField(
        label=_("Show"), choices=[("", _("present staff")), ("former", _("former staff"))], required=False
    )

    def __init__(self, data: Any, *, employers: list[Organization]) -> None:
        super().__init__(data)
        _choose_from(self, "employer", [(employer.slug, employer.name) for employer in employers])
        departments = _departments(employers)
        _choose_from(self, "department", departments)
        if len(employers) < 2:
            del self.fields["employer"]
        if not departments:
            del self.fields["department"]


def _departments(employers: list[Organization]) -> list[tuple[str, str]]:
    """As a tree; with the employer's name where there are several."""
    names = {employer.pk: f" ({employer.name})" if len(employers) > 1 else "" for employer in employers}
    places = places_of(employers[:EMPLOYERS_SHOWN])
    return [(str(place.department.pk), place.indented + names[place.department.employer_id]) for place in places]


class EnrollmentsFilter(forms.Form):
    """Which enrollments."""

    is_filter = True
    q = forms.CharField(label=_("Name, e-mail address or number"), max_length=100, required=False)
    offering = forms.ChoiceField(label=_("Offering"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=[*STATES, ("overdue", _("overdue"))], required=False)

    def __init__(self, data: Any, *, offerings: Any) -> None:
        super().__init__(data)
        _choose_from(self, "offering", [(offering.code, offering_label(offering)) for offering in offerings])


class ParticipantsFilter(forms.Form):
    """Which participants."""

    is_filter = True
    q = forms.CharField(label=_("Name or e-mail address"), max_length=100, required=False)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)


class OfferingChoice(forms.Form):
    """What the selected people are going to take."""

    offering = forms.ModelChoiceField(
        label=_("Offering"), queryset=Offering.objects.none(), to_field_name="code", empty_label=_("choose an offering")
    )
    mandatory = forms.BooleanField(
        label=_("Required by law or collective agreement"),
        help_text=_("The training is then free for the worker and counts as working time."),
        required=False,
    )
    cost_recovery = forms.BooleanField(
        label=_("The worker may have to pay the costs back"),
        help_text=_("By a study cost agreement. Never for training that law or collective agreement requires."),
        required=False,
    )
    due_on = forms.DateField(
        label=_("To be done by"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)  # asked when confirming

    def clean(self) -> dict[str, Any]:
        """What is required is free for the worker."""
        asked = super().clean() or {}
        try:
            require_free_when_mandatory(bool(asked.get("mandatory")), bool(asked.get("cost_recovery")))
        except Invalid as refused:
            self.add_error("cost_recovery", refused.detail)
        return asked

    def __init__(self, data: Any, *, offerings: Any) -> None:
        super().__init__(data)
        field = self.fields["offering"]
        field.queryset = offerings  # type: ignore[attr-defined]
        field.label_from_instance = offering_label  # type: ignore[attr-defined]


def offering_label(offering: Offering) -> str:
    """Title and code, as people tell offerings apart."""
    return f"{localized(offering.version.title)} ({offering.code})"


def _choose_from(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = [*ANY, *choices]


class NotPassedForm(forms.Form):
    """Why somebody did not pass."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

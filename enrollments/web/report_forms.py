"""The filters of a report as a form that shows what was asked; `enrollments.reports.filters` reads it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enrollments.models import Agreement, EnrollmentState
from enrollments.reports.filters import NO_DEPARTMENT, Asked
from enrollments.reports.report import Report
from lms.accounts.models import User
from lms.organizations.models import Department, Employment, Organization

ANY = ("", _("all"))


class ReportFilter(forms.Form):
    """Shows what was asked; only the fields that the report knows, and that have something to choose."""

    is_filter = True
    employer = forms.ChoiceField(label=_("Employer"), required=False)
    department = forms.ChoiceField(label=_("Department and below"), required=False)
    function = forms.ChoiceField(label=_("Function"), required=False)
    manager = forms.ChoiceField(label=_("Manager"), required=False)
    agreement = forms.ChoiceField(label=_("Agreement"), required=False)
    module = forms.CharField(label=_("Module (words or code)"), max_length=120, required=False)
    provider = forms.ChoiceField(label=_("Provider"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=[ANY, *EnrollmentState.choices], required=False)
    mandatory = forms.ChoiceField(
        label=_("Required by law or CAO"), choices=[ANY, ("yes", _("yes")), ("no", _("no"))], required=False
    )
    since = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False)
    until = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False)
    figure = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, report: Report, asked: Asked, employers: list[Organization]) -> None:
        super().__init__(initial=asked.parameters)
        self.fields["since"].label, self.fields["until"].label = report.days
        for name in set(self.fields) - {"employer", "figure", *report.filters}:
            del self.fields[name]
        staff = asked.employer.employments.current()
        self._choose("employer", [(one.slug, one.name) for one in employers], least=2, everything=False)
        self._choose("department", _departments(asked.employer), least=2)
        titles = staff.exclude(job_title="").values_list("job_title", flat=True).distinct().order_by("job_title")
        self._choose("function", [(title, title) for title in titles])
        self._choose("manager", [] if asked.team_of else _managers(staff))
        agreements = Agreement.objects.filter(employer=asked.employer.pk, accepted_at__isnull=False)
        self._choose("agreement", [(str(one.pk), one.reference) for one in agreements])
        providers = Organization.objects.filter(is_provider=True).order_by("name")
        self._choose("provider", [(one.slug, one.name) for one in providers])

    def _choose(self, name: str, choices: list[Any], *, least: int = 1, everything: bool = True) -> None:
        if name not in self.fields:
            return
        if len(choices) < least:
            del self.fields[name]
        else:
            self.fields[name].choices = [ANY, *choices] if everything else choices  # type: ignore[attr-defined]


def _departments(employer: Organization) -> list[tuple[str, Any]]:
    found = [(str(one.pk), one.name) for one in Department.objects.filter(employer=employer.pk).order_by("name")]
    return [*found, (NO_DEPARTMENT, _("no department"))]


def _managers(staff: Any) -> list[tuple[str, str]]:
    leading = User.objects.filter(pk__in=Employment.objects.filter(pk__in=staff).values("manager"))
    return [(str(one.pk), one.full_name) for one in leading.order_by("family_name", "given_name", "id")]

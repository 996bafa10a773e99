"""Forms of training rules and duties."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Module, ModuleVersion
from enrollments.models import TrainingRule
from lms.core.texts import localized
from lms.organizations.models import Department, Employment, Organization

ANY = [("", _("all"))]
STATES = [
    ("overdue", _("overdue")),
    ("todo", _("still to be done")),
    ("open", _("to be done, in time")),
    ("expiring", _("expiring")),
    ("met", _("met")),
    ("", _("all")),
]
WITHIN = [(30, _("30 days")), (60, _("60 days")), (90, _("90 days")), (180, _("half a year")), (365, _("a year"))]


class TrainingRuleForm(forms.ModelForm):
    """Who must have what, by when, and how long it counts."""

    class Meta:
        model = TrainingRule
        fields = [
            *("employer", "module", "department", "job_title", "due_days"),
            *("valid_months", "renew_days", "legal", "starts_on"),
        ]
        help_texts = {
            "department": _("With every department below it. Empty: all departments."),
            "job_title": _("As it is written in your staff list. Empty: all functions."),
            "due_days": _("Counted from hiring, or from when the rule begins."),
            "renew_days": _("So long before it runs out, people are enrolled for the next round."),
        }
        widgets = {"starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, employers: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = {name: self.fields[name] for name in ("employer", "module", "department")}
        choices["employer"].queryset = Organization.objects.filter(pk__in=[one.pk for one in employers])
        choices["employer"].empty_label = None
        if len(employers) == 1:
            choices["employer"].initial, choices["employer"].widget = employers[0].pk, forms.HiddenInput()
        choices["department"].queryset = Department.objects.filter(employer__in=employers).select_related("employer")
        choices["department"].empty_label = _("all departments")
        published = ModuleVersion.objects.current().select_related("module__provider")
        titles = {version.module_id: f"{localized(version.title)} – {version.module.provider}" for version in published}
        choices["module"].queryset = Module.objects.filter(pk__in=titles)
        choices["module"].label_from_instance = lambda module: titles[module.pk]
        titles_in_use = Employment.objects.current().filter(employer__in=employers).exclude(job_title="")
        names = titles_in_use.values_list("job_title", flat=True).distinct().order_by("job_title")
        functions = forms.ChoiceField(
            label=self.fields["job_title"].label,
            help_text=self.fields["job_title"].help_text,
            choices=[("", _("all functions")), *((name, name) for name in names)],
            required=False,
        )
        self.fields["job_title"] = functions


class DutiesFilter(forms.Form):
    """Which duties."""

    is_filter = True
    state = forms.ChoiceField(label=_("Show"), choices=STATES, required=False)
    days = forms.TypedChoiceField(label=_("Expiring within"), choices=WITHIN, coerce=int, required=False)
    rule = forms.ChoiceField(label=_("Rule"), required=False)
    department = forms.ChoiceField(label=_("Department"), required=False)
    function = forms.ChoiceField(label=_("Function"), required=False)
    manager = forms.ChoiceField(label=_("Manager"), required=False)

    def __init__(self, data: Any, *, choices: dict[str, list[tuple[str, str]]]) -> None:
        super().__init__(data)
        for name, offered in choices.items():
            if len(offered) > 1:
                cast(forms.ChoiceField, self.fields[name]).choices = [*ANY, *offered]
            else:
                del self.fields[name]
        if self.data.get("state") != "expiring":
            self.fields["days"].widget = forms.HiddenInput()

"""Forms of requests."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enrollments.models import ApprovalPolicy
from lms.organizations.models import Organization

REASON = 1000


class RequestForm(forms.Form):
    """Why, and of which employer where there are several."""

    employer = forms.ModelChoiceField(
        label=_("Employer"), queryset=Organization.objects.none(), to_field_name="slug", empty_label=None
    )
    motivation = forms.CharField(
        label=_("Why do you want to take this?"),
        help_text=_("What will you do with it in your work? Whoever decides reads this."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=REASON,
    )

    def __init__(self, data: Any, *, employers: list[Organization]) -> None:
        super().__init__(data)
        field = self.fields["employer"]
        field.queryset = Organization.objects.filter(pk__in=[one.pk for one in employers])  # type: ignore[attr-defined]
        if len(employers) == 1:
            field.widget, field.required = forms.HiddenInput(), False
        self.employers = employers

    def clean_employer(self) -> Organization:
        """The only one needs no choice."""
        chosen: Organization | None = self.cleaned_data["employer"]
        return chosen or self.employers[0]


class DecisionForm(forms.Form):
    """Yes or no to one turn, with words."""

    step = forms.IntegerField(min_value=1, max_value=32000, widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=[("approve", ""), ("refuse", "")], widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Remark, or the reason why you refuse"),
        help_text=_("The worker reads it. You cannot refuse without a reason."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=REASON,
        required=False,
    )


class RequestsFilter(forms.Form):
    """Which requests."""

    is_filter = True
    state = forms.ChoiceField(
        label=_("Show"),
        choices=[
            ("", _("your turn")),
            ("open", _("open")),
            ("approved", _("approved")),
            ("refused", _("refused")),
            ("withdrawn", _("withdrawn")),
        ],
        required=False,
    )


class ApprovalPolicyForm(forms.ModelForm):
    """How an employer decides."""

    class Meta:
        model = ApprovalPolicy
        fields = ["hr_always", "hr_above", "remind_after_days", "escalate_after_days"]
        help_texts = {
            "hr_always": _("After the manager. Without a manager HR decides anyway."),
            "hr_above": _("Empty: HR does not decide because of the price."),
            "remind_after_days": _("Whoever has to decide gets one reminder."),
            "escalate_after_days": _("When the manager has not decided by then, HR does."),
        }

    def clean(self) -> dict[str, Any] | None:
        """The reminder comes first."""
        said = super().clean() or {}
        remind, escalate = said.get("remind_after_days"), said.get("escalate_after_days")
        if remind and escalate and escalate <= remind:
            self.add_error("escalate_after_days", _("Pass it on to HR later than the reminder."))
        return said

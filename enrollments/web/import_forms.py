"""The form with which HR sends a staff list."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.models import Offering
from lms.core.texts import localized
from lms.organizations.models import Organization


class OfferingField(forms.ModelChoiceField):
    """Offerings by the title people know, with code and room."""

    def label_from_instance(self, obj: Any) -> str:
        left = obj.places_left
        if left is None:
            room = _("no limit")
        elif left == 0:
            room = _("full: waiting list")
        else:
            room = ngettext("%(left)d place left", "%(left)d places left", left) % {"left": left}
        return f"{localized(obj.version.title)} · {obj.code} · {obj.starts_on:%d-%m-%Y} · {room}"


class StaffListForm(forms.Form):
    """Which employer, which offering, which file."""

    employer = forms.ModelChoiceField(
        Organization.objects.none(), label=gettext_lazy("Employer"), to_field_name="slug", empty_label=None
    )
    offering = OfferingField(
        Offering.objects.none(),
        label=gettext_lazy("Offering"),
        to_field_name="code",
        empty_label=gettext_lazy("None: bring the staff list up to date"),
        required=False,
    )
    file = forms.FileField(
        label=gettext_lazy("Staff list"),
        help_text=gettext_lazy("Excel (.xlsx) or CSV, at most 10 MB."),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )
    mandatory = forms.BooleanField(
        label=gettext_lazy("Required by law or collective agreement"),
        help_text=gettext_lazy("Then it is free for the worker and counts as working time."),
        required=False,
    )
    whole_staff = forms.BooleanField(
        label=gettext_lazy("This is our whole staff"),
        help_text=gettext_lazy("Only without an offering: who is not on the list has left. You see first who that is."),
        required=False,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        employers = Organization.objects.allowing(user, "enroll_staff").filter(is_employer=True)
        offerings = Offering.objects.visible_to(user).open_for_enrollment().select_related("version")
        self.fields["employer"].queryset = employers  # type: ignore[attr-defined]
        self.fields["offering"].queryset = offerings.order_by("starts_on", "code")  # type: ignore[attr-defined]
        only = list(employers[:2])
        if len(only) == 1:
            self.fields["employer"].widget = forms.HiddenInput()
            self.fields["employer"].initial = only[0].slug

"""The form of an offering."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Delivery, ModuleVersion, Offering, Visibility
from lms.core.clock import today
from lms.organizations.models import Location, Organization

from .facts_form import AmountField

LANGUAGES = {"nl": _("Dutch"), "en": _("English")}
NAMES = (
    "starts_on",
    "ends_on",
    "enroll_from",
    "enroll_until",
    "capacity",
    "minimum",
    "price",
    "vat_percentage",
    "delivery",
)


def day(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    """A date, picked or typed."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class OfferingForm(forms.Form):
    """A run: when, where, how many, for how much, for whom."""

    code = forms.SlugField(
        label=_("Code"), help_text=_("Letters, digits and hyphens, such as cnc-2026-09."), max_length=60
    )
    starts_on = day(_("Starts on"), required=True)
    ends_on = day(_("Ends on"), _("Empty: open-ended."))
    enroll_from = day(_("Enrollment opens on"), _("Empty: now."))
    enroll_until = day(_("Enrollment closes on"), _("Empty: at the end."))
    capacity = forms.IntegerField(label=_("Places"), help_text=_("Empty: no limit."), min_value=1, required=False)
    minimum = forms.IntegerField(
        label=_("Minimum"), help_text=_("It runs from so many. Empty: from one."), min_value=1, required=False
    )
    price = AmountField(label=_("Price ex VAT (EUR)"), max_digits=9, decimal_places=2, min_value=0, initial=0)
    vat_percentage = AmountField(
        label=_("VAT (%)"),
        help_text=_("Often 0: recognised schools charge no VAT."),
        max_digits=4,
        decimal_places=1,
        min_value=0,
        max_value=100,
        initial=0,
    )
    delivery = forms.ChoiceField(label=_("Delivery"), choices=Delivery.choices)
    language = forms.ChoiceField(label=_("Language"))
    location = forms.ModelChoiceField(Location.objects.none(), label=_("Place"), empty_label=_("none"), required=False)
    visibility = forms.ChoiceField(label=_("Who may join"), choices=Visibility.choices)
    employers = forms.ModelMultipleChoiceField(
        Organization.objects.none(),
        label=_("Employers"),
        help_text=_("Only for chosen employers."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self, *args: Any, user: Any, version: ModuleVersion, offering: Offering | None = None, **kwargs: Any
    ) -> None:
        first: dict[str, Any] = {"starts_on": today()}
        if offering is not None:
            first = {name: getattr(offering, name) for name in (*NAMES, "language", "visibility")}
            first |= {"location": offering.location_id, "employers": [e.pk for e in offering.employers.all()]}
        super().__init__(*args, **{**kwargs, "initial": first | kwargs.get("initial", {})})
        if offering is not None:
            del self.fields["code"]
        taught = [(code, LANGUAGES[code]) for code in version.languages if code in LANGUAGES]
        self.fields["language"].choices = taught  # type: ignore[attr-defined]
        places = Location.objects.visible_to(user).order_by("name")
        self.fields["location"].queryset = places  # type: ignore[attr-defined]
        employers = Organization.objects.filter(is_employer=True)
        self.fields["employers"].queryset = employers  # type: ignore[attr-defined]


class OfferingsForm(forms.Form):
    """Filters of the provider's list of runs."""

    is_filter = True

    q = forms.CharField(label=_("Module or code"), required=False, max_length=200)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All but archived")),
            ("ahead", _("still to start")),
            ("running", _("running now")),
            ("over", _("finished")),
            ("cancelled", _("cancelled")),
            ("archived", _("archived")),
        ],
    )

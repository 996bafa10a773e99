"""Forms of the pages about an organization."""

import re
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from lms.accounts.models import User, normalize_email
from lms.organizations.models import Location, Organization, Room
from lms.organizations.services import roles_of
from lms.permissions.roles import Role


class MemberForm(forms.Form):
    """Whom to give which role."""

    email = forms.EmailField(label=_("E-mail address"), help_text=_("of somebody who has an account"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)

    def __init__(self, data: Any, *, organization: Organization) -> None:
        super().__init__(data)
        choice: Any = self.fields["role"]
        choice.choices = [(role, Role(role).label) for role in roles_of(organization)]

    def clean_email(self) -> User:
        email = normalize_email(self.cleaned_data["email"])
        user = User.objects.filter(email=email, is_active=True).first()
        if user is None:
            raise forms.ValidationError(
                _("Nobody has an account with this address. Ask them to create one first, then give them the role.")
            )
        return user


class LocationForm(forms.ModelForm):
    """A place where people meet."""

    class Meta:
        model = Location
        fields = ["name", "street", "postal_code", "city", "latitude", "longitude"]
        help_texts = {"latitude": _("such as 52.57531"), "longitude": _("such as 6.62033")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, most in (("latitude", 90), ("longitude", 180)):
            self.fields[name].validators += [MinValueValidator(-most), MaxValueValidator(most)]
        self.fields["postal_code"].widget = forms.TextInput()  # a space is typed or not: no limit in the browser
        self.fields["postal_code"].validators = []

    def clean(self) -> dict[str, Any] | None:
        """Another address without other coordinates: those are looked up anew."""
        given = super().clean()
        changed = set(self.changed_data)
        if given is not None and changed & {"postal_code", "city"} and not changed & {"latitude", "longitude"}:
            given["latitude"] = given["longitude"] = None
        return given

    def clean_postal_code(self) -> str:
        """As it is written on letters: `7772 BA`."""
        typed = str(self.cleaned_data["postal_code"]).upper().strip()
        found = re.fullmatch(r"([1-9]\d{3})\s*([A-Z]{2})", typed)
        if typed and not found:
            raise forms.ValidationError(_("Such as 7772 BA."))
        return f"{found[1]} {found[2]}" if found else ""

    def clean_name(self) -> str:
        """Once in the organization."""
        others = self.instance.organization.locations.exclude(pk=self.instance.pk)
        return _once(others, self.cleaned_data["name"])


class RoomForm(forms.ModelForm):
    """A room, and how many people it holds."""

    capacity = forms.IntegerField(label=_("People it holds"), min_value=1, max_value=10_000)

    class Meta:
        model = Room
        fields = ["name", "capacity"]

    def clean_name(self) -> str:
        """Once at the location."""
        others = self.instance.location.rooms.exclude(pk=self.instance.pk)
        return _once(others, self.cleaned_data["name"])


def _once(others: Any, name: str) -> str:
    if others.filter(name=name).exists():
        raise forms.ValidationError(_("There is one with this name already."))
    return name

"""Forms of the pages about an organization."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.accounts.models import User, normalize_email
from lms.permissions.roles import Role


class MemberForm(forms.Form):
    """Whom to give which role."""

    email = forms.EmailField(label=_("E-mail address"), help_text=_("of somebody who has an account"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)

    def clean_email(self) -> User:
        email = normalize_email(self.cleaned_data["email"])
        user = User.objects.filter(email=email, is_active=True).first()
        if user is None:
            raise forms.ValidationError(
                _("Nobody has an account with this address. Ask them to create one first, then give them the role.")
            )
        return user

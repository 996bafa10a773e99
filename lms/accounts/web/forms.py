"""Forms of the account pages."""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from lms.accounts.models import ApiToken, User


class ProfileForm(forms.ModelForm):
    """How people are called and in which language we write to them."""

    class Meta:
        model = User
        fields = ["given_name", "name_prefix", "family_name", "language"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["given_name"].required = True
        self.fields["family_name"].required = True
        for name, purpose in (("given_name", "given-name"), ("family_name", "family-name")):
            self.fields[name].widget.attrs["autocomplete"] = purpose


class InvitationForm(forms.Form):
    """The first password. Its rules are checked by the service."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=lazy(password_validators_help_text_html, str)(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class TokenForm(forms.ModelForm):
    """What the token is for."""

    class Meta:
        model = ApiToken
        fields = ["name"]
        help_texts = {"name": _("which program uses it, such as: link with our HR system")}

"""Forms of the account pages."""

from django import forms

from lms.accounts.models import User


class ProfileForm(forms.ModelForm):
    """How people are called and in which language we write to them."""

    class Meta:
        model = User
        fields = ["given_name", "name_prefix", "family_name", "language"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["given_name"].required = True
        self.fields["family_name"].required = True

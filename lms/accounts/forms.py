"""Forms about people."""

from django import forms
from django.http import HttpRequest

from .models import User


class NameForm(forms.ModelForm):
    """The names asked at sign-up, beside what allauth asks."""

    class Meta:
        model = User
        fields = ["given_name", "name_prefix", "family_name"]

    field_order = ["given_name", "name_prefix", "family_name", "email", "password1", "password2"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["given_name"].required = True
        self.fields["family_name"].required = True

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth calls this with the saved user."""
        for name in self.Meta.fields:
            setattr(user, name, self.cleaned_data[name])
        user.save(update_fields=self.Meta.fields)

"""Forms of the pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import ModuleVersion, Track
from lms.organizations.models import Organization
from lms.permissions.roles import ModuleRole

from .facts_form import texts


class NewModuleForm(forms.Form):
    """What a module starts with."""

    provider = forms.ModelChoiceField(Organization.objects.none(), label=_("Provider"), empty_label=None)
    title_nl = forms.CharField(label=_("Title in Dutch"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    code = forms.SlugField(
        label=_("Code"),
        help_text=_("Your own short name, part of the web address: letters, digits and hyphens. It never changes."),
        max_length=40,
    )
    track = forms.ChoiceField(label=_("Track"), choices=Track.choices)

    def __init__(self, *args: Any, providers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = providers  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """As `create_module` wants them. Requires: a valid form."""
        given = self.cleaned_data
        title = texts(given["title_nl"], given["title_en"])
        return {"provider": given["provider"], "code": given["code"], "track": given["track"], "title": title}


class RequestForm(forms.Form):
    """What an author tells the reviewers."""

    request = forms.CharField(
        label=_("Note to the reviewer"),
        help_text=_("such as what is new, or what you are unsure about"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NotesForm(forms.Form):
    """What a reviewer has to say."""

    notes = forms.CharField(
        label=_("Review notes"),
        help_text=_("When you ask for changes: what should change, and where."),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class ModuleMemberForm(forms.Form):
    """Whom to name for a module."""

    email = forms.EmailField(label=_("E-mail address"), help_text=_("of somebody who has an account"))
    role = forms.ChoiceField(label=_("Role"), choices=ModuleRole.choices)


class CopyModuleForm(NewModuleForm):
    """From which version, and what the new module is called."""

    track = None  # type: ignore[assignment]
    version = forms.ModelChoiceField(ModuleVersion.objects.none(), label=_("Version to copy"), empty_label=None)

    field_order = ("version", "provider", "title_nl", "title_en", "code")

    def __init__(self, *args: Any, versions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]
        newest = versions.first()
        if newest is not None:
            self.initial = {f"title_{language}": text for language, text in newest.title.items()}

    def facts(self) -> dict[str, Any]:
        """As `copy_module` wants them. Requires: a valid form."""
        given = self.cleaned_data
        title = texts(given["title_nl"], given["title_en"])
        return {"version": given["version"], "provider": given["provider"], "code": given["code"], "title": title}

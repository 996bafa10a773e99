"""Forms of programmes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Programme
from lms.organizations.models import Organization

TEXTS = ("title", "summary", "description")


class NewProgrammeForm(forms.Form):
    """What a programme starts with."""

    provider = forms.ModelChoiceField(Organization.objects.none(), label=_("Provider"), empty_label=None)
    code = forms.SlugField(label=_("Code"), max_length=40, help_text=_("your own code; it is part of the address"))
    title_nl = forms.CharField(label=_("Title in Dutch"), max_length=200)

    def __init__(self, data: Any, *, providers: Any) -> None:
        super().__init__(data)
        self.fields["provider"].queryset = providers  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """For the service."""
        asked = self.cleaned_data
        return {"provider": asked["provider"], "code": asked["code"], "title": {"nl": asked["title_nl"]}}


class ProgrammeForm(forms.Form):
    """The facts; `revision` tells two authors apart."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    title_nl = forms.CharField(label=_("Title in Dutch"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    summary_nl = forms.CharField(label=_("Summary in Dutch"), max_length=500, required=False, widget=forms.Textarea)
    summary_en = forms.CharField(label=_("Summary in English"), max_length=500, required=False, widget=forms.Textarea)
    description_nl = forms.CharField(label=_("Description in Dutch"), required=False, widget=forms.Textarea)
    description_en = forms.CharField(label=_("Description in English"), required=False, widget=forms.Textarea)
    optional_minimum = forms.IntegerField(
        label=_("Modules to choose"),
        min_value=0,
        max_value=60,
        help_text=_("how many of the modules of choice somebody takes at least"),
    )

    @staticmethod
    def values_of(programme: Programme) -> dict[str, Any]:
        """What the form starts with."""
        texts = {
            f"{name}_{language}": getattr(programme, name).get(language, "")
            for name in TEXTS
            for language in ("nl", "en")
        }
        return texts | {"revision": programme.revision, "optional_minimum": programme.optional_minimum}

    def facts(self) -> dict[str, Any]:
        """For the service."""
        asked = self.cleaned_data
        texts = {
            name: {language: words for language in ("nl", "en") if (words := asked[f"{name}_{language}"].strip())}
            for name in TEXTS
        }
        return texts | {"optional_minimum": asked["optional_minimum"]}

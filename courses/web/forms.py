"""Forms of the pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Delivery, Purpose, Track
from courses.querysets import ModuleVersionQuerySet
from lms.organizations.models import Organization

from .facts_form import texts


class CatalogueForm(forms.Form):
    """Search and filters of the catalogue. Whatever cannot be read is no filter."""

    is_filter = True

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    track = forms.ChoiceField(label=_("Track"), required=False)
    level = forms.TypedChoiceField(label=_("Level"), required=False, coerce=int, empty_value=None)
    purpose = forms.ChoiceField(label=_("Purpose"), required=False)
    delivery = forms.ChoiceField(label=_("Delivery"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    provider = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Provider"), required=False, to_field_name="slug", empty_label=_("All")
    )
    skill = forms.CharField(required=False, max_length=255, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anything: list[tuple[Any, Any]] = [("", _("All"))]
        self.fields["track"].choices = [*anything, *Track.choices]  # type: ignore[attr-defined]
        self.fields["level"].choices = [*anything, *((n, n) for n in range(1, 9))]  # type: ignore[attr-defined]
        self.fields["purpose"].choices = [*anything, *Purpose.choices]  # type: ignore[attr-defined]
        self.fields["delivery"].choices = [*anything, *Delivery.choices]  # type: ignore[attr-defined]
        languages = [("nl", _("Dutch")), ("en", _("English"))]
        self.fields["language"].choices = [*anything, *languages]  # type: ignore[attr-defined]
        offering = Organization.objects.filter(is_provider=True, modules__versions__published_at__isnull=False)
        self.fields["provider"].queryset = offering.distinct()  # type: ignore[attr-defined]

    @property
    def asks_something(self) -> bool:
        """At least one filter is used."""
        return any(self._readable().values())

    @property
    def filters_used(self) -> bool:
        """Something else than words is asked: then the filters stand open."""
        return self.is_bound and any(value for name, value in self._readable().items() if name != "q")

    def narrow(self, found: ModuleVersionQuerySet, user: Any) -> ModuleVersionQuerySet:
        """Only what the reader asked for."""
        asked = self._readable() if self.is_bound else {}
        found = found.about(asked.get("q") or "")
        for name in ("track", "level", "purpose"):
            if asked.get(name):
                found = found.filter(**{name: asked[name]})
        if asked.get("provider"):
            found = found.filter(module__provider=asked["provider"])
        if asked.get("delivery"):
            found = found.delivered(asked["delivery"], user)
        if asked.get("language"):
            found = found.taught_in(asked["language"])
        if asked.get("skill"):
            found = found.teaching(asked["skill"])
        return found

    def _readable(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data


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

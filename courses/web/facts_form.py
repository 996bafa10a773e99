"""The form of a version's facts."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courses.kinds.base import as_list, as_object
from courses.models import DocumentType, LoadUnit, ModuleVersion, NlqfBasis, Purpose, Sector, Track

BILINGUAL = ("title", "summary", "description")
PLAIN = (
    "track",
    "purpose",
    "level",
    "nlqf_basis",
    "nlqf_number",
    "load",
    "load_unit",
    "languages",
    "document_type",
    "validity_months",
    "crebo",
    "croho",
    "certificate_code",
    "assessment_type",
    "participation_form",
    "identity_check",
    "isced",
)


def lines(count: int) -> forms.Textarea:
    """A text area of some lines."""
    return forms.Textarea(attrs={"rows": count})


class AmountField(forms.DecimalField):
    """A figure as people type it: 1250,50 and 1.250,50 as well as 1250.50."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(localize=True, **kwargs)

    def to_python(self, value: Any) -> Any:
        typed = ("" if value is None else str(value)).replace("€", "").replace(" ", "").replace("\xa0", "")
        if typed.rfind(",") > typed.rfind("."):
            typed = typed.replace(".", "").replace(",", ".")
        return super().to_python(typed.replace(",", ""))


class FactsForm(forms.Form):
    """All facts of a version. Texts per language stand side by side; lists are one per line."""

    is_filter = True  # nothing is called optional: what a module needs depends on its document

    title_nl = forms.CharField(label=_("Title in Dutch"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    summary_nl = forms.CharField(
        label=_("Summary in Dutch"),
        help_text=_("One or two sentences for the catalogue."),
        widget=lines(3),
        required=False,
    )
    summary_en = forms.CharField(
        label=_("Summary in English"),
        help_text=_("One or two sentences for the catalogue."),
        widget=lines(3),
        required=False,
    )
    description_nl = forms.CharField(
        label=_("Description in Dutch"),
        help_text=_("For whom, what happens, what you need. Markdown may be used."),
        widget=lines(8),
        required=False,
    )
    description_en = forms.CharField(
        label=_("Description in English"),
        help_text=_("For whom, what happens, what you need. Markdown may be used."),
        widget=lines(8),
        required=False,
    )
    outcomes_nl = forms.CharField(
        label=_("Learning outcomes in Dutch"),
        help_text=_("One per line, such as: Sets the machine up safely."),
        widget=lines(5),
        required=False,
    )
    outcomes_en = forms.CharField(
        label=_("Learning outcomes in English"),
        help_text=_("One per line, in the same order."),
        widget=lines(5),
        required=False,
    )
    track = forms.ChoiceField(label=_("Track"), choices=Track.choices)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices)
    languages = forms.MultipleChoiceField(
        label=_("Language of instruction"),
        choices=[("nl", _("Dutch")), ("en", _("English"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    sectors = forms.ModelMultipleChoiceField(
        label=_("Sectors"),
        help_text=_("Where this is used at work; choose none when it is used everywhere."),
        queryset=Sector.objects.all(),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    load = AmountField(label=_("Study load"), max_digits=6, decimal_places=1, min_value=0, required=False)
    load_unit = forms.ChoiceField(
        label=_("Unit"), choices=LoadUnit.choices, help_text=_("EC for hbo and wo only; 1 EC is 28 hours.")
    )
    level = forms.TypedChoiceField(
        label=_("Level (NLQF/EQF)"),
        choices=[("", _("no level")), *((n, n) for n in range(1, 9))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    nlqf_basis = forms.ChoiceField(
        label=_("Basis of the level"),
        choices=NlqfBasis.choices,
        help_text=_("Without a code or register number a level is shown as indicative: the Wet NLQF asks that."),
    )
    nlqf_number = forms.CharField(label=_("NLQF register number"), max_length=20, required=False)
    crebo = forms.CharField(
        label="Crebo", help_text=_("Five digits; of the mbo qualification."), max_length=5, required=False
    )
    croho = forms.CharField(
        label="Croho", help_text=_("Five digits; of the hbo or wo programme."), max_length=5, required=False
    )
    isced = forms.CharField(
        label="ISCED-F", help_text=_("Four digits, such as 0715 for mechanics and metal."), max_length=4, required=False
    )
    document_type = forms.ChoiceField(
        label=_("Document"),
        choices=DocumentType.choices,
        help_text=_("The last three only from a recognised school."),
    )
    validity_months = forms.IntegerField(
        label=_("Valid for (months)"), help_text=_("Empty: for good."), min_value=1, max_value=600, required=False
    )
    certificate_code = forms.CharField(
        label=_("Certificate code"), help_text=_("For an mbo-certificaat."), max_length=20, required=False
    )
    work_processes = forms.CharField(
        label=_("Work processes"),
        help_text=_("One per line, such as B1-K1-W1. For a praktijkverklaring."),
        widget=lines(3),
        required=False,
    )
    quality_framework_name = forms.CharField(label=_("Quality framework"), max_length=200, required=False)
    quality_framework_url = forms.CharField(
        label=_("Web address of the quality framework"), max_length=400, required=False
    )
    participation_form = forms.CharField(
        label=_("Form of participation"), help_text=_("Such as online or on site."), max_length=80, required=False
    )
    assessment_type = forms.CharField(
        label=_("Assessment"), help_text=_("Such as a written test or a portfolio."), max_length=80, required=False
    )
    identity_check = forms.CharField(
        label=_("Identity check"), help_text=_("Such as with an identity card."), max_length=80, required=False
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    GROUPS = [
        (
            _("Texts"),
            "",
            [["title_nl", "title_en"], ["summary_nl", "summary_en"], ["description_nl", "description_en"]],
        ),
        (_("Learning outcomes"), _("What somebody can do afterwards."), [["outcomes_nl", "outcomes_en"]]),
        (_("Kind and load"), "", [["track", "purpose"], ["load", "load_unit"], ["languages"], ["sectors"]]),
        (_("Level"), "", [["level", "nlqf_basis", "nlqf_number"], ["crebo", "croho", "isced"]]),
        (
            _("Document"),
            _("What somebody gets who finishes."),
            [["document_type", "validity_months", "certificate_code"], ["work_processes"]],
        ),
        (
            _("Microcredential"),
            _("Only for a microcredential."),
            [
                ["quality_framework_name", "quality_framework_url"],
                ["participation_form", "assessment_type", "identity_check"],
            ],
        ),
    ]

    @property
    def groups(self) -> list[tuple[Any, Any, list[list[forms.BoundField]]]]:
        """Headings, explanations, and rows of fields."""
        return [(title, words, [[self[name] for name in row] for row in rows]) for title, words, rows in self.GROUPS]

    def clean_load(self) -> Any:
        """No load yet is a load of 0: a draft may be unfinished."""
        return self.cleaned_data["load"] or Decimal(0)

    def facts(self) -> dict[str, Any]:
        """As `edit_version` wants them. Requires: a valid form."""
        given = self.cleaned_data
        facts: dict[str, Any] = {name: given[name] for name in PLAIN}
        facts["sectors"] = list(given["sectors"])
        for name in BILINGUAL:
            facts[name] = texts(given[f"{name}_nl"], given[f"{name}_en"])
        dutch, english = (given[f"outcomes_{code}"].splitlines() for code in ("nl", "en"))
        pairs = [
            texts(*(side[index].strip() if index < len(side) else "" for side in (dutch, english)))
            for index in range(max(len(dutch), len(english)))
        ]
        facts["outcomes"] = [pair for pair in pairs if pair]
        facts["work_processes"] = [code.strip() for code in given["work_processes"].splitlines() if code.strip()]
        framework = {"name": given["quality_framework_name"], "url": given["quality_framework_url"]}
        facts["quality_framework"] = {key: value for key, value in framework.items() if value}
        return facts

    @staticmethod
    def values_of(version: ModuleVersion) -> dict[str, Any]:
        """What a version holds, as this form shows it."""
        values: dict[str, Any] = {name: getattr(version, name) for name in PLAIN}
        for name in BILINGUAL:
            for code in ("nl", "en"):
                values[f"{name}_{code}"] = as_object(getattr(version, name)).get(code, "")
        outcomes = [as_object(outcome) for outcome in as_list(version.outcomes)]
        for code in ("nl", "en"):
            values[f"outcomes_{code}"] = "\n".join(str(outcome.get(code, "")) for outcome in outcomes).rstrip("\n")
        values["work_processes"] = "\n".join(as_list(version.work_processes))
        for key in ("name", "url"):
            values[f"quality_framework_{key}"] = as_object(version.quality_framework).get(key, "")
        return {**values, "sectors": list(version.sectors.all()), "revision": version.revision}


def texts(dutch: str, english: str) -> dict[str, str]:
    """A text per language, without the languages in which nothing was written."""
    written = {"nl": dutch.replace("\r\n", "\n"), "en": english.replace("\r\n", "\n")}
    return {code: text for code, text in written.items() if text.strip()}


def differences(form: forms.Form, stored: dict[str, Any]) -> list[dict[str, Any]]:
    """Where what was typed differs from what a colleague stored. Requires: a valid form."""
    pairs = [
        (field.label, _words(form.cleaned_data.get(field.name)), _words(stored[field.name]))
        for field in form
        if not field.is_hidden and field.name in stored
    ]
    return [{"label": label, "typed": typed, "stored": kept} for label, typed, kept in pairs if typed != kept]


def _words(value: Any) -> str:
    if isinstance(value, (list, QuerySet)):
        return ", ".join(map(str, value))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value).replace("\r\n", "\n").strip()

"""The builder of a completion rule: plain fields, so that it works without a script."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.completion_rule import MOST


class RuleForm(forms.Form):
    """How much of the units, and whether an average score and attendance are asked too."""

    is_filter = True  # nothing is called optional: what is needed depends on the first choice

    units = forms.ChoiceField(
        label=_("How much must be done?"),
        choices=[
            ("all", _("all required units")),
            ("any", _("a number of units, of the learner's choice")),
            ("points", _("units that are worth a number of points together")),
        ],
        widget=forms.RadioSelect,
    )
    count = forms.IntegerField(label=_("Number of units"), min_value=1, max_value=MOST, required=False)
    points = forms.IntegerField(
        label=_("Number of points"),
        help_text=_("What a unit is worth you say at the unit; 1 when you say nothing."),
        min_value=1,
        max_value=MOST,
        required=False,
    )
    average = forms.IntegerField(
        label=_("Average score over the quizzes (%)"),
        help_text=_("Empty: not asked. A quiz that was not taken counts as 0."),
        min_value=1,
        max_value=100,
        required=False,
    )
    attendance = forms.IntegerField(
        label=_("Attendance (% of the session time)"),
        help_text=_("Empty: not asked. Offerings then need sessions."),
        min_value=1,
        max_value=100,
        required=False,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """The number that goes with the choice is there."""
        given = super().clean() or {}
        needed = {"any": "count", "points": "points"}.get(given.get("units", ""))
        if needed and not given.get(needed) and needed not in self.errors:
            self.add_error(needed, _("Give a number."))
        return given

    def rule(self) -> dict[str, Any]:
        """As it is kept. Requires: a valid form."""
        given = self.cleaned_data
        amount = {"any": ["count"], "points": ["points"]}.get(given["units"], [])
        shares = [name for name in ("average", "attendance") if given[name]]
        return {"units": given["units"], **{name: given[name] for name in [*amount, *shares]}}

    @staticmethod
    def values_of(rule: Mapping[str, Any], revision: int) -> dict[str, Any]:
        """What a version asks, as this form shows it."""
        return {**rule, "revision": revision}

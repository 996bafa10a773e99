"""A text to read, with pictures."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.core.errors import FieldError
from lms.core.texts import localized

from .base import Verdict


class Text:
    """`data`: `{"body": {"nl": markdown, "en": markdown}}`. Done when the learner says it was read."""

    key = "text"
    label = gettext_lazy("text")
    template = "courses/kinds/text.html"
    judged = False

    def check(self, data: dict[str, Any]) -> list[FieldError]:
        """A body in Dutch."""
        if localized(data.get("body"), "nl").strip():
            return []
        return [FieldError("body/nl", "empty", _("Write the text in Dutch."))]

    def content(self, data: dict[str, Any], language: str) -> dict[str, Any]:
        """The markdown in the reader's language."""
        return {"body": localized(data.get("body"), language)}

    def judge(self, data: dict[str, Any], submission: dict[str, Any]) -> Verdict:
        """Reading is not judged."""
        return Verdict(passed=True, score=Decimal(100))

"""A text to read, with pictures."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.core.errors import FieldError

from .base import FileReference, Verdict, as_object, written

MAX_LENGTH = 100_000


class Text:
    """`data`: `{"body": {"nl": markdown, "en": markdown}}`. Done when the learner says it was read."""

    key = "text"
    label = gettext_lazy("text")
    template = "courses/kinds/text.html"
    judged = False

    def check(self, data: Any) -> list[FieldError]:
        """A body in Dutch, of a length that a person can read."""
        body = as_object(data).get("body")
        if not written(body, "nl"):
            return [FieldError("body/nl", "empty", _("Write the text in Dutch."))]
        too_long = [key for key, text in as_object(body).items() if isinstance(text, str) and len(text) > MAX_LENGTH]
        return [
            FieldError(f"body/{key}", "long", _("Split this text over several units: it is too long for one."))
            for key in too_long
        ]

    def content(self, data: Any, language: str) -> dict[str, Any]:
        """The markdown in the reader's language."""
        return {"body": written(as_object(data).get("body"), language)}

    def files(self, data: Any) -> list[FileReference]:
        """None."""
        return []

    def judge(self, data: dict[str, Any], submission: dict[str, Any]) -> Verdict:
        """Reading is not judged."""
        return Verdict(passed=True, score=Decimal(100))

"""A document to download."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.core.errors import FieldError

from .base import FileReference, Verdict, as_object, file_id, written


class File:
    """`data`: `{"file": id, "description"?: {"nl": markdown, "en": markdown}}`. Done when the learner says so."""

    key = "file"
    label = gettext_lazy("file")
    template = "courses/kinds/file.html"
    judged = False

    def check(self, data: Any) -> list[FieldError]:
        """A file is chosen."""
        if file_id(as_object(data).get("file")):
            return []
        return [FieldError("file", "empty", _("Choose or upload the file."))]

    def content(self, data: Any, language: str) -> dict[str, Any]:
        """The file's id, and what is said about it."""
        data = as_object(data)
        return {"file": file_id(data.get("file")), "description": written(data.get("description"), language)}

    def files(self, data: Any) -> list[FileReference]:
        """The one file."""
        found = file_id(as_object(data).get("file"))
        return [FileReference("file", found)] if found else []

    def judge(self, data: dict[str, Any], submission: dict[str, Any]) -> Verdict:
        """Downloading is not judged."""
        return Verdict(passed=True, score=Decimal(100))

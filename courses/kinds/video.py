"""A video: uploaded, or elsewhere by its address."""

import re
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.core.errors import FieldError

from .base import FileReference, Verdict, as_object, file_id, written

ADDRESS = re.compile(r"https://[^\s/?#@]+\.[^\s/?#@]+(?:[/?#]\S*)?")
LANGUAGES = ("nl", "en")


class Video:
    """`data`: `{"url": https address}` or `{"file": id}`, with `"subtitles": {"nl": id, "en"?: id}` (WebVTT) and
    optionally `"transcript": {"nl": markdown, "en": markdown}`.

    Dutch subtitles are asked for publishing (WCAG 1.2.2). Done when the learner says that it was watched.
    """

    key = "video"
    label = gettext_lazy("video")
    template = "courses/kinds/video.html"
    judged = False

    def check(self, data: Any) -> list[FieldError]:
        """Either an address or a file, and subtitles in Dutch."""
        data = as_object(data)
        errors = []
        url, file = data.get("url"), file_id(data.get("file"))
        if bool(url) == bool(file):
            errors.append(FieldError("url", "empty", _("Give the address of the video, or upload it: one of both.")))
        elif url and not is_address(url):
            errors.append(FieldError("url", "pattern", _("Give an address that begins with https://.")))
        if not file_id(as_object(data.get("subtitles")).get("nl")):
            message = _("Add subtitles in Dutch (a .vtt file), for who cannot hear the video.")
            errors.append(FieldError("subtitles/nl", "empty", message))
        return errors

    def content(self, data: Any, language: str) -> dict[str, Any]:
        """Where the video is, its subtitles by language, and what is said in it."""
        data = as_object(data)
        subtitles = as_object(data.get("subtitles"))
        return {
            "url": data["url"] if is_address(data.get("url")) else None,
            "file": file_id(data.get("file")),
            "subtitles": {code: file_id(subtitles.get(code)) for code in LANGUAGES if file_id(subtitles.get(code))},
            "transcript": written(data.get("transcript"), language),
        }

    def files(self, data: Any) -> list[FileReference]:
        """The uploaded video and the subtitles."""
        data = as_object(data)
        subtitles = as_object(data.get("subtitles"))
        named = [("file", data.get("file"), "video/")]
        named += [(f"subtitles/{code}", subtitles.get(code), "text/vtt") for code in LANGUAGES]
        return [FileReference(path, found, media) for path, value, media in named if (found := file_id(value))]

    def judge(self, data: dict[str, Any], submission: dict[str, Any]) -> Verdict:
        """Watching is not judged."""
        return Verdict(passed=True, score=Decimal(100))


def is_address(value: Any) -> bool:
    """A web address that a reader can be sent to."""
    if not (isinstance(value, str) and len(value) <= 2000 and ADDRESS.fullmatch(value)):
        return False
    try:
        return bool(urlsplit(value).hostname)
    except ValueError:  # brackets that hold no IPv6 address
        return False

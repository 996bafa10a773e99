"""Request bodies of the API: not nested too deeply, and of characters that can be kept."""

from math import isfinite
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError

from .texts import is_unkeepable

MAX_DEPTH = 32


class JSONParser(parsers.JSONParser):
    """Refuses, with one sentence, what no serializer or database could take."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """The decoded body. Raises ParseError."""
        try:
            decoded = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_too_deep()) from None
        _check(decoded)
        return decoded


class MultiPartParser(parsers.MultiPartParser):
    """The same for the fields beside a file."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Fields and files. Raises ParseError."""
        parsed = super().parse(stream, media_type, parser_context)
        _check(dict(parsed.data.lists()))
        return parsed


def _check(decoded: Any) -> None:
    level = [decoded]
    for _depth in range(MAX_DEPTH):
        if any(isinstance(value, str) and is_unkeepable(value) for value in level):
            raise ParseError(_("A text holds a character that cannot be kept (NUL or half a surrogate pair)."))
        if any(isinstance(value, float) and not isfinite(value) for value in level):
            raise ParseError(_("A figure is too large to be kept."))
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return
    raise ParseError(_too_deep())


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _too_deep() -> str:
    return _("The JSON is nested too deeply: at most %(max)d levels.") % {"max": MAX_DEPTH}

"""Content that an author writes, per language: `{"nl": "...", "en": "..."}`. Dutch is required, English optional."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

LANGUAGES = ("nl", "en")

Text = dict[str, str]

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


def is_unkeepable(text: str) -> bool:
    """Whether no database keeps it: PostgreSQL has no NUL, and UTF-8 no half a surrogate pair."""
    return _UNKEEPABLE.search(text) is not None


def localized(text: Text | None, language: str | None = None) -> str:
    """The text in the reader's language, or in Dutch when the author wrote no other."""
    if not text:
        return ""
    chosen = (language or get_language() or "nl")[:2]
    return text.get(chosen) or text.get("nl") or ""


def folded(text: str) -> str:
    """The text as people search it: without capitals and accents, so that "Café" and "cafe" are one."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def words_asked(text: str) -> str:
    """What somebody typed to search by: its first hundred characters, without those that no database keeps."""
    return _UNKEEPABLE.sub(" ", text[:100]).strip()


def validate_text(value: Any) -> None:
    """Requires an object of texts keyed by known languages. Raises ValidationError."""
    known = isinstance(value, dict) and all(key in LANGUAGES and isinstance(text, str) for key, text in value.items())
    if not known:
        raise ValidationError(_("Give texts by language, such as {'nl': '...', 'en': '...'}."), code="text")


class TextField(models.JSONField):
    """A model field for author content per language."""

    default_validators = [validate_text]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

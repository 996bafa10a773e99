"""The interface that unit kinds share."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from lms.core.errors import FieldError


@dataclass(frozen=True)
class Verdict:
    """What a submission is worth. `score` is a percentage; `feedback` is for the learner's eyes only."""

    passed: bool
    score: Decimal
    feedback: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FileReference:
    """A file of the module that a unit's data names at `path`. `media`: how its media type must begin."""

    path: str
    file: str
    media: str = ""


class UnitKind(Protocol):
    """One kind of unit. `data` is the unit's stored content, texts per language.

    A draft's data may be unfinished or malformed, because it arrives by API: `check`, `content` and
    `files` never raise on it.
    `judge` is only asked about published units, so about data that `check` found nothing wrong with.
    """

    key: str
    label: Any
    template: str  # how a learner meets it: rendered with `unit`, `content`, and what the page adds
    judged: bool  # True: done by a passed attempt; False: done when the learner says so

    def check(self, data: Any) -> list[FieldError]:
        """What keeps this content from being published; fields relative to `data`."""
        ...

    def content(self, data: Any, language: str) -> dict[str, Any]:
        """What a learner may see, in one language: never the answers."""
        ...

    def files(self, data: Any) -> list[FileReference]:
        """The module's files that this content refers to."""
        ...

    def judge(self, data: dict[str, Any], submission: dict[str, Any]) -> Verdict:
        """Judge a submission. Raises Invalid when it does not answer what was asked."""
        ...


def file_id(value: Any) -> str | None:
    """The id of a file as it is written everywhere, or None when it is none."""
    try:
        return str(UUID(value)) if isinstance(value, str) else None
    except ValueError:
        return None


def as_object(value: Any) -> dict[str, Any]:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """The value when it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def written(text: Any, language: str = "nl") -> str:
    """What was written in the language, or in Dutch; empty when it is no text per language."""
    texts = as_object(text)
    for key in (language, "nl"):
        if isinstance(texts.get(key), str) and texts[key].strip():
            return str(texts[key])
    return ""

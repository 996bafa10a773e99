"""The interface that unit kinds share."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from lms.core.errors import FieldError


@dataclass(frozen=True)
class Verdict:
    """What a submission is worth. `score` is a percentage; `feedback` is for the learner's eyes only."""

    passed: bool
    score: Decimal
    feedback: dict[str, Any] = field(default_factory=dict)


class UnitKind(Protocol):
    """One kind of unit. `data` is the unit's stored content, texts per language."""

    key: str
    label: Any
    template: str  # how a learner meets it: rendered with `unit`, `content`, and what the page adds
    judged: bool  # True: done by a passed attempt; False: done when the learner says so

    def check(self, data: dict[str, Any]) -> list[FieldError]:
        """What keeps this content from being published; fields relative to `data`."""
        ...

    def content(self, data: dict[str, Any], language: str) -> dict[str, Any]:
        """What a learner may see, in one language: never the answers."""
        ...

    def judge(self, data: dict[str, Any], submission: dict[str, Any]) -> Verdict:
        """Judge a submission. Raises Invalid when it does not answer what was asked."""
        ...

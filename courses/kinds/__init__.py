"""Unit kinds: how a unit is launched, what counts as done, what evidence it leaves.

A unit's `kind` names one of these; its `data` is that kind's own content. Everything that treats units alike (publish
check, progress, pages, API) speaks only this interface.
"""

from .base import FileReference, UnitKind, Verdict
from .file import File
from .quiz import Quiz
from .text import Text
from .video import Video

KINDS: dict[str, UnitKind] = {kind.key: kind for kind in (Text(), Quiz(), Video(), File())}
KIND_KEYS = sorted(KINDS)


def kind_named(key: str) -> UnitKind:
    """The kind with this key. Raises KeyError for an unknown one."""
    return KINDS[key]


__all__ = ["KINDS", "KIND_KEYS", "FileReference", "UnitKind", "Verdict", "kind_named"]

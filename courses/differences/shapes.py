"""What a single change looks like: a fact, a text word by word, or a list with what came and went."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lms.core.texts import LANGUAGES

from .words import Run, text_runs


@dataclass(frozen=True)
class Change:
    """One thing that differs: a fact (`old`, `new`), a text (`runs`, in `language`) or a list (`added`, `removed`)."""

    label: str
    shape: str
    language: str = ""
    old: str = ""
    new: str = ""
    runs: list[Run] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def fact_change(label: str, old: str, new: str) -> Iterator[Change]:
    """A fact that became another."""
    if old != new:
        yield Change(label, "fact", old=old, new=new)


def text_changes(label: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    """An author's text, in each language in which it differs."""
    for language in LANGUAGES:
        before, after = old.get(language) or "", new.get(language) or ""
        if before != after:
            yield Change(label, "text", language, before, after, text_runs(before, after))


def list_change(label: str, old: Sequence[str], new: Sequence[str], language: str = "") -> Iterator[Change]:
    """Entries that came and went; the order does not matter."""
    before, after = set(old), set(new)
    added = [entry for entry in new if entry not in before]
    removed = [entry for entry in old if entry not in after]
    if added or removed:
        yield Change(label, "list", language, added=added, removed=removed)

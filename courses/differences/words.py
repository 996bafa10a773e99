"""Word-level differences between two texts, as people read them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(r"\S+\s*|\s+")
MOST_WORDS = 2_000  # of one changed stretch: beyond that it is shown as replaced whole
MOST_PAIRS = 4_000_000  # of lines or words: beyond that what stands everywhere is not looked for in every place
CONTEXT = 80  # characters of unchanged text kept on each side of a change


@dataclass(frozen=True)
class Run:
    """A stretch of text that is the `same` in both, `added` or `removed`."""

    mark: str
    text: str


def text_runs(old: str, new: str) -> list[Run]:
    """What became of the old text, word by word: without what was added it is the old, without what went the new."""
    return [*_by_line(old, new)]


def shortened(runs: Sequence[Run]) -> Iterator[Run]:
    """The runs with long unchanged stretches cut down to what stands around a change."""
    for index, run in enumerate(runs):
        if run.mark != "same" or len(run.text) <= 2 * CONTEXT + 20:
            yield run
            continue
        head = "" if index == 0 else run.text[:CONTEXT].rsplit(" ", 1)[0]
        tail = "" if index == len(runs) - 1 else run.text[-CONTEXT:].split(" ", 1)[-1]
        yield Run("same", f"{head} … {tail}")


def _by_line(old: str, new: str) -> Iterator[Run]:
    """First by line, which is quick on long texts; then by word where lines differ."""
    for same, gone, come in _steps(old.splitlines(keepends=True), new.splitlines(keepends=True)):
        if same:
            yield Run("same", gone)
        else:
            yield from _by_word(gone, come)


def _by_word(old: str, new: str) -> Iterator[Run]:
    before, after = WORDS.findall(old), WORDS.findall(new)
    if len(before) > MOST_WORDS or len(after) > MOST_WORDS:
        before, after = [old], [new]
    for same, gone, come in _steps(before, after):
        if same:
            yield Run("same", gone)
            continue
        if gone:
            yield Run("removed", gone)
        if come:
            yield Run("added", come)


def _steps(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[bool, str, str]]:
    many = len(before) * len(after) > MOST_PAIRS
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=many).get_opcodes():
        yield tag == "equal", "".join(before[i1:i2]), "".join(after[j1:j2])

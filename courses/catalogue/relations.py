"""What words have to do with each other: synonyms, and the parts that a Dutch compound is written from.

The lists lie in `courses/data/search/`; their own heads tell how to write them.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache

from .words import data_lines, stem, stop_words

Phrase = tuple[str, ...]
JOINTS = ("", "s", "e", "en")
SHORTEST_PART = 3
LONGEST_PHRASE = 3


@cache
def synonyms() -> dict[Phrase, frozenset[Phrase]]:
    """By stemmed word or phrase: the words (not stemmed) by which what it names is found as well."""
    equal: dict[Phrase, set[Phrase]] = defaultdict(set)
    broader: list[tuple[Phrase, Phrase]] = []
    for line in data_lines("synonyms-nl.txt"):
        narrow, one_way, broad = line.partition(">")
        if one_way:
            broader += [(_phrase(member), _phrase(broad)) for member in narrow.split(",")]
            continue
        members = [_phrase(member) for member in line.split("=")]
        for member in members:
            equal[stemmed(member)] |= {other for other in members if stemmed(other) != stemmed(member)}
    found = {phrase: frozenset(others) for phrase, others in equal.items()}
    for member, broad_phrase in broader:
        key, above = stemmed(member), {broad_phrase, *equal.get(stemmed(broad_phrase), ())}
        found[key] = found.get(key, frozenset()) | above
    return found


@lru_cache(maxsize=50_000)
def parts_of(word: str) -> tuple[str, ...]:
    """The known parts that the word is written from; nothing where it is no compound of known parts."""
    for cut in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
        head, rest = word[:cut], word[cut:]
        if head not in _parts():
            continue
        for joint in JOINTS:
            if rest.startswith(joint) and (tail := _whole(rest[len(joint) :])):
                return (head, *tail)
    return ()


def stemmed(words: Sequence[str]) -> Phrase:
    """Each word's key."""
    return tuple(stem(word) for word in words)


def _whole(rest: str) -> tuple[str, ...]:
    """The end of a compound: a known part in any form, or again a compound."""
    if len(rest) >= SHORTEST_PART and stem(rest) in _part_stems():
        return (rest,)
    return parts_of(rest)


@cache
def _parts() -> frozenset[str]:
    return frozenset(data_lines("compound-parts.txt"))


@cache
def _part_stems() -> frozenset[str]:
    return frozenset(stem(part) for part in _parts())


def _phrase(words: str) -> Phrase:
    parts = words.replace("-", " ").replace(".", "").split()
    return tuple(part for part in parts if part not in stop_words())

"""Names as people in the region write them: surname prefixes, 'Vries, de, Bram', initials, titles."""

import re
import unicodedata
from typing import NamedTuple

# fmt: off
PREFIXES = frozenset({
    "van", "de", "der", "den", "ter", "ten", "te", "'t", "`t", "´t", "‘t", "’t", "t'", "van't", "van’t", "'n", "het",
    "in", "op", "aan", "bij", "uit", "uit't", "voor", "over", "onder", "tot", "'s", "’s", "v", "v.", "v.d.", "vd",
    "v/d", "v.d", "v.de", "v.der", "v.d.r", "d.", "d'", "l'", "la", "le", "les", "el", "al", "as", "du", "des", "von",
    "vom", "vor", "zu", "zum", "zur", "di", "da", "das", "do", "dos", "del", "della", "dello", "degli", "dal", "af",
    "av", "bin", "binti", "ibn", "abu", "ould", "oude",
})
_BETWEEN_ONLY = frozenset({"ben", "san", "santa"})  # given names too: a prefix only between given name and surname
_TITLES = frozenset({
    "dhr.", "dhr", "hr.", "mw.", "mw", "mevr.", "mevr", "mevrouw", "meneer", "mej.", "drs.", "drs", "ir.", "ir", "ing.",
    "ing", "dr.", "dr", "mr.", "prof.", "mrs.", "mrs", "ms.", "ms", "bc.", "msc.", "bsc.",
})
# fmt: on


class Name(NamedTuple):
    """A person's name in the three parts in which it is stored."""

    given: str = ""
    prefix: str = ""
    family: str = ""


def split_name(text: str) -> Name:
    """The parts of a full name: 'Bram de Vries', 'Vries, Bram de', 'Vries, de, Bram', 'Jong, A. de', 'Vries de, Bram'.

    Requires: `clean` text. Without a comma the last word is the surname, unless a prefix shows where it begins.
    """
    parts = [part.strip() for part in text.split(",")]
    parts = [part for part in parts if part]
    if len(parts) > 1:
        return _after_comma(parts)
    words = _without_titles((parts or [""])[0].split())
    if len(words) < 2:
        return Name(family=" ".join(words))
    for start in range(1, len(words) - 1):
        if is_prefix(words[start]) or words[start].lower() in _BETWEEN_ONLY:
            end = _prefix_end(words, start)
            return Name(" ".join(words[:start]), " ".join(words[start:end]), " ".join(words[end:]))
    if is_prefix(words[0]):
        return _with_given("", " ".join(words))
    return Name(given=" ".join(words[:-1]), family=words[-1])


def calling_name(given: str) -> str:
    """'Joost' out of 'J. (Joost)': the name people are called by."""
    inside = re.search(r"\(([^()\d]{2,})\)$", given)
    return inside.group(1).strip() if inside else given


def split_surname(text: str) -> tuple[str, str]:
    """(prefix, surname) of 'de Vries', 'Vries, de', 'Vries (de)' or 'Vries'. Requires: `clean` text."""
    text = re.sub(r"\s*\(([^()]*)\)$", r", \1", text)
    name, _comma, after = text.partition(",")
    if after.strip() and all(is_prefix(word) for word in after.split()):
        return " ".join(after.split()), name.strip()
    words = text.split()
    end = _prefix_end(words, 0)
    return " ".join(words[:end]), " ".join(words[end:])


def is_prefix(word: str) -> bool:
    """Is this word one that goes before a surname?"""
    return word.lower() in PREFIXES


def same_person(one: Name, other: Name) -> bool:
    """Can these two be names of one person? Surnames share a word and first letters agree, where both are given."""
    ours, theirs = _words(one.family), _words(other.family)
    if ours and theirs and not ours & theirs and "".join(sorted(ours)) != "".join(sorted(theirs)):
        return False
    initial, other_initial = _plain(one.given)[:1], _plain(other.given)[:1]
    return not (initial and other_initial and initial != other_initial)


def _after_comma(parts: list[str]) -> Name:
    surname, *rest = parts
    if len(rest) > 1 and all(is_prefix(word) for word in rest[0].split()):
        return _with_given(" ".join(_without_titles(" ".join(rest[1:]).split())), surname, prefix=rest[0])
    if len(rest) > 1 and all(is_prefix(word) for word in rest[-1].split()):
        return _with_given(" ".join(_without_titles(" ".join(rest[:-1]).split())), surname, prefix=rest[-1])
    words = _without_titles(" ".join(rest).split())
    start = len(words)
    while start > 0 and is_prefix(words[start - 1]):
        start -= 1
    return _with_given(" ".join(words[:start]), surname, prefix=" ".join(words[start:]))


def _with_given(given: str, surname: str, prefix: str = "") -> Name:
    """Also takes a prefix that stands before ('de Vries') or after ('Vries de') the surname."""
    if prefix:
        return Name(given, prefix, surname)
    prefix, family = split_surname(surname)
    words = family.split()
    while not prefix and len(words) > 1 and is_prefix(words[-1]):
        start = next(i for i in range(len(words)) if all(is_prefix(word) for word in words[i:]))
        start = max(start, 1)
        prefix, words = " ".join(words[start:]), words[:start]
    return Name(given, prefix, " ".join(words))


def _prefix_end(words: list[str], start: int) -> int:
    end = start
    while end < len(words) - 1 and (is_prefix(words[end]) or (words[end].lower() in _BETWEEN_ONLY and end > 0)):
        end += 1
    return end


def _without_titles(words: list[str]) -> list[str]:
    if [word.lower() for word in words[:2]] == ["de", "heer"] and len(words) > 2:
        words = words[2:]
    while len(words) > 1 and words[0].lower() in _TITLES:
        words = words[1:]
    return words


def _words(text: str) -> set[str]:
    return {word for word in re.split(r"[^\w']+", _plain(text)) if word and word not in PREFIXES}


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))

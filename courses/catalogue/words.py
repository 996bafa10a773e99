"""From text to terms: accents and case folded, words brought to their stem; the same for what is kept and asked.

A term is only a key: it need not be a word, as long as all forms of a word give the same one.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import snowballstemmer

from lms.core.texts import folded

DATA = Path(__file__).resolve().parent.parent / "data" / "search"
LONGEST = 40
SPELLED = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
JOINTS = re.compile(r"[-'’]")


def words_of(text: str) -> Iterator[str]:
    """The folded words of a text that say something; of `TIG-lassen` also the parts written as one."""
    for match in SPELLED.finditer(folded(text)):
        parts = JOINTS.split(match.group())
        if len(parts) > 1:
            parts.append("".join(parts))
        yield from (part for part in parts if 1 < len(part) <= LONGEST and part not in stop_words())


def asked_words(text: str) -> list[str]:
    """The folded words of a question, each once, in order. Small words count only where there is nothing else."""
    found: list[str] = []
    for match in SPELLED.finditer(folded(text)):
        parts = JOINTS.split(match.group())
        found += ["".join(parts)] if len(parts) > 1 and stop_words() & set(parts) else parts
    fitting = list(dict.fromkeys(word for word in found if 1 < len(word) <= LONGEST))
    return [word for word in fitting if word not in stop_words()] or fitting


@lru_cache(maxsize=50_000)
def stem(word: str, language: str = "nl") -> str:
    """The key that all forms of a folded word share: cursus and cursussen, veilig and veiligheid, gelast and lassen."""
    if any(letter.isdigit() for letter in word):
        return word
    if language == "nl":
        word = word.replace("y", "ij")  # people write ryden for rijden, and hijgiene for hygiene
    term: str = _stemmer(language).stemWord(word)
    plural = language == "nl" and len(term) > 4 and term.endswith("s") and not term.endswith("ss")
    return term[:-1] if plural else term


def terms_asked(word: str) -> set[str]:
    """Under which keys a word may have been kept: nobody says in which language they ask."""
    return {stem(word, "nl"), stem(word, "en")}


@cache
def stop_words() -> frozenset[str]:
    """Words that say nothing about a module."""
    return frozenset(data_lines("stopwords.txt"))


def data_lines(name: str) -> list[str]:
    """The lines of a data file, folded, without remarks."""
    lines = (line.partition("#")[0].strip() for line in (DATA / name).read_text(encoding="utf-8").splitlines())
    return [folded(line) for line in lines if line]


@cache
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer({"nl": "dutch", "en": "english"}[language])

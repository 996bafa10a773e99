"""By which terms a version is found, and how much it is about each."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import override

from courses.models import ModuleVersion

from .relations import LONGEST_PHRASE, parts_of, stemmed, synonyms
from .words import stem, words_of

# A title outweighs all that says less; a synonym or a part of a compound counts for half of the word itself.
TITLE, TAUGHT, SUMMARY, DESCRIPTION = 32, 8, 4, 2
EVERY_ENTRY = "cursus"


@dataclass
class IndexedText:
    """`weights` by term, and `words`: how each term was written."""

    weights: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    words: set[tuple[str, str]] = field(default_factory=set)

    def add(self, texts: dict[str, str], weight: int) -> None:
        """Count each word of a text once, whatever the language, and half for what names the same."""
        heaviest: dict[str, int] = {}
        for language, text in texts.items():
            words = list(words_of(text)) if isinstance(text, str) else []
            related = [(word, stem(word)) for word in _related(words)]
            said = [(word, stem(word, language)) for word in words]
            heaviest |= {term: max(weight // 2, heaviest.get(term, 0)) for _word, term in related}
            heaviest |= {term: weight for _word, term in said}
            self.words |= {*related, *said}
        for term, counted in heaviest.items():
            self.weights[term] += counted


def indexed_text(version: ModuleVersion) -> IndexedText:
    """Requires: a version with its module, provider and skills at hand."""
    found = IndexedText()
    for weight, texts in _texts_of(version):
        found.add(texts, weight)
    with override("nl"):
        facts = f"{version.get_track_display()} {version.get_purpose_display()} {EVERY_ENTRY}"
    found.add({"nl": facts}, DESCRIPTION)
    codes = f"{version.module.code} {version.crebo} {version.croho}"
    found.add({"nl": f"{version.module.provider.name} {codes}"}, TAUGHT)
    return found


def _texts_of(version: ModuleVersion) -> Iterator[tuple[int, dict[str, str]]]:
    yield TITLE, version.title
    for outcome in version.outcomes:
        if isinstance(outcome, dict):
            yield DESCRIPTION, outcome
    for skill in version.skills.all():
        yield TAUGHT, {"nl": skill.label_nl, "en": skill.label_en}
    yield SUMMARY, version.summary
    yield DESCRIPTION, version.description


def _related(words: Sequence[str]) -> Iterator[str]:
    """Synonyms of the words and phrases, the parts of compounds, and synonyms of those parts."""
    phrases = {tuple(words[at : at + size]) for size in range(1, LONGEST_PHRASE + 1) for at in range(len(words))}
    for word in words:
        parts = parts_of(word)
        yield from parts
        phrases |= {(part,) for part in parts}
    for phrase in phrases:
        for other in synonyms().get(stemmed(phrase), ()):
            yield from other

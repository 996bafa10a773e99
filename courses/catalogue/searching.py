"""What somebody means by the words they typed: forms, compounds, beginnings and, where nothing fits, what they meant.

A search is an ordinary query on `CatalogueTerm`, so both databases give the same modules in the same order.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Max, Q, QuerySet, Value, When
from django.db.models.functions import Length
from rapidfuzz import process
from rapidfuzz.distance import OSA

from courses.models import CatalogueEntry, CatalogueTerm, CatalogueWord

from .relations import parts_of
from .words import asked_words, terms_asked

MOST_WORDS = 8
LONGEST_QUESTION = 200
SHORTEST_BEGINNING = 3
MOST_ENDINGS = 40
CLOSEST = 8
NOTHING: frozenset[str] = frozenset()


@dataclass
class Search:
    """`required`: of each of these at least one term must fit.

    `meant` has the words that were read otherwise by what was typed, `unknown` those that nothing is found by.
    """

    text: str = ""
    required: list[frozenset[str]] = field(default_factory=list)
    meant: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def is_hopeless(self) -> bool:
        """Something was asked that no module can fit."""
        return bool(self.text) and (bool(self.unknown) or not self.required)

    @property
    def read_as(self) -> str:
        """The question as it was answered; empty where it was taken as typed."""
        return " ".join(self.meant.get(word, word) for word in self._words) if self.meant else ""

    @property
    def without_unknown(self) -> str:
        """The question without the words that nothing is found by; empty where that changes or leaves nothing."""
        return " ".join(word for word in self._words if word not in self.unknown) if self.unknown else ""

    def ranked(self, entries: QuerySet[CatalogueEntry]) -> QuerySet[CatalogueEntry]:
        """Those that fit every word, with `score`."""
        if self.is_hopeless:
            return entries.none().annotate(score=Value(0))
        found = entries.filter(terms__term__in=frozenset[str]().union(*self.required))
        score: Any = Value(0)
        for number, terms in enumerate(self.required):
            found = found.annotate(**{f"fit_{number}": _best(terms)}).filter(**{f"fit_{number}__gt": 0})
            score = score + F(f"fit_{number}") if number else F("fit_0")
        return found.annotate(score=score)

    def fits(self) -> Q:
        """The condition on an entry, without the score."""
        if self.is_hopeless:
            return Q(pk__in=[])
        fits = Q()
        for terms in self.required:
            fits &= Q(pk__in=CatalogueTerm.objects.filter(term__in=terms).values("entry"))
        return fits

    @property
    def _words(self) -> list[str]:
        return asked_words(self.text)[:MOST_WORDS]


def understand(text: str) -> Search:
    """What the words ask for: one query, and up to three more for each word that nothing is known by."""
    search = Search(text=text.strip()[:LONGEST_QUESTION])
    words = asked_words(search.text)[:MOST_WORDS]
    known = _known(words)
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        taken = known.get(word, NOTHING) | known.get(before + word, NOTHING) | known.get(word + after, NOTHING)
        parts = parts_of(word) or (() if taken else _halves(word, known))
        if parts and all(part in known for part in parts):
            search.required += [known[part] | taken for part in parts]
        elif taken:
            search.required.append(taken)
        else:
            _guess(search, word, is_last=not after)
    return search


def _best(terms: frozenset[str]) -> Max:
    """How much an entry is about the most fitting of the terms."""
    fitting = When(terms__term__in=terms, then="terms__weight")
    return Max(Case(fitting, default=Value(0), output_field=IntegerField()))


def _known(words: list[str]) -> dict[str, frozenset[str]]:
    """By word, of the words typed and all they could be parts or joints of: the terms that something is found by."""
    candidates = set(words) | {left + right for left, right in pairwise(words)}
    for word in words:
        candidates |= set(parts_of(word)) | {part for halves in _splits(word) for part in halves}
    wanted = {word: terms_asked(word) for word in candidates}
    terms = set().union(*wanted.values()) if wanted else set()
    existing = set(CatalogueWord.objects.filter(term__in=terms).values_list("term", flat=True).distinct())
    return {word: frozenset(forms & existing) for word, forms in wanted.items() if forms & existing}


def _halves(word: str, known: dict[str, frozenset[str]]) -> tuple[str, ...]:
    """`excelcursus` is excel and cursus, where both are known."""
    return next((halves for halves in _splits(word) if all(part in known for part in halves)), ())


def _splits(word: str) -> list[tuple[str, str]]:
    return [(word[:cut], word[cut:]) for cut in range(len(word) - SHORTEST_BEGINNING, SHORTEST_BEGINNING - 1, -1)]


def _guess(search: Search, word: str, *, is_last: bool) -> None:
    """The last word may be unfinished; else the closest known word is meant; else nothing fits."""
    if is_last and len(word) >= SHORTEST_BEGINNING:
        begun = CatalogueWord.objects.filter(text__startswith=word).order_by("text").values_list("term", flat=True)
        if endings := frozenset(begun[:MOST_ENDINGS]):
            search.required.append(endings)
            return
    if closest := _closest(word):
        search.meant[word] = closest
        search.required.append(frozenset(terms_asked(closest)))
    else:
        search.unknown.append(word)


def _closest(word: str) -> str:
    """The known word that is a few letters away, the most used first; empty where there is none."""
    mistakes = (len(word) >= 4) + (len(word) >= 6) + (len(word) >= 11)
    if not mistakes:
        return ""
    shortest, longest = len(word) - mistakes, len(word) + mistakes
    nearby = CatalogueWord.objects.annotate(length=Length("text")).filter(length__gte=shortest, length__lte=longest)
    terms = dict(nearby.order_by("text", "term").values_list("text", "term"))
    close = process.extract(word, sorted(terms), scorer=OSA.distance, score_cutoff=mistakes, limit=CLOSEST)
    used = dict(
        CatalogueTerm.objects.filter(term__in={terms[text] for text, _distance, _at in close})
        .values_list("term")
        .annotate(Count("id"))
    )
    ranked = [
        (distance, text[0] != word[0], -used[terms[text]], text) for text, distance, _at in close if terms[text] in used
    ]
    return min(ranked)[-1] if ranked else ""

"""What a story says, made ready to be compared."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from operator import mul
from typing import NamedTuple

from tracker.stories.actions import lexicon
from tracker.stories.weights import Rarity, TermWeights
from tracker.stories.words import stem

WEAK = 3.0
"""Information (nats) below which a word in common may be chance."""
_NOTHING: frozenset[str] = frozenset()


class Summary(NamedTuple):
    """What the openings of a story's articles say."""

    words: Mapping[str, float]
    length: float
    """Of the words as a vector."""
    whole: float
    """The same with those of the titles."""


class Shape:
    """What a story says, made ready to be compared.

    Args:
        counts: term to number of articles with it (`tracker.stories.terms`).
        size: number of articles.
    """

    __slots__ = (
        "_has_summary",
        "_summary",
        "_summary_terms",
        "_told",
        "actions",
        "dates",
        "has_text",
        "heads",
        "labels",
        "languages",
        "names",
        "numbers",
        "opposites",
        "own",
        "parts",
        "phrases",
        "share",
        "size",
        "source",
        "subjects",
        "tags",
        "total",
        "vector",
        "words",
    )

    def __init__(self, counts: Mapping[str, int], size: int, weights: TermWeights) -> None:
        self.size = size
        words: list[str] = []
        numbers: list[str] = []
        kinds: dict[str, list[str]] = {}
        for term in counts:
            kind = term[0]
            if kind == "w":
                words.append(term)
            elif kind == "n":
                words.append(term)
                numbers.append(term)
            elif kind in kinds:
                kinds[kind].append(term)
            else:
                kinds[kind] = [term]
        self.source = next((feed for feed in kinds.get("f", ()) if 2 * counts[feed] > size), None)
        rarity = weights.within(self.source)
        rare = rarity.of_each(words)
        # Most stories are one article: shares are not computed where all are 1.
        self._told = rare if size == 1 else [counts[term] / size * one for term, one in zip(words, rare, strict=True)]
        self.share = counts if size == 1 else {term: count / size for term, count in counts.items()}
        values = list(map(mul, self._told, rare))
        length = math.sqrt(sum(map(mul, values, values))) or 1.0
        self.vector = dict(zip(words, [value / length for value in values], strict=True))
        self.parts = dict(zip(words, map(math.sqrt, self._told), strict=True))
        self.total = sum(map(math.sqrt, values)) or 1.0
        self.words = self.vector.keys()
        names: Sequence[str] = kinds.get("e", ())
        self.own: AbstractSet[str] = _NOTHING
        if tags := kinds.get("g"):
            self.own = _own_words(tags[0]) if len(tags) == 1 else _NOTHING.union(*map(_own_words, tags))
            names = [name for name in names if f"w:{name[2:]}" not in self.own]
        self.names = self._weighed(names, rarity)
        self.tags = self._weighed(tags, rarity)
        self.numbers: AbstractSet[str] = set(filter(is_telling, numbers)) if numbers else _NOTHING
        self.labels = _labels(kinds.get("l"))
        self.phrases = [[f"w:{part}" for part in phrase[2:].split("+")] for phrase in kinds.get("c", ())]
        self.dates, self.actions, self.languages, self.heads = map(_as_set, map(kinds.get, "dazh"))
        self.subjects = frozenset([part for name in kinds.get("b", ()) for part in name[2:].split("+")])
        self.opposites = _opposites(self.actions, counts, size)
        self.has_text = "s" in kinds
        self._summary_terms = (kinds.get("s", ()), rarity)
        self._summary: Summary | None = None
        self._has_summary: bool | None = None

    def _weighed(self, terms: Sequence[str] | None, rarity: Rarity) -> dict[str, float]:
        if not terms:
            return {}
        rare = rarity.of_each(terms)
        if self.size > 1:
            rare = [math.sqrt(self.share[term]) * one for term, one in zip(terms, rare, strict=True)]
        return dict(zip(terms, rare, strict=True))

    @property
    def has_summary(self) -> bool:
        """True where an opening has a telling word."""
        if self._has_summary is None:
            terms, rarity = self._summary_terms
            self._has_summary = any(rarity[word] >= WEAK for term in terms for word in _summary_words(term))
        return self._has_summary

    @property
    def summary(self) -> Summary:
        """What its articles' openings say; made when first asked for, as titles alone rule out most pairs."""
        if self._summary is None:
            self._summary = self._read_summary(*self._summary_terms)
        return self._summary

    def _read_summary(self, terms: Iterable[str], rarity: Rarity) -> Summary:
        words: dict[str, float] = {}
        for term in terms:
            keys, share = _summary_words(term), self.share[term]
            for key, rare in zip(keys, rarity.of_each(keys), strict=True):
                if rare >= WEAK:
                    words[key] = words.get(key, 0.0) + share * rare
        length = sum(map(mul, words.values(), words.values()))
        return Summary(words, math.sqrt(length), math.sqrt(length + sum(map(mul, self._told, self._told))))


def _summary_words(term: str) -> list[str]:
    """Return the words of a summary as they are in titles."""
    return ("w:" + term[2:].replace("+", "+w:")).split("+")


def _as_set(terms: Sequence[str] | None) -> AbstractSet[str]:
    return set(terms) if terms else _NOTHING


@lru_cache(maxsize=4_096)
def _own_words(tag: str) -> frozenset[str]:
    """Return the words of a tag as they are in titles."""
    return frozenset([f"w:{stem(part)}" for part in tag[2:].split("-")])


def _opposites(actions: AbstractSet[str], counts: Mapping[str, int], size: int) -> AbstractSet[str]:
    """Return the opposites of what at least half of the articles report."""
    if not actions:
        return _NOTHING
    known = lexicon().opposites
    return {f"a:{known[term[2:]]}" for term in actions if term[2:] in known and 2 * counts[term] >= size}


def _labels(terms: Sequence[str] | None) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for term in terms or ():
        label, _, number = term.partition("=")
        found.setdefault(label, set()).add(number)
    return found


def is_telling(number: str) -> bool:
    """True for a number that two reports share only of one event: an amount, or of three digits and more.

    Of percentages those of two digits that count: 10% and 2% are in the news each day.
    """
    if number[-1] == "%":
        return len(number[2:-1].replace(".", "").strip("0")) >= 2
    return "e" in number or (len(number) >= 5 and number[2] != "y")

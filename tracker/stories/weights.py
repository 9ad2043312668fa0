"""Term weights: common words weigh little, words rarely used last month weigh much."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache, lru_cache
from importlib.resources import files

from msgspec import Struct

RAREST = 10.0
_NUMBER = {1: 1.5, 2: 2.5, 3: 5.0}
_LONG_NUMBER = 6.0
_YEAR = 1.5
_DATE = 1.5
_ACTION = 2.5
_PAIR_OF_CHARACTERS = 3.5
"""Character pairs of scripts without spaces overlap: three or four make a word."""
_WARM = 2_000
"""With at least this many titles, learned counts replace the shipped ones."""
_MOULD = 2.3
"""Information (nats) of a word that one in ten articles of its source has: a part of its mould, whatever it says."""
_PRIOR = 20
"""Articles that what is usual everywhere counts for beside those of one source."""


class WordCounts(Struct, frozen=True):
    """How many headlines have each word."""

    counts: Mapping[str, int]
    names: frozenset[str]
    """Words that are written with a capital wherever they stand."""
    titles: int


class SourceWords(Struct, frozen=True):
    """What a source writes: the number of its latest articles, and how many of them have each word or number."""

    articles: int
    counts: Mapping[str, int]


def source_words(articles: Iterable[Iterable[str]]) -> dict[str, SourceWords]:
    """Return what each source writes in titles and openings, by its term.

    Args:
        articles: the terms of each article (`tracker.stories.terms`), with its source as `f:`.
    """
    sizes: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = {}
    for terms in articles:
        source = ""
        told: list[str] = []
        for term in terms:
            kind = term[0]
            if kind in "wn":
                told.append(term)
            elif kind == "s":
                told += [f"w:{word}" for word in term[2:].split("+")]
            elif kind == "f":
                source = term
        if source:
            sizes[source] += 1
            counts.setdefault(source, Counter()).update(told)
    return {source: SourceWords(sizes[source], found) for source, found in counts.items()}


class Rarity(dict[str, float]):
    """Term to its information in nats; what is missing is computed once and then as soon found as in a dictionary."""

    def __init__(self, find: Callable[[str], float]) -> None:
        super().__init__()
        self._find = find

    def of_each(self, terms: Sequence[str]) -> list[float]:
        """Return the information of each of these terms."""
        return list(map(self.__getitem__, terms))

    def __missing__(self, term: str) -> float:
        value = self[term] = self._find(term)
        return value


class _Lowered(Rarity):
    """What tells less than usual; of all else the usual, which is looked up and not kept."""

    def __init__(self, usual: Rarity, lowered: Iterable[tuple[str, float]]) -> None:
        super().__init__(usual.__getitem__)
        self.update(lowered)
        self._usual = usual

    def __missing__(self, term: str) -> float:
        return self._usual[term]

    def of_each(self, terms: Sequence[str]) -> list[float]:
        """Return the information of each of these terms, without a call for each that tells as much as usual."""
        if self.keys().isdisjoint(terms):
            return self._usual.of_each(terms)
        usual = self._usual
        return [self[term] if term in self else usual[term] for term in terms]


class TermWeights:
    """Term weights computed from headline frequencies: the shipped counts and those learned from the archive.

    Learned counts come from articles at least days old, so a word that is common only today keeps its weight.

    Args:
        learned: word to number of stored titles with it.
        learned_titles: number of titles counted.
        sources: what each source writes, by its term.
    """

    def __init__(
        self,
        learned: Mapping[str, int] | None = None,
        learned_titles: int = 0,
        sources: Mapping[str, SourceWords] | None = None,
    ) -> None:
        self._known = word_counts()
        self._learned = learned or {}
        self._learned_titles = learned_titles
        self.rarity = Rarity(self._find)
        """Term to its information in nats, 0 to 10: minus the logarithm of the share of titles with it."""
        self._sources = dict(sources or {})
        self._within: dict[str, Rarity] = {}

    def with_sources(self, sources: Mapping[str, SourceWords]) -> TermWeights:
        """Return the same weights for articles of these sources."""
        weights = TermWeights(self._learned, self._learned_titles, sources)
        weights.rarity = self.rarity
        return weights

    @property
    def sources(self) -> Set[str]:
        """The sources of which it is known what they write."""
        return self._sources.keys()

    def add_sources(self, sources: Mapping[str, SourceWords]) -> None:
        """Add what more sources write."""
        self._sources.update(sources)

    def within(self, source: str | None) -> Rarity:
        """Return the information of terms in an article of a source: what it writes all the time tells less.

        The article itself is one of those counted, so one is left out.
        """
        if source is None or (words := self._sources.get(source)) is None:
            return self.rarity
        if (known := self._within.get(source)) is None:
            known = self._within[source] = _Lowered(self.rarity, self._mould(words))
        return known

    def _mould(self, words: SourceWords) -> Iterator[tuple[str, float]]:
        """Yield the terms that a source has so often that they tell less, each with its information there."""
        total = words.articles + _PRIOR
        # In at most that many no term tells less, whatever it tells elsewhere: most are not looked up.
        too_few = 1 + math.floor(math.exp(-_MOULD) * words.articles)
        for term, count in words.counts.items():
            if count <= too_few:
                continue
            usual = self.rarity[term]
            rare = -math.log((count - 1 + _PRIOR * math.exp(-usual)) / total)
            if rare < min(_MOULD, usual):
                yield term, rare
                if term[0] == "w":
                    yield f"e:{term[2:]}", rare

    def _find(self, term: str) -> float:
        kind, value = term[0], term[2:]
        if kind in "we":
            return self.of_word(value)
        if kind == "g":
            return min(self.of_word(part) for part in [value.split("-")[0]])
        if kind == "n":
            if value[0] == "y":
                return _YEAR
            digits = value.partition("e")[0].replace(".", "").rstrip("%").strip("0")
            return min(
                _LONG_NUMBER,
                _NUMBER.get(max(1, len(digits)), _LONG_NUMBER) + (2.0 if value[-1] == "%" or "e" in value else 0),
            )
        return {"d": _DATE, "a": _ACTION, "l": 3.0}.get(kind, 0.0)

    def of_word(self, value: str) -> float:
        """Return the information (nats) of a word; looked up each time, not kept in `rarity`."""
        known = self._known
        often = max(
            (known.counts.get(value, 0) + 1) / (known.titles + 1),
            self._learned.get(value, 0) / (self._learned_titles + _WARM),
        )
        rarity = min(RAREST, -math.log(often))
        if not value.isascii() and len(value) <= 2:
            return min(rarity, _PAIR_OF_CHARACTERS)
        return rarity


@cache
def _shipped() -> TermWeights:
    return TermWeights()


@lru_cache(maxsize=32_768)
def shipped_rarity(stem: str) -> float:
    """Return the information (nats) of a word by the shipped counts alone: the same in every archive."""
    return _shipped().of_word(stem)


def is_ordinary(stem: str) -> bool:
    """True for a word that headlines also write without a capital."""
    known = word_counts()
    return stem in known.counts and stem not in known.names


@cache
def word_counts() -> WordCounts:
    """Return the shipped counts, in bands of half a power of two: `words.txt` beside this file."""
    counts: dict[str, int] = {}
    names: set[str] = set()
    titles = 0
    for line in files("tracker.stories").joinpath("words.txt").read_text(encoding="utf-8").splitlines():
        head, _, listed = line.partition(" ")
        if head == "titles":
            titles = int(listed)
        elif head.lstrip("+").isdigit():
            words = listed.split()
            counts.update(dict.fromkeys(words, int(head.lstrip("+"))))
            if head.startswith("+"):
                names.update(words)
    return WordCounts(counts, frozenset(names), titles)

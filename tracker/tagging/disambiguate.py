"""Whether a name that is also a word means the company: a logistic regression over hashed features; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from math import log, log1p
from operator import mul
from typing import Generic, NamedTuple, TypeVar
from zlib import crc32

from tracker.model.remembered import Remembered
from tracker.tagging.wording import first_words, last_words, norm, shape, style

K = TypeVar("K")
T = TypeVar("T")

SIZE = 1 << 17
"""Number of weights; features are hashed into them."""
FINE = 8
"""Each class of words has this many groups, one after the other in `words.txt`."""
SCALE = 32.0
"""Weights are stored as whole numbers, this many for a log-odds of 1."""
_HEXADECIMAL = re.compile(r"[A-F]{1,2}")
_PLACE_BITS = 30
"""Bits in which the places of all features of a name can be added."""
_WINDOW = 110
_REMEMBERED = 1 << 13
"""Words and the like whose features are kept: of 100,000 words of a day's news, all but 3,000 were there before."""
_START = 5
_PHRASE_ODDS = -6.0
"""Added to a name after a word that makes an ordinary phrase with it, as "price" does with "Target"."""
_TEXT_WEIGHTS = (-0.5, 0.12, -0.52, 0.59, 0.4, 1.2, -0.44)
"""Of `text_features`, as `tests.bench.fit_texts` learns them; the first takes 0.45 more, to keep as many right tags as
a requirement for the log-odds alone kept."""
_ENDINGS = ("ings", "ing", "ers", "ed", "es", "er", "s")


def features(text: str, start: int, end: int, traits: str, others: int, groups: Mapping[str, int]) -> list[str]:
    """Return the features of the name at `text[start:end]`.

    Args:
        text: a title or a summary, as `plain` returns it.
        start: of the name.
        end: of the name.
        traits: of the name, from the table.
        others: how many other companies the title names for sure.
        groups: the number of the group that each known word belongs to.
    """
    parts: _Parts[str] = _Parts(groups, tuple, _of_pairs)
    return list(chain.from_iterable(parts.of(text, start, end, traits, others)))


class _Own(NamedTuple, Generic[T]):
    """Features that depend on what the name is when it is no company, by what they are made of."""

    name: Remembered[tuple[str, str, int, str, str], tuple[T, ...]]
    left: Remembered[str, tuple[T, ...]]
    right: Remembered[str, tuple[T, ...]]
    owned: Remembered[tuple[str, str], tuple[T, ...]]
    lefts: Remembered[str, tuple[T, ...]]
    rights: Remembered[str, tuple[T, ...]]


class _Parts(Generic[T]):
    """The features of names, or what `numbers` makes of them, which is remembered."""

    def __init__(
        self,
        groups: Mapping[str, int],
        numbers: Callable[[Iterable[str]], tuple[T, ...]],
        of_pairs: Callable[[str, str, str, str], tuple[T, ...]],
    ) -> None:
        self._groups = groups
        self._numbers = numbers
        self._of_pairs = of_pairs
        self._own: dict[str, _Own[T]] = {}
        self._by_hint: dict[str, tuple[Remembered[str, tuple[T, ...]], Remembered[str, tuple[T, ...]]]] = {}
        self._by_sense: dict[str, tuple[Remembered[str, tuple[T, ...]], Remembered[str, tuple[T, ...]]]] = {}
        self._left_2: Remembered[str, tuple[T, ...]] = self._remember(lambda token: (f"v:{norm(token)}",))
        self._right_2: Remembered[str, tuple[T, ...]] = self._remember(
            lambda token: (f"w:{norm(token)}", f"gw:{self._class(norm(token))}")
        )
        self._sides: Remembered[tuple[str, str], tuple[T, ...]] = self._remember(
            lambda sides: (f"gx:{self._class(norm(sides[0]))} {self._class(norm(sides[1]))}",)
        )
        self._edges: Remembered[str, tuple[T, ...]] = self._remember(lambda edges: (f"glue:{edges}",))

    def of(self, text: str, start: int, end: int, traits: str, others: int) -> list[tuple[T, ...]]:
        """Return the features of a name in parts; the arguments are those of `features`."""
        before, after = text[max(0, start - _WINDOW) : start], text[end : end + _WINDOW]
        befores, afters = before.split(), after.split()
        left, right = last_words(befores, 8), first_words(afters, 9)
        left_2, left_1 = (["^", "^", *left])[-2:]
        right_1, right_2 = ([*right, "$", "$"])[:2]
        name = text[start:end]
        look = style(befores, afters, name)
        left_shape = shape(before.rstrip()[-24:].rpartition(" ")[2])
        right_shape = shape(after.lstrip()[:24].partition(" ")[0])
        is_capital = "c" if name.isupper() else str(name[:1].isupper())
        own = self._own.get(traits) or self._make_own(traits)
        found = [
            own.name[look, is_capital, min(others, 2), left_shape, right_shape],
            own.left[left_1],
            own.right[right_1],
            self._left_2[left_2],
            self._right_2[right_2],
            self._of_pairs(left_2, left_1, right_1, right_2),
            self._sides[left_1, right_1],
            self._edges[before[-1:].strip() + after[:1].strip()],
        ]
        if right_1 == "'s":  # what somebody or something has says more than the 's
            found.append(own.owned[left_1, right_2])
        found += map(own.lefts.__getitem__, left)
        found += map(own.rights.__getitem__, right)
        return found

    def _make_own(self, traits: str) -> _Own[T]:
        hint, sense = traits[:2], kind(traits)
        if (by_hint := self._by_hint.get(hint + sense)) is None:
            by_hint = self._by_hint[hint + sense] = (
                self._remember(lambda token: self._of_left(norm(token), hint, sense)),
                self._remember(lambda token: self._of_right(norm(token), hint, sense)),
            )
        if (by_sense := self._by_sense.get(sense)) is None:
            by_sense = self._by_sense[sense] = (
                self._remember(lambda token: self._of_word(norm(token), "L", sense)),
                self._remember(lambda token: self._of_word(norm(token), "R", sense)),
            )
        found = self._own[traits] = _Own(
            self._remember(lambda key: _of_name(traits, *key)),
            *by_hint,
            self._remember(lambda key: self._of_owned(norm(key[0]), norm(key[1]), sense)),
            *by_sense,
        )
        return found

    def _remember(self, features: Callable[[K], Iterable[str]]) -> Remembered[K, tuple[T, ...]]:
        return Remembered(lambda key: self._numbers(features(key)), _REMEMBERED)

    def _class(self, word: str) -> int:
        return self._groups.get(word, -1) // FINE

    def _of_left(self, word: str, hint: str, sense: str) -> tuple[str, ...]:
        word_class = self._class(word)
        return (
            f"l:{word}",
            f"hl:{hint}{word}",
            f"tl:{sense}{word}",
            f"fl:{self._groups.get(word, -1)}",
            f"gl:{word_class}",
            f"gk:{sense}{word_class}",
        )

    def _of_right(self, word: str, hint: str, sense: str) -> tuple[str, ...]:
        word_class, stem = self._class(word), _stem(word)
        return (
            f"r:{word}",
            f"hr:{hint}{word}",
            f"tr:{sense}{word}",
            f"fr:{self._groups.get(word, -1)}",
            f"gr:{word_class}",
            f"gt:{sense}{word_class}",
            *(() if stem == word else (f"r:{stem}",)),
        )

    def _of_owned(self, left: str, word: str, sense: str) -> tuple[str, ...]:
        group, word_class = self._groups.get(word, -1), self._class(word)
        return (
            f"pw:{word}",
            f"pf:{group}",
            f"pg:{word_class}",
            f"pl:{self._class(left)} {word_class}",
            f"ps:{sense}{word_class}",
        )

    def _of_word(self, word: str, side: str, sense: str) -> tuple[str, ...]:
        stem = _stem(word)
        found = [f"b:{word}"] if stem == word else [f"b:{word}", f"b:{stem}"]
        if len(word) > _START and word.isalpha():
            # The start of a long word tells of its inflections and compounds, in languages whose endings `_stem` does
            # not know.
            found.append(f"p:{word[:_START]}")
        if (group := self._groups.get(word)) is not None:
            word_class = group // FINE
            found += (f"f:{group}", f"g:{word_class}", f"gs:{sense}{word_class}", f"{side}:{word_class}")
        return tuple(found)


def _of_pairs(left_2: str, left_1: str, right_1: str, right_2: str) -> tuple[str, ...]:
    left_2, left_1, right_1, right_2 = map(norm, (left_2, left_1, right_1, right_2))
    return f"k:{left_2} {left_1}", f"q:{right_1} {right_2}", f"x:{left_1} {right_1}"


class _PairNumbers:
    """What `weighted` returns for `_of_pairs`: most pairs are new, so the sums of their first words are remembered."""

    def __init__(self, weights: memoryview[int]) -> None:
        self._weights = weights
        self._word: Remembered[str, bytes] = Remembered(lambda token: _encoded(norm(token)), _REMEMBERED)
        self._before, self._after, self._around = (self._of_first(kind) for kind in "kqx")

    def _of_first(self, kind: str) -> Remembered[str, int]:
        return Remembered(lambda token: crc32(_encoded(f"{kind}:{norm(token)} ")), _REMEMBERED)

    def __call__(self, left_2: str, left_1: str, right_1: str, right_2: str) -> tuple[int, ...]:
        word, weights = self._word, self._weights
        places = (
            crc32(word[left_1], self._before[left_2]) & (SIZE - 1),
            crc32(word[right_2], self._after[right_1]) & (SIZE - 1),
            crc32(word[right_1], self._around[left_1]) & (SIZE - 1),
        )
        return tuple([(weights[place] << _PLACE_BITS) + place for place in places if weights[place]])


def _of_name(traits: str, look: str, is_capital: str, others: int, left: str, right: str) -> tuple[str, ...]:
    hint, sense = traits[:2], kind(traits)
    return (
        "1",
        f"st:{look}{sense}",
        f"stc:{look}{is_capital}{sense}",
        f"o:{others}",
        f"h:{hint}",
        f"hs:{hint}{look}",
        *(f"n:{trait}" for trait in traits.split(" ")),
        f"sl:{look}{left}",
        f"sr:{look}{right}",
        f"tb:{sense}{right}{look}",
    )


def _encoded(feature: str) -> bytes:
    return feature.encode("utf-8", "replace")


def kind(traits: str) -> str:
    """Return what the name is when it is no company: c acronym, d word, g place, s person, or - for none of them."""
    return next((letter for letter in "cdgsf" if f" {letter}" in traits), "-").replace("f", "s")


def _stem(token: str) -> str:
    if len(token) > 4 and token[-1] in "sgdr":
        for ending in _ENDINGS:
            if token.endswith(ending) and len(token) - len(ending) >= 3:
                return token[: -len(ending)] + "~"
    return token


def buckets(found: Iterable[str]) -> Iterator[int]:
    """Yield the number of the weight of each feature."""
    for feature in found:
        yield crc32(_encoded(feature)) & (SIZE - 1)


def cashtag_traits(symbol: str) -> str:
    """Return the traits of a cashtag in a text for the model: "$PATH" may be a variable, and "$DE" a number."""
    return "h0 z0 c t3" if _HEXADECIMAL.fullmatch(symbol) else "h3 z0 c t3"


def required(traits: str, is_watched: bool, is_title: bool) -> float:
    """Return the log-odds that a name needs: more as an abbreviation; in a text, `is_likely_in_text` asks for more."""
    is_acronym = " c" in traits
    if is_watched:
        return 1.0 if is_acronym and not is_title else 0.0
    return 0.5 if is_acronym and not traits.startswith("h3") else 0.0


class Article(NamedTuple):
    """What of an article speaks for or against an ambiguous name in its text."""

    words: int
    """In its text: the longer it is, the more words are in it by chance."""
    companies: int
    """That it names for sure."""


def is_likely_in_text(odds: float, traits: str, titles: int, article: Article) -> bool:
    """Return True when an ambiguous name in a text, which is only named by the way, is more likely the company.

    A text of nothing but cooking has few companies, and a company that is never in the news is rarely one of them. The
    weights are a logistic regression over tags that were read (`python -m tests.bench.fit_texts`).

    Args:
        odds: the model's log-odds, with what else is known of the name.
        traits: of the name, from the table.
        titles: how many of the titles to learn from are about the company (`training.news`).
        article: that has the text.
    """
    likely: float = sum(map(mul, text_features(odds, traits, titles, article), _TEXT_WEIGHTS))
    return likely > 0.0


def text_features(odds: float, traits: str, titles: int, article: Article) -> tuple[float, ...]:
    """Return what `is_likely_in_text` goes by, as numbers; the arguments are the same."""
    return (
        1.0,
        odds,
        float(" c" in traits),
        float(traits[-1]),
        log1p(titles),
        log1p(article.companies),
        log(article.words + 5),
    )


def weighted(
    weights: memoryview[int], buckets: Callable[[Iterable[str]], Iterable[int]], found: Iterable[str]
) -> tuple[int, ...]:
    """Return a number for each feature that has a weight, in its lower bits the place of the weight.

    Half of the weights are 0, and one sum adds the others.
    """
    return tuple([(weights[bucket] << _PLACE_BITS) + bucket for bucket in buckets(found) if weights[bucket]])


def total(parts: Iterable[tuple[int, ...]]) -> int:
    """Return the sum of the weights, each counted once.

    Args:
        parts: as `weighted` returns them.
    """
    return sum(set[int]().union(*parts)) >> _PLACE_BITS


class Usage(NamedTuple):
    """How sentences write an ambiguous name."""

    odds: float
    """Log-odds of a capital, at most 0."""
    after: frozenset[str]
    """Words after which it has none: "price" for "Target"."""


def usage_odds(text: str, start: int, end: int, usage: Usage, is_watched: bool) -> float:
    """Return what is added to the log-odds where Each Word Has a Capital, which then says nothing.

    Args:
        text: a title or a summary, as `plain` returns it.
        start: of the name.
        end: of the name.
        usage: of the name in sentences.
        is_watched: the user watches the share: only the word before counts.
    """
    before = text[max(0, start - _WINDOW) : start]
    if style(before.split(), text[end : end + _WINDOW].split(), text[start:end]) not in ("T", "U"):
        return 0.0
    if before[-1:] == " " and before.rstrip().rpartition(" ")[2].lower() in usage.after:
        return _PHRASE_ODDS
    return 0.0 if is_watched else usage.odds


class Model:
    """The trained weights; about 20 us for each name that is asked for."""

    def __init__(self, weights: bytes, groups: Mapping[str, int]) -> None:
        """Take the weights as `train` writes them, a signed byte each, and the groups of words."""
        if len(weights) != SIZE:
            raise ValueError(f"{SIZE} weights are needed, not {len(weights)}")
        signed = memoryview(weights).cast("b")
        self._parts = _Parts(groups, partial(weighted, signed, buckets), _PairNumbers(signed))

    def log_odds(self, text: str, start: int, end: int, traits: str, others: int = 0) -> float:
        """Return the log-odds that `text[start:end]` means the company."""
        return total(self._parts.of(text, start, end, traits, others)) / SCALE

"""Whether a name that is also a word means the company: a logistic regression over hashed features; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import Generic, NamedTuple, TypeVar
from zlib import crc32

from tracker.model.remembered import Remembered

K = TypeVar("K")
T = TypeVar("T")

SIZE = 1 << 17
"""Number of weights; features are hashed into them."""
FINE = 8
"""Each class of words has this many groups, one after the other in `words.txt`."""
SCALE = 32.0
"""Weights are stored as whole numbers, this many for a log-odds of 1."""
_TOKEN = re.compile(r"'s\b|[^\W_]+(?:[.&'][^\W_]+)*|[^\w\s]")
_ASCII_TOKEN = re.compile(r"'s\b|[a-z0-9]+(?:[.&'][a-z0-9]+)*|[^\w\s]")
_LONG_WORDS = re.compile(r"[^\W\d_]{4,}")
_ASCII_LONG_WORDS = re.compile(r"[A-Za-z]{4,}")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_NUMBER = re.compile(r"\d")
_HEXADECIMAL = re.compile(r"[A-F]{1,2}")
_WINDOW = 110
_REMEMBERED = 1 << 12
"""Words and the like whose features are kept: of 100,000 words of a day's news, all but 3,000 were there before."""
_START = 5
_PHRASE_ODDS = -6.0
"""Added to a name after a word that makes an ordinary phrase with it, as "price" does with "Target"."""
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
    return list(chain.from_iterable(_Parts(groups, tuple).of(text, start, end, traits, others)))


class _Own(NamedTuple, Generic[T]):
    """Features that depend on what the name is when it is no company, by what they are made of."""

    name: Remembered[tuple[str, str, int], tuple[T, ...]]
    left: Remembered[str, tuple[T, ...]]
    right: Remembered[str, tuple[T, ...]]
    owned: Remembered[tuple[str, str], tuple[T, ...]]
    shapes: Remembered[tuple[str, str, str], tuple[T, ...]]
    lefts: Remembered[str, tuple[T, ...]]
    rights: Remembered[str, tuple[T, ...]]


class _Parts(Generic[T]):
    """The features of names, or what `numbers` makes of them, which is remembered."""

    def __init__(self, groups: Mapping[str, int], numbers: Callable[[Iterable[str]], tuple[T, ...]]) -> None:
        self._groups = groups
        self._numbers = numbers
        self._own: dict[str, _Own[T]] = {}
        self._by_hint: dict[str, tuple[Remembered[str, tuple[T, ...]], Remembered[str, tuple[T, ...]]]] = {}
        self._by_sense: dict[str, tuple[Remembered[str, tuple[T, ...]], Remembered[str, tuple[T, ...]]]] = {}
        self._left_2: Remembered[str, tuple[T, ...]] = self._remember(lambda token: (f"v:{norm(token)}",))
        self._right_2: Remembered[str, tuple[T, ...]] = self._remember(
            lambda token: (f"w:{norm(token)}", f"gw:{self._class(norm(token))}")
        )
        self._edges: Remembered[str, tuple[T, ...]] = self._remember(lambda edges: (f"glue:{edges}",))

    def of(self, text: str, start: int, end: int, traits: str, others: int) -> list[tuple[T, ...]]:
        """Return the features of a name in parts; the arguments are those of `features`."""
        before, after = text[max(0, start - _WINDOW) : start], text[end : end + _WINDOW]
        left = words_and_marks(before.lower())[-8:]
        right = words_and_marks(after.lower())[:9]
        left_2, left_1 = (["^", "^", *left])[-2:]
        right_1, right_2 = ([*right, "$", "$"])[:2]
        name = text[start:end]
        look = style(before, after, name)
        left_shape = shape(before.rstrip()[-24:].rpartition(" ")[2])
        right_shape = shape(after.lstrip()[:24].partition(" ")[0])
        is_capital = "c" if name.isupper() else str(name[:1].isupper())
        own = self._own.get(traits) or self._make_own(traits)
        found = [
            own.name[look, is_capital, min(others, 2)],
            own.left[left_1],
            own.right[right_1],
            self._left_2[left_2],
            self._right_2[right_2],
            self._numbers(self._of_pairs(*map(norm, (left_2, left_1, right_1, right_2)))),
            own.shapes[look, left_shape, right_shape],
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
            self._remember(lambda key: _of_shapes(*key, sense)),
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

    def _of_pairs(self, left_2: str, left_1: str, right_1: str, right_2: str) -> tuple[str, ...]:
        return (
            f"k:{left_2} {left_1}",
            f"q:{right_1} {right_2}",
            f"x:{left_1} {right_1}",
            f"gx:{self._class(left_1)} {self._class(right_1)}",
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


def _of_name(traits: str, look: str, is_capital: str, others: int) -> tuple[str, ...]:
    hint, sense = traits[:2], kind(traits)
    return (
        "1",
        f"st:{look}{sense}",
        f"stc:{look}{is_capital}{sense}",
        f"o:{others}",
        f"h:{hint}",
        f"hs:{hint}{look}",
        *(f"n:{trait}" for trait in traits.split(" ")),
    )


def _of_shapes(look: str, left: str, right: str, sense: str) -> tuple[str, ...]:
    return f"sl:{look}{left}", f"sr:{look}{right}", f"tb:{sense}{right}{look}"


def words_and_marks(text: str) -> list[str]:
    """Return the words and marks of a text in lower case."""
    # A set of plain letters is searched twice as fast as what Unicode calls a letter.
    return (_ASCII_TOKEN if text.isascii() else _TOKEN).findall(text)


def kind(traits: str) -> str:
    """Return what the name is when it is no company: c acronym, d word, g place, s person, or - for none of them."""
    return next((letter for letter in "cdgsf" if f" {letter}" in traits), "-").replace("f", "s")


def norm(token: str) -> str:
    """Return a lower-case token, digits replaced by 0: "q0", and by 2000 for a year."""
    if token.isalpha():  # most are, and this is three times as fast as a search
        return token
    if _NUMBER.search(token):
        if token.isdigit():
            return "2000" if len(token) == 4 and token[:2] in ("19", "20") else "0" * min(len(token), 3)
        return _NUMBER.sub("0", token)[:4]
    return token


def _stem(token: str) -> str:
    if len(token) > 4 and token[-1] in "sgdr":
        for ending in _ENDINGS:
            if token.endswith(ending) and len(token) - len(ending) >= 3:
                return token[: -len(ending)] + "~"
    return token


def shape(token: str) -> str:
    """Return 0 for nothing, 9 for a number, A for CAPITALS, Aa or a by the first letter, or what it begins with."""
    if not token:
        return "0"
    if token[0].isdigit():
        return "9"
    if not token[0].isalpha():
        return token[0]
    if token.isupper() and len(token) > 1:
        return "A"
    return "a" if token[0].islower() else "Aa"


@lru_cache(maxsize=16)  # the model asks first, then the table of how sentences write the name
def style(before: str, after: str, name: str) -> str:
    """Return T for a Title In Capitals, S for a sentence, L for all lower case, U for ALL CAPS, 0 for too little."""
    both = f"{before} {after}"
    long = (_ASCII_LONG_WORDS if both.isascii() else _LONG_WORDS).findall(both)
    if not long:
        return "0"
    capital = sum([word[0].isupper() for word in long])
    if capital == 0:
        has_capital = not name.islower() or any(word[0].isupper() for word in _WORDS.findall(both))
        return "S" if has_capital else "L"
    if capital * 10 <= len(long) * 7:
        return "S"
    return "U" if sum([word.isupper() for word in long]) * 10 > len(long) * 8 else "T"


def buckets(found: Iterable[str]) -> Iterator[int]:
    """Yield the number of the weight of each feature."""
    for feature in found:
        yield crc32(feature.encode("utf-8", "replace")) & (SIZE - 1)


def cashtag_traits(symbol: str) -> str:
    """Return the traits of a cashtag in a text for the model: "$PATH" may be a variable, and "$DE" a number."""
    return "h0 z0 c t3" if _HEXADECIMAL.fullmatch(symbol) else "h3 z0 c t3"


def required(traits: str, prior: float, is_watched: bool, is_title: bool) -> float:
    """Return the log-odds that a name needs: more where it is only named by the way, in a text or as an abbreviation.

    Of the ambiguous names in texts of companies that no title to learn from names (a prior of 0), half were wrong.
    """
    hint, is_acronym = traits[:2], " c" in traits
    if is_watched:
        return 1.0 if is_acronym and not is_title else 0.0
    if is_title:
        return 0.5 if is_acronym and hint != "h3" else 0.0
    needed = 1.0 if is_acronym else 0.0
    if hint in ("h0", "h1"):
        needed += 0.5
    if not prior and hint != "h3":
        needed += 2.0
    return needed


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
    if style(before, text[end : end + _WINDOW], text[start:end]) not in ("T", "U"):
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
        self._weight = memoryview(weights).cast("b").__getitem__
        self._parts = _Parts(groups, lambda found: tuple(buckets(found)))

    def log_odds(self, text: str, start: int, end: int, traits: str, others: int = 0) -> float:
        """Return the log-odds that `text[start:end]` means the company."""
        found = set[int]().union(*self._parts.of(text, start, end, traits, others))
        return sum(map(self._weight, found)) / SCALE

"""Whether a name that is also a word means the company: a logistic regression over hashed features; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from zlib import crc32

SIZE = 1 << 17
"""Number of weights; features are hashed into them."""
FINE = 8
"""Each class of words has this many groups, one after the other in `words.txt`."""
SCALE = 32.0
"""Weights are stored as whole numbers, this many for a log-odds of 1."""
_TOKEN = re.compile(r"'s\b|[^\W_]+(?:[.&'][^\W_]+)*|[$€£%]|[^\w\s]")
_LONG_WORDS = re.compile(r"[^\W\d_]{4,}")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_NUMBER = re.compile(r"\d")
_HEXADECIMAL = re.compile(r"[A-F]{1,2}")
_WINDOW = 110
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
    window = _window(text, start, end)
    found = _name_features(text, start, end, traits, others, window, groups)
    for side, tokens in (("L", window.left), ("R", window.right)):
        for group in {groups[token] for token in tokens if token in groups}:
            found += _group_features(group, kind(traits), side)
    for token in window.tokens:
        found += _token_features(token)
    return found


class _Window(NamedTuple):
    """What stands before and after a name."""

    before: str
    after: str
    left: list[str]
    right: list[str]

    @property
    def tokens(self) -> list[str]:
        return [*self.left, *self.right]


def _window(text: str, start: int, end: int) -> _Window:
    before, after = text[max(0, start - _WINDOW) : start], text[end : end + _WINDOW]
    left = [norm(token) for token in _TOKEN.findall(before.lower())[-8:]]
    right = [norm(token) for token in _TOKEN.findall(after.lower())[:9]]
    return _Window(before, after, left, right)


def _name_features(
    text: str, start: int, end: int, traits: str, others: int, window: _Window, groups: Mapping[str, int]
) -> list[str]:
    """Return the features of the name, of what stands beside it and of the style of the whole."""
    before, after, left, right = window
    look = style(before, after, text[start:end])
    left_shape = shape(before.rstrip()[-24:].split(" ")[-1] if before.rstrip() else "")
    right_shape = shape(after.lstrip()[:24].split(" ")[0] if after.strip() else "")
    left_2, left_1 = (["^", "^", *left])[-2:]
    right_1, right_2 = ([*right, "$", "$"])[:2]
    hint = traits[:2]
    sense = kind(traits)
    found = [
        "1",
        f"l:{left_1}",
        f"k:{left_2} {left_1}",
        f"r:{right_1}",
        f"q:{right_1} {right_2}",
        f"w:{right_2}",
        f"v:{left_2}",
        f"x:{left_1} {right_1}",
        f"sl:{look}{left_shape}",
        f"sr:{look}{right_shape}",
        f"st:{look}{sense}",
        f"stc:{look}{'c' if text[start:end].isupper() else text[start : start + 1].isupper()}{sense}",
        f"o:{min(others, 2)}",
        f"glue:{before[-1:] if before[-1:].strip() else ''}{after[:1] if after[:1].strip() else ''}",
        f"h:{hint}",
        f"hs:{hint}{look}",
        f"hl:{hint}{left_1}",
        f"hr:{hint}{right_1}",
        f"tl:{sense}{left_1}",
        f"tr:{sense}{right_1}",
        f"tb:{sense}{right_shape}{look}",
        *(f"n:{trait}" for trait in traits.split(" ")),
    ]
    left_group, right_group, next_group = (groups.get(token, -1) for token in (left_1, right_1, right_2))
    left_class, right_class, next_class = left_group // FINE, right_group // FINE, next_group // FINE
    found += (
        f"fl:{left_group}",
        f"fr:{right_group}",
        f"gl:{left_class}",
        f"gr:{right_class}",
        f"gw:{next_class}",
        f"gx:{left_class} {right_class}",
        f"gk:{sense}{left_class}",
        f"gt:{sense}{right_class}",
    )
    if right_1 == "'s":  # what somebody or something has says more than the 's
        found += (
            f"pw:{right_2}",
            f"pf:{next_group}",
            f"pg:{next_class}",
            f"pl:{left_class} {next_class}",
            f"ps:{sense}{next_class}",
        )
    stem = _stem(right_1)
    if stem != right_1:
        found.append(f"r:{stem}")
    return found


def _group_features(group: int, sense: str, side: str) -> tuple[str, ...]:
    word_class = group // FINE
    return f"f:{group}", f"g:{word_class}", f"gs:{sense}{word_class}", f"{side}:{word_class}"


def _token_features(token: str) -> tuple[str, ...]:
    stem = _stem(token)
    found = (f"b:{token}",) if stem == token else (f"b:{token}", f"b:{stem}")
    # The start of a long word tells of its inflections and compounds, in languages whose endings `_stem` does not know.
    return (*found, f"p:{token[:_START]}") if len(token) > _START and token.isalpha() else found


@lru_cache(maxsize=1 << 13)
def _group_buckets(group: int, sense: str, side: str) -> tuple[int, ...]:
    return tuple(buckets(_group_features(group, sense, side)))


@lru_cache(maxsize=1 << 13)  # of 100,000 words of a day's news, all but 3,000 were there before
def _token_buckets(token: str) -> tuple[int, ...]:
    return tuple(buckets(_token_features(token)))


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


def style(before: str, after: str, name: str) -> str:
    """Return T for a Title In Capitals, S for a sentence, L for all lower case, U for ALL CAPS, 0 for too little."""
    long = _LONG_WORDS.findall(f"{before} {after}")
    if not long:
        return "0"
    capital = sum([word[0].isupper() for word in long])
    if capital == 0:
        has_capital = not name.islower() or any(word[0].isupper() for word in _WORDS.findall(f"{before} {after}"))
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
    """The trained weights; about 30 us for each name that is asked for."""

    def __init__(self, weights: bytes, groups: Mapping[str, int]) -> None:
        """Take the weights as `train` writes them, a signed byte each, and the groups of words."""
        if len(weights) != SIZE:
            raise ValueError(f"{SIZE} weights are needed, not {len(weights)}")
        self._weights = memoryview(weights).cast("b")
        self._groups = groups

    def log_odds(self, text: str, start: int, end: int, traits: str, others: int = 0) -> float:
        """Return the log-odds that `text[start:end]` means the company."""
        window = _window(text, start, end)
        # The buckets of `features`; those of words and groups, which recur, are remembered.
        found = set(buckets(_name_features(text, start, end, traits, others, window, self._groups)))
        sense = kind(traits)
        found.update(chain.from_iterable(map(_token_buckets, window.tokens)))
        groups = self._groups
        for side, tokens in (("L", window.left), ("R", window.right)):
            known = [groups[token] for token in tokens if token in groups]
            found.update(chain.from_iterable([_group_buckets(group, sense, side) for group in known]))
        return sum(map(self._weights.__getitem__, found)) / SCALE

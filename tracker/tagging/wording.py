"""The words on either side of a name, and how they are written; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

from tracker.model.remembered import Remembered

_TOKEN = re.compile(r"'s\b|[^\W_]+(?:[.&'][^\W_]+)*|[^\w\s]")
_LONG_WORDS = re.compile(r"[^\W\d_]{4,}")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_NUMBER = re.compile(r"\d")
_REMEMBERED = 1 << 13
"""Pieces of text that are kept: most of the news of a day is made of these.."""
_CAPITAL, _UPPER, _ANY = 16, 32, 48
_COUNT = (1 << 16) - 1


def _case_of(piece: str) -> int:
    """Count the long words, those with a capital, those in capitals, and all words with a capital, 16 bits for each."""
    long: list[str] = _LONG_WORDS.findall(piece)
    words: list[str] = _WORDS.findall(piece)
    capital, upper = sum([word[0].isupper() for word in long]), sum([word.isupper() for word in long])
    return len(long) + (capital << _CAPITAL) + (upper << _UPPER) + (sum([word[0].isupper() for word in words]) << _ANY)


# No word goes beyond white space, so what is between is remembered: that is several times as fast as the expressions.
_tokens = Remembered[str, tuple[str, ...]](lambda piece: tuple(_TOKEN.findall(piece.lower())), _REMEMBERED).__getitem__
_cases = Remembered(_case_of, _REMEMBERED).__getitem__


def last_words(pieces: list[str], count: int) -> list[str]:
    """Return the last `count` words and marks of a text that was split at white space, in lower case."""
    found = [*chain.from_iterable(map(_tokens, pieces[-count:]))]
    if len(found) < count < len(pieces):  # a piece may be without a word: "__"
        found = [*chain.from_iterable(map(_tokens, pieces))]
    return found[-count:]


def first_words(pieces: list[str], count: int) -> list[str]:
    """Return the first `count` words and marks of a text that was split at white space, in lower case."""
    found = [*chain.from_iterable(map(_tokens, pieces[:count]))]
    if len(found) < count < len(pieces):
        found = [*chain.from_iterable(map(_tokens, pieces))]
    return found[:count]


def norm(token: str) -> str:
    """Return a lower-case token, digits replaced by 0: "q0", and by 2000 for a year."""
    if token.isalpha():  # most are, and this is three times as fast as a search
        return token
    if _NUMBER.search(token):
        if token.isdigit():
            return "2000" if len(token) == 4 and token[:2] in ("19", "20") else "0" * min(len(token), 3)
        return _NUMBER.sub("0", token)[:4]
    return token


def _shape(token: str) -> str:
    if not token:
        return "0"
    if token[0].isdigit():
        return "9"
    if not token[0].isalpha():
        return token[0]
    if token.isupper() and len(token) > 1:
        return "A"
    return "a" if token[0].islower() else "Aa"


shape = Remembered(_shape, _REMEMBERED).__getitem__
"""Return 0 for nothing, 9 for a number, A for CAPITALS, Aa or a by the first letter, or what it begins with."""


def style(before: Iterable[str], after: Iterable[str], name: str) -> str:
    """Return T for a Title In Capitals, S for a sentence, L for all lower case, U for ALL CAPS, 0 for too little.

    Args:
        before: the text before the name, split at white space.
        after: the text after the name, split at white space.
        name: as it is written.
    """
    total = sum(map(_cases, before)) + sum(map(_cases, after))
    long, capital = total & _COUNT, total >> _CAPITAL & _COUNT
    if not long:
        return "0"
    if capital == 0:
        return "S" if not name.islower() or total >> _ANY else "L"
    if capital * 10 <= long * 7:
        return "S"
    return "U" if (total >> _UPPER & _COUNT) * 10 > long * 8 else "T"

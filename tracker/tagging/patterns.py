"""Patterns of the tag rules: folding, spellings, word boundaries and context words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple

# One character is replaced by one, so offsets in the folded text hold in the original.
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_WIDE_BEGIN, _WIDE_END = b"\xef\xbc", b"\xef\xbd"
"""How the first and the last of these begin in UTF-8, which is searched several times as fast as a range."""
_ODD = [
    *((char, " ") for char in "\u3000\u00a0\u2009\u202f"),
    *((char, "'") for char in "’‘ʼ"),
    *((char, "-") for char in "‐‑–—"),
    ("\u0130", "I"),  # the one character whose lower case is longer than itself
]


class Kind(IntEnum):
    """How a pattern counts for its rule; a number, as these are looked up in sets."""

    NAME = 1
    AMBIGUOUS = 2
    PRODUCT = 3
    NEVER = 4
    TICKER = 5
    """A symbol written as a share."""
    WORD = 6
    """An ambiguous name on which the model decides."""
    CAPS = 7
    """A name of ordinary words, each of which needs its capital."""


_AMBIGUOUS, _WORD, _CAPS = Kind.AMBIGUOUS, Kind.WORD, Kind.CAPS


class Pattern(NamedTuple):
    """One spelling of one name of one rule, as the automaton looks it up."""

    rule: int
    kind: Kind
    length: int
    is_caps: bool
    """Counts in capitals only."""
    is_capital: bool
    """Counts with a capital first letter only."""
    is_open: bool
    """May be followed by more letters and digits."""
    is_loose: bool
    """Long enough to match in camel case, with a possessive s or with a number attached."""
    name: str = ""
    """As the table writes it, where the model decides."""
    traits: str = ""
    """Of that name."""
    is_any_case: bool = False
    """Counts however it is written: `is_cased` need not be asked."""


def plain(text: str) -> str:
    """Replace full-width forms, curly apostrophes and unusual spaces by plain ones, keeping length and case."""
    if text.isascii():
        return text
    # A dozen replacements, most of them without a match, take a fifth of the time of str.translate.
    for char, usual in _ODD:
        text = text.replace(char, usual)
    encoded = text.encode("utf-8", "replace")
    return text.translate(_WIDE) if _WIDE_BEGIN in encoded or _WIDE_END in encoded else text


def is_latin(char: str) -> bool:
    """Return True for letters and digits of scripts that separate words by spaces."""
    return char.isalnum() and not _is_unspaced(char)


def _is_unspaced(char: str) -> bool:
    return (
        "\u2e80" <= char <= "\ua4cf" or "\uac00" <= char <= "\ud7ff" or "\uf900" <= char <= "\ufaff" or char > "\uffff"
    )


def is_katakana(char: str) -> bool:
    """Return True for Katakana and the long-vowel mark; the middle dot separates words."""
    return "\u30a1" <= char <= "\u30fa" or char in "ーヽヾ"


def spellings(name: str) -> Iterator[str]:
    """Yield the lower-case keys of a name: spaces and hyphens are interchangeable and may be left out."""
    folded = plain(name).lower()
    parts = re.split(r"[ -]", folded)
    yield folded
    if len(parts) > 1 and all(parts):
        for joint in (" ", "-", ""):
            yield joint.join(parts)


def patterns(rule: int, kind: Kind, name: str) -> Iterator[tuple[str, Pattern]]:
    """Yield the keys and patterns of one name; ValueError says why a name is invalid."""
    bare = name.strip()
    is_open = bare.endswith("*")
    bare = bare.removesuffix("*").rstrip() if is_open else bare
    if not any(map(str.isalnum, bare)):
        raise ValueError("a name needs a letter or a digit")
    if "*" in bare:
        raise ValueError(f'"*" is allowed only at the end of a name: {name!r}')
    flat = plain(bare)
    letters = sum(map(str.isalpha, flat))
    is_caps = flat.isupper() and len(flat) <= 5 and kind not in (Kind.NEVER, Kind.WORD)
    is_capital = kind is Kind.AMBIGUOUS and not is_caps and flat[0].isupper()
    is_loose = kind in (Kind.NAME, Kind.PRODUCT, Kind.NEVER) and letters >= 5 and is_latin(flat[0])
    is_any_case = kind in (Kind.NAME, Kind.PRODUCT, Kind.NEVER) and not is_caps
    for key in dict.fromkeys(spellings(bare)):
        yield key, Pattern(rule, kind, len(key), is_caps, is_capital, is_open, is_loose, is_any_case=is_any_case)


_INFLECTIONS_TEXT = "s es n en er ern a u ie em om owi ów y i ami ach ek ka ki x"
_INFLECTIONS = frozenset(_INFLECTIONS_TEXT.split(" "))
"""Letters that languages put at the end of a name."""
_OPEN_LIMIT = 60
"""Letters that may follow an open-ended name; no word is longer."""


def is_bounded(text: str, start: int, end: int, pattern: Pattern) -> int | None:
    """Return the end of the match, with an open end or possessive s, or None where it is not a whole word."""
    if start and not _is_edge_left(text, start, end, pattern):
        return None
    size = len(text)
    if pattern.is_open:
        return _open_end(text, start, end)
    if end == size:
        return end
    last, char = text[end - 1], text[end]
    if is_katakana(last):
        return None if is_katakana(char) and pattern.length <= 3 else end
    if not is_latin(last) or not is_latin(char):
        return end
    if not pattern.is_loose:
        return None
    if (last.islower() and char.isupper()) or (char.isdigit() and not last.isdigit()):
        return end
    if char in "sS" and (end + 1 == size or not is_latin(text[end + 1])):
        return end
    return None


def _open_end(text: str, start: int, end: int) -> int | None:
    """Return where an open-ended name ends, or None where its letters are those of another word.

    A version may follow ("iPadOS", "Xeon6"), or an ending of an inflected name ("iPhonem"). Of the 92 names, "iPad" was
    found in "ipAddressType", and "Redmi" in "RedMine".
    """
    stop, limit = end, min(len(text), end + _OPEN_LIMIT)
    while stop < limit and is_latin(text[stop]):
        stop += 1
    if stop == end or not text[end].islower() or not text[end - 1].isalpha():
        return stop
    return stop if text[end:stop] in _INFLECTIONS else None


def _is_edge_left(text: str, start: int, end: int, pattern: Pattern) -> bool:
    first, before = text[start], text[start - 1]
    if is_katakana(first):
        return not (is_katakana(before) and pattern.length <= 3)
    if not is_latin(first) or not is_latin(before):
        return True
    if not (pattern.is_loose and before.islower() and first.isupper() and end - start >= 5):
        return False
    # "MySQL servers" is no "SQL Server": the capitals of an acronym begin no word in camel case.
    return text[start + 1].islower() or text[start:end].isupper()


def needs_capital(pattern: Pattern) -> bool:
    """Return True when `is_cased` refuses each match that begins with a small letter in a text that has capitals."""
    if pattern.is_caps or pattern.is_capital:
        return True
    return pattern.kind is Kind.WORD and is_latin(pattern.name[:1]) and pattern.name[:1].isupper()


def is_cased(text: str, start: int, end: int, pattern: Pattern) -> bool:
    """Return True when the match has the capitals that the pattern requires."""
    kind = pattern.kind
    if kind is _WORD:
        # "Next-Gen", "Target-driven": part of a longer word, of a name that is rarely the company anyway.
        if text[end : end + 1] == "-" and pattern.traits.startswith("h0") and text[end + 1 : end + 2].isalpha():
            return False
        name = pattern.name
        if len(name) <= 5 and name.isupper():
            return text[start:end].isupper()
        return text[start].isupper() or not is_latin(text[start]) or text[start:end] == name or text.islower()
    if pattern.is_caps:
        part = text[start : start + pattern.length]
        return part == part.upper()
    if pattern.is_capital and not text[start].isupper():
        return False
    if kind is _CAPS:
        return _has_capitals(text[start:end], pattern.name)
    # `dell'arte`, `Arm'd`: unless it is a possessive, a name before an apostrophe is part of another word.
    if kind is _AMBIGUOUS and text[end : end + 1] == "'" and text[end + 1 : end + 2].isalpha():
        return text[end + 1] in "sS" and not text[end + 2 : end + 3].isalpha()
    return True


def _has_capitals(text: str, name: str) -> bool:
    """Return True when the words of the name stand apart, each with a capital where the name has one."""
    words, own = text.replace("-", " ").split(" "), name.replace("-", " ").split(" ")
    return len(words) == len(own) and not any(
        word[:1].islower() and one[:1].isupper() for word, one in zip(words, own, strict=True)
    )


class Context:
    """Whole words, in any case, that are required or forbidden near an ambiguous name."""

    def __init__(self, words: Sequence[str]) -> None:
        """Store the words; patterns are compiled on first use, as many of them take long."""
        self._words = tuple(plain(word.strip()) for word in words)
        self._search: re.Pattern[str] | None = None
        stems = [word.removesuffix("*") for word in self._words]
        self._exact = tuple(stem for stem in stems if _is_short_caps(stem))
        self._free = tuple(stem.lower() for stem in stems if not _is_short_caps(stem))

    def __bool__(self) -> bool:
        return bool(self._words)

    def is_in(self, text: str) -> bool:
        """Return True when the text (as `plain` returns it) contains one of the words."""
        low = text.lower()
        # Substring tests rule out most windows: tagging takes 37 us an item with them, 52 us without.
        if not any(stem in text for stem in self._exact) and not any(stem in low for stem in self._free):
            return False
        if self._search is None:
            self._search = _any_word(self._words)
        return self._search.search(text) is not None


def _is_short_caps(stem: str) -> bool:
    return stem.isupper() and stem.isascii() and len(stem) <= 5


def _any_word(words: Sequence[str]) -> re.Pattern[str]:
    exact: list[str] = []
    free: list[str] = []
    for word in words:
        bare = word.removesuffix("*")
        body = re.escape(bare) + (r"\w*" if bare != word else "")
        if is_latin(bare[0]):
            body = r"(?<![A-Za-z0-9])" + body
        if is_latin(bare[-1]) and bare == word:
            body += r"(?:'?s)?(?![A-Za-z0-9])"
        (exact if _is_short_caps(bare) else free).append(body)
    return re.compile("|".join(([f"(?i:{'|'.join(free)})"] if free else []) + exact))

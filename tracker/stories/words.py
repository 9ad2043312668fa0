"""The words and numbers of a title, in any script."""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

from tracker.stories.stopwords import STOP_WORDS

_TOKEN = re.compile(
    r"(?P<number>\d+(?:[.,:]\d+)*)|(?P<unspaced>[\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff]+)|"
    r"(?P<word>[^\W\d_]+(?:'[^\W\d_]+)?)"
)


_WORDS = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?")


_NUMBERED = frozenset(("week", "month", "year", "update", "first", "st"))
"""Words that mean little by themselves but number the issues of a series."""


class TitleWords(Struct, frozen=True):
    """The distinctive words and numbers of a title."""

    words: frozenset[str]
    """Stems without stop words; character pairs for scripts without spaces."""
    numbers: frozenset[str]
    """As written, without thousands separators."""
    labelled: frozenset[tuple[str, str]]
    """(word, number) where the number follows the word: `("q", "2")`, `("day", "3")`."""


def title_words(title: str) -> TitleWords:
    """Return the distinctive words and all numbers of a title, in any script."""
    text = _folded(title)
    words: set[str] = set()
    numbers: set[str] = set()
    labelled: set[tuple[str, str]] = set()
    before = ""
    for found in _TOKEN.finditer(text):
        token = found.group()
        if found.lastgroup == "number":
            number = re.sub(r"[,:](?=\d{3}\b)", "", token)
            numbers.add(number)
            if before and (before not in STOP_WORDS or before in _NUMBERED):
                labelled.add((before, number))
            before = ""
        elif found.lastgroup == "unspaced":
            words.update(token[place : place + 2] for place in range(max(1, len(token) - 1)))
            before = token[-2:]
        else:
            bare = token.split("'")[-1] if len(token.split("'")[0]) <= 2 else token.split("'")[0]
            if bare not in STOP_WORDS:
                words.add(_stem(bare))
            before = bare
    return TitleWords(frozenset(words), frozenset(numbers), frozenset(labelled))


def title_key(title: str) -> str:
    """Return a title without case, typographic variants, punctuation and spaces; equal keys mean equal titles."""
    return " ".join(_WORDS.findall(_folded(title)))


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text)
    for odd in "‘’ʼ´":
        text = text.replace(odd, "'")
    return text.casefold()


def _stem(word: str) -> str:
    """Strip plural, tense and nationality endings; enough for headlines, where `tumbles` and `tumbled` are the same."""
    if word.endswith("ss"):
        return word
    for ending, left in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= left:
            return word[: -len(ending)]
    return word


_ENDINGS = (
    ("ings", 4),
    ("ians", 4),
    ("ing", 4),
    ("ies", 4),
    ("ied", 4),
    ("ian", 4),
    ("ed", 4),
    ("es", 3),
    ("ia", 4),
    ("s", 3),
    ("e", 4),
    ("y", 4),
)
"""(ending, letters that must remain); longest first."""

"""The names that the news uses for a company whose name the user wrote, legal form included; pure."""

from __future__ import annotations

import re
from collections.abc import Set

from tracker.tagging.companies import Endings
from tracker.tagging.patterns import plain

_MARKS = re.compile(r"[.,()]")
_REGISTER = re.compile(r" ?/[A-Za-z. ]{2,12}/?$| ?\([^()]*\)$")
"""What registers add to a name: "/DE/", "(publ)"."""
_BLANKS = re.compile(r"\s+")
_EDGES = " ,&-"
_LEAST = 2
"""Letters of a name: a shorter one is no name."""
_LEAST_CUT = 3
"""The same where a word that is no legal form was taken away."""


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of an ending in lower case without dots and commas: "Co., Ltd." is ("co", "ltd")."""
    return tuple(_MARKS.sub("", text).casefold().split())


def without_legal_form(name: str, endings: Endings) -> str:
    """Return a name without the legal forms at its end, or as it is when nothing would be left."""
    found = _BLANKS.sub(" ", name).strip()
    while True:
        shorter = _REGISTER.sub("", found)
        if shorter == found:
            shorter = _cut(found, endings.legal) or ""
        if len(shorter) < _LEAST:
            return found
        found = shorter


def usual_names(name: str, endings: Endings) -> tuple[str, ...]:
    """Return the names that headlines use for a company, the longest first: "Foo Holdings", "Foo"."""
    base = without_legal_form(_nice_case(name), endings)
    found = [base]
    while (shorter := _cut(found[-1], endings.tails)) is not None and len(shorter) >= _LEAST_CUT:
        found.append(shorter)
    return tuple(
        one
        for place, one in enumerate(found)
        if not place or not all(word in endings.generic for word in re.split(r"[ -]", one.casefold()))
    )


def is_ordinary(name: str, words: Set[str]) -> bool:
    """Return True when every word of a name is in the list or a number, or the name is a short acronym."""
    if name.isascii() and name.isalnum() and (len(name) <= 3 or (len(name) <= 4 and name.isupper())):
        return True
    return is_word_when_glued(name, words) or all(
        part in words or part.removesuffix("s") in words or part.isdigit() or len(part) == 1 for part in _parts(name)
    )


def is_word_when_glued(name: str, words: Set[str]) -> bool:
    """Return True when the words of a name make one of the list without their spaces: "Life Time"."""
    return "".join(_parts(name)) in words


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"[\W_]+", name.casefold()) if part]


def _cut(name: str, forms: Set[tuple[str, ...]]) -> str | None:
    """Return a name without the longest of these forms at its end, or None when it ends with none."""
    parts = name.split(" ")
    for start in range(max(1, len(parts) - 6), len(parts)):
        if words_of(" ".join(parts[start:])) in forms:
            rest = " ".join(parts[:start]).rstrip(_EDGES)
            while rest.casefold().endswith((" and", " of")):
                rest = rest.rpartition(" ")[0].rstrip(_EDGES)
            return rest
    return None


def _nice_case(name: str) -> str:
    """Return several words that a register writes in capitals as people write them."""
    if " " not in name.strip() or name != name.upper():
        return name
    return " ".join(part if len(part) <= 3 else part.capitalize() for part in plain(name).split())

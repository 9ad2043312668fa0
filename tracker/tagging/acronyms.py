"""What an article itself says that an abbreviation stands for: "Kolkata Knight Riders (KKR)"; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_LONGEST = 6
"""Letters of an abbreviation, at most."""
_REACH = 120
"""Characters before a parenthesis in which its expansion stands."""
_SMALL = 3
"""Letters of a word in lower case that an abbreviation may leave out: "of", "de la"."""
_SPLIT = re.compile(r"[\s-]+")
_OPENED = re.compile(r"\(\s?\Z")
_CLOSED = re.compile(r"\s?\)")
_EXPANSION = re.compile(rf" ?\(([^()]{{4,{_REACH}}})\)")
_IN_WORD = re.compile(r"\w")
_ELIDED = re.compile(r"^\w{1,2}['’](?=\w)")


def stands_for(acronym: str, text: str) -> Iterator[str]:
    """Yield what a text says that an abbreviation stands for, as "Some Long Name (SLN)" or "SLN (Some Long Name)"."""
    # An expression for each abbreviation would take longer to compile than to search with.
    places = [(start, start + len(acronym)) for start in _occurrences(acronym, text)]
    for start, end in places:
        if (opened := _OPENED.search(text, max(0, start - 2), start)) and _CLOSED.match(text, end):
            words = _words(text[max(0, opened.start() - _REACH) : opened.start()])
            count = _initials(acronym[::-1], reversed(words))
            if count:
                yield " ".join(words[-count:])
    for start, end in places:
        if (found := _EXPANSION.match(text, end)) and not _IN_WORD.match(text, max(0, start - 1), start):
            words = _words(found[1])
            if _initials(acronym, words) == len(words):
                yield " ".join(words)


def _occurrences(part: str, text: str) -> Iterator[int]:
    place = text.find(part)
    while place >= 0:
        yield place
        place = text.find(part, place + 1)


class Explanations:
    """What the texts of one article say that abbreviations stand for; looked for once for each."""

    def __init__(self, *texts: str) -> None:
        self._texts = [text for text in texts if "(" in text]
        self._starts: dict[str, set[str]] = {}

    def are_of_another(self, name: str, names: Iterable[str]) -> bool:
        """Return True for an abbreviation that stands for what does not begin like one of a company's `names`."""
        if not (name.isupper() and name.isalpha() and len(name) <= _LONGEST):
            return False
        if name not in self._starts:
            self._starts[name] = {_start(one) for text in self._texts for one in stands_for(name, text)}
        said = self._starts[name]
        return bool(said) and said.isdisjoint(_start(one) for one in names if one != name)


def _words(text: str) -> list[str]:
    return [_ELIDED.sub("", word.strip("\"'“”«»,.:;")) for word in _SPLIT.split(text.strip())]


def _initials(letters: str, words: Iterable[str]) -> int:
    """Return how many words it takes to spell the letters with their initials; 0 when they do not."""
    place = 0
    for count, word in enumerate(words, 1):
        if word[:1].casefold() == letters[place].casefold():
            place += 1
            if place == len(letters):
                return count
        elif not (place and len(word) <= _SMALL and word.islower()):
            return 0
    return 0


def _start(name: str) -> str:
    return name[:4].casefold()

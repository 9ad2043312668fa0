"""What happened, by a small lexicon: classes of actions in several languages, some with an opposite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from msgspec import Struct


class Lexicon(Struct, frozen=True):
    """Action words by class."""

    words: Mapping[str, tuple[str, ...]]
    starts: Mapping[str, tuple[str, ...]]
    """Beginnings of words."""
    opposites: Mapping[str, str]


@cache
def lexicon() -> Lexicon:
    """Return the shipped lexicon: `actions.txt` beside this file."""
    words: dict[str, tuple[str, ...]] = {}
    starts: dict[str, tuple[str, ...]] = {}
    opposites: dict[str, str] = {}
    for line in files("tracker.stories").joinpath("actions.txt").read_text(encoding="utf-8").splitlines():
        head, _, listed = line.partition("|")
        if line.startswith("#") or not listed:
            continue
        name, _, opposite = head.strip().partition(" !")
        if opposite:
            opposites[name] = opposite
        for word in listed.split():
            table, key = (starts, word[:-1]) if word.endswith("*") else (words, word)
            if name not in table.get(key, ()):
                table[key] = (*table.get(key, ()), name)
    return Lexicon(words, starts, opposites)


@lru_cache(maxsize=16_384)
def _actions_of(word: str) -> tuple[str, ...]:
    known = lexicon()
    found = known.words.get(word, ())
    for length in range(len(word), 2, -1):
        if (names := known.starts.get(word[:length])) is not None:
            return found + tuple(name for name in names if name not in found)
    return found


def find_actions(words: Iterable[str]) -> tuple[str, ...]:
    """Return the classes of action that words stand for, each once, in order."""
    return tuple(dict.fromkeys(action for word in words for action in _actions_of(word)))

"""Problems of a configuration: where, what is wrong, what to do."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from msgspec import Struct

from tracker.model.joiners import JOINER, NON_JOINER, without_stray_joiners


class Problem(Struct, frozen=True):
    """One problem; as text, `feeds.toml:12: feed.ulr: unknown key; did you mean "url"?`."""

    line: int | None
    """Counted from 1; None for a problem of the whole file."""
    key: str
    """The key with its table ("feed.url"); empty for a problem of the whole file."""
    message: str
    hint: str = ""
    source: str = "feeds.toml"

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        key = f" {shown(self.key)}:" if self.key else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{place}:{key} {self.message}{hint}"


class Refused(ValueError):
    """An invalid value; `element` is its index in a list."""

    def __init__(self, message: str, hint: str = "", element: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.element = element


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `did you mean "..."?` with the nearest known word, or "" when none is similar."""
    near = nearest(word, known)
    return f'did you mean "{near}"?' if near is not None else ""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most similar to an unknown one, or None."""
    from difflib import get_close_matches  # takes 4 ms, which a valid configuration does not need

    by_fold = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold()[:100], by_fold, 1, 0.6)
    return by_fold[near[0]] if near else None


def choices(known: Sequence[str]) -> str:
    """Return what there is to choose from, after "there": "is x", "are x and y"."""
    return f"are {', '.join(known[:-1])} and {known[-1]}" if len(known) > 1 else f"is {known[0]}"


def shown(value: object, limit: int = 60) -> str:
    """Return a value for a message: one line, shortened, without control characters."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, dict):
        text = "a table"
    elif isinstance(value, list):
        text = "a list"
    else:
        text = str(value)[: limit * 4]
    text = "".join(f"\\u{ord(char):04x}" if is_unsafe(char) else char for char in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def has_unsafe(text: str) -> bool:
    """Return whether a name has a character that is not allowed in names; joiners may be where words need them."""
    bare = text.replace(NON_JOINER, "").replace(JOINER, "")
    return any(map(is_unsafe, bare)) or without_stray_joiners(text) != text


def is_unsafe(char: str) -> bool:
    """Return True for characters not allowed in names: controls, invisible and directional marks, line breaks."""
    return unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")

"""Terminal text: widths in cells rather than characters, without control sequences."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_UNSEEN = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")
_EMOJI_STYLE = "\ufe0f"


def plain(text: str) -> str:
    """Return a text as one line without control, directional or private characters; line breaks become spaces."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if char in "\t\n\r\u2028\u2029" else char
        for char in text
        if char in "\t\n\r\u2028\u2029" or unicodedata.category(char) not in _UNSEEN
    )


@lru_cache(maxsize=4096)
def _char_width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    if 0x1F3FB <= ord(char) <= 0x1F3FF:  # skin tones colour the emoji before them
        return 0
    if 0x1160 <= ord(char) <= 0x11FF:  # vowels and finals of a Korean syllable share the cells of its first letter
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cell_width(text: str) -> int:
    """Return how many terminal cells a text takes."""
    if text.isascii():
        return len(text)
    return sum(width for _, width in _clusters(text))


def clip(text: str, width: int) -> str:
    """Return a text that takes at most `width` cells, with an ellipsis where it was cut."""
    if cell_width(text) <= width:
        return text
    if width <= 0:
        return ""
    kept, room = [], width - 1
    for cluster, cells in _clusters(text):
        if cells > room:
            break
        kept.append(cluster)
        room -= cells
    return "".join(kept).rstrip() + "…"


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return a text padded with spaces to `width` cells."""
    gap = " " * (width - cell_width(text))
    return gap + text if right else text + gap


def _clusters(text: str) -> list[tuple[str, int]]:
    """Yield each character with its combining marks, and their width together in cells."""
    found: list[tuple[str, int]] = []
    for char in text:
        width = _char_width(char)
        if found and char == _EMOJI_STYLE:
            before, cells = found[-1]
            # A symbol takes two cells when its emoji form is requested (U+2764 U+FE0F).
            is_sign = cells == 1 and unicodedata.category(before[0]) == "So"
            found[-1] = (before + char, 2 if is_sign else cells)
        elif found and width == 0:
            found[-1] = (found[-1][0] + char, found[-1][1])
        else:
            found.append((char, width))
    return found

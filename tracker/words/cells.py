"""Text in terminal cells rather than characters: how wide it is, cut and filled up; pure.

A table is printed by widths of our own, as loading Textual's would take longer than the table. The window measures with
Textual's, so that what is drawn is where Textual thinks it is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache

from tracker.model.joiners import JOINER, NON_JOINER, with_emoji_apart, without_stray_joiners

_UNSEEN = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")
_JOINERS = (NON_JOINER, JOINER)
_EMOJI_STYLE = "\ufe0f"


def plain(text: str) -> str:
    """Return a text as one line without control, directional or private characters; line breaks become spaces.

    Joiners stay inside words; emoji are not joined, as terminals disagree on the width of joined ones.
    """
    if text.isascii() and text.isprintable():
        return text
    line = "".join(
        " " if char in "\t\n\r\u2028\u2029" else char
        for char in text
        if char in "\t\n\r\u2028\u2029" or char in _JOINERS or unicodedata.category(char) not in _UNSEEN
    )
    return with_emoji_apart(without_stray_joiners(line))


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


class Cells:
    """Cuts and fills text by one measure of width.

    Args:
        width: returns the cells of a text. Widths are of whole strings: emoji join what follows.
    """

    def __init__(self, width: Callable[[str], int]) -> None:
        self.width = width

    def clip(self, text: str, width: int) -> str:
        """Return a text that takes at most `width` cells, with an ellipsis where it was cut."""
        text = with_emoji_apart(text)
        if self.width(text) <= width:
            return text
        return self._prefix(text, width - 1).rstrip() + "…" if width > 0 else ""

    def pad(self, text: str, width: int, *, right: bool = False) -> str:
        """Return a text filled up with spaces to `width` cells; `right`: on its left side."""
        text = with_emoji_apart(text)
        gap = " " * (width - self.width(text))
        return gap + text if right else text + gap

    def fit(self, text: str, width: int, *, right: bool = False) -> str:
        """Return a text in exactly `width` cells: cut with an ellipsis, or filled up."""
        return self.pad(self.clip(text, width), width, right=right)

    def crop(self, text: str, width: int) -> str:
        """Return a text in exactly `width` cells: cut without a sign, or filled up."""
        text = with_emoji_apart(text)
        whole = text if self.width(text) <= width else self._prefix(text, width)
        return self.pad(whole, width)

    def _prefix(self, text: str, width: int) -> str:
        """Return the longest beginning of at most `width` cells that ends between two characters as people see them."""
        low, high = 0, min(len(text), max(0, 4 * width + 4))  # longer only with many characters of no width
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(text[:middle]) <= width:
                low = middle
            else:
                high = middle - 1
        return text[: low - 1] if text[low : low + 1] == _EMOJI_STYLE else text[:low]


TABLE = Cells(cell_width)
"""Text of printed tables and progress lines."""

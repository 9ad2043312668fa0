"""The lines of a list as segments: each is drawn once and kept until it looks different."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip

from tracker.ui.widgets.pieces import Pieces

_LINES_KEPT = 128  # two screens and more: scrolling draws only what comes in


class DrawnLines:
    """The lines of one list that were drawn last, and the styles of their parts.

    Args:
        draw: returns the (text, part) pieces that fill a line of so many cells, or none for a blank line.
        style_of: returns the style of a part, "" for what is around them. Asked for once each: Textual forgets styles
            with every refresh, and to find them again takes longer than to draw a row.
    """

    def __init__(self, draw: Callable[[int, int], Pieces], style_of: Callable[[str], Style]) -> None:
        self.draw = draw
        self._style_of = style_of
        # Segments, not strips: a strip keeps seven caches and what was ever cut of it, 5 kB against 1.
        self._lines: LRUCache[tuple[int, int, bool, bool], list[Segment]] = LRUCache(_LINES_KEPT)
        self._styles: dict[str, Style] = {}

    def forget(self) -> None:
        """Draw every line anew."""
        self._lines.clear()

    def forget_styles(self) -> None:
        """Draw every line anew, in new styles."""
        self._styles.clear()
        self._lines.clear()

    def line(self, index: int, width: int, *, is_cursor: bool, has_focus: bool) -> list[Segment]:
        """Return the segments of a line, `width` cells of them."""
        key = (index, width, is_cursor, has_focus)
        segments = self._lines.get(key)
        if segments is None:
            segments = self._lines[key] = self._draw(index, width, self._cursor_style(has_focus) if is_cursor else None)
        return segments

    def blank(self, width: int) -> list[Segment]:
        """Return an empty line."""
        return [Segment(" " * width, self.style(""))]

    def style(self, part: str) -> Style:
        """Return the style of a part."""
        style = self._styles.get(part)
        if style is None:
            style = self._styles[part] = self._style_of(part)
        return style

    def _draw(self, index: int, width: int, over: Style | None) -> list[Segment]:
        """Return the segments of a line, in a style over those of its parts."""
        pieces = self.draw(index, width)
        if not pieces:
            return self.blank(width)
        segments: list[Segment] = []
        for text, part in pieces:
            style = self.style(part)
            if over is not None:
                style += over
            # Empty columns go with the text before them: a third of a screen's bytes are colours of blanks.
            if segments and text.isspace() and is_alike(style, before := segments[-1]):
                segments[-1] = Segment(before.text + text, before.style)
            else:
                segments.append(Segment(text, style))
        if sum(cell_len(text) for text, _ in pieces) == width:
            return segments
        return list(Strip(segments).crop_extend(0, width, self.style("")))

    def _cursor_style(self, has_focus: bool) -> Style:
        style = self.style("cursor" if has_focus else "cursor-blurred")
        if style.reverse:
            # Grey of a read row on a grey cursor, turned round, is not to be seen: the terminal's own two colours are.
            return Style(color="default", bgcolor="default", bold=True, reverse=True)
        # The colours of the parts (up, down, marks) stay readable on the cursor's background.
        return Style(bgcolor=style.bgcolor, bold=style.bold, underline=style.underline)


@lru_cache(maxsize=256)
def _ground(style: Style) -> Color | bool:
    """Return the background of a style, all that is seen of it in a blank; False where more is seen."""
    if style.underline or style.underline2 or style.strike or style.overline or style.reverse:
        return False
    return style.bgcolor or True


def is_alike(style: Style, before: Segment) -> bool:
    """Return whether a blank in that style looks as one in the style of the text before it."""
    if before.style is None or (ground := _ground(style)) is False:
        return False
    return ground == _ground(before.style)

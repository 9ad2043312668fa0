"""Containers that show nothing of their own but their background."""

from __future__ import annotations

from rich.style import Style
from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Backdrop(Widget):
    """A widget without border, padding or text: one line of background stands for all of them. Not the first base.

    With every repaint, however small, Textual asks each widget for all of its lines: 45 of a screen, kept one by one.
    """

    _line: Strip | None = None
    _key: object = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of a part of the widget."""
        background, filters = self.background_colors[1], self.get_line_filters()
        key = (crop.width, background, tuple(map(id, filters)))
        if self._line is None or key != self._key:
            self._key, self._line = key, Strip.blank(crop.width, Style.from_color(bgcolor=background.rich_color))
            for line_filter in filters:
                self._line = self._line.apply_filter(line_filter, background)
        return [self._line] * crop.height


class BackdropRow(Horizontal, Backdrop):
    """A row of panes."""


class BackdropColumn(Vertical, Backdrop):
    """A column of panes."""

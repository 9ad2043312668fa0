"""Lines of text that are drawn again only where they changed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual
from textual.widget import Widget

from tracker.ui.widgets.changed_cells import changed_cells

_NO_LINE = Content("")


class TextLines(Widget):
    """Styled lines that fit the width: the same text again draws nothing, another one the cells that differ."""

    DEFAULT_CSS = """
    TextLines { height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._lines: tuple[Content, ...] = (Content(""),)

    def show(self, lines: Sequence[Content]) -> None:
        """Show these lines."""
        old, self._lines = self._lines, tuple(lines)
        # To lay out the screen takes longer than all else that another article costs.
        if len(old) != len(lines) and max(len(old), len(lines)) > self._reserved:
            self.refresh(layout=True)
            return
        for y, (before, now) in enumerate(zip_longest(old, lines, fillvalue=_NO_LINE)):
            if not before.is_same(now):
                start, end = _changed(before, now) or (0, self.size.width)
                self.refresh(Region(start, y, end - start, 1))

    @property
    def _reserved(self) -> int:
        """How many lines have room without another layout: where it fills its container, as many as that shows."""
        if self.styles.min_height is None or not isinstance(self.parent, Widget):
            return 0
        return self.parent.scrollable_content_region.height

    def render(self) -> Content:
        """Return the lines, for text that is selected."""
        return Content("\n").join(self._lines)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines."""
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        """Draw one line: all at once, a long article would take a second."""
        width = self.size.width
        line = self._lines[y] if y < len(self._lines) else Content("")
        span = None if self.text_selection is None else self.text_selection.get_span(y)
        if span is not None:
            start, end = span
            style = Style.from_styles(self.screen.get_component_styles("screen--selection"))
            line = line.stylize(style, start, None if end < 0 else end)
        strips = Visual.to_strips(self, line, width, 1, self.visual_style, apply_selection=False)
        strip = strips[0] if strips else Strip.blank(width, self.visual_style.rich_style)
        return strip.apply_offsets(0, y)


def _changed(old: Content, new: Content) -> tuple[int, int] | None:
    """Return the first cell that differs and the one after the last, or None if unknown."""
    if old.spans != new.spans or old.cell_length != new.cell_length:
        return None
    changed = changed_cells(old.plain, new.plain, cell_len)
    return None if changed is None or changed[0] == changed[1] else changed  # a combining mark may take no cell


def set_border_title(widget: Widget, title: Content) -> None:
    """Set the title of a widget's border: Textual draws the widget and all in it again even for the same title."""
    if widget.border_title != title.markup:
        widget.border_title = title

"""A list of lines with a cursor, drawn line by line, whatever they are: headlines, feeds, shares."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from operator import attrgetter
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from tracker.ui.widgets.changed_cells import changed_cells
from tracker.ui.widgets.left_clicks import LeftClicks
from tracker.ui.widgets.pieces import Pieces

_LINES_KEPT = 128  # two screens and more: scrolling draws only what comes in
_BAR_STEPS = 8
"""Of a cell: as fine as Textual draws a scroll bar."""
_cells = attrgetter("cell_length")


class _Kept(NamedTuple):
    """A line on the screen."""

    segments: list[Segment]
    width: int
    strip: Strip


@lru_cache(maxsize=256)
def _ground(style: Style) -> Color | bool:
    """Return the background of a style, all that is seen of it in a blank; False where more is seen."""
    if style.underline or style.underline2 or style.strike or style.overline or style.reverse:
        return False
    return style.bgcolor or True


def _is_alike(style: Style, before: Segment) -> bool:
    """Return whether a blank in that style looks as one in the style of the text before it."""
    if before.style is None or (ground := _ground(style)) is False:
        return False
    return ground == _ground(before.style)


class LineList(LeftClicks, ScrollView, can_focus=True, inherit_bindings=False):
    """Lines that are drawn as pieces when they are on the screen; a cursor move redraws two, whatever the length.

    Args:
        count: returns how many lines there are.
        draw: returns the (text, part) pieces that fill a line of so many cells, or none for a blank line.
    """

    ALLOW_SELECT = False
    PREFIX: ClassVar[str] = ""
    """Prefix of the component classes, such as `headline-list`."""

    cursor: reactive[int] = reactive(0, repaint=False, always_update=False)

    def __init__(
        self,
        count: Callable[[], int],
        draw: Callable[[int, int], Pieces],
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self.line_count = count
        self._draw_line = draw
        # Segments, not strips: a strip keeps seven caches and what was ever cut of it, 5 kB against 1.
        self._drawn: LRUCache[tuple[int, int, bool, bool], list[Segment]] = LRUCache(_LINES_KEPT)
        self._on_screen: dict[int, list[Segment]] = {}
        self._strips: dict[int, _Kept] = {}
        self._styles_of_parts: dict[str, Style] = {}
        self._is_redraw_due = False

    def cursor_moved(self) -> None:
        """Called when the cursor moved to another line."""

    # -- drawing ----------------------------------------------------------------
    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of a part of the widget.

        Without a border, padding or opacity a line is drawn once, and the same strip is shown wherever it scrolls to:
        Textual's own cache is by place, and would make every line on the screen anew.
        """
        if self.styles.gutter or self.opacity != 1.0:
            return super().render_lines(crop)
        width, shown = self.size.width, self.scrollable_content_region.width
        background, filters = self.background_colors[1], self.get_line_filters()
        before, self._strips = self._strips, {}
        lines = []
        for y in crop.line_range:
            segments = self._on_screen[y] = self._segments(y, shown)
            kept = before.get(id(segments))
            if kept is None or kept.segments is not segments or kept.width != width:
                kept = _Kept(segments, width, Strip(segments, shown).adjust_cell_length(width, self._style()))
            self._strips[id(segments)] = kept
            strip = kept.strip
            for line_filter in filters:
                strip = strip.apply_filter(line_filter, background)
            lines.append(strip if crop.column_span == (0, width) else strip.crop(*crop.column_span))
        return lines

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen."""
        width = self.scrollable_content_region.width
        segments = self._on_screen[y] = self._segments(y, width)
        return Strip(segments, width)

    def _segments(self, y: int, width: int) -> list[Segment]:
        index = y + self.scroll_offset.y
        if index >= self.line_count():
            return [Segment(" " * width, self._style())]
        key = (index, width, index == self.cursor, self.has_focus)
        segments = self._drawn.get(key)
        if segments is None:
            segments = self._drawn[key] = self._draw(index, width)
        return segments

    def _draw(self, index: int, width: int) -> list[Segment]:
        """Return the segments of a line, `width` cells of them."""
        pieces = self._draw_line(index, width)
        if not pieces:
            return [Segment(" " * width, self._style())]
        over = self._cursor_style() if index == self.cursor else None
        segments: list[Segment] = []
        for text, part in pieces:
            style = self._style(part)
            if over is not None:
                style += over
            # Empty columns go with the text before them: a third of a screen's bytes are colours of blanks.
            if segments and text.isspace() and _is_alike(style, before := segments[-1]):
                segments[-1] = Segment(before.text + text, before.style)
            else:
                segments.append(Segment(text, style))
        if sum(cell_len(text) for text, _ in pieces) == width:
            return segments
        return list(Strip(segments).crop_extend(0, width, self._style()))

    def _style(self, part: str = "") -> Style:
        """Return the style of a part, or of the widget itself.

        Textual forgets them with every refresh, and to find them again takes longer than to draw a row.
        """
        style = self._styles_of_parts.get(part)
        if style is None:
            style = self.get_component_rich_style(f"{self.PREFIX}--{part}") if part else self.rich_style
            self._styles_of_parts[part] = style
        return style

    def _cursor_style(self) -> Style:
        style = self._style("cursor" if self.has_focus else "cursor-blurred")
        if style.reverse:
            # Grey of a read row on a grey cursor, turned round, is not to be seen: the terminal's own two colours are.
            return Style(color="default", bgcolor="default", bold=True, reverse=True)
        # The colours of the parts (up, down, marks) stay readable on the cursor's background.
        return Style(bgcolor=style.bgcolor, bold=style.bold, underline=style.underline)

    def redraw(self) -> None:
        """Redraw the cells that have changed: mostly ages, prices or none."""
        self._drawn.clear()
        if not self._is_redraw_due:
            self._is_redraw_due = True
            self.call_next(self._refresh_changed)

    def _refresh_changed(self) -> None:
        self._is_redraw_due = False
        width = self.scrollable_content_region.width
        for y in range(self.scrollable_content_region.height):
            if y not in self._on_screen:
                self.refresh()
                return
            changed = changed_cells(self._on_screen[y], self._segments(y, width), _cells)
            if changed is not None:
                self.refresh(Region(changed[0], y, changed[1] - changed[0], 1))

    def notify_style_update(self) -> None:
        """Forget drawn lines when the theme changes."""
        super().notify_style_update()
        self._styles_of_parts.clear()
        self._drawn.clear()

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new width, the cursor still in sight."""
        self._drawn.clear()
        self.fit_size()
        self.show_cursor()

    def on_focus(self) -> None:
        """Draw the cursor bright."""
        self.refresh_line(self.cursor)

    def on_blur(self) -> None:
        """Draw the cursor faint."""
        self.refresh_line(self.cursor)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw the scrolled lines, and the scroll bar where it looks different: a step is nothing of a million."""
        if self._bar_step(old_value) != self._bar_step(new_value):
            super().watch_scroll_y(old_value, new_value)
        else:
            self.refresh(self.size.region)
            # Not drawn now, but used when the list gets another length.
            self.vertical_scrollbar.set_reactive(ScrollBar.position, new_value)

    def _bar_step(self, position: float) -> int:
        """Return where the scroll bar begins, in the steps that it is drawn in."""
        height, lines = self.scrollable_content_region.height, self.virtual_size.height
        if not 0 < height < lines:
            return 0
        return int((height - max(1.0, height * height / lines)) * position / (lines - height) * _BAR_STEPS)

    def fit_size(self) -> None:
        """Adjust the scroll bar to the number of lines."""
        self.virtual_size = Size(self.scrollable_content_region.width, self.line_count())

    # -- cursor -------------------------------------------------------------------
    def validate_cursor(self, value: int) -> int:
        """Keep the cursor on a line."""
        return max(0, min(value, self.line_count() - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Redraw two lines, and scroll if need be."""
        self.refresh_line(old)
        self.refresh_line(new)
        self.show_cursor()
        self.cursor_moved()

    def show_cursor(self) -> None:
        """Scroll as little as needed for the cursor's line to be on screen."""
        if self.line_count() and self.size.height:
            self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True, immediate=True)

    def move_by(self, lines: int) -> None:
        """Move the cursor down (or up) by lines."""
        self.cursor += lines

    def move_by_page(self, pages: float) -> None:
        """Move the cursor by pages or parts of one."""
        height = max(1, self.scrollable_content_region.height - 1)
        self.cursor += int(pages * height) or (1 if pages > 0 else -1)

    def move_to_end(self, last: bool) -> None:
        """Move the cursor to the first or the last line."""
        self.cursor = self.line_count() - 1 if last else 0

    def clicked(self, event: events.Click) -> None:
        """Hand on the line that was clicked, if there is one."""
        index = self.line_at(event.y)
        if index is not None:
            self.line_clicked(index, event)

    def line_clicked(self, index: int, event: events.Click) -> None:
        """Called for a click on a line."""

    def line_at(self, y: int) -> int | None:
        """Return the line under a row of the widget, or None below the last one."""
        index = y - self.gutter.top + self.scroll_offset.y
        return index if 0 <= index < self.line_count() and y >= self.gutter.top else None

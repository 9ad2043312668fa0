"""A list of lines with a cursor, drawn line by line, whatever they are: headlines, feeds, shares."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from tracker.ui.widgets.changed_cells import changed_cells
from tracker.ui.widgets.drawn_lines import DrawnLines
from tracker.ui.widgets.left_clicks import LeftClicks
from tracker.ui.widgets.pieces import Pieces

_BAR_STEPS = 8
"""Of a cell: as fine as Textual draws a scroll bar."""
_cells = attrgetter("cell_length")


class _Kept(NamedTuple):
    """A line on the screen."""

    segments: list[Segment]
    width: int
    strip: Strip


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
        self.drawn = DrawnLines(draw, self._style_of)
        """The lines that have been drawn."""
        self._on_screen: dict[int, list[Segment]] = {}
        self._strips: dict[int, _Kept] = {}
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
                kept = _Kept(segments, width, Strip(segments, shown).adjust_cell_length(width, self.drawn.style("")))
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
            return self.drawn.blank(width)
        return self.drawn.line(index, width, is_cursor=index == self.cursor, has_focus=self.has_focus)

    def _style_of(self, part: str) -> Style:
        return self.get_component_rich_style(f"{self.PREFIX}--{part}") if part else self.rich_style

    def redraw(self) -> None:
        """Redraw the cells that have changed: mostly ages, prices or none."""
        self.drawn.forget()
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
        self.drawn.forget_styles()

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new width, the cursor still in sight."""
        self.drawn.forget()
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

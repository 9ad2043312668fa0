"""What moved a share: its day as a chart, the largest moves, and what was published before each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Static

from tracker.ui.commands import bindings_for, first_key
from tracker.ui.newest_only import NewestOnly
from tracker.ui.price_loader import ChartData, MovedData
from tracker.ui.widgets.line_list import LineList
from tracker.ui.widgets.moved_rows import PARTS, MovedRow, draw_moved_row, moved_header, moved_rows
from tracker.ui.widgets.pieces import Pieces
from tracker.ui.widgets.price_pane import PricePane

_REFRESH_SECONDS = 5.0
_COLORS = {
    "note": "$tracker-muted",
    "up": "$tracker-up",
    "down": "$tracker-down",
    "flat": "$tracker-flat",
    "symbol": "bold",
}


class MovedList(LineList):
    """The moves and their headlines; the cursor goes from headline to headline."""

    PREFIX = "moved-list"
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"moved-list--{name}" for name in (*PARTS, "cursor", "cursor-blurred")}
    DEFAULT_CSS = """
    MovedList {
        background: $surface; color: $foreground;
        & > .moved-list--note, & > .moved-list--source { color: $tracker-muted; }
        & > .moved-list--up { color: $tracker-up; text-style: bold; }
        & > .moved-list--down { color: $tracker-down; text-style: bold; }
        & > .moved-list--flat { color: $tracker-flat; }
        & > .moved-list--cursor, & > .moved-list--cursor-blurred { background: $tracker-cursor; text-style: bold; }
        &:nocolor > .moved-list--cursor, &:ansi > .moved-list--cursor { text-style: reverse; }
    }
    """

    class Highlighted(Message):
        """The cursor moved to another line."""

    class Picked(Message):
        """A headline was clicked."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(lambda: len(self._rows), self._draw_row, id=id)
        self._rows: list[MovedRow] = []
        self._data: MovedData | None = None

    @property
    def row(self) -> MovedRow | None:
        """The line under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    def show(self, data: MovedData) -> None:
        """Show a day; the cursor stays on its headline, or goes to the first one."""
        kept = None if self.row is None or self.row.headline is None else self.row.headline.id
        self._data, self._rows = data, moved_rows(data.moves)
        ids = [None if row.headline is None else row.headline.id for row in self._rows]
        first = next((index for index, one in enumerate(ids) if one is not None), 0)
        self.set_reactive(MovedList.cursor, ids.index(kept) if kept in ids and kept is not None else first)
        self.fit_size()
        self.redraw()
        self.cursor_moved()

    def _draw_row(self, index: int, width: int) -> Pieces:
        assert self._data is not None  # `show` brings rows and data together
        return draw_moved_row(self._rows[index], width, self._data.chart.zone)

    def step(self, by: int) -> None:
        """Go to the next headline up or down; the lines of the moves are passed over."""
        places = range(self.cursor + by, len(self._rows) if by > 0 else -1, by)
        found = next((index for index in places if self._rows[index].headline is not None), None)
        if found is not None:
            self.cursor = found

    def cursor_moved(self) -> None:
        """Say that the cursor moved."""
        self.post_message(self.Highlighted())

    def on_click(self, event: events.Click) -> None:
        """Choose the headline that was clicked."""
        index = self.line_at(event.y)
        if index is not None and self._rows[index].headline is not None:
            self.cursor = index
            self.post_message(self.Picked())


class WhatMovedScreen(ModalScreen[int | None]):
    """Closes with the article to go to, or None.

    Args:
        symbol: the share.
        read: reads its newest session; runs in a thread.
        keys: the user's keys.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "dismiss", show=False),
        *bindings_for(
            {
                "article.back": "dismiss",
                "price.moved": "dismiss",
                "list.next": "step(1)",
                "list.previous": "step(-1)",
                "article.open": "open",
            }
        ),
    ]
    AUTO_FOCUS = "#moved-list"

    lines = query_one("#moved-list", MovedList)
    chart = query_one("#moved-chart", PricePane)

    def __init__(self, symbol: str, read: Callable[[], MovedData], keys: Mapping[str, str]) -> None:
        super().__init__()
        self._read = read
        self._keys = keys
        self._chart_data: ChartData | None = None
        self._symbol = symbol
        self._reads: NewestOnly[MovedData] = NewestOnly(self, "moved", self._show, self._fail)

    def compose(self) -> ComposeResult:
        """Lay out header, chart and list."""
        with Vertical(id="moved") as page:
            page.border_title = Content(f"What moved {self._symbol}")
            go, back = first_key("article.open", self._keys), first_key("article.back", self._keys)
            page.border_subtitle = Content(f"{go} goes to the headline · {back} closes")
            yield Static(Content(""), markup=False, id="moved-header")
            yield PricePane(id="moved-chart")
            yield Static(
                Content.styled(
                    "largest moves, and what was published in the hour before each or during a market break",
                    "$tracker-muted",
                ),
                markup=False,
                id="moved-caption",
            )
            yield MovedList(id="moved-list")

    def on_mount(self) -> None:
        """Read the day, and again as long as it is looked at."""
        self._ask()
        self.set_interval(_REFRESH_SECONDS, self._ask)

    def _ask(self) -> None:
        self._reads.read(self._read)

    def _show(self, data: MovedData) -> None:
        header = [Content.styled(text, _COLORS.get(part, "")) for text, part in moved_header(data.symbol, data.day)]
        self.query_one("#moved-header", Static).update(Content.assemble(*header))
        self._chart_data = ChartData(data.symbol, "2 days", data.chart)
        self.lines.show(data)
        self._draw_chart()

    def _fail(self, reason: str) -> None:
        self.query_one("#moved-header", Static).update(Content.styled(reason, "$tracker-warning"))

    def _draw_chart(self) -> None:
        row = self.lines.row
        headline = None if row is None else row.headline
        self.chart.show(self._chart_data, None if headline is None else headline.time)
        self.chart.border_title = None

    def on_moved_list_highlighted(self) -> None:
        """Mark the headline under the cursor in the chart."""
        self._draw_chart()

    def on_moved_list_picked(self) -> None:
        """Go to the headline that was clicked."""
        self.action_open()

    def action_step(self, by: int) -> None:
        """Go to another headline."""
        self.lines.step(by)

    def action_open(self) -> None:
        """Close, the list's cursor going to this headline."""
        row = self.lines.row
        if row is not None and row.headline is not None:
            self.dismiss(row.headline.id)

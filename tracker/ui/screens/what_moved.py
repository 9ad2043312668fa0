"""What moved a share: its day as a chart, the largest moves, and what was published before each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one

from tracker.ui.commands import first_key
from tracker.ui.price_loader import ChartData, MovedData
from tracker.ui.screens.pages import RowsPage, page_bindings
from tracker.ui.widgets.moved_rows import MovedRow, draw_moved_row, moved_header, moved_rows
from tracker.ui.widgets.pieces import Pieces
from tracker.ui.widgets.price_pane import PricePane
from tracker.ui.widgets.row_list import RowList

_COLORS = {
    "note": "$tracker-muted",
    "up": "$tracker-up",
    "down": "$tracker-down",
    "flat": "$tracker-flat",
    "symbol": "bold",
}
_CAPTION = "largest moves, and what was published in the hour before each or during a market break"


class WhatMovedScreen(RowsPage[int | None, MovedData]):
    """Closes with the article to go to, or None.

    Args:
        symbol: the share.
        read: reads its newest session; runs in a thread.
        keys: the user's keys.
        note: stands behind the title.
    """

    NAME = "moved"
    REFRESH_SECONDS = 5.0
    BINDINGS: ClassVar[list[BindingType]] = page_bindings("price.moved", {})

    chart = query_one("#moved-chart", PricePane)

    def __init__(self, symbol: str, read: Callable[[], MovedData], keys: Mapping[str, str], note: str = "") -> None:
        super().__init__(read, keys)
        self._symbol = symbol
        self._note = note
        self._data: MovedData | None = None
        self._chart_data: ChartData | None = None

    def compose(self) -> ComposeResult:
        """Lay out header, chart and list."""
        go, back = first_key("article.open", self._keys), first_key("article.back", self._keys)
        yield from self.layout_page(
            f"What moved {self._symbol}{self._note}",
            (f"{go} goes to the headline", f"{back} closes"),
            PricePane(id="moved-chart"),
            self.line("caption", Content.styled(_CAPTION, "$tracker-muted")),
            RowList(self._draw_row, lambda row: None if row.headline is None else row.headline.id, id="moved-list"),
        )

    def _draw_row(self, row: MovedRow, width: int) -> Pieces:
        assert self._data is not None  # `show` brings rows and data together
        return draw_moved_row(row, width, self._data.chart.zone)

    def show(self, found: MovedData) -> None:
        """Show a day."""
        header = [Content.styled(text, _COLORS.get(part, "")) for text, part in moved_header(found.symbol, found.day)]
        self.put("title", Content.assemble(*header))
        self._data, self._chart_data = found, ChartData(found.symbol, "2 days", found.chart)
        self.lines.show(moved_rows(found.moves))
        self._draw_chart()

    def _draw_chart(self) -> None:
        row = self.lines.row
        headline = None if row is None else row.headline
        self.chart.show(self._chart_data, None if headline is None else headline.time)
        self.chart.border_title = None

    def on_row_list_highlighted(self) -> None:
        """Mark the headline under the cursor in the chart."""
        self._draw_chart()

    def action_open(self) -> None:
        """Close, the list's cursor going to this headline."""
        row = self.lines.row
        if row is not None and row.headline is not None:
            self.dismiss(row.headline.id)

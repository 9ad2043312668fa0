"""The price of one share as a pane: its line, its sessions, a mark at each of its headlines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tracker.ui.widgets.left_clicks import LeftClicks
from tracker.ui.widgets.pieces import Pieces
from tracker.ui.widgets.text_lines import set_border_title

if TYPE_CHECKING:
    from tracker.prices.chart import Chart
    from tracker.ui.price_loader import ChartData

CHART_PARTS = ("line", "shade", "label", "last", "axis", "mark", "selected")
_BARS = {"2 days": "5 min", "5 days": "5 min", "3 months": "daily"}


class PricePane(LeftClicks, Widget):
    """A chart that fills the widget; the mark of the selected headline moves without reading anything again."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"price-pane--{part}" for part in CHART_PARTS}
    DEFAULT_CSS = """
    PricePane {
        background: $surface; color: $foreground;
        & > .price-pane--line { color: $foreground; }
        & > .price-pane--shade { color: $tracker-muted; background: $panel; }
        & > .price-pane--label, & > .price-pane--axis { color: $tracker-muted; }
        & > .price-pane--last { color: $foreground; text-style: bold; }
        & > .price-pane--mark { color: $tracker-mark; }
        & > .price-pane--selected { color: $tracker-accent; text-style: bold; }
    }
    """

    @dataclass(repr=False, eq=False)
    class Picked(Message):
        """The mark of a headline was clicked."""

        article_id: int

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._data: ChartData | None = None
        self._chart: Chart | None = None
        self._drawn: tuple[tuple[int, int], list[Strip]] | None = None

    @property
    def data(self) -> ChartData | None:
        """What is shown."""
        return self._data

    @property
    def selected(self) -> datetime | None:
        """The minute that is marked `▲`."""
        return None if self._chart is None else self._chart.selected

    def show(self, data: ChartData | None, selected: datetime | None) -> None:
        """Show a chart with the minute of the open headline."""
        chart = None if data is None else with_selected(data.chart, selected)
        title = "" if data is None else f" {data.symbol} · {data.span} · {_BARS[data.span]} "
        set_border_title(self, Content(title))
        self._data = data
        if chart != self._chart:
            self._chart = chart
            self._drawn = None
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen."""
        size = self.content_size
        if self._drawn is None or self._drawn[0] != size:
            self._drawn = ((size.width, size.height), [self._strip(line) for line in self._pieces()])
        lines = self._drawn[1]
        return lines[y] if y < len(lines) else Strip.blank(size.width, self.rich_style)

    def _pieces(self) -> list[Pieces]:
        if self._chart is None:
            return []
        from tracker.ui.widgets.price_chart import draw_chart  # not before there is a chart: the first paint has none

        return draw_chart(self._chart, *self.content_size)

    def _strip(self, line: Pieces) -> Strip:
        width = self.content_size.width
        segments = [Segment(text, self.get_component_rich_style(f"price-pane--{part}")) for text, part in line]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def notify_style_update(self) -> None:
        """Draw anew when the theme changes."""
        super().notify_style_update()
        self._drawn = None

    def clicked(self, event: events.Click) -> None:
        """Post which headline's mark was clicked."""
        from tracker.ui.widgets.price_chart import headline_at

        offset = event.get_content_offset(self)
        if offset is None or self._data is None or self._chart is None:
            return
        number = headline_at(self._chart, offset.x, *self.content_size)
        if number is not None:
            self.post_message(self.Picked(self._data.ids[number]))


def with_selected(chart: Chart, selected: datetime | None) -> Chart:
    """Return the chart with another headline selected."""
    return chart if chart.selected == selected else replace(chart, selected=selected)

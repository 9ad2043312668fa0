"""The widgets of the main screen and how they are laid out."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tracker.model.clock import Clock
from tracker.ui.parts.view import SafeReads
from tracker.ui.widgets.article_pane import ArticlePane
from tracker.ui.widgets.backdrop import BackdropColumn, BackdropRow
from tracker.ui.widgets.headline_list import HeadlineList
from tracker.ui.widgets.key_line import KeyLine
from tracker.ui.widgets.price_pane import PricePane
from tracker.ui.widgets.row_window import RowWindow
from tracker.ui.widgets.search_field import SearchField
from tracker.ui.widgets.side_bar import SideBar
from tracker.ui.widgets.text_lines import TextLines
from tracker.ui.widgets.ticker_line import TickerLine
from tracker.ui.widgets.watchlist import Watchlist


class Widgets:
    """Each widget once, made before the screen is composed, so that the parts can hold them."""

    def __init__(self, reads: SafeReads, clock: Clock) -> None:
        self.top = TextLines(id="top")
        self.ticker = TickerLine(id="ticker")
        self.side = SideBar(id="side")
        self.side.border_title = Content(" Views and feeds ")
        self.headlines = HeadlineList(RowWindow(reads.headlines, reads.other_articles), clock, id="list")
        self.note = Static("", markup=False, id="note")
        """What an empty list says."""
        self.list_pane = Vertical(self.headlines, self.note, id="list-pane")
        self.article = ArticlePane(id="article")
        self.article.border_title = Content(" Article ")
        self.watchlist = Watchlist(id="watch")
        self.watchlist.border_title = Content(" Watchlist ")
        self.price = PricePane(id="price")
        self.search = SearchField(id="search")
        self.status = KeyLine(id="status")
        self.whole = Static("", markup=False, id="whole")
        """A message that does not fit the status line, over the lines above it."""

    def compose(self) -> ComposeResult:
        """Yield the lines and panes from top to bottom."""
        yield self.top
        yield self.ticker
        yield BackdropRow(
            self.side,
            BackdropColumn(self.list_pane, self.article, id="middle"),
            Vertical(self.watchlist, self.price, id="right"),
            id="panes",
        )
        yield self.search
        yield self.status
        yield self.whole

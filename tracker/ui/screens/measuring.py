"""Prices beside the headlines: the price pane, the list's column of moves, and what moved a share."""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events
from textual.timer import Timer

from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.prices.chart import ChartSpan, next_span
from tracker.store.read import Reader
from tracker.ui.article_moves import article_symbols
from tracker.ui.messages import FactsLoaded
from tracker.ui.newest_only import NewestOnly
from tracker.ui.replay import Replay
from tracker.ui.screens.panes import WIDE
from tracker.ui.screens.syncing import SyncingScreen
from tracker.ui.widgets.headline_list import HeadlineList
from tracker.ui.widgets.price_pane import PricePane
from tracker.ui.widgets.row_move import KIND_WORDS, next_kind
from tracker.ui.widgets.watchlist import Watchlist

if TYPE_CHECKING:
    import httpx

    from tracker.config.current import ConfigFile
    from tracker.model.impact import Impact
    from tracker.ui.price_loader import ChartData, PriceLoader

    Impacts = tuple[dict[int, tuple[Impact, ...]], bool]
    """By article, and whether all that was known before is out of date."""

_REFRESH_SECONDS = 0.3
_CHARTS = 8
"""Charts that are kept until something is written: stepping back and forth reads none twice."""


class MeasuringScreen(SyncingScreen):
    """Asks for what prices did, in threads, and shows it when it comes."""

    def __init__(
        self,
        config: Config,
        db: Path,
        reader: Reader,
        clock: Clock,
        *,
        folded: frozenset[str] = frozenset(),
        transport: httpx.AsyncBaseTransport | None = None,
        replay: Replay | None = None,
        label: str | None = None,
        config_file: ConfigFile | None = None,
        errors: Path | None = None,
        span: ChartSpan = "2 days",
    ) -> None:
        super().__init__(
            config,
            db,
            reader,
            clock,
            folded=folded,
            transport=transport,
            replay=replay,
            label=label,
            config_file=config_file,
            errors=errors,
        )
        self.span: ChartSpan = span
        self._symbol: str | None = None
        self._charts: OrderedDict[tuple[str, ChartSpan], ChartData] = OrderedDict()
        self._chart_reads: NewestOnly[ChartData] = NewestOnly(self, "chart", self._chart_read, self._prices_failed)
        self._impact_reads: NewestOnly[Impacts] = NewestOnly(self, "impacts", self._impacts_read, self._prices_failed)
        self._are_impacts_old = False
        self._again: Timer | None = None

    # -- for the screen that is made of this -------------------------------------------------
    def set_search(self, text: str) -> None:
        """Search for this."""
        raise NotImplementedError

    @cached_property
    def price_loader(self) -> PriceLoader:
        """What is read of prices beyond quotes; made when it is first asked for."""
        from tracker.ui.price_loader import PriceLoader  # 12 ms of imports that the first paint does not need

        return PriceLoader(self.config, self.reader.path, self.clock)

    def use_config(self, config: Config) -> None:
        """Let another configuration take effect."""
        super().use_config(config)
        if "price_loader" in self.__dict__:
            self.price_loader.use_config(config)

    # -- answers -------------------------------------------------------------------------------
    def _prices_failed(self, reason: str) -> None:
        self.show_message(f"prices: {reason}", is_warning=True)

    def show_facts(self, facts: FactsLoaded, *, is_current: bool) -> None:
        """Draw facts; what was measured before them is old."""
        super().show_facts(facts, is_current=is_current)
        self._charts.clear()
        self._are_impacts_old = True
        if self._again is None:  # a sync writes feed by feed: one look is for all of a moment
            self._again = self.set_timer(_REFRESH_SECONDS, self._measure_again)

    def _measure_again(self) -> None:
        self._again = None
        self._ask_impacts()
        self._ask_chart()

    # -- which share -----------------------------------------------------------------------------
    @property
    def share(self) -> str | None:
        """The share under the watchlist's cursor while that pane has the focus, else that of the selected headline."""
        if self.pane == "watch":
            return self.watchlist.symbol
        row = self.headlines.headline
        return None if row is None else row.symbol

    def _any_share(self) -> str | None:
        """Return the share that is selected; where none is, the last one that was, or the first that is watched."""
        return self.share or self._symbol or next((one.symbol for one in self.config.symbols), None)

    # -- the price pane -----------------------------------------------------------------------------
    def draw_price(self) -> None:
        """Draw the chart of the share, read before or soon, with the selected headline's mark."""
        symbol = self._symbol = self._any_share()
        if symbol is None or not self.has_class(WIDE):
            return
        data = self._charts.get((symbol, self.span))
        if data is None:
            self._ask_chart()
            data = self.price_pane.data
        row = self.headlines.headline
        is_about = row is not None and data is not None and row.symbol == data.symbol
        self.price_pane.show(data, row.time if row is not None and is_about else None)

    def _ask_chart(self) -> None:
        if self._symbol is not None and self.has_class(WIDE):
            self._chart_reads.read(partial(self.price_loader.chart, self._symbol, self.span))

    def _chart_read(self, data: ChartData) -> None:
        self._charts[data.symbol, data.span] = data
        if len(self._charts) > _CHARTS:
            self._charts.popitem(last=False)
        if (data.symbol, data.span) == (self._symbol, self.span):
            self.draw_price()

    def show_article(self) -> None:
        """Show the article under the cursor, and its share."""
        super().show_article()
        self.draw_price()
        article = self._article
        if article is not None and article_symbols(article) and not self.headlines.is_measured(article.id):
            self._ask_impacts()

    def on_headline_list_highlighted(self, message: HeadlineList.Highlighted) -> None:
        """Move the mark at once while the share stays the same; another share is read when the cursor rests."""
        row, data = self.headlines.headline, self.price_pane.data
        if row is not None and data is not None and row.symbol == data.symbol == self._symbol:
            self.price_pane.show(data, row.time)

    def on_watchlist_highlighted(self, message: Watchlist.Highlighted) -> None:
        """Show the share under the watchlist's cursor."""
        self.draw_price()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the share of the pane that has the focus."""
        self.draw_price()

    def on_resize(self, event: events.Resize) -> None:
        """Show the chart when there comes to be room for it."""
        self.call_after_refresh(self.draw_price)

    def on_price_pane_picked(self, message: PricePane.Picked) -> None:
        """Go to the headline whose mark was clicked, if the list holds it."""
        if not self.go_to(message.article_id):
            self.show_message("that headline is not in this view")

    def action_price_span(self) -> None:
        """Show another stretch of time."""
        self.span = next_span(self.span)
        self.draw_price()
        if not self.has_class(WIDE):
            self.show_message("the price pane needs 150 columns; press w for the share's day at any width")

    # -- the list's column -------------------------------------------------------------------------------
    def on_headline_list_page_shown(self, message: HeadlineList.PageShown) -> None:
        """Measure what came on screen."""
        self._ask_impacts()

    def _ask_impacts(self) -> None:
        is_update = self._are_impacts_old
        ids = self.headlines.unmeasured(known_too=is_update)
        article = self._article
        if article is not None and article_symbols(article) and article.id not in ids:
            ids.append(article.id)
        if ids:
            self._impact_reads.read(lambda: (self.price_loader.impacts(ids), is_update))

    def _impacts_read(self, answer: Impacts) -> None:
        impacts, is_update = answer
        if is_update:
            self._are_impacts_old = False
        self.headlines.show_impacts(impacts, is_update=is_update)
        if self._article is not None and self._article.id in impacts:
            self.draw_article()

    def action_list_moves(self) -> None:
        """Show moves of the next kind."""
        self.headlines.show_kind(next_kind(self.headlines.kind))
        self.draw_title()
        self.show_message(KIND_WORDS[self.headlines.kind])

    def action_list_sort(self) -> None:
        """Sort by the moves that are shown, then by size of t, then by publication again."""
        words = self.scope.search.split()
        kept = [word for word in words if not word.startswith("sort:")]
        shown = f"sort:{'move' if self.headlines.kind == 'since' else self.headlines.kind}"
        following = [] if "sort:t" in words else ["sort:t"] if shown in words else [shown]
        self.set_search(" ".join([*kept, *following]))
        if not self.search_field.field.value:
            self.search_field.set_class(False, "is-open")

    # -- what moved it ----------------------------------------------------------------------------------------
    def action_price_moved(self) -> None:
        """Show what moved the share today."""
        from tracker.ui.screens.what_moved import WhatMovedScreen

        symbol = self._any_share()
        if symbol is None:
            self.show_message("no share to show: the headline has none and the watchlist is empty")
            return
        screen = WhatMovedScreen(symbol, partial(self.price_loader.moved, symbol), self.config.keys)
        self.app.push_screen(screen, self._moved_chosen)

    def _moved_chosen(self, article_id: int | None) -> None:
        if article_id is not None:
            self.jump(article_id)

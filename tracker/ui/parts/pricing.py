"""Prices beside the headlines: the price pane, the list's column of moves, and what moved a share."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from textual.timer import Timer

from tracker.prices.chart import ChartSpan, next_span
from tracker.ui.newest_only import NewestOnly
from tracker.ui.parts.article_view import ArticleView
from tracker.ui.parts.frame import Frame
from tracker.ui.parts.part import Part, Shared
from tracker.ui.parts.searching import Searching
from tracker.ui.parts.stories import Stories
from tracker.ui.widgets.row_move import KIND_WORDS, next_kind

if TYPE_CHECKING:
    from tracker.model.impact import Impact
    from tracker.ui.price_loader import ChartData, PriceLoader

    Impacts = tuple[dict[int, tuple[Impact, ...]], bool]
    """By article, and whether all that was known before is out of date."""

_REFRESH_SECONDS = 0.3
_CHARTS = 8
"""Charts cached until the store changes, so stepping back and forth reads none twice."""


class Pricing(Part):
    """Reads charts and moves in threads and shows them when they arrive."""

    def __init__(
        self,
        shared: Shared,
        *,
        frame: Frame,
        article: ArticleView,
        searching: Searching,
        stories: Stories,
        span: ChartSpan,
    ) -> None:
        super().__init__(shared)
        self._watchlist = shared.widgets.watchlist
        self._price_pane = shared.widgets.price
        self._frame = frame
        self._article = article
        self._searching = searching
        self._stories = stories
        self.span: ChartSpan = span
        """The stretch of time that the price pane shows."""
        self._symbol: str | None = None
        self._chosen: str | None = None
        self._charts: OrderedDict[tuple[str, ChartSpan], ChartData] = OrderedDict()
        self._chart_reads: NewestOnly[ChartData] = NewestOnly(self._screen, "chart", self._chart_read, self._failed)
        self._impact_reads: NewestOnly[Impacts] = NewestOnly(self._screen, "impacts", self._impacts_read, self._failed)
        self._are_impacts_old = False
        self._again: Timer | None = None

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what each command of this part does."""
        return {
            "list.moves": self.show_next_kind,
            "list.sort": self.sort,
            "price.span": self.show_next_span,
            "price.moved": self.show_what_moved,
        }

    @cached_property
    def price_loader(self) -> PriceLoader:
        """Loads charts and moves; created on first use."""
        from tracker.ui.price_loader import PriceLoader  # 12 ms of imports that the first paint does not need

        return PriceLoader(self._view.config, self._reads.reader.path, self._view.clock)

    def config_changed(self) -> None:
        """Measure against the benchmarks of the new configuration, and count the shares that are held now."""
        self._headlines.moves.show_held(self._view.config.held)
        self._frame.draw_title()
        if "price_loader" in self.__dict__:
            self.price_loader.use_config(self._view.config)

    def close(self) -> None:
        """Close the connection for prices, if there is one."""
        if "price_loader" in self.__dict__:
            self.price_loader.close()

    # -- answers -------------------------------------------------------------------------------
    def _failed(self, reason: str) -> None:
        self._status.show_warning(f"prices: {reason}")

    def forget(self) -> None:
        """Measure again shortly, as the earlier measurements are out of date."""
        self._charts.clear()
        self._are_impacts_old = True
        if self._again is None:  # a sync writes feed by feed: one look is for all of a moment
            self._again = self._screen.set_timer(_REFRESH_SECONDS, self._measure_again)

    def _measure_again(self) -> None:
        self._again = None
        self.measure()
        self._ask_chart()

    # -- which share -----------------------------------------------------------------------------
    @property
    def share(self) -> str | None:
        """The share that was chosen last: in the watchlist, or with a headline."""
        if self._panes.current == "watch":
            return self._watchlist.symbol
        is_shown = self._view.scope.search == f"symbol:{self._chosen}"
        if is_shown and self._headlines.is_following:  # no headline has been selected since
            return self._chosen
        row = self._headlines.headline
        return None if row is None else row.symbol

    def _any_share(self) -> str | None:
        """Return the selected share, else the last selected one, else the first of the watchlist."""
        return self.share or self._symbol or next((one.symbol for one in self._view.config.symbols), None)

    def choose(self, symbol: str) -> None:
        """Remember the share that was chosen; it is selected until a headline about another share is."""
        self._chosen = symbol

    # -- the price pane -----------------------------------------------------------------------------
    def draw(self) -> None:
        """Draw the chart of the share, cached or still to be read, with the selected headline marked."""
        symbol = self._symbol = self._any_share()
        if symbol is None or not self._panes.is_wide:
            return
        data = self._charts.get((symbol, self.span))
        if data is None:
            self._ask_chart()
            data = self._price_pane.data
        row = self._headlines.headline
        is_about = row is not None and data is not None and row.symbol == data.symbol
        self._price_pane.show(data, row.time if row is not None and is_about else None)

    def _ask_chart(self) -> None:
        if self._symbol is not None and self._panes.is_wide:
            self._chart_reads.read(partial(self.price_loader.chart, self._symbol, self.span))

    def _chart_read(self, data: ChartData) -> None:
        self._charts[data.symbol, data.span] = data
        if len(self._charts) > _CHARTS:
            self._charts.popitem(last=False)
        if (data.symbol, data.span) == (self._symbol, self.span):
            self.draw()

    def article_shown(self) -> None:
        """Show the share of the article that is shown now."""
        self.draw()
        article = self._article.article
        if article is not None and article.shares and not self._headlines.moves.is_measured(article.id):
            self.measure()

    def cursor_moved(self) -> None:
        """Move the mark at once while the share stays the same; another share is read when the cursor rests."""
        row, data = self._headlines.headline, self._price_pane.data
        if row is not None and data is not None and row.symbol == data.symbol == self._symbol:
            self._price_pane.show(data, row.time)

    def go_to_mark(self, article_id: int) -> None:
        """Go to the headline whose mark was clicked, if the list holds it."""
        if not self._stories.go_to(article_id):
            self._status.show_message("that headline is not in this view")

    def show_next_span(self) -> None:
        """Show another stretch of time."""
        self.span = next_span(self.span)
        self.draw()
        if not self._panes.is_wide:
            key = self._status.key("price.moved")
            self._status.show_message(f"the price pane needs 150 columns; press {key} for the share's day at any width")

    # -- the list's column -------------------------------------------------------------------------------
    def measure(self) -> None:
        """Measure the visible rows that have not been measured, or all of them if the measurements are out of date."""
        is_update = self._are_impacts_old
        ids = self._headlines.moves.unmeasured(self._headlines.rows_on_screen(), known_too=is_update)
        article = self._article.article
        if article is not None and article.shares and article.id not in ids:
            ids.append(article.id)
        if ids:
            self._impact_reads.read(lambda: (self.price_loader.impacts(ids), is_update))

    def _impacts_read(self, answer: Impacts) -> None:
        impacts, is_update = answer
        if is_update:
            self._are_impacts_old = False
        self._headlines.moves.show_impacts(impacts, is_update=is_update)
        if self._article.article is not None and self._article.article.id in impacts:
            self._article.draw()

    def show_next_kind(self) -> None:
        """Show moves of the next kind."""
        self._headlines.moves.show_kind(next_kind(self._headlines.moves.kind, has_held=bool(self._view.config.held)))
        self._frame.draw_title()
        self._status.show_message(KIND_WORDS[self._headlines.moves.kind])

    def sort(self) -> None:
        """Sort by the moves that are shown, then by size of t, then by publication again."""
        words = self._view.scope.search.split()
        kept = [word for word in words if not word.startswith("sort:")]
        shown = f"sort:{'move' if self._headlines.moves.kind == 'since' else self._headlines.moves.kind}"
        following = [] if "sort:t" in words else ["sort:t"] if shown in words else [shown]
        self._searching.set_in_words(" ".join([*kept, *following]))

    # -- what moved it ----------------------------------------------------------------------------------------
    def show_what_moved(self) -> None:
        """Show what moved the share today."""
        from tracker.ui.screens.what_moved import WhatMovedScreen

        symbol = self._any_share()
        if symbol is None:
            self._status.show_message("no share to show: the headline has none and the watchlist is empty")
            return
        note = " · the headline names no share" if self._headlines.headline and not self.share else ""
        screen = WhatMovedScreen(symbol, partial(self.price_loader.moved, symbol), self._view.config.keys, note)
        self._screen.app.push_screen(screen, self._moved_chosen)

    def _moved_chosen(self, article_id: int | None) -> None:
        if article_id is not None:
            self._stories.jump(article_id)

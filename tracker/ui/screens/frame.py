"""The frame around the list and the article: top line, titles, side bar, watchlist, status line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from rich.cells import cell_len
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from tracker.model.clock import Clock
from tracker.model.commands import BY_ID
from tracker.model.config import Config
from tracker.model.feed import FeedState, FeedSynced
from tracker.model.plurals import agree, count_noun
from tracker.model.query import QuerySyntaxError
from tracker.prices.moves import is_stale
from tracker.store.read import Reader
from tracker.ui import status
from tracker.ui.commands import hints, key_text, keys_of
from tracker.ui.messages import FactsLoaded
from tracker.ui.replay import Replay, replay_text
from tracker.ui.screens.regrouping import RegroupingScreen
from tracker.ui.widgets.row_move import KIND_WORDS
from tracker.ui.widgets.side_bar import SideBar
from tracker.ui.widgets.side_rows import NO_COUNTS, reason_text, side_rows
from tracker.ui.widgets.side_rows import failing as failing_reason
from tracker.ui.widgets.text_lines import set_border_title
from tracker.ui.widgets.watchlist import WatchRow

_MESSAGE_SECONDS = 8.0
_HELP_CELLS = 9  # the hint for help stays visible beside any message


class FrameScreen(RegroupingScreen):
    """Draws counts, feeds and prices as they arrive; decides nothing."""

    def __init__(
        self,
        config: Config,
        db: Path,
        reader: Reader,
        clock: Clock,
        *,
        folded: frozenset[str] = frozenset(),
        replay: Replay | None = None,
        label: str | None = None,
    ) -> None:
        super().__init__(config, db, reader, clock)
        self.replay = replay
        self.label = label
        self.folded = set(folded)
        self.counts = NO_COUNTS
        self.states: Mapping[str, FeedState] = {}
        self.new_above = 0
        """New rows that are not shown yet."""
        self.is_syncing = False
        self._unread_count = 0
        self._total: int | None = None
        self._minute: datetime | None = None
        self._failures: Mapping[str, tuple[str, datetime]] = {}
        self._closes: Mapping[str, tuple[float, ...]] = {}
        self.last_sync = ""
        """The result of the last sync, in words."""
        self._progress: tuple[int, int, FeedSynced | None] | None = None
        self.config_problem: str | None = None
        """Why the current feeds.toml cannot be used."""
        self._said: Content | None = None
        self._said_timer: Timer | None = None

    # -- facts ------------------------------------------------------------------------
    def show_facts(self, facts: FactsLoaded, *, is_current: bool) -> None:
        """Draw counts, feeds and prices; `is_current` says that `unread` is of the view shown."""
        self.counts, self.states = facts.counts, facts.states
        self._failures, self._closes, self._total = facts.failures, facts.closes, facts.total
        if is_current:
            self._unread_count = facts.unread
        prices_changed = facts.quotes != self.quotes
        self.quotes = facts.quotes
        self.headlines.show_quotes(facts.quotes)
        self.draw_side()
        self.draw_title()
        self.draw_watch()
        self.draw_top()
        self.draw_status()
        if prices_changed:
            self.draw_article()

    def show_progress(self, done: int, due: int, last: FeedSynced | None) -> None:
        """Draw the progress of a sync."""
        self._progress = (done, due, last) if due else None
        self.draw_status()

    def end_progress(self) -> None:
        """Remove the progress."""
        self._progress = None
        self.draw_status()

    def draw_side(self) -> None:
        """Draw the side bar."""
        self.side.show_rows(side_rows(self.config, self.counts, self.states, self.folded))

    def draw_title(self) -> None:
        """Draw the line over the list, the note of an empty one, and the pill of rows that wait."""
        count = len(self.headlines.window.leads)
        try:
            sort = self.scope.query().sort
        except QuerySyntaxError:  # the field says so; the list is still the last good one
            sort = "published"
        title = status.list_title(
            self.scope.title, sort, min(self._unread_count, count), count, KIND_WORDS[self.headlines.kind]
        )
        # In the title, not over or under the rows: a row more or less on screen would push what is being read.
        take_in = key_text(keys_of(BY_ID["list.take_in"], self.config.keys)[0])
        pill = f" ▲ {self.new_above:,} new, press {take_in} " if self.new_above else ""
        list_title = Content.assemble((pill, "reverse $tracker-mark"), Content(f" {title} "))
        set_border_title(self.query_one("#list-pane"), list_title)
        note = self.query_one("#note", Static)
        note.display = count == 0
        if count == 0:
            note.update(Content(self._empty_note()))

    def _empty_note(self) -> str:
        if self._total:
            return "\nNothing here. Press 1 to show read articles too, Esc to leave the search."
        if self._total is None:
            return ""
        states = [self.states.get(feed.name) for feed in self.config.feeds if feed.enabled]
        reasons = [None if state is None else state.last_reason for state in states]
        if self.is_syncing:
            first = "Fetching the feeds; headlines appear here as they arrive."
        elif reasons and all(reasons):
            first = f"No feed has responded ({reasons[0]}). Press R to try again, v for details."
        else:
            first = "No articles yet. Press R to fetch the feeds."
        return (
            f"\n{first}\n"
            "Left: views, tags and feeds. Middle: headlines, each with the move of its share since, and the article.\n"
            "Right (or on top): the watchlist. Tab switches panes, ? shows every key."
        )

    # -- prices -------------------------------------------------------------------------
    def draw_watch(self) -> None:
        """Draw the watchlist, or the line on top where the watchlist does not fit."""
        now = self.clock()
        rows = []
        for one in self.config.symbols:
            quote = self.quotes.get(one.symbol)
            failure = self._failures.get(one.symbol)
            reason = quote.failure if quote is not None else failure[0] if failure is not None else None
            stale = quote is not None and is_stale(quote, now)
            rows.append(WatchRow(one.symbol, one.name, quote, self._closes.get(one.symbol, ()), reason, stale))
        self.watchlist.show(rows, now)
        self.ticker_line.show(rows, now)

    def tick(self) -> None:
        """Redraw what changes with time, once a minute: clock, ages, stale prices."""
        minute = self.clock().replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute = minute
            self.headlines.tick()
            self.draw_watch()
            self.draw_top()
            self.draw_article()

    def draw_top(self) -> None:
        """Draw the top line: time, session, benchmarks, the source and age of prices."""
        now = self.clock()
        width = max(20, self.size.width - 2)
        left = status.session_line(now)
        middle = status.benchmark_pieces(status.benchmark_symbols(self.config), self.quotes)
        right = status.prices_text(self.quotes, now)
        room = width - cell_len("tracker  ") - cell_len(left)
        if room < cell_len(right) + 2:
            right = ""
        while middle and room - cell_len(right) - 4 < sum(cell_len(text) for text, _ in middle):
            middle = middle[:-2]
        gap = max(1, room - cell_len(right) - sum(cell_len(text) for text, _ in middle))
        before = gap // 2 if middle else 0
        pieces = [Content.styled("tracker", "bold $tracker-accent"), Content(f"  {left}"), Content(" " * before)]
        pieces.extend(Content.styled(text, f"${part}") for text, part in middle)
        pieces.extend((Content(" " * (gap - before)), Content.styled(right, "$tracker-muted")))
        self.top_line.show([Content.assemble(*pieces)])

    # -- the status line --------------------------------------------------------------------
    def show_message(self, text: str, *, is_warning: bool = False) -> None:
        """Show a temporary message in the status line."""
        self._said = Content.styled(text, "$tracker-warning") if is_warning else Content(text)
        if self._said_timer is not None:
            self._said_timer.stop()
        self._said_timer = self.set_timer(_MESSAGE_SECONDS, self.clear_message)
        self.draw_status()

    def clear_message(self) -> None:
        """Clear the temporary message."""
        self._said = None
        self.draw_status()

    def draw_status(self) -> None:
        """Draw the status line: activity and problems, then the keys that fit."""
        width = max(20, self.size.width - 2)
        left = self._news().truncate(width - _HELP_CELLS, ellipsis=True)
        room = width - left.cell_length - 2

        def size(chosen: Sequence[tuple[str, str]]) -> int:
            return sum(cell_len(f"{key} {words}") + 2 for key, words in chosen) - 2

        chosen = hints(self.config.keys, lambda some: size(some) <= room)
        pieces = [left, Content(" " * max(1, width - left.cell_length - size(chosen)))]
        for number, (key, words) in enumerate(chosen):
            pieces.append(Content.styled(f"{'  ' if number else ''}{key}", "bold $tracker-accent"))
            pieces.append(Content.styled(f" {words}", "$tracker-muted"))
        self.status_line.show([Content.assemble(*pieces)])

    def _news(self) -> Content:
        if self._said is not None:
            return self._said
        if self.is_joining:
            return Content(self.joining_text())
        if self.config_problem is not None:
            return Content.styled(f"⚠ {status.problem_text(self.config_problem, self.config)}", "$tracker-warning")
        if self._progress is not None:
            return Content(status.progress_text(*self._progress))
        row = self.side.row
        reason = reason_text(row, self.states, self.clock()) if row is not None and self.pane == "side" else None
        if reason is not None:
            return Content.styled(f"⚠ {reason}", "$tracker-warning")
        replay = "" if self.replay is None else replay_text(self.replay)
        text = " · ".join(part for part in (self.last_sync, replay) if part)
        failing = sum(
            failing_reason(self.states.get(feed.name)) is not None for feed in self.config.feeds if feed.enabled
        )
        of_all = f"{failing} of {count_noun(len(self.config.feeds), 'feed', 'feeds')}"
        warning = f" · ⚠ {of_all} {agree(failing, 'is', 'are')} not responding" if failing else ""
        return Content.assemble((text, "$tracker-muted"), (warning if text else warning[3:], "$tracker-warning"))

    # -- folding --------------------------------------------------------------------------------
    def on_side_bar_folded(self, message: SideBar.Folded) -> None:
        """Fold or unfold a group that was clicked."""
        self.toggle_fold(message.key)

    def action_side_fold(self) -> None:
        """Fold or unfold the group under the side bar's cursor."""
        if self.side.row is not None:
            self.toggle_fold(self.side.row.section)

    def toggle_fold(self, key: str) -> None:
        """Fold or unfold a group."""
        self.folded ^= {key}
        self.draw_side()

"""The main screen: lays out the panes, and routes keys and messages to the parts that answer them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.worker import WorkerCancelled, WorkerFailed

from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.prices.chart import span_named
from tracker.store.read import Reader
from tracker.ui import scope as scopes
from tracker.ui.commands import bindings, digit_bindings, key_text
from tracker.ui.marks import Marks
from tracker.ui.memory import share_heaps
from tracker.ui.messages import AlertFired, FactsLoaded, FirstFound, IdsLoaded, ReadFailed, SyncAdvanced, SyncEnded
from tracker.ui.parts.article_view import ArticleView
from tracker.ui.parts.counting import Counting
from tracker.ui.parts.editing import Editing
from tracker.ui.parts.frame import Frame
from tracker.ui.parts.listing import Listing
from tracker.ui.parts.morning import Morning
from tracker.ui.parts.muting import Muting
from tracker.ui.parts.panes import MEDIUM, MEDIUM_WIDTH, NARROW, WIDE, WIDE_WIDTH, Panes
from tracker.ui.parts.pricing import Pricing
from tracker.ui.parts.reading import Reading
from tracker.ui.parts.regrouping import Regrouping
from tracker.ui.parts.reloading import Reloading
from tracker.ui.parts.searching import Searching
from tracker.ui.parts.status_line import StatusLine
from tracker.ui.parts.stories import Stories
from tracker.ui.parts.syncing import Syncing
from tracker.ui.parts.view import SafeReads, ViewState
from tracker.ui.parts.widgets import Widgets
from tracker.ui.replay import Replay
from tracker.ui.state import WindowState
from tracker.ui.widgets.article_pane import ArticlePane
from tracker.ui.widgets.price_pane import PricePane
from tracker.ui.widgets.row_move import kind_named
from tracker.ui.widgets.search_field import SearchField
from tracker.ui.widgets.side_bar import SideBar
from tracker.ui.widgets.watchlist import Watchlist
from tracker.ui.workers import Background

if TYPE_CHECKING:
    import httpx

    from tracker.config.current import ConfigFile

_SAVE_STATE_SECONDS = 30.0
_REFRESH_SECONDS = 5.0
BEAT_SECONDS = 1.0
"""How often the window looks for what has changed; with one timer for all of it, an idle window wakes up once."""


class MainScreen(Screen[None], inherit_bindings=False):
    """The screen that stays open all day.

    Args:
        state: what the window was left with.
        remember: keeps what the next start should find.
        query: opens on this search instead.
        replay: the clock of the demo, whose speed the keys change.
        label: a sentence on what is real in the replay.
        errors: the log of errors that single feeds have caused; None keeps none.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(), *digit_bindings()]
    HORIZONTAL_BREAKPOINTS = [(0, NARROW), (MEDIUM_WIDTH, MEDIUM), (WIDE_WIDTH, WIDE)]  # noqa: RUF012 - Textual's own declaration
    AUTO_FOCUS = "#list"

    def __init__(
        self,
        config: Config,
        db: Path,
        clock: Clock,
        *,
        state: WindowState,
        remember: Callable[[WindowState], None],
        query: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
        replay: Replay | None = None,
        label: str | None = None,
        config_file: ConfigFile | None = None,
        errors: Path | None = None,
    ) -> None:
        super().__init__()
        self.label = label
        self._remember = remember
        self._start = state
        self._query = query
        self._minute: datetime | None = None
        self.view = view = ViewState(config, clock, replay=replay, folded=frozenset(state.folded))
        self.reads = reads = SafeReads(Reader(db), lambda text: self.status.show_warning(text))

        self.widgets = widgets = Widgets(reads, clock)
        self.panes = panes = Panes(self, widgets)
        self.counting = counting = Counting()
        self.status = status = StatusLine(
            self,
            view,
            widgets,
            panes,
            lambda: counting.text() or self.regrouping.text(),
            lambda: self.article.useless(),
        )
        self.background = background = Background(
            self, config, db, clock, transport, self._speed, lambda: view.quotes.values(), config_file, errors
        )
        self.frame = frame = Frame(self, view, widgets)
        self.article = article = ArticleView(self, view, widgets, reads)
        self.listing = listing = Listing(
            self, view, widgets, reads, status, frame=frame, article=article, background=background
        )
        self.searching = searching = Searching(self, view, widgets, reads, panes=panes, listing=listing)
        self.marks = marks = Marks(db)
        self.reading = reading = Reading(
            self, view, widgets, reads, status, panes=panes, article=article, listing=listing, marks=marks
        )
        self.stories = stories = Stories(
            self,
            widgets,
            reads,
            status,
            panes=panes,
            article=article,
            listing=listing,
            searching=searching,
            reading=reading,
        )
        self.regrouping = Regrouping(view, widgets, reads, status, listing=listing, reading=reading, marks=marks)
        self.syncing = Syncing(
            self, view, widgets, reads, status, panes=panes, frame=frame, listing=listing, background=background
        )
        self.pricing = Pricing(
            self,
            view,
            widgets,
            reads,
            status,
            panes=panes,
            frame=frame,
            article=article,
            searching=searching,
            stories=stories,
            span=span_named(state.span),
        )
        self.morning = Morning(
            self, view, pricing=self.pricing, searching=searching, stories=stories, day=state.morning
        )
        self.reloading = Reloading(
            self,
            view,
            status,
            frame=frame,
            listing=listing,
            syncing=self.syncing,
            pricing=self.pricing,
            background=background,
            file=config_file,
        )
        editing = Editing(self, view, status, reloading=self.reloading, file=config_file)
        self.syncing.edit_feed = editing.edit_feed
        muting = Muting(
            self,
            view,
            widgets,
            status,
            db=db,
            listing=listing,
            reading=reading,
            reloading=self.reloading,
            marks=marks,
            file=config_file,
        )
        article.when_shown = self._article_shown
        self.commands: dict[str, Callable[[], object]] = {
            "article.open": self._open,
            "article.back": self._back,
            "app.help": self._show_help,
            "app.signs": self._show_signs,
            "app.palette": lambda: self.app.action_command_palette(),
            "app.quit": self.quit,
            **panes.commands(),
            **frame.commands(),
            **listing.commands(),
            **searching.commands(),
            **reading.commands(),
            **stories.commands(),
            **self.regrouping.commands(),
            **self.syncing.commands(),
            **self.pricing.commands(),
            **self.morning.commands(),
            **editing.commands(),
            **muting.commands(),
        }
        """What each command of the registry does here."""
        self.counted: dict[str, Callable[[int], object]] = {**panes.counted(), **reading.counted()}
        """What it does with a number before its key, where it takes one."""

    def compose(self) -> ComposeResult:
        """Lay out the panes."""
        self.add_class(*self.panes.classes(self.app.size.width))
        yield from self.widgets.compose()

    def _speed(self) -> float:
        return 1.0 if self.view.replay is None else self.view.replay.speed

    # -- start and end -----------------------------------------------------------------
    def on_mount(self) -> None:
        """Show what is stored, then start syncing and polling."""
        start, view = self._start, self.view
        self.panes.set_side_width(start.side_width)
        self.widgets.headlines.moves.kind = kind_named(start.moves)
        self.widgets.headlines.moves.show_held(view.config.held)
        self.frame.draw_side()
        if self._query:
            view.scope = replace(view.scope, search=self._query)
        else:
            view.scope = replace(
                view.scope,
                place=self.listing.place(start.place),
                read_filter=scopes.read_filter_named(start.reading),
                search=start.search,
            )
        self.widgets.side.put_cursor(view.scope.place.key)
        if view.scope.search:
            self.searching.show_text(view.scope.search)
        self.frame.draw_top()
        self.listing.open(start.article_id, first_at_once=True)
        self.call_after_refresh(self._start_background, start.article_id)

    def _start_background(self, cursor_on: int | None) -> None:
        share_heaps()  # before the first thread
        self.listing.painted(cursor_on)
        self.set_interval(BEAT_SECONDS, self._look_around)
        self.set_interval(_SAVE_STATE_SECONDS, self.remember_now)
        self.set_interval(_REFRESH_SECONDS, self.listing.read_again)
        self.listing.look_at_store()
        self.syncing.start()
        if not self._query:
            self.morning.open_once_a_day()

    def on_unmount(self) -> None:
        """Close the connections for reading."""
        self.pricing.close()
        self.reads.reader.close()

    async def quit(self) -> None:
        """Quit; a running sync ends cleanly, and marks that wait for another process are stored first."""
        waiting = [worker for worker in self.workers if worker.group == "marks" and not worker.is_finished]
        if waiting:  # given none, Textual would wait for all
            with suppress(WorkerCancelled, WorkerFailed):
                await self.workers.wait_for_complete(waiting)
        self.remember_now()
        self.app.exit()

    def remember_now(self) -> None:
        """Save the state for the next start."""
        self._remember(self.state())

    def state(self) -> WindowState:
        """Return the state for the next start."""
        scope = self.view.scope
        return WindowState(
            place=scope.place.key,
            reading=scope.read_filter,
            search=scope.search,
            article_id=self.widgets.headlines.lead_id,
            theme=self.app.theme,
            folded=tuple(sorted(self.view.folded)),
            side_width=self.panes.side_width,
            moves=self.widgets.headlines.moves.kind,
            span=self.pricing.span,
            morning=self.morning.day,
        )

    def _look_around(self) -> None:
        """Notice what other processes have written, that a minute has passed, and that feeds.toml has changed."""
        self.listing.look_at_store()
        self.tick()
        self.reloading.look()

    def tick(self) -> None:
        """Redraw what changes with time, once a minute: clock, ages, stale prices."""
        minute = self.view.clock().replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute = minute
            self.widgets.headlines.tick()
            self.frame.draw_watch()
            self.frame.draw_top()
            self.article.draw()

    # -- keys ---------------------------------------------------------------------------------
    async def action_run(self, command_id: str) -> None:
        """Do what a command of the registry says; the message of the one before goes."""
        was_counting = self.counting.is_pending
        count = self.counting.take(command_id)
        self.status.clear_message()
        if was_counting:
            self.status.draw()
        if was_counting and command_id == "article.back":
            return  # out of the number, and no farther
        done = self.commands[command_id]() if count is None else self.counted[command_id](count)
        if isinstance(done, Awaitable):
            await done

    def action_count(self, digit: str) -> None:
        """Take a digit of a number before a key."""
        self.status.clear_message()
        if self.counting.add(digit):
            self.status.draw()
        else:
            self._say_nothing_done(digit)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out the replay's keys where nothing is replayed."""
        is_replay = action == "run" and str(parameters[0]).startswith("replay.")
        return self.view.replay is not None if is_replay else True

    def _open(self) -> None:
        if self.searching.is_typing:
            self.searching.enter()
        elif self.panes.current == "side":
            if self.widgets.side.row is not None and self.widgets.side.row.place is None:
                self.frame.fold_current()
            else:
                self.panes.show("list")
        elif self.panes.current == "watch":
            self.widgets.watchlist.action_pick()
        elif not self.searching.look_elsewhere():
            self.reading.open_current(focus=True)

    def _back(self) -> None:
        """Go back by one: out of field, article, what is marked to be joined, search. Never out of the program."""
        is_typing = self.searching.is_typing
        if not is_typing and self.panes.current != "list":
            self.panes.show("list")
        elif not is_typing and self.regrouping.is_joining:
            self.regrouping.drop()
        else:
            self.searching.leave()

    def _show_help(self) -> None:
        from tracker.ui.screens.help import HelpScreen, help_text

        text = help_text(self.view.config.keys, self.label, is_replay=self.view.replay is not None)
        self.app.push_screen(HelpScreen("Keys and signs", text))

    def _show_signs(self) -> None:
        from tracker.ui.screens.help import HelpScreen, signs_text

        self.app.push_screen(HelpScreen("Signs and numbers", signs_text()))

    def on_key(self, event: events.Key) -> None:
        """Take the message away with a key that is no command of this screen; say so of one that does nothing."""
        self.status.clear_message()
        if event.key not in self.active_bindings and not self.searching.is_typing:
            self.counting.drop()
            self._say_nothing_done(event.character if event.is_printable and event.character else event.key)

    def _say_nothing_done(self, key: str) -> None:
        self.status.show_message(f"{key_text(key)} does nothing here; {self.status.key('app.help')} shows every key")

    # -- messages ----------------------------------------------------------------------------------
    def _article_shown(self) -> None:
        self.pricing.article_shown()
        self.status.draw()

    def on_ids_loaded(self, message: IdsLoaded) -> None:
        """Show the articles of a view that were read."""
        self.listing.show_ids(message)

    def on_first_found(self, message: FirstFound) -> None:
        """Show the first rows of a search that is being typed."""
        self.listing.show_first(message)

    def on_read_failed(self, message: ReadFailed) -> None:
        """Say why a view or what surrounds it cannot be read; what is shown stays."""
        self.status.show_warning(message.reason)

    def on_facts_loaded(self, facts: FactsLoaded) -> None:
        """Draw the counts, feeds and prices that were read; prices that were measured before are old."""
        view = self.view
        view.counts, view.states = facts.counts, facts.states
        view.failures, view.closes, view.total = facts.failures, facts.closes, facts.total
        view.names = facts.names
        if facts.generation == self.background.generation:
            view.unread, view.elsewhere = facts.unread, facts.elsewhere
        are_prices_new = facts.quotes != view.quotes
        view.quotes = facts.quotes
        self.widgets.headlines.moves.show_quotes(facts.quotes)
        self.frame.draw()
        self.status.draw()
        if are_prices_new:
            self.article.draw()
        self.pricing.forget()

    def on_sync_advanced(self, message: SyncAdvanced) -> None:
        """Show the progress of a sync."""
        self.syncing.told(message)

    def on_sync_ended(self, message: SyncEnded) -> None:
        """Say why a sync could not run, if so."""
        self.syncing.ended(message)

    def on_alert_fired(self, message: AlertFired) -> None:
        """Show an alert that fired."""
        if message.problem is None:
            self.status.show_message(f"alert: {message.text}")
        else:
            self.status.show_warning(f"alert: {message.text} ({message.problem})")

    def on_headline_list_highlighted(self) -> None:
        """Show the article under the cursor, a moment later."""
        self.article.show_soon()
        self.pricing.cursor_moved()

    def on_headline_list_picked(self) -> None:
        """Open a row that was clicked, the list keeping the focus where there is room for both."""
        self.reading.open_current(focus=self.panes.is_narrow)

    def on_headline_list_page_shown(self) -> None:
        """Measure what came on screen."""
        self.pricing.measure()

    def on_article_pane_article_picked(self, message: ArticlePane.ArticlePicked) -> None:
        """Go to an article that was clicked."""
        self.stories.jump(message.article_id, is_exact=True)

    def on_article_pane_link_picked(self, message: ArticlePane.LinkPicked) -> None:
        """Open a link that was clicked."""
        self.stories.open_link(message.url)

    def on_price_pane_picked(self, message: PricePane.Picked) -> None:
        """Go to the headline whose mark was clicked."""
        self.pricing.go_to_mark(message.article_id)

    def on_side_bar_highlighted(self, message: SideBar.Highlighted) -> None:
        """Show what the side bar's cursor is on, a moment later; why it is silent comes before older messages."""
        self.status.clear_message()
        self.status.draw()
        place = message.row.place
        if place is not None:
            self.listing.choose_later(lambda: self.listing.show_place(place))

    def on_side_bar_picked(self, message: SideBar.Picked) -> None:
        """Show what was clicked."""
        if message.row.place is not None:
            self.listing.show_place(message.row.place)
            if self.panes.is_narrow:
                self.panes.show("list")

    def on_side_bar_folded(self, message: SideBar.Folded) -> None:
        """Fold or unfold a group that was clicked."""
        self.frame.fold(message.key)

    def on_watchlist_picked(self, message: Watchlist.Picked) -> None:
        """Show the articles about a share."""
        self.pricing.choose(message.symbol)
        self.searching.set_everywhere(f"symbol:{message.symbol}")

    def on_watchlist_highlighted(self) -> None:
        """Show the share under the watchlist's cursor."""
        self.status.clear_message()
        self.pricing.draw()

    def on_search_field_changed(self, message: SearchField.Changed) -> None:
        """Show what is found, as it is typed."""
        self.searching.typed(message.text)

    def on_descendant_focus(self) -> None:
        """Remember the pane, and show its hints and its share."""
        self.panes.note_focus()
        self.status.draw()
        self.pricing.draw()

    def on_resize(self, event: events.Resize) -> None:
        """Keep the focus in sight, and draw what depends on the width again."""
        self.panes.resized(event.size)
        self.frame.draw_watch()
        self.frame.draw_top()
        self.status.draw()
        self.call_after_refresh(self.pricing.draw)

    @on(events.Click, "#list-pane")
    def _title_clicked(self) -> None:
        self.listing.take_in()

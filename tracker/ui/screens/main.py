"""The main screen: lays out the panes, and routes keys and messages to the parts that answer them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from tracker.sync.heaps import share_heaps
from tracker.ui.commands import bindings, digit_bindings
from tracker.ui.messages import AlertFired, FactsLoaded, FirstFound, IdsLoaded, ReadFailed, SyncAdvanced, SyncEnded
from tracker.ui.parts.panes import MEDIUM, MEDIUM_WIDTH, NARROW, WIDE, WIDE_WIDTH
from tracker.ui.parts.parts import Parts
from tracker.ui.scope import Place
from tracker.ui.setup import Setup
from tracker.ui.state import database_name
from tracker.ui.widgets.article_pane import ArticlePane
from tracker.ui.widgets.backdrop import Backdrop
from tracker.ui.widgets.price_pane import PricePane
from tracker.ui.widgets.search_field import SearchField
from tracker.ui.widgets.side_bar import SideBar
from tracker.ui.widgets.watchlist import Watchlist

_SAVE_STATE_SECONDS = 30.0
_REFRESH_SECONDS = 5.0
BEAT_SECONDS = 1.0
"""How often the window looks for what has changed; with one timer for all of it, an idle window wakes up once."""


class MainScreen(Screen[None], Backdrop, inherit_bindings=False):
    """The screen that stays open all day."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(), *digit_bindings()]
    HORIZONTAL_BREAKPOINTS = [(0, NARROW), (MEDIUM_WIDTH, MEDIUM), (WIDE_WIDTH, WIDE)]  # noqa: RUF012 - Textual's own declaration
    AUTO_FOCUS = "#list"

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self._query = setup.query
        self._cursor_on = setup.state.article_id if setup.state.database == database_name(setup.db) else None
        self._minute: datetime | None = None
        self.parts = parts = Parts(self, setup)
        self.view, self.widgets, self.reads = parts.view, parts.widgets, parts.reads
        self.panes, self.frame, self.status = parts.panes, parts.frame, parts.status
        self.listing, self.searching, self.article = parts.listing, parts.searching, parts.article
        self.reading, self.stories, self.regrouping = parts.reading, parts.stories, parts.regrouping
        self.syncing, self.pricing, self.reloading = parts.syncing, parts.pricing, parts.reloading
        self.background, self.marks = parts.background, parts.marks

    def compose(self) -> ComposeResult:
        """Lay out the panes."""
        self.add_class(*self.panes.classes(self.app.size.width))
        yield from self.widgets.compose()

    # -- start and end -----------------------------------------------------------------
    def on_mount(self) -> None:
        """Show what is stored, then start syncing and polling."""
        self.frame.draw_side()
        self.parts.remembering.restore(self._query)
        self.frame.draw_top()
        self.listing.open(self._cursor_on, first_at_once=True)
        self.call_after_refresh(self._start_background)

    def _start_background(self) -> None:
        share_heaps()  # before the first thread
        self.listing.painted(self._cursor_on)
        self.set_interval(BEAT_SECONDS, self._look_around)
        self.set_interval(_SAVE_STATE_SECONDS, self.parts.remembering.save)
        self.set_interval(_REFRESH_SECONDS, self.read_again)
        self.listing.look_at_store()
        self.syncing.start()
        if not self._query:
            self.parts.morning.open_once_a_day()

    async def on_unmount(self) -> None:
        """End what is being read, and close the connections."""
        self.background.stop_reads()
        await self.parts.full_texts.close()
        self.pricing.close()
        self.reads.reader.close()

    async def quit(self) -> None:
        """Quit as the key does."""
        await self.parts.remembering.quit()

    def remember_now(self) -> None:
        """Save the state for the next start."""
        self.parts.remembering.save()

    def _look_around(self) -> None:
        """Notice what other processes have written, that a minute has passed, and that feeds.toml has changed."""
        self.listing.look_at_store()
        self.tick()
        self.reloading.look()

    def read_again(self) -> None:
        """Read anew what could not be read, or all of it where the database was deleted or restored meanwhile."""
        if self.reads.follow_file():
            self.background.forget_list()
            self.listing.open(first_at_once=True)
        self.listing.read_again()

    def tick(self) -> None:
        """Redraw what changes with time, once a minute: clock, ages, stale prices."""
        minute = self.view.clock().replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute = minute
            self.widgets.headlines.tick()
            self.frame.draw_watch()
            self.frame.draw_top()
            self.article.draw()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Keep the styles that the widgets got when they were mounted: to find them again takes as long (20 ms)."""
        if self._minute is None:  # nothing has been drawn yet
            event.refresh_styles = False

    # -- keys ---------------------------------------------------------------------------------
    async def action_run(self, command_id: str) -> None:
        """Do what a command of the registry says."""
        await self.parts.keys.run(command_id)

    def action_count(self, digit: str) -> None:
        """Take a digit of a number before a key."""
        self.parts.keys.digit(digit)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out the replay's keys where nothing is replayed."""
        is_replay = action == "run" and str(parameters[0]).startswith("replay.")
        return self.view.replay is not None if is_replay else True

    def on_key(self, event: events.Key) -> None:
        """Answer a key that is no command of this screen."""
        key = event.character if event.is_printable and event.character else event.key
        self.parts.keys.pressed(key, is_known=event.key in self.active_bindings)

    # -- messages ----------------------------------------------------------------------------------
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
        are_prices_new = facts.quotes != self.view.quotes
        self.view.take(facts, is_of_scope=facts.generation == self.background.generation)
        self.widgets.headlines.moves.show_quotes(facts.quotes)
        self.frame.draw()
        self.status.draw()
        if are_prices_new:
            self.article.draw()
            if self.listing.has_all and self.view.scope.follows_prices:
                self.listing.update()
        self.pricing.forget()

    def on_sync_advanced(self, message: SyncAdvanced) -> None:
        """Show the progress of a sync."""
        self.syncing.show_event(message)
        self.parts.health.show_event(message.event)

    def on_sync_ended(self, message: SyncEnded) -> None:
        """Say why a sync could not run, if so."""
        self.parts.health.show_end(self.syncing.ended(message))

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
            self.listing.choose_later(lambda: self._show_line(place))

    def _show_line(self, place: Place) -> None:
        row = self.widgets.side.row
        if row is not None and row.place == place:
            self.listing.show_place(place)
        else:  # the cursor has gone on to a heading, and stays there
            self.listing.finish_later()

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
        self.call_after_refresh(self.frame.draw_title)
        self.call_after_refresh(self.pricing.draw)

    @on(events.Click, "#list-pane")
    def _title_clicked(self) -> None:
        self.listing.take_in()

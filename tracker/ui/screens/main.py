"""The main screen: what is shown, kept up to date while feeds, prices and other processes change it."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual import events, on
from textual.timer import Timer
from textual.worker import WorkerCancelled, WorkerFailed

from tracker.config.values import TAG_NAME
from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.model.query import SORTS, QuerySyntaxError
from tracker.prices.chart import span_named
from tracker.store.read import Reader
from tracker.ui.memory import share_heaps
from tracker.ui.messages import ConfigChanged, FactsLoaded, IdsLoaded, ReadFailed
from tracker.ui.replay import Replay
from tracker.ui.scope import Place, ReadFilter, Scope, everything, tag_place
from tracker.ui.screens.measuring import MeasuringScreen
from tracker.ui.state import WindowState
from tracker.ui.widgets.row_move import kind_named
from tracker.ui.widgets.search_field import SearchField
from tracker.ui.widgets.side_bar import SideBar
from tracker.ui.widgets.side_rows import side_rows
from tracker.ui.widgets.watchlist import Watchlist

if TYPE_CHECKING:
    import httpx

    from tracker.config.current import ConfigFile

_FIRST_ROWS = 120
_STORE_POLL_SECONDS = 0.5
_TICK_SECONDS = 1.0
_SAVE_STATE_SECONDS = 30.0
_REFRESH_SECONDS = 5.0
_DEBOUNCE_SECONDS = 0.12  # holding a key in the side bar, or typing, asks only for where it stops


class MainScreen(MeasuringScreen):
    """The screen that stays open all day.

    Args:
        state: what the window was left with.
        remember: keeps what the next start should find.
        query: opens on this search instead.
        replay: the clock of the demo, whose speed the keys change.
        label: a sentence on what is real in the replay.
        errors: the log of errors that single feeds have caused; None keeps none.
    """

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
        super().__init__(
            config,
            db,
            Reader(db),
            clock,
            folded=frozenset(state.folded),
            transport=transport,
            replay=replay,
            label=label,
            config_file=config_file,
            errors=errors,
            span=span_named(state.span),
        )
        self._remember = remember
        self._start = state
        self._query = query
        self._version = -1
        self._highest = -1
        self._waiting: IdsLoaded | None = None
        self._choice_timer: Timer | None = None
        self._cursor_on: int | None = None
        self._is_exact = False
        self._is_regrouped = False
        self._has_all = False
        self._is_painted = False

    # -- start and end -----------------------------------------------------------------
    def on_mount(self) -> None:
        """Show what is stored, then start syncing and polling."""
        start = self._start
        self.set_side_width(start.side_width)
        self.headlines.kind = kind_named(start.moves)
        self.draw_side()
        read_filters: dict[str, ReadFilter] = {"unread": "unread", "starred": "starred"}
        self.scope = Scope(self._place(start.place), read_filters.get(start.reading, "everything"), start.search)
        if self._query:
            self.scope = Scope(everything(), search=self._query)
        self.side.put_cursor(self.scope.place.key)
        if self.scope.search:
            self._show_search(self.scope.search)
        self.draw_top()
        self.open_scope(cursor_on=start.article_id, first_at_once=True)
        self.call_after_refresh(self._start_background, start.article_id)

    def _start_background(self, cursor_on: int | None) -> None:
        self._is_painted = True
        share_heaps()  # before the first thread
        self._fill(cursor_on, first_at_once=True)
        self.set_interval(_STORE_POLL_SECONDS, self.look_at_store)
        self.set_interval(_TICK_SECONDS, self.tick)
        self.set_interval(_SAVE_STATE_SECONDS, self.remember_now)
        self.set_interval(_REFRESH_SECONDS, self.read_again)
        self.look_at_store()
        self.start_syncing()

    def on_unmount(self) -> None:
        """Close the connections for reading."""
        if "price_loader" in self.__dict__:
            self.price_loader.close()
        self.reader.close()

    async def action_app_quit(self) -> None:
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
        return WindowState(
            place=self.scope.place.key,
            reading=self.scope.read_filter,
            search=self.scope.search,
            article_id=self.headlines.lead_id,
            theme=self.app.theme,
            folded=tuple(sorted(self.folded)),
            side_width=self.side_width,
            moves=self.headlines.kind,
            span=self.span,
        )

    def all_places(self) -> list[Place]:
        """Return everything the side bar can show, folded or not."""
        rows = side_rows(self.config, self.counts, self.states, ())
        return [row.place for row in rows if row.place is not None]

    def use_config(self, config: Config) -> None:
        """Apply a changed configuration; if the current view or feed is gone, show everything."""
        super().use_config(config)
        self.post_message(ConfigChanged(config))
        place = self._place(self.scope.place.key)
        if place != self.scope.place:
            self.show_place(place)
        else:
            self.background.load_facts(self.scope)

    def _place(self, key: str) -> Place:
        tag = key.removeprefix("tag:")
        if tag != key and TAG_NAME.fullmatch(tag):  # tags are known only when the counts have been read
            return tag_place(tag)
        return next((place for place in self.all_places() if place.key == key), everything())

    # -- which articles ------------------------------------------------------------------
    def show_place(self, place: Place) -> None:
        """Show the articles of a line of the side bar."""
        if place != self.scope.place:
            self.scope = replace(self.scope, place=place)
            self.side.put_cursor(place.key)
            self.open_scope(first_at_once=True)

    def open_scope(self, cursor_on: int | None = None, *, first_at_once: bool = False, is_exact: bool = False) -> None:
        """Show the articles of the scope; with `first_at_once` the first screenful immediately, then all.

        `is_exact` unfolds the story of the article that the cursor is to stand on, if it has no row of its own.
        """
        self._waiting, self.new_above, self._is_regrouped = None, 0, False
        if first_at_once:
            try:
                query = self.scope.query()
            except QuerySyntaxError as error:
                self.show_message(str(error), is_warning=True)
                return
            self.highest_seen = self.read_store(self.reader.articles.highest_id, self.highest_seen)
            ids = self.read_store(lambda: self.reader.stories.leads(query, self.clock(), _FIRST_ROWS), array("q"))
            self.headlines.open_ids(ids, cursor_on)
            if cursor_on is not None and is_exact:
                self.put_cursor_on(cursor_on, is_exact=True)
            self.draw_title()
        if self._is_painted:  # the first screen is the list; all else begins when it can be seen
            self._fill(cursor_on, first_at_once=first_at_once, is_exact=is_exact)

    def _fill(self, cursor_on: int | None, *, first_at_once: bool, is_exact: bool = False) -> None:
        if first_at_once:
            self.show_article()
        self._cursor_on, self._is_exact, self._has_all = cursor_on, is_exact, False
        self.background.load_ids(self.scope, self.headlines.window.leads if first_at_once else None)
        self.background.load_facts(self.scope)

    def on_ids_loaded(self, message: IdsLoaded) -> None:
        """Show the ids of a view, or keep newer ones waiting while the reader reads."""
        if message.generation != self.background.generation:
            return
        headlines = self.headlines
        if not message.is_update:
            self.highest_seen = message.highest
            headlines.open_ids(message.ids)
            self.show_article()
        elif not message.fresh or headlines.is_following or self._is_asked_for or not self._has_all:
            self._take_in(message)
        else:
            self._waiting, self.new_above = message, message.fresh
        self._has_all = True
        self.draw_title()

    @property
    def _is_asked_for(self) -> bool:
        """True when rows come because of a key press, not on their own."""
        return self._is_regrouped or self._cursor_on is not None

    def on_read_failed(self, message: ReadFailed) -> None:
        """Show why a view, its counts or prices cannot be read; keep what is on screen."""
        self.show_message(message.reason, is_warning=True)

    def _take_in(self, message: IdsLoaded) -> None:
        self._waiting, self.new_above = None, 0
        self.highest_seen = message.highest
        wanted, self._cursor_on = self._cursor_on, None
        if wanted is None and self._is_regrouped:
            wanted, self._is_exact = self.headlines.article_id, True
        self._is_regrouped = False
        self.headlines.update_ids(message.ids, message.instead)
        if wanted is not None and self._is_exact:
            self.put_cursor_on(wanted, is_exact=True)
        elif wanted is not None and (index := self.headlines.window.index_of(wanted)) is not None:
            self.headlines.cursor = index

    def show_regrouped(self) -> None:
        """Show the view with its stories as they are now, the cursor on its article."""
        self._is_regrouped = True
        self.headlines.refresh_rows()
        self.forget_article()
        self.background.load_ids(self.scope, self.headlines.window.leads, is_unfolded=True)
        self.background.load_facts(self.scope)  # those under way are of the view before

    def action_list_take_in(self) -> None:
        """Show the new rows."""
        if self._waiting is not None:
            self._take_in(self._waiting)
            self.draw_title()

    @on(events.Click, "#list-pane")
    def _title_clicked(self) -> None:
        self.action_list_take_in()

    def _choose_later(self, place: Place) -> None:
        if self._choice_timer is not None:
            self._choice_timer.stop()
        self._choice_timer = self.set_timer(_DEBOUNCE_SECONDS, lambda: self.show_place(place))

    def on_side_bar_highlighted(self, message: SideBar.Highlighted) -> None:
        """Show the place under the side bar's cursor after a short delay, with why its feed is failing."""
        self.clear_message()
        if message.row.place is not None:
            self._choose_later(message.row.place)

    def on_side_bar_picked(self, message: SideBar.Picked) -> None:
        """Show what was clicked."""
        if message.row.place is not None:
            self.show_place(message.row.place)
            if self.is_narrow:
                self.show_pane("list")

    def on_watchlist_picked(self, message: Watchlist.Picked) -> None:
        """Show the articles about a share."""
        self.set_search(f"symbol:{message.symbol}")

    def _filter_by(self, read_filter: ReadFilter) -> None:
        if read_filter != self.scope.read_filter:
            self.scope = replace(self.scope, read_filter=read_filter)
            self.open_scope(self.headlines.lead_id, first_at_once=True)

    def action_view_everything(self) -> None:
        """Show read and unread articles."""
        self._filter_by("everything")

    def action_view_unread(self) -> None:
        """Show unread articles only."""
        self._filter_by("unread")

    def action_view_starred(self) -> None:
        """Show starred articles only."""
        self._filter_by("starred")

    # -- search ------------------------------------------------------------------------------
    def action_search_open(self) -> None:
        """Open the search field."""
        self._show_search(self.scope.search)
        if self.is_narrow:
            self.show_pane("list")
        self.focus_at_once(self.search_field.field)

    def _show_search(self, text: str) -> None:
        field = self.search_field
        field.suggester.values = {
            **dict.fromkeys(("tag", "about"), sorted(self.counts.tags)),
            **dict.fromkeys(
                ("source", "feed"), sorted(feed.name.lower() for feed in self.config.feeds if " " not in feed.name)
            ),
            "symbol": [symbol.symbol for symbol in self.config.symbols],
            "is": ["unread", "starred", "read"],
            "sort": list(SORTS),
        }
        field.set_class(True, "is-open")
        field.field.value = text

    def set_search(self, text: str) -> None:
        """Search for this, the field showing it."""
        self._show_search(text)
        self.show_pane("list")

    def on_search_field_changed(self, message: SearchField.Changed) -> None:
        """Show what is found, as it is typed."""
        if self._choice_timer is not None:
            self._choice_timer.stop()
        if message.text != self.scope.search and message.text == self.search_field.field.value.strip():
            self._choice_timer = self.set_timer(_DEBOUNCE_SECONDS, lambda: self._search(message.text))

    def _search(self, text: str, *, first_at_once: bool = False) -> None:
        if self._choice_timer is not None:
            self._choice_timer.stop()
        self.scope = replace(self.scope, search=text)
        self.open_scope(first_at_once=first_at_once)

    def action_article_open(self) -> None:
        """Go from the search to its result, if it can be read; elsewhere, open what is under the cursor."""
        field = self.search_field
        if self.focused is not field.field:
            super().action_article_open()
        elif field.is_good:
            text = field.field.value.strip()
            field.set_class(bool(text), "is-open")
            if text != self.scope.search:  # the next key is meant for what was searched, so it is shown at once
                self._search(text, first_at_once=True)
            self.show_pane("list")

    def action_article_back(self) -> None:
        """Go back by one: out of field, article, what is marked to be joined, search. Never out of the program."""
        field = self.search_field
        is_typing = self.focused is field.field
        if not is_typing and self.pane != "list":
            self.show_pane("list")
        elif not is_typing and self.is_joining:
            self.drop_joining()
        elif field.has_class("is-open"):
            field.set_class(False, "is-open")
            field.show_message("")
            field.field.value = ""
            self.show_pane("list")

    # -- what others write ---------------------------------------------------------------------
    def look_at_store(self) -> None:
        """Notice what a sync, a poll or another process has written, and show it."""
        version = self.read_store(self.reader.data_version, self._version)
        if version == self._version:
            return
        self._version = version
        highest = self.read_store(self.reader.articles.highest_id, self._highest)
        self.headlines.refresh_rows()
        if self._highest >= 0 and highest != self._highest:
            window = self.headlines.window
            kept = None if self.headlines.is_following else self.headlines.lead_id
            is_unfolded = kept is not None and window.is_unfolded(kept)
            self.background.load_ids(self.scope, window.leads, kept, is_unfolded=is_unfolded)
            self.forget_article()  # others may have joined its story
        self._highest = highest
        self.background.load_facts(self.scope)

    def read_again(self) -> None:
        """Read what could not be read a while ago."""
        if self.has_failed:
            self.has_failed = False
            self._version = -1
            self.show_article()
            self.look_at_store()

    def on_facts_loaded(self, message: FactsLoaded) -> None:
        """Draw the counts, feeds and prices that were read."""
        self.show_facts(message, is_current=message.generation == self.background.generation)

    # -- other screens ---------------------------------------------------------------------------------
    def action_app_help(self) -> None:
        """Show the help."""
        from tracker.ui.screens.help import HelpScreen, help_text

        text = help_text(self.config.keys, self.label, is_replay=self.replay is not None)
        self.app.push_screen(HelpScreen("Keys and signs", text))

    def action_app_signs(self) -> None:
        """Show what every sign and number means."""
        from tracker.ui.screens.help import HelpScreen, signs_text

        self.app.push_screen(HelpScreen("Signs and numbers", signs_text()))

    def action_app_palette(self) -> None:
        """Open the palette."""
        self.app.action_command_palette()

"""The health of the feeds: which are failing and why, and when each is fetched next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Static

from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.model.events import SyncEvent, SyncFinished, SyncStarted
from tracker.model.feed import FeedSource, FeedSynced
from tracker.store.read import Reader
from tracker.sync.feed_health import FeedHealth, feed_healths
from tracker.ui import status
from tracker.ui.commands import HELP, bindings_for, first_key
from tracker.ui.newest_only import NewestOnly
from tracker.ui.screens.pages import BORDER_CELLS
from tracker.ui.widgets.health_rows import (
    detail_lines,
    draw_health_row,
    health_head,
    health_title,
    worst_first,
)
from tracker.ui.widgets.row_list import RowList
from tracker.words.no_prices import no_price_text

if TYPE_CHECKING:
    from tracker.ui.parts.feeds import Feeds

_STORE_POLL_SECONDS = 0.5
_TICK_SECONDS = 15.0
_ACTIONS = {
    **HELP,
    "list.next": "move(1)",
    "list.previous": "move(-1)",
    "list.page_down": "page(1)",
    "list.page_up": "page(-1)",
    "list.half_down": "page(0.5)",
    "list.half_up": "page(-0.5)",
    "list.first": "end(False)",
    "list.last": "end(True)",
    "article.open": "choose",
    "sync.one": "retry",
    "sync.all": "retry_all",
    "feed.add": "add",
    "feed.rename": "rename",
    "feed.group": "regroup",
    "feed.up": "reorder(-1)",
    "feed.down": "reorder(1)",
    "feed.disable": "disable",
    "feed.snooze": "snooze",
    "feed.remove": "remove",
    "edit.undo": "undo",
    "article.back": "close",
    "view.health": "close",
    "app.quit": "close",
}


_SNOOZE_DAYS = 7


class HealthList(RowList[FeedHealth]):
    """One line for each feed; the first click shows its details."""

    CLICKS = 2

    def show_rows(self, rows: Sequence[FeedHealth]) -> None:
        """Show feeds as they are now; the cursor stays on its feed."""
        current = self.row
        self.rows = rows
        names = [row.source.name for row in rows]
        if current is not None and current.source.name in names:
            self.set_reactive(HealthList.cursor, names.index(current.source.name))
        self.fit_size()
        self.show_cursor()
        self.redraw()
        self.cursor_moved()


class HealthScreen(ModalScreen[str | None]):
    """A page over the window; closes with the name of the feed whose articles to show, or None.

    Args:
        retry: asks this feed, or all, now; it is what the window's own keys do.
        data_version: tells when something was written.
        edits: changes feeds.
        feed: where the cursor is at first.
        action: what begins at once on that feed; "" for nothing.
    """

    CSS_PATH = "pages.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for(_ACTIONS)]

    feeds = query_one("#health-list", HealthList)

    def __init__(
        self,
        config: Config,
        db: Path,
        clock: Clock,
        *,
        retry: Callable[[str | None], None],
        data_version: Callable[[], int],
        edits: Feeds,
        feed: str | None = None,
        action: str = "",
    ) -> None:
        super().__init__()
        self._config = config
        self._db = db
        self._clock = clock
        self._retry = retry
        self._data_version = data_version
        self._edits = edits
        self._first: str | None = feed
        self._action = action
        self._to_remove: str | None = None
        self._version = -1
        self._reads: NewestOnly[tuple[list[FeedHealth], str]] = NewestOnly(self, "health", self._show, self._fail)
        self._due: Mapping[str, None] = {}
        self._done = 0
        self._news = ""

    def compose(self) -> ComposeResult:
        """Lay out the page."""
        with Vertical(id="health") as page:
            page.border_title = Content("Feeds")
            yield Static("", markup=False, id="health-head")
            yield HealthList(
                lambda row, width: draw_health_row(row, width, self._clock()),
                lambda row: row.source.name,
                id="health-list",
            )
            yield Static("", markup=False, id="health-detail")
            yield Static("", markup=False, id="health-prices")
            yield Static("", markup=False, id="health-news")

    def on_mount(self) -> None:
        """Read the feeds, now and whenever something was written."""
        self.feeds.focus()
        self._look()
        self._draw_news()
        self.set_interval(_STORE_POLL_SECONDS, self._look)
        self.set_interval(_TICK_SECONDS, self._tick)

    def on_resize(self) -> None:
        """Draw the head for the new width."""
        self.call_after_refresh(self._draw_head)

    # -- facts ------------------------------------------------------------------------
    def _look(self) -> None:
        version = self._data_version()
        if version != self._version:
            self._version = version
            self._reads.read(self._read)

    def _read(self) -> tuple[list[FeedHealth], str]:
        now = self._clock()
        with Reader(self._db) as reader:
            feeds = worst_first(feed_healths(self._config, reader.feeds.rows(now), reader.feeds.paused_hosts(now), now))
            failures = reader.prices.quote_failures()
            return feeds, no_price_text(reader.prices.quotes(), failures, now)

    def _fail(self, reason: str) -> None:
        self._news = reason
        self._draw_news()

    def _show(self, found: tuple[Sequence[FeedHealth], str]) -> None:
        rows, no_prices = found
        self.feeds.show_rows(rows)
        if self._first is not None and rows:
            self._move_to(self._first)
            self._first = None
            if self._action:
                action, self._action = self._action, ""
                self.call_later(self.run_action, action)
        prices = self.query_one("#health-prices", Static)
        prices.display = bool(no_prices)
        prices.update(Content(f"⚠ {no_prices}"))
        self.query_one("#health").border_title = Content(health_title(rows, self._clock()))

    def _tick(self) -> None:
        self.feeds.redraw()
        self._draw_detail()

    def show_event(self, event: SyncEvent) -> None:
        """Show the progress of a sync and, at the end, its result."""
        if isinstance(event, SyncStarted):
            self._due, self._done = dict.fromkeys(event.due), 0
        elif isinstance(event, FeedSynced):
            self._done += event.name in self._due
        if isinstance(event, SyncStarted | FeedSynced) and self._due:
            last = event if isinstance(event, FeedSynced) else None
            self._news = status.progress_text(self._done, len(self._due), last)
        elif isinstance(event, SyncFinished):
            self._news = status.answered_text(event) or self._news
            self._due = {}
        self._draw_news()

    def show_end(self, problem: str | None) -> None:
        """Show why a sync could not run."""
        if problem is not None:
            self._news = problem
            self._draw_news()

    # -- drawing -----------------------------------------------------------------------
    def _draw_head(self) -> None:
        width = self.feeds.scrollable_content_region.width
        self.query_one("#health-head", Static).update(Content(health_head(width)))
        self.query_one("#health", Vertical).border_subtitle = Content(self._hints())

    def on_row_list_highlighted(self) -> None:
        """Show details of the feed under the cursor; one that was to be removed is asked about again."""
        row = self.feeds.row
        if row is None or row.source.name != self._to_remove:
            self._to_remove = None
        self._draw_detail()

    def _draw_detail(self) -> None:
        row = self.feeds.row
        lines = (
            detail_lines(row, self._clock())
            if row is not None
            else [f"no feeds yet: {first_key('feed.add', self._config.keys)} adds one"]
        )
        self.query_one("#health-detail", Static).update(Content("\n".join(lines)))

    def _draw_news(self) -> None:
        for line in self.query("#health-news").results(Static):  # none while a sync goes on as the page opens or closes
            line.update(Content(self._news))

    def _hints(self) -> str:
        keys = self._config.keys
        hints = (
            ("sync.one", "retries"),
            ("article.open", "reads"),
            ("article.back", "closes"),
            ("feed.add", "adds"),
            ("feed.disable", "disables"),
            ("feed.snooze", "snoozes"),
            ("feed.remove", "removes"),
            ("feed.rename", "renames"),
            ("feed.group", "groups"),
        )
        parts = [f"{first_key(name, keys)} {words}" for name, words in hints]
        parts.append(f"{first_key('feed.up', keys)} {first_key('feed.down', keys)} move")
        return status.fit_hints(parts, parts[2], self.size.width - BORDER_CELLS)

    def _move_to(self, name: str) -> None:
        names = [row.source.name for row in self.feeds.rows]
        if name in names:
            self.feeds.cursor = names.index(name)

    # -- keys ----------------------------------------------------------------------------
    def action_move(self, lines: int) -> None:
        """Go down or up by lines."""
        self.feeds.move_by(lines)

    def action_page(self, pages: float) -> None:
        """Go down or up by pages."""
        self.feeds.move_by_page(pages)

    def action_end(self, last: bool) -> None:
        """Go to the first or the last feed."""
        self.feeds.move_to_end(last)

    def action_retry(self) -> None:
        """Fetch the feed under the cursor now."""
        row = self.feeds.row
        if row is not None:
            self._news = f"fetching {row.source.name}"
            self._draw_news()
            self._retry(row.source.name)

    def action_retry_all(self) -> None:
        """Fetch all feeds now."""
        self._news = "fetching all feeds"
        self._draw_news()
        self._retry(None)

    def action_add(self) -> None:
        """Ask for the address of a feed to add."""
        self._edits.ask(self._edited)

    def action_rename(self) -> None:
        """Ask for another name of the feed under the cursor."""
        self._ask("name", "Rename", "a name", lambda source: source.name)

    def action_regroup(self) -> None:
        """Ask for another group of the feed under the cursor."""
        self._ask("group", "Group of", "a group; empty for none", lambda source: source.group or "")

    def _ask(self, key: str, title: str, hint: str, value: Callable[[FeedSource], str]) -> None:
        row = self.feeds.row
        if row is None or self._edits.lacks_file(self._edited):
            return
        from tracker.ui.screens.ask import AskScreen  # rarely needed

        name, before = row.source.name, value(row.source)

        def attempt(text: str, tried: Callable[[str | None], None]) -> None:
            def then(config: Config, said: str) -> None:
                tried(None)
                self._first = text if key == "name" else name
                self._edited(config, said)

            if text == before:
                tried(None)
            elif key == "name":
                self._edits.rename(name, text, then, refused=tried)
            else:
                done = f"{name} is now in {text or 'no group'}"
                self._edits.edit(name, {key: text or None}, done, then, refused=tried)

        self.app.push_screen(AskScreen(f"{title} {name}", hint, before, may_be_empty=key == "group", attempt=attempt))

    def action_reorder(self, by: int) -> None:
        """Move the feed under the cursor up or down in its group."""
        row = self.feeds.row
        if row is not None:
            self._edits.move(row.source.name, by, self._edited)

    def action_disable(self) -> None:
        """Disable the feed under the cursor, or enable it."""
        row = self.feeds.row
        if row is not None:
            is_on, name = row.source.enabled, row.source.name
            values = {"enabled": False if is_on else None}
            self._edits.edit(name, values, f"{'disabled' if is_on else 'enabled'} {name}", self._edited)

    def action_snooze(self) -> None:
        """Snooze the feed under the cursor for some days, or wake it."""
        row = self.feeds.row
        if row is None:
            return
        name, now = row.source.name, self._clock()
        if row.source.snoozed(now) is not None:
            self._edits.edit(name, {"snoozed_until": None}, f"{name} is no longer snoozed", self._edited)
        else:
            day = now.astimezone(UTC).date() + timedelta(days=_SNOOZE_DAYS)
            self._edits.edit(name, {"snoozed_until": day}, f"snoozed {name} until {day.isoformat()}", self._edited)

    def action_remove(self) -> None:
        """Remove the feed under the cursor, once the key was pressed twice."""
        row = self.feeds.row
        if row is None or self._edits.lacks_file(self._edited):
            return
        name = row.source.name
        if self._to_remove == name:
            self._to_remove = None
            self._edits.edit(name, None, f"removed {name}; its articles stay for keep_days days", self._edited)
        else:
            self._to_remove = name
            key = first_key("feed.remove", self._config.keys)
            self._say(f"remove {name} from feeds.toml? {key} again removes it")

    def action_undo(self) -> None:
        """Undo the last change of a feed."""
        self._edits.undo(self._edited)

    def _edited(self, config: Config, text: str) -> None:
        self._config = config
        self._version = -1
        self._look()
        self._say(text)

    def _say(self, text: str) -> None:
        if self.is_attached:
            self._news = text
            self._draw_news()

    def action_choose(self) -> None:
        """Show the articles of the feed under the cursor."""
        self.dismiss(self.feeds.row.source.name if self.feeds.row is not None else None)

    def on_row_list_picked(self) -> None:
        """Show the articles of the feed that was clicked twice."""
        self.action_choose()

    def action_close(self) -> None:
        """Go back to the window."""
        self.dismiss(None)

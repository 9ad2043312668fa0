"""The health of the feeds: which are failing and why, and when each is fetched next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Static

from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.model.events import SyncEvent, SyncFinished, SyncStarted
from tracker.model.feed import FeedSynced
from tracker.model.plurals import agree, count_noun
from tracker.store.read import Reader
from tracker.ui import status
from tracker.ui.commands import bindings_for, first_key
from tracker.ui.newest_only import NewestOnly
from tracker.ui.widgets.health_rows import (
    PARTS,
    FeedHealth,
    detail_lines,
    draw_health_row,
    feed_healths,
    health_head,
)
from tracker.ui.widgets.line_list import LineList
from tracker.words.no_prices import no_price_text

_STORE_POLL_SECONDS = 0.5
_TICK_SECONDS = 15.0
_ACTIONS = {
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
    "feed.disable": "disable",
    "feed.snooze": "snooze",
    "feed.remove": "remove",
    "article.back": "close",
    "view.health": "close",
    "app.quit": "close",
}


_SNOOZE_DAYS = 7
_BORDER_CELLS = 6  # corners, and a blank and a line at each end of the hints

FeedValues = Mapping[str, str | bool | date | None]
EditFeed = Callable[[str, FeedValues | None, str, Callable[[Config, str], None]], None]
"""Changes a feed of feeds.toml: its name, the keys to set (None: remove the feed), what to say when it is done, and
what takes the configuration of then and what is to be said."""


class HealthList(LineList):
    """One line for each feed."""

    PREFIX = "health-list"
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"health-list--{name}" for name in (*PARTS, "cursor", "cursor-blurred")}

    class Moved(Message):
        """The cursor moved to another feed."""

    class Picked(Message):
        """A feed was clicked."""

    def __init__(self, clock: Clock, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(
            lambda: len(self.rows), lambda index, width: draw_health_row(self.rows[index], width, clock()), id=id
        )
        self.rows: Sequence[FeedHealth] = ()

    @property
    def row(self) -> FeedHealth | None:
        """The feed under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

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

    def cursor_moved(self) -> None:
        """Post that the cursor has moved."""
        self.post_message(self.Moved())

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the line that was clicked; a second click shows the feed's articles."""
        index = self.line_at(event.y)
        if index is not None:
            self.cursor = index
            if event.chain > 1:
                self.post_message(self.Picked())


class HealthScreen(ModalScreen[str | None]):
    """A page over the window; closes with the name of the feed whose articles to show, or None.

    Args:
        retry: asks this feed, or all, now; it is what the window's own keys do.
        data_version: tells when something was written.
        edit: changes a feed.
    """

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
        edit: EditFeed,
    ) -> None:
        super().__init__()
        self._config = config
        self._db = db
        self._clock = clock
        self._retry = retry
        self._data_version = data_version
        self._edit = edit
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
            yield HealthList(self._clock, id="health-list")
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
            feeds = feed_healths(self._config, reader.feeds.rows(now), reader.feeds.paused_hosts(now), now)
            failures = reader.prices.quote_failures()
            return feeds, no_price_text(reader.prices.quotes(), failures, now)

    def _fail(self, reason: str) -> None:
        self._news = reason
        self._draw_news()

    def _show(self, found: tuple[Sequence[FeedHealth], str]) -> None:
        rows, no_prices = found
        self.feeds.show_rows(rows)
        prices = self.query_one("#health-prices", Static)
        prices.display = bool(no_prices)
        prices.update(Content(f"⚠ {no_prices}"))
        failing = sum(one.source.enabled and one.problem is not None for one in rows)
        state = f"{failing} {agree(failing, 'is', 'are')} not responding" if failing else "all are fine"
        followed = sum(one.source.enabled for one in rows)
        disabled = f", {len(rows) - followed} disabled" if followed < len(rows) else ""
        title = f"Feeds · {followed} followed{disabled} · {state}"
        self.query_one("#health").border_title = Content(title)

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
            self._news = _finished(event) or self._news
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

    def on_health_list_moved(self) -> None:
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
            else ["no feeds yet: add one with `tracker feeds add URL`"]
        )
        self.query_one("#health-detail", Static).update(Content("\n".join(lines)))

    def _draw_news(self) -> None:
        self.query_one("#health-news", Static).update(Content(self._news))

    def _hints(self) -> str:
        keys = self._config.keys
        hints = (
            ("sync.one", "retries"),
            ("article.open", "reads"),
            ("article.back", "closes"),
            ("feed.disable", "disables"),
            ("feed.snooze", "snoozes"),
            ("feed.remove", "removes"),
        )
        text = " · ".join(f"{first_key(name, keys)} {words}" for name, words in hints)
        return status.fit_parts(text, self.size.width - _BORDER_CELLS)

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

    def action_disable(self) -> None:
        """Disable the feed under the cursor, or enable it."""
        row = self.feeds.row
        if row is not None:
            is_on, name = row.source.enabled, row.source.name
            values: FeedValues = {"enabled": False if is_on else None}
            self._edit(name, values, f"{'disabled' if is_on else 'enabled'} {name}", self._edited)

    def action_snooze(self) -> None:
        """Snooze the feed under the cursor for some days, or wake it."""
        row = self.feeds.row
        if row is None:
            return
        name, now = row.source.name, self._clock()
        if row.source.snoozed(now) is not None:
            self._edit(name, {"snoozed_until": None}, f"{name} is no longer snoozed", self._edited)
        else:
            day = now.astimezone(UTC).date() + timedelta(days=_SNOOZE_DAYS)
            self._edit(name, {"snoozed_until": day}, f"snoozed {name} until {day.isoformat()}", self._edited)

    def action_remove(self) -> None:
        """Remove the feed under the cursor, once the key was pressed twice."""
        row = self.feeds.row
        if row is None:
            return
        name = row.source.name
        if self._to_remove == name:
            self._to_remove = None
            self._edit(name, None, f"removed {name}; its articles stay for keep_days days", self._edited)
        else:
            self._to_remove = name
            key = first_key("feed.remove", self._config.keys)
            self._say(f"remove {name} from feeds.toml? {key} again removes it")

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

    def on_health_list_picked(self) -> None:
        """Show the articles of the feed that was clicked twice."""
        self.action_choose()

    def action_close(self) -> None:
        """Go back to the window."""
        self.dismiss(None)


def _finished(event: SyncFinished) -> str:
    """Summarise a finished sync; name the feed if it was only one."""
    if len(event.feeds) != 1:
        asked = [feed for feed in event.feeds if feed.status != "skipped"]
        failed = sum(feed.status == "failed" for feed in asked)
        feeds, new = count_noun(len(asked), "feed", "feeds"), count_noun(event.new, "new article", "new articles")
        return f"{len(asked) - failed} of {feeds} responded, {new}" if asked else ""
    feed = event.feeds[0]
    if feed.status == "skipped":
        return f"{feed.name} was not fetched: {feed.reason or 'not due yet'}"
    if feed.status == "failed":
        return f"{feed.name}: {feed.reason or 'failed'}"
    new = count_noun(feed.new, "new article", "new articles") if feed.new else "nothing new"
    return f"{feed.name} responded, {new}"

"""The state that the parts of the main screen share, and reads whose failure never closes the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from tracker.model.article import Headline
from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.model.dates import AgreedDate
from tracker.model.errors import StoreError
from tracker.model.feed import FeedState
from tracker.model.halts import Halt
from tracker.model.market import Quote
from tracker.store.read import Reader
from tracker.store.story_reader import Counts
from tracker.ui.messages import FactsLoaded
from tracker.ui.replay import Replay
from tracker.ui.scope import Scope, everything
from tracker.ui.widgets.side_rows import NO_COUNTS

T = TypeVar("T")

_QUICK_SECONDS = 0.1
"""Processor time that a read on the event loop may take where a key waits for it."""
_BUSY_WAIT_MS = 100
"""How long a key waits for another program that keeps readers out too; a write-ahead log never does."""
_ODD_VALUES = (ArithmeticError, LookupError, TypeError, ValueError)


class ViewState:
    """The scope and the latest data about it.

    Args:
        replay: the clock of the demo; None where nothing is replayed.
    """

    def __init__(self, config: Config, clock: Clock, *, replay: Replay | None, folded: frozenset[str]) -> None:
        self.config = config
        self.clock = clock
        self.replay = replay
        self.scope = Scope(everything(), watched=config.watched)
        self.folded = set(folded)
        """Keys of the side bar's folded groups."""
        self.counts: Counts = NO_COUNTS
        self.states: Mapping[str, FeedState] = {}
        self.quotes: Mapping[str, Quote] = {}
        self.failures: Mapping[str, tuple[str, datetime]] = {}
        """By symbol: why there is no newer quote, and since when."""
        self.closes: Mapping[str, tuple[float, ...]] = {}
        """By symbol, for the small charts of the watchlist."""
        self.names: Mapping[str, str] = {}
        """By symbol: how people write the company, where the user gave no name."""
        self.dates: Mapping[str, tuple[AgreedDate, ...]] = {}
        """By symbol: the coming dates of the watchlist, soonest first."""
        self.halts: Mapping[str, Halt] = {}
        """By symbol: the last halt of trading, where there was one lately."""
        self.unread = 0
        """Unread stories of the scope."""
        self.elsewhere = 0
        """Stories that the search finds in Everything, where it finds none in the scope."""
        self.total: int | None = None
        """Articles stored; None until they have been counted."""
        self.new_above = 0
        """New rows that are not shown yet."""
        self.highest_seen = 0
        """The newest article when the list was read: later ones are not marked as read with all others."""
        self.is_syncing = False
        self.is_other_syncing = False
        """Whether the last sync found another program's under way."""
        self.reading_seconds: int | None = None
        """For how long the list has been read that is not shown yet, not even its first rows; None where none is."""

    def take(self, facts: FactsLoaded, *, is_of_scope: bool) -> None:
        """Take the counts, feeds and prices that were read; those of the scope only where it is still the same."""
        self.counts, self.states, self.total = facts.counts, facts.states, facts.total
        self.quotes, self.failures, self.closes = facts.quotes, facts.failures, facts.closes
        self.names, self.dates, self.halts = facts.names, facts.dates, facts.halts
        if is_of_scope:
            self.unread, self.elsewhere = facts.unread, facts.elsewhere


class SafeReads:
    """Reads on the event loop; a failed one shows its reason, and the window stays open.

    Args:
        say: takes the reason in words.
    """

    def __init__(self, reader: Reader, say: Callable[[str], object]) -> None:
        self.reader = reader
        reader.wait_at_most(_BUSY_WAIT_MS)
        self._say = say
        self.has_failed = False
        """True from the first read that failed until everything is read again."""

    def read(self, work: Callable[[], T], instead: T) -> T:
        """Return what `work` reads, or `instead` where it cannot be read now."""
        try:
            return work()
        except StoreError as error:
            is_held = error.kind == "busy"
            self._say(
                f"{self.reader.path}: another program is using it; tracker shows the rest as soon as it can"
                if is_held
                else str(error)
            )
        except _ODD_VALUES as error:  # a damaged file may hold values that nobody wrote
            self._say(
                f"{self.reader.path}: contains an unreadable value ({type(error).__name__})."
                " `tracker doctor` checks it for damage"
            )
        self.has_failed = True
        return instead

    def follow_file(self) -> bool:
        """Open the file that has taken the place of the database; return whether there is one."""
        old = self.reader
        if old.is_replaced():
            self.read(self._open, None)
        if self.reader is old:
            return False
        old.close()
        return True

    def _open(self) -> None:
        reader = Reader(self.reader.path)
        reader.wait_at_most(_BUSY_WAIT_MS)
        self.reader = reader

    def read_quickly(self, work: Callable[[], T], instead: T) -> T | None:
        """Return as `read`, or None where it takes too long for the keys that wait meanwhile."""

        def quickly() -> T | None:
            try:
                with self.reader.at_most(_QUICK_SECONDS):
                    return work()
            except StoreError as error:
                if error.kind == "stopped":
                    return None
                raise

        other: T | None = instead
        return self.read(quickly, other)

    def headlines(self, ids: Sequence[int]) -> list[Headline]:
        """Return the rows of these articles; none when they cannot be read."""
        return self.read(lambda: self.reader.articles.headlines(ids), [])

    def other_articles(self, article_id: int) -> dict[int, int]:
        """Return the other articles of an article's story in the order they are listed under it, with their depths."""
        from tracker.stories.order import under_lead  # what the first paint does not need

        def read() -> dict[int, int]:
            rows = self.reader.articles.headlines([article_id])
            return under_lead(article_id, self.reader.stories.originals(rows[0].story_id)) if rows else {}

        return self.read(read, {})

    def story_of(self, article_id: int) -> list[int]:
        """Return the article, then the other reports of its story, the first one last."""

        def read() -> list[int]:
            article = self.reader.articles.get(article_id)
            return [] if article is None else self.reader.stories.articles(article.story.id)

        story: list[int] = self.read(read, [])
        return [article_id, *(one for one in reversed(story) if one != article_id or one == story[0])]

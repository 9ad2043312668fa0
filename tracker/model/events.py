"""The events of a sync, for its caller."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from tracker.model.feed import FeedSynced
from tracker.model.market import PriceFailure


class SyncStarted(Struct, frozen=True):
    """The due feeds are known."""

    started: datetime
    due: tuple[str, ...]
    skipped: tuple[FeedSynced, ...]


class QuotesChanged(Struct, frozen=True):
    """Prices were asked for and what came is stored."""

    provider: str | None
    """Whose numbers most of them are; None when nothing came."""
    symbols: tuple[str, ...]
    failed: tuple[str, ...] = ()
    reason: str | None = None
    failures: tuple[PriceFailure, ...] = ()

    @property
    def reasons(self) -> dict[str, str]:
        """Why each symbol that failed has no new price, where that is known."""
        return {one.symbol: one.reason for one in self.failures if one.symbol is not None and one.symbol in self.failed}


class DatesChanged(Struct, frozen=True):
    """A calendar was asked for coming dates, and what came is stored."""

    days: tuple[date, ...]
    """The days whose pages came."""
    reason: str | None = None
    """Why others did not."""


class SyncFinished(Struct, frozen=True):
    """All feeds and prices are done."""

    started: datetime
    finished: datetime
    feeds: tuple[FeedSynced, ...]
    prices: QuotesChanged | None
    dates: DatesChanged | None = None

    @property
    def new(self) -> int:
        """New articles over all feeds."""
        return sum(feed.new for feed in self.feeds)

    @property
    def updated(self) -> int:
        """Changed articles over all feeds."""
        return sum(feed.updated for feed in self.feeds)

    @property
    def failed(self) -> int:
        """Feeds that failed."""
        return sum(feed.status == "failed" for feed in self.feeds)


SyncEvent = SyncStarted | FeedSynced | QuotesChanged | DatesChanged | SyncFinished

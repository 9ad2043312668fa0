"""The morning page: what the shares of the watchlist did, and what was published since the last close."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from tracker.model.dates import AgreedDate
from tracker.model.impact import DayMove, Window
from tracker.model.market import Quote


class StoryOutline(Struct, frozen=True):
    """A story by its first report."""

    story_id: int
    id: int
    """The first report."""
    title: str
    first_source: str
    """The feed that had it first."""
    published: datetime | None
    time: datetime
    """Publication of the first report where it is known, else when it was first seen."""
    size: int
    """Articles."""
    sources: int
    """Feeds that reported it."""
    symbols: frozenset[str] = frozenset()
    """Shares that any of its articles is about."""


def story_order(story: StoryOutline) -> tuple[int, int, datetime, int]:
    """Return a key that sorts the most reported story last, of several the newest."""
    return story.sources, story.size, story.time, story.id


class LargestStep(Struct, frozen=True):
    """The largest move of a session within an hour, or over a gap, and what was published before it."""

    move: DayMove
    article_ids: tuple[int, ...] = ()
    """Newest first."""
    story: StoryOutline | None = None
    """Of those articles' stories the one that most feeds reported."""


class BriefShare(Struct, frozen=True):
    """One share of the watchlist."""

    symbol: str
    name: str | None = None
    quote: Quote | None = None
    price: float | None = None
    """The newest: of the quote, else of the last bar."""
    day: date | None = None
    """The newest session that has begun; None where no price of one is stored."""
    session: Window = Window()
    """That session from the close before it; so far, while it runs."""
    outside: float | None = None
    """Return from the close of that session to a later trade: after hours, before the next open."""
    held: float | None = None
    """How many shares the user holds; None where nobody said so."""
    made: float | None = None
    """What they made or cost in that session, in the share's currency."""
    step: LargestStep | None = None
    stories: tuple[StoryOutline, ...] = ()
    """Stories about it that began since the last close, the most reported first."""
    dates: tuple[AgreedDate, ...] = ()
    """Its coming dates, soonest first; of sources that contradict each other, all."""


class Brief(Struct, frozen=True):
    """The morning page."""

    now: datetime
    since: datetime
    """New is what was first reported after it."""
    is_since_close: bool
    """True when `since` is the last close in New York, False when the user chose it."""
    shares: tuple[BriefShare, ...] = ()
    stories: int = 0
    """New stories, whatever they are about."""
    about: int = 0
    """Of these, about a share of the watchlist."""
    others: tuple[StoryOutline, ...] = ()
    """New stories about none of the watchlist that two feeds or more reported, the most reported first."""

    @property
    def has_held(self) -> bool:
        """True when the user said of any share how many they hold."""
        return any(share.held is not None for share in self.shares)

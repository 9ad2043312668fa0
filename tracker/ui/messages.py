"""Messages from workers to the main screen."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from textual.message import Message

from tracker.model.config import Config
from tracker.model.dates import AgreedDate
from tracker.model.feed import FeedState
from tracker.model.halts import Halt
from tracker.model.market import Quote
from tracker.store.raised import Raised
from tracker.store.story_reader import Counts
from tracker.ui.scope import Scope

if TYPE_CHECKING:
    from tracker.model.events import SyncEvent


@dataclass(repr=False, eq=False)
class IdsLoaded(Message):
    """The ids of a view were read."""

    generation: int
    """Which request it answers; older answers are dropped."""
    ids: array[int]
    highest: int
    """The newest article stored when they were read."""
    is_update: bool
    """True when the view is the one shown before, read again because the store changed."""
    instead: Mapping[int, int] = field(default_factory=dict)
    """For an update: rows now represented by another article of the same story."""
    fresh: int = 0
    """Of an update: how many ids were not there before, or have come up again."""
    raised: Raised = field(default_factory=dict)
    """The stories that have come up again."""


@dataclass(repr=False, eq=False)
class FirstFound(Message):
    """The first rows of a search that is being typed."""

    scope: Scope
    ids: array[int]


@dataclass(repr=False, eq=False)
class ReadFailed(Message):
    """A view, its counts or prices could not be read."""

    reason: str


@dataclass(repr=False, eq=False)
class FactsLoaded(Message):
    """Counts, feeds and prices were read."""

    counts: Counts
    states: Mapping[str, FeedState]
    unread: int
    """Unread stories of the view shown."""
    elsewhere: int
    """Stories in Everything that a search finds, where the view shown holds none of them."""
    total: int
    """Articles stored."""
    quotes: Mapping[str, Quote]
    failures: Mapping[str, tuple[str, datetime]]
    closes: Mapping[str, tuple[float, ...]]
    names: Mapping[str, str]
    """Of the watchlist's companies, by symbol, where the user gave none."""
    dates: Mapping[str, tuple[AgreedDate, ...]]
    """Coming dates of the watchlist, by symbol."""
    halts: Mapping[str, Halt]
    """The last halt of each share of the watchlist that had one lately."""
    generation: int


@dataclass(repr=False, eq=False)
class SyncAdvanced(Message):
    """A running sync made progress."""

    event: SyncEvent


@dataclass(repr=False, eq=False)
class SyncEnded(Message):
    """A sync is over."""

    problem: str | None = None
    """Why it could not run or broke off, in words."""
    is_locked: bool = False
    """True when another process is syncing."""
    is_by_hand: bool = False
    """True when the user asked for it."""


@dataclass(repr=False, eq=False)
class AlertFired(Message):
    """An alert fired."""

    text: str
    problem: str | None
    """What did not work when it was sent."""


@dataclass(repr=False, eq=False)
class TerminalWrite(Message):
    """A sequence to write to the terminal: the bell, or a notification."""

    sequence: str


@dataclass(repr=False, eq=False)
class ConfigChanged(Message):
    """feeds.toml has changed."""

    config: Config

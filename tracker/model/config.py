"""The configuration as values; `tracker.config` makes it from feeds.toml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct, field

from tracker.model.alert import AlertRule
from tracker.model.feed import FeedSource
from tracker.model.market import WatchSymbol
from tracker.model.sources import Sources
from tracker.model.tags import TagRule


class Settings(Struct, frozen=True):
    """`[settings]`."""

    poll_minutes: int = 30
    keep_days: int = 365
    benchmark: str = "^GSPC"
    theme: str = "textual-dark"
    connections: int = 8
    host_connections: int = 1
    host_delay_seconds: float = 1.0
    red_up: bool = False
    """True draws rises in red and falls in green, as in China, Japan and Korea."""
    morning: bool = False
    """True opens the morning page at the first start of a day."""


class View(Struct, frozen=True):
    """A saved query of the side bar."""

    name: str
    query: str
    line: int | None = None


MY_SHARES = View("My shares", "is:watched")
"""What the side bar shows first where there is a watchlist; a view of that name replaces it."""

EVERYTHING = View("Everything", "")
STARRED = View("Starred", "is:starred")


class MarketSettings(Struct, frozen=True):
    """`[market]`."""

    providers: tuple[str, ...] = ("yahoo", "cnbc", "nasdaq")
    poll_seconds: int = 30
    base_urls: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Provider name to base address, only where the user gave one."""


class Config(Struct, frozen=True):
    """Everything feeds.toml says, checked."""

    settings: Settings = Settings()
    feeds: tuple[FeedSource, ...] = ()
    tags: tuple[TagRule, ...] = ()
    """The user's rules; a built-in rule of the same name is replaced field by field."""
    symbols: tuple[WatchSymbol, ...] = ()
    views: tuple[View, ...] = ()
    alerts: tuple[AlertRule, ...] = ()
    mutes: tuple[str, ...] = ()
    """Queries: what matches is stored as read and kept out of every list but a search."""
    mute_lines: tuple[int | None, ...] = ()
    """The line of each."""
    market: MarketSettings = MarketSettings()
    sources: Sources = Sources()
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Command id to a comma-separated list of keys."""
    path: Path | None = None
    """The file it came from."""
    stamp: str | None = None
    """Of that file when it was read: another one means that the file has changed."""
    warnings: tuple[str, ...] = ()
    """What is legal but has no effect in this version, with file and line."""

    @property
    def held(self) -> dict[str, float]:
        """How many shares the user holds, by symbol, where they said so."""
        return {one.symbol: one.held for one in self.symbols if one.held is not None}

    @property
    def halt_feeds(self) -> tuple[str, ...]:
        """The names of the feeds that list trading halts."""
        return tuple(one.name for one in self.feeds if one.first_hand is not None and one.first_hand.kind == "halts")

    @property
    def watched(self) -> tuple[str, ...]:
        """The symbols of the watchlist, in the user's order."""
        return tuple(one.symbol for one in self.symbols)

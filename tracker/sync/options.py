"""The options of a sync."""

from __future__ import annotations

from msgspec import Struct

MANY_NEW_FEEDS = 20
"""From this many feeds without stored articles, parsing starts a second process at once."""
MANY_FEEDS = 20
"""From this many feeds to ask, an open window syncs in a process of its own."""


class SyncOptions(Struct, frozen=True):
    """The flags of `tracker sync`."""

    force: bool = False
    """Ignore the schedule; never a server's Retry-After."""
    feeds: tuple[str, ...] | None = None
    """Only these feeds, by name; None for all."""
    prices: bool = True
    by_hand: bool = False
    """The user pressed a key: ignores the schedule, but not the minimum interval and Retry-After."""

    @property
    def is_asked_for(self) -> bool:
        """True when the user asked for just this, by a key or by name."""
        return self.by_hand or self.feeds is not None

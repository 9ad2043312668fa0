"""What a sync is asked to do."""

from __future__ import annotations

from msgspec import Struct


class SyncOptions(Struct, frozen=True):
    """The flags of `tracker sync`."""

    force: bool = False
    """Ignore the schedule; never a server's Retry-After."""
    feeds: tuple[str, ...] | None = None
    """Only these feeds, by name; None for all."""
    prices: bool = True
    by_hand: bool = False
    """Somebody pressed a key: feeds do not wait for their schedule, only for the floor and their server."""

"""Stored pauses: when they end, and when a wrong clock makes them void; pure."""

from __future__ import annotations

from datetime import datetime, timedelta

SKEW = timedelta(minutes=5)
"""A clock may be set back this far without voiding a pause: time servers do so every day."""
LONGEST_PAUSE = timedelta(days=1)
"""The longest pause of a host or a price provider, whatever it asks for."""
LONGEST_FEED_WAIT = timedelta(days=15)
"""The longest wait of a feed: 7 days of interval or Retry-After, a spread of 10%, and a week of `skipDays`."""


def is_active(until: datetime, set_at: datetime | None, now: datetime, longest: timedelta) -> bool:
    """True while a wait lasts.

    A wait that was set later than `now` was set by a clock that was ahead, and one that ends later than its own rule
    allows was, too: both are void.

    Args:
        until: the end of the wait.
        set_at: when it was set, by the clock of that time; None where that was not stored.
        now: aware.
        longest: the longest wait that its rule gives.
    """
    if set_at is not None and now < set_at - SKEW:
        return False
    return now < until <= now + longest + SKEW

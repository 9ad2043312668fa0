"""Waits that are stored: until when somebody is left alone, and when a clock that was wrong makes that void; pure."""

from __future__ import annotations

from datetime import datetime, timedelta

SKEW = timedelta(minutes=5)
"""A clock may be set back this far without a wait becoming void: time servers do so every day."""
LONGEST_PAUSE = timedelta(days=1)
"""The longest that a host or a price provider is left alone, whatever it asks for."""
LONGEST_FEED_WAIT = timedelta(days=15)
"""No rule gives a feed more: an interval or Retry-After of 7 days, its spread of 10 %, and a week of `skipDays`."""


def is_active(until: datetime, set_at: datetime | None, now: datetime, longest: timedelta) -> bool:
    """True while a wait holds.

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

"""The share of a session's variance in the night and in each part of the day; pure.

A session runs from the close before it to its own close: a night without trading, then a day. The square root of the
hours is a bad guide to either. A night of 17.5 hours holds 0.44 of the residual variance of 29 large American shares
(March 2024 to March 2025, median), and a day is U-shaped: its first half hour moves as much as two hours around noon
(Wood, McInish and Ord 1985; Harris 1986; Andersen and Bollerslev 1997).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate, pairwise

from msgspec import Struct

from tracker.model.market import Bar

DEFAULT_NIGHT = 0.44
"""Default share of a session's variance in the night before it, for shares with too few opens."""
MIN_PROFILE_SESSIONS = 20
"""Sessions of 5-minute bars from which a share's own profile of the day is taken."""
_MIN_NIGHTS = 60
_MIN_STEPS = 40
"""Returns that a session needs to count for a profile: half of the 5-minute bars of a day."""
_HALF_HOURS = (20.0, 11.0, 9.0, 7.5, 6.5, 5.5, 5.0, 5.0, 5.0, 5.5, 6.0, 6.5, 7.5)
"""Variance of each thirteenth of the day in percent, rounded: used for shares without a measured profile."""
_SLOTS = 78
"""5-minute bars of a day in New York; other days are cut into as many parts."""


class DayProfile(Struct, frozen=True):
    """The share of a day's variance that has passed after equal parts of it: from 0 at the open to 1 at the close."""

    passed: tuple[float, ...]
    is_own: bool = False
    """True when it comes from the share's own bars."""

    def until(self, part: float) -> float:
        """Return the share of the variance in the first `part` (0 to 1) of the day, linear between the known points."""
        place = min(max(part, 0.0), 1.0) * (len(self.passed) - 1)
        index = min(int(place), len(self.passed) - 2)
        low, high = self.passed[index], self.passed[index + 1]
        return low + (high - low) * (place - index)


class SessionHours(Struct, frozen=True):
    """One session with the night before it: aware times, `closed_before` <= `opens` < `closes`."""

    closed_before: datetime
    """Close of the session before."""
    opens: datetime
    closes: datetime

    def variance_until(self, moment: datetime, night: float, profile: DayProfile) -> float:
        """Return the share of the session's variance from the close before it to `moment`.

        The night's share is spread evenly over it: trading before the open is too thin in the bars to say more.
        """
        if moment <= self.closed_before:
            return 0.0
        if moment >= self.closes:
            return 1.0
        if self.closed_before == self.opens:
            night = 0.0  # round the clock
        if moment < self.opens:
            return night * ((moment - self.closed_before) / (self.opens - self.closed_before))
        return night + (1.0 - night) * profile.until((moment - self.opens) / (self.closes - self.opens))


STATED_PROFILE = DayProfile((0.0, *(value / sum(_HALF_HOURS) for value in accumulate(_HALF_HOURS))))
EVEN_PROFILE = DayProfile((0.0, 1.0))
"""For symbols that trade round the clock."""


def night_share(halves: Sequence[tuple[float, float]]) -> float | None:
    """Return the night's share of the variance of (night, day) residual returns; None for fewer than 60 sessions.

    Their covariance is left out, so that the shares of night and day are 1 together.
    """
    if len(halves) < _MIN_NIGHTS:
        return None
    night, day = (_variance([half[place] for half in halves]) for place in (0, 1))
    return night / (night + day) if night + day > 0 else None


def day_profile(bars: Iterable[Bar], sessions: Iterable[tuple[datetime, datetime]]) -> DayProfile:
    """Return the profile of a share's day from its 5-minute bars; the default one for fewer than 20 complete sessions.

    Each session counts the same, so that one wild day does not make the profile.

    Args:
        bars: of one symbol, oldest first.
        sessions: open and close of each session, oldest first.
    """
    known = list(bars)
    ends = [bar.end for bar in known]
    shares: list[list[float]] = []
    for opens, closes in sessions:
        day = known[bisect_left(ends, opens + timedelta(seconds=1)) : bisect_left(ends, closes + timedelta(seconds=1))]
        found = _session_profile(day, opens, closes)
        if found is not None:
            shares.append(found)
    if len(shares) < MIN_PROFILE_SESSIONS:
        return STATED_PROFILE
    mean = [math.fsum(column) / len(shares) for column in zip(*shares, strict=True)]
    return DayProfile((0.0, *accumulate(mean[:-1]), 1.0), is_own=True)


def _session_profile(bars: Sequence[Bar], opens: datetime, closes: datetime) -> list[float] | None:
    """Return the share of one session's variance in each of its slots; None with too few bars."""
    if len(bars) <= _MIN_STEPS:
        return None
    squares = [0.0] * _SLOTS
    first = bars[0]
    if first.open is not None and first.open > 0:
        squares[0] = math.log(first.close / first.open) ** 2
    length = closes - opens
    for before, bar in pairwise(bars):
        slot = math.ceil((bar.end - opens) / length * _SLOTS - 1e-9) - 1
        squares[min(max(slot, 0), _SLOTS - 1)] += math.log(bar.close / before.close) ** 2
    total = math.fsum(squares)
    return [square / total for square in squares] if total > 0 else None


def _variance(values: Sequence[float]) -> float:
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / len(values)

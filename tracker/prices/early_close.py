"""Sessions that closed early, outside New York; pure.

No calendar of those exchanges is kept, and providers date each of their sessions to the usual hours. A session's own
5-minute bars say when it ended: without a gap until some hour, then none, and the last of them at the official close.
News after that hour belongs to the next session.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from msgspec.structs import replace

from tracker.model.market import INTRADAY, Bar

_FIVE = timedelta(seconds=INTRADAY)
_EARLY = timedelta(hours=1)
"""How long before the usual close: no exchange closes early by less, and a share may not trade for some minutes."""
_LEAST_BARS = 0.9
"""Part of the 5-minute bars until then that there must be: a share with fewer trades now and then."""
_AUCTION = 0.005
"""How far the official close may be from the last trade. Farther apart, the bars of the afternoon are missing."""

Pause = Callable[[datetime, datetime], timedelta]
"""Returns how much of the time between two moments is a lunch break."""


def with_early_closes(daily: tuple[Bar, ...], fives: Sequence[Bar], pause: Pause) -> tuple[Bar, ...]:
    """Return daily bars, those of sessions that closed early with the end that their 5-minute bars have.

    Args:
        daily: of one symbol, oldest first.
        fives: its 5-minute bars, oldest first.
        pause: of its exchange.
    """
    if not fives:
        return daily
    starts, ends = [bar.start for bar in fives], [bar.end for bar in fives]
    young = list(takewhile(lambda bar: bar.end > starts[0], reversed(daily)))
    found = []
    for bar in reversed(young):
        first, after = bisect_left(starts, bar.start), bisect_right(ends, bar.end)
        is_early = first < after and _is_early(bar, fives[after - 1], after - first, pause)
        found.append(replace(bar, end=ends[after - 1]) if is_early else bar)
    return (*daily[: len(daily) - len(young)], *found)


def has_stopped_early(opens: datetime, closes: datetime, last: datetime, count: int, pause: Pause) -> bool:
    """Return whether a share was traded without a gap until `last`, an hour or more before the usual close.

    Args:
        opens: of the session.
        closes: its usual close.
        last: end of its last 5-minute bar.
        count: how many of them there are.
        pause: of its exchange.
    """
    return closes - last >= _EARLY and count * _FIVE >= _LEAST_BARS * (last - opens - pause(opens, last))


def _is_early(session: Bar, last: Bar, count: int, pause: Pause) -> bool:
    """Return whether a session ended with `last`, its `count`th and last 5-minute bar."""
    if session.close <= 0 or not has_stopped_early(session.start, session.end, last.end, count, pause):
        return False
    return abs(last.close / session.close - 1.0) <= _AUCTION

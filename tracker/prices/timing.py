"""Whether an article led or followed the move of its session, by a rule; pure.

1. Nothing is said of a session that moved less than 1%.
2. Where the share may have traded for more than 30 minutes between the last known trade and the article, before the
   open and after the close too (`tracker.prices.unseen`), no bars tell: the move may have come then ("no-bars").
3. The part of the move before it is log(1 + before) / log(1 + session). From a half on, it followed.
4. Else it led; if the 15 minutes after it went the session's way by an unusual step, the move began with it.
5. Before the open there is no such part: the whole session is still to come, and 0 of it was before. What was traded
   since the close before is said by itself ("before-open"), where it is a tenth of the session's move or more, or,
   with a session that moved less than 1%, at least 1%. Where it is less, the article led (4).

None of these says why: an article that led is not a cause.
"""

from __future__ import annotations

import math

from tracker.model.impact import Timing, Window
from tracker.prices.unusual import UNUSUAL_T

MIN_MOVE = 0.01
"""A smaller move of a session is not worth an order of events."""
NEARLY_ALL = 0.9
NEARLY_NONE = 0.1


def untold(session: Window, silent_seconds: int) -> Timing | None:
    """Return that the order is unknown; None if the session moved too little to ask."""
    if session.move is None or abs(session.move) < MIN_MOVE:
        return None
    return Timing("no-bars", silent_seconds=silent_seconds)


def timing_of(session: Window, before: float | None, quarter: Window | None) -> Timing | None:
    """Return whether an article led or followed; None where the session moved too little or is not known.

    Args:
        session: from the close before to the close, so far while it runs.
        before: the part of it that had happened by the base.
        quarter: from the base to 15 minutes after publication; None where they are not over or not known.
    """
    if session.move is None or before is None or abs(session.move) < MIN_MOVE or min(session.move, before) <= -1.0:
        return None
    part = math.log1p(before) / math.log1p(session.move)
    if part >= 0.5:
        return Timing("before" if part >= NEARLY_ALL else "mostly-before", part)
    return Timing("within-15-minutes" if _is_begun(quarter, session.move) else "after", part)


def timing_before_open(session: Window, moved: float | None, quarter: Window | None) -> Timing | None:
    """Return whether an article published before its session opened led, or what the share had done by then.

    Args:
        session: from the close before to the close, so far while it runs.
        moved: from the close before to the base.
        quarter: from the base to 15 minutes after publication; None where they are not over or not known.
    """
    if moved is None or moved <= -1.0:
        return None
    led = timing_of(session, moved, quarter)
    if led is None:
        return Timing("before-open", moved_before_open=moved) if abs(moved) >= MIN_MOVE else None
    if led.share_before is not None and abs(led.share_before) >= NEARLY_NONE:
        return Timing("before-open", moved_before_open=moved)
    return led


def _is_begun(quarter: Window | None, move: float) -> bool:
    if quarter is None or quarter.move is None or quarter.t is None:
        return False
    return abs(quarter.t) >= UNUSUAL_T and quarter.move * move > 0

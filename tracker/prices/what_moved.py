"""What moved a share in one session: its largest moves and what was published before each; pure."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from tracker.model.dividends import Dividend, dividends_between
from tracker.model.impact import DayMove
from tracker.model.market import Bar

LONGEST = timedelta(minutes=60)
"""The longest stretch that counts as one move."""
BEFORE = timedelta(minutes=60)
"""How long before a move an article may have been published to be listed with it."""
_MOST = 0.75
"""Part of a move that its shorter and steeper part must hold to stand for it."""
_HOLE = timedelta(minutes=30)
"""Longer without a trade is a gap."""


class _Point(Struct, frozen=True):
    at: datetime
    price: float
    interpolated: bool


def largest_moves(
    bars: Sequence[Bar], count: int, previous: Bar | None = None, dividends: Sequence[Dividend] = ()
) -> tuple[DayMove, ...]:
    """Return up to `count` moves that do not overlap, the largest return first.

    A move is the way from one price to another at most `LONGEST` later, or a gap: from the close of `previous`, the
    session before, to the first price, and over bars that are missing. Of a fall of five minutes with an hour's drift
    around it, the five minutes are the move: what was published during the drift came before it.

    Args:
        bars: 5-minute bars of one session, oldest first.
        count: how many.
        previous: daily bar of the session before.
        dividends: of the share.
    """
    runs, gaps = _split(_points(bars), previous)
    found = [replace(gap, dividends=dividends_between(dividends, gap.start, gap.end)) for gap in gaps]
    for run in runs:
        found += _best_of(run, count)
    found = [move for move in found if move.change]
    found.sort(key=lambda move: (-abs(move.change), move.start))
    return tuple(found[:count])


def published_before(move: DayMove, published: Sequence[datetime], interval: timedelta) -> tuple[int, int]:
    """Return which of `published` (oldest first) came before a move, as the slice [first, last).

    In the `BEFORE` minutes before it, and in its first bar of length `interval`: within a bar it is unknown what came
    first. For a gap, since the close it begins with.
    """
    if move.is_gap:
        return bisect_left(published, move.start), bisect_right(published, move.end)
    return bisect_left(published, move.start - BEFORE), bisect_right(published, move.start + interval)


def _points(bars: Sequence[Bar]) -> list[_Point]:
    """Return the prices of a session in order: the first open, where it is known, and every close."""
    points: list[_Point] = []
    for bar in bars:
        if bar.close <= 0:
            continue
        if bar.open is not None and bar.open > 0 and not points:
            points.append(_Point(bar.start, bar.open, bar.interpolated))
        points.append(_Point(bar.end, bar.close, bar.interpolated))
    return points


def _split(points: Sequence[_Point], previous: Bar | None) -> tuple[list[list[_Point]], list[DayMove]]:
    """Return stretches without a hole, and the gaps between them."""
    runs: list[list[_Point]] = []
    gaps: list[DayMove] = []
    last = None
    if previous is not None and previous.close > 0:
        last = _Point(previous.end, previous.close, previous.interpolated)
    for point in points:
        if last is None or not runs or point.at - last.at > _HOLE:
            if last is not None:
                gaps.append(_move(last, point, is_gap=True))
            runs.append([])
        runs[-1].append(point)
        last = point
    return runs, gaps


def _best_of(run: Sequence[_Point], count: int) -> list[DayMove]:
    """Return up to `count` of the largest moves of a run, none over another: the largest, then those beside it."""
    best = [found for found in [_largest(run, 0, len(run) - 1)] if found is not None]
    moves: list[DayMove] = []
    while best and len(moves) < count:
        best.sort()
        _, first, last, low, high = best.pop()
        start, end = _steepest(run, first, last)
        moves.append(_move(run[start], run[end]))
        beside = (_largest(run, low, start), _largest(run, end, high))
        best += [found for found in beside if found is not None]
    return moves


def _largest(run: Sequence[_Point], low: int, high: int) -> tuple[float, int, int, int, int] | None:
    """Return (size, start, end, low, high) of the largest move between two places; the shortest of equal ones."""
    best: tuple[float, int, int, int, int] | None = None
    for start in range(low, high):
        for end in range(start + 1, high + 1):
            if run[end].at - run[start].at > LONGEST:
                break
            size = abs(run[end].price / run[start].price - 1.0)
            if best is None or (size, start - end) > (best[0], best[1] - best[2]):
                best = (size, start, end, low, high)
    return best


def _steepest(run: Sequence[_Point], low: int, high: int) -> tuple[int, int]:
    """Return start and end of the most unusual part of a move that holds most of it.

    Prices without news vary with the square root of the time, so a steady move is most unusual as a whole.
    """
    least = _MOST * abs(run[high].price / run[low].price - 1.0)
    best, found = 0.0, (low, high)
    for start in range(low, high):
        for end in range(start + 1, high + 1):
            size = abs(run[end].price / run[start].price - 1.0)
            steepness = size / math.sqrt((run[end].at - run[start].at).total_seconds())
            if size >= least and steepness > best:
                best, found = steepness, (start, end)
    return found


def _move(first: _Point, last: _Point, *, is_gap: bool = False) -> DayMove:
    return DayMove(first.at, last.at, first.price, last.price, is_gap, first.interpolated or last.interpolated)

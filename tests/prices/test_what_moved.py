"""The largest moves of a session, and what was published before each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.prices import day_bar, five
from tracker.model.impact import DayMove
from tracker.model.market import INTRADAY, Bar
from tracker.prices.what_moved import BEFORE, LONGEST, largest_moves, published_before

FIVE = timedelta(minutes=5)
OPEN = datetime(2025, 1, 27, 14, 30, tzinfo=UTC)
FRIDAY = day_bar("NVDA", datetime(2025, 1, 24, tzinfo=UTC).date(), 142.62)


def session(closes: list[float], open_: float | None = None) -> list[Bar]:
    """Return 5-minute bars from the open."""
    return [
        Bar("NVDA", INTRADAY, OPEN + n * FIVE, OPEN + (n + 1) * FIVE, close, "yahoo", None if n else open_)
        for n, close in enumerate(closes)
    ]


def test_the_gap_and_the_two_ways_of_a_day() -> None:
    closes = [125.0, 125.0, 120.0, 118.0, 118.0, 118.5, 121.0, 121.0]
    found = largest_moves(session(closes, 124.8), 3, FRIDAY)
    assert [(move.is_gap, move.first, move.last) for move in found] == [
        (True, 142.62, 124.8),
        (False, 125.0, 118.0),
        (False, 118.5, 121.0),
    ]
    assert (found[0].start, found[0].end) == (FRIDAY.end, OPEN)
    assert (found[1].start, found[1].end) == (OPEN + 2 * FIVE, OPEN + 4 * FIVE)  # the shortest of equal ones
    assert found[0].change == pytest.approx(124.8 / 142.62 - 1)


def test_without_an_open_the_gap_ends_with_the_first_bar() -> None:
    (gap,) = largest_moves(session([120.0]), 3, FRIDAY)
    assert (gap.end, gap.last) == (OPEN + FIVE, 120.0)
    assert largest_moves(session([120.0]), 3) == ()
    assert largest_moves([], 3, FRIDAY) == ()
    assert largest_moves(session([100.0, 100.0]), 3) == ()  # nothing moved
    assert largest_moves(session([100.0, 110.0]), 0) == ()


def test_prices_of_nothing_are_no_prices() -> None:
    bars = session([100.0, 0.0, 110.0], 0.0)
    (move,) = largest_moves(bars, 3, day_bar("NVDA", FRIDAY.start.date(), 0.0))
    assert (move.first, move.last) == (100.0, 110.0)


def test_bars_that_are_missing_are_a_gap() -> None:
    bars = [five("NVDA", "2025-01-27T15:00", 100.0), five("NVDA", "2025-01-27T15:45", 90.0)]
    (move,) = largest_moves(bars, 3)
    assert move.is_gap
    assert move.change == pytest.approx(-0.1)


@given(st.lists(st.integers(50, 150), min_size=1, max_size=40), st.integers(1, 6))
def test_moves_do_not_overlap_and_none_is_larger_than_the_first(closes: list[int], count: int) -> None:
    prices = [float(close) for close in closes]
    found = largest_moves(session(prices), count)
    assert len(found) <= count
    sizes = [abs(move.change) for move in found]
    assert sizes == sorted(sizes, reverse=True)
    for before, after in pairwise(sorted(found, key=lambda move: move.start)):
        assert before.end <= after.start
    for move in found:
        assert timedelta(0) < move.end - move.start <= LONGEST
    largest = max(
        (abs(last / first - 1) for n, first in enumerate(prices) for last in prices[n + 1 : n + 13]), default=0.0
    )
    assert 0.75 * largest - 1e-9 <= (sizes[0] if sizes else 0.0) <= largest + 1e-9


def test_a_sudden_fall_in_a_drift_is_the_move_and_news_within_the_drift_came_before_it() -> None:
    drift = [100.0, 99.95, 99.9, 99.85, 93.8, 93.75, 93.7, 93.65, 93.6]
    move = largest_moves(session(drift), 1)[0]
    assert (move.start, move.end, move.first, move.last) == (OPEN + 4 * FIVE, OPEN + 5 * FIVE, 99.85, 93.8)
    assert published_before(move, [OPEN + 4 * FIVE], FIVE) == (0, 1)


def test_a_steady_fall_and_one_in_which_no_part_holds_most_of_it_stay_whole() -> None:
    steady = [100.0 - n for n in range(13)]
    move = largest_moves(session(steady), 1)[0]
    assert (move.first, move.last) == (100.0, 88.0)
    stepped = [100.0, 96.0, 95.9, 95.8, 92.0]
    move = largest_moves(session(stepped), 1)[0]
    assert (move.first, move.last) == (100.0, 92.0)


def test_what_was_published_before() -> None:
    move = DayMove(OPEN, OPEN + 4 * FIVE, 1.0, 2.0)
    times = [OPEN - BEFORE - timedelta(seconds=1), OPEN - BEFORE, OPEN, OPEN + FIVE, OPEN + FIVE + timedelta(seconds=1)]
    assert published_before(move, times, FIVE) == (1, 4)
    gap = DayMove(OPEN - timedelta(days=3), OPEN, 1.0, 2.0, is_gap=True)
    assert published_before(gap, times, FIVE) == (0, 3)

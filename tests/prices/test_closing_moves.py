"""Moves to the close of a session: which prices count, and when nothing is known."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.prices import day_bars, five
from tracker.market import calendar
from tracker.model.clock import to_epoch
from tracker.model.market import Bar
from tracker.prices.closing_moves import Closes, ClosingMoves
from tracker.prices.series import PriceSeries

FRIDAY, MONDAY, TUESDAY = calendar.sessions(date(2025, 1, 24), date(2025, 1, 28))
LATER = to_epoch(datetime(2025, 2, 1, tzinfo=UTC))
DAILY = day_bars("NVDA", {FRIDAY: 100.0, MONDAY: 80.0, TUESDAY: 90.0})
FIVES = [
    five("NVDA", "2025-01-27T12:05", 95.0),  # before the open
    *(five("NVDA", f"2025-01-27T{hour}:{minute:02}", price) for hour, minute, price in (
        (14, 35, 90.0), (14, 40, 89.0), (16, 0, 85.0), (21, 0, 80.5), (22, 0, 82.0),
    )),
]  # fmt: skip


def at(text: str) -> int:
    return to_epoch(datetime.fromisoformat(text).replace(tzinfo=UTC))


def closes(bars: list[Bar], opens: float | None = None) -> Closes:
    return Closes(
        [to_epoch(bar.start) for bar in bars],
        [to_epoch(bar.end) for bar in bars],
        [bar.close for bar in bars],
        [opens] * len(bars),
    )


def moves(
    daily: list[Bar] = DAILY, fives: list[Bar] = FIVES, *, opens: float | None = 92.0, breaks: tuple[int, ...] = (),
    now: int = LATER, symbol: str = "NVDA",
) -> ClosingMoves:  # fmt: skip
    return ClosingMoves(symbol, closes(daily, opens), closes(fives), breaks, now)


def test_from_the_weekend_to_the_close_of_monday() -> None:
    found = moves().since(
        at("2025-01-25T10:00"),
        [at(f"2025-01-{time}") for time in (
            "25T10:00", "27T12:30", "27T14:31", "27T14:42", "27T18:00", "27T21:00", "29T10:00",
        )],
    )  # fmt: skip
    assert found is not None
    whole, gone = found
    assert whole == pytest.approx(-0.2)
    assert gone == pytest.approx([0.0, -0.05, -0.08, -0.11, None, -0.2, -0.2])


def test_from_after_the_close_to_that_of_the_next_session() -> None:
    found = moves().since(at("2025-01-27T22:10"), [at("2025-01-27T22:10"), at("2025-01-29T00:00")])
    assert found is not None
    assert found[0] == pytest.approx(90 / 82 - 1)
    assert found[1] == pytest.approx([0.0, 90 / 82 - 1])


def test_within_a_session_nothing_is_known_without_its_minutes() -> None:
    for begin, fives, opens in (
        ("2025-01-27T18:00", FIVES, 92.0),  # the last trade is from two hours ago
        ("2025-01-27T14:36", FIVES[:1], 92.0),
        ("2025-01-27T14:31", FIVES[:1], None),
    ):
        assert moves(fives=fives, opens=opens).since(at(begin), []) is None


def test_a_session_that_is_not_over_is_not_known() -> None:
    assert moves(now=at("2025-01-27T20:59")).since(at("2025-01-27T14:50"), []) is None
    assert moves().since(at("2025-01-28T21:00"), []) is None


def test_a_missing_session_is_not_bridged() -> None:
    friday_and_tuesday = [DAILY[0], DAILY[2]]
    assert moves(friday_and_tuesday).since(at("2025-01-25T10:00"), []) is None
    assert moves(friday_and_tuesday, symbol="BTC-USD").since(at("2025-01-25T10:00"), []) is not None
    week_later = day_bars("BTC-USD", {FRIDAY: 100.0, date(2025, 1, 30): 90.0})
    assert moves(week_later, symbol="BTC-USD").since(at("2025-01-24T21:30"), []) is None


def test_without_a_close_before_it_nothing_is_known() -> None:
    assert moves(DAILY[1:]).since(at("2025-01-27T12:30"), []) is None
    assert moves(day_bars("NVDA", {FRIDAY: 0.0, MONDAY: 80.0}), []).since(at("2025-01-25T10:00"), []) is None


def test_no_move_is_taken_across_a_split() -> None:
    assert moves(breaks=(at("2025-01-27T00:00"),)).since(at("2025-01-25T10:00"), []) is None
    assert moves(breaks=(at("2025-01-28T00:00"),)).since(at("2025-01-25T10:00"), []) is not None


@given(st.integers(at("2025-01-24T21:00"), at("2025-01-28T20:59")))
def test_the_base_is_that_of_every_other_move(begin: int) -> None:
    found = moves().since(begin, [begin])
    moment = datetime.fromtimestamp(begin, UTC)
    base = PriceSeries("NVDA", DAILY, FIVES, (), datetime(2025, 2, 1, tzinfo=UTC)).base_before(moment)
    assert base is not None
    assert found is not None or calendar.session_at(moment) == "regular"
    if found is not None and calendar.session_at(moment) != "regular":
        close = 80.0 if begin < at("2025-01-27T21:00") else 90.0
        assert found[0] == pytest.approx(close / base.price - 1)
        assert found[1] == [0.0]

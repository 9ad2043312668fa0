"""Steps that look like splits: doubted until the split is known or the provider's own close shows a real move."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.helpers.prices import DAYS, day_bar, day_bars, walk
from tracker.market import calendar
from tracker.model.market import Quote
from tracker.prices.doubt import doubtful_steps, is_split_between, stepped_symbols
from tracker.prices.splits import rescaled

ZONE = "America/New_York"
LAST, NEXT = DAYS[-2], DAYS[-1]
NOON = calendar.session_open(NEXT) + timedelta(hours=2)


def history(step: float, at: int = -3) -> dict[date, float]:
    """Return quiet closes with one step."""
    quiet = walk(3, size=0.01)
    return {day: price * (step if day >= DAYS[at] else 1) for day, price in quiet.items()}


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (0.1, "10 for 1"),
        (0.25, "4 for 1"),
        (2 / 3, "3 for 2"),
        (0.5, "2 for 1"),
        (10.0, "1 for 10"),
        (50.0, "1 for 50"),
    ],
)
def test_a_step_near_a_ratio_is_doubted(step: float, words: str) -> None:
    (found,) = doubtful_steps(day_bars("NVDA", history(step)), None, ZONE)
    assert found.at == calendar.session_open(DAYS[-3])
    assert found.reason.endswith(f"looks like a split of {words}")
    assert not found.is_real


@pytest.mark.parametrize("step", [0.8, 0.6, 0.42, 1.29, 2.5, 250.0])
def test_other_steps_are_moves(step: float) -> None:
    assert doubtful_steps(day_bars("NVDA", history(step)), None, ZONE) == []


def test_the_split_itself_ends_the_doubt() -> None:
    bars = day_bars("NVDA", history(0.1))
    known = rescaled(bars, [(calendar.session_open(DAYS[-3]), 10.0)], ZONE)
    assert doubtful_steps(known, None, ZONE) == []


def quote(price: float, previous: float | None) -> Quote:
    return Quote("NVDA", price, NOON, "yahoo", previous)


def test_the_step_to_a_quote_counts_and_the_providers_own_close_settles_it() -> None:
    closes = {day: price for day, price in history(1.0).items() if day <= LAST}
    bars, last = day_bars("NVDA", closes), closes[LAST]
    (found,) = doubtful_steps(bars, quote(last / 2, None), ZONE)
    assert (found.at, found.is_real) == (calendar.session_open(NEXT), False)
    (real,) = doubtful_steps(bars, quote(last / 2, last * 1.001), ZONE)
    assert real.is_real
    (split,) = doubtful_steps(bars, quote(last / 2, last / 2), ZONE)
    assert not split.is_real
    assert doubtful_steps(bars, quote(last, last), ZONE) == []
    assert doubtful_steps((), quote(last, last), ZONE) == []
    elsewhere = replace(quote(last / 2, None), symbol="X.UNKNOWN", exchange_zone="Mars/Base")
    assert doubtful_steps(bars, elsewhere, ZONE)[0].at <= NOON


@given(st.integers(0, 10_000), st.sampled_from([2.0, 3.0, 4.0, 5.0, 10.0, 20.0]))
def test_any_unknown_split_of_a_quiet_share_is_doubted_once(seed: int, ratio: float) -> None:
    closes = walk(seed, size=0.01)
    day = DAYS[len(DAYS) // 2]
    bars = [day_bar("X", one, price / (ratio if one >= day else 1)) for one, price in closes.items()]
    assert [found.at for found in doubtful_steps(bars, None, ZONE)] == [calendar.session_open(day)]
    assert datetime(2024, 1, 1, tzinfo=UTC) < calendar.session_open(day)


@pytest.mark.parametrize(
    ("previous", "stored", "expected"),
    [
        (14.2, 142.0, True),
        (1420.0, 142.0, True),
        (142.0, 142.5, False),
        (142.0, 105.0, False),  # a session can bring as much
        (142.0, None, False),
        (None, 142.0, False),
        (0.0, 142.0, False),
    ],
)
def test_a_close_before_that_is_not_the_stored_one_tells_of_a_split(
    previous: float | None, stored: float | None, expected: bool
) -> None:
    assert is_split_between(Quote("NVDA", 14.0, NOON, "yahoo", previous), stored) is expected


def test_the_symbols_a_step_away_from_the_close_before() -> None:
    quotes = [Quote(f"S{n}", price, NOON, "yahoo", 100.0) for n, price in enumerate((71.0, 69.0, 131.0))]
    assert stepped_symbols([*quotes, Quote("S3", 1.0, NOON, "yahoo")]) == ["S1", "S2"]

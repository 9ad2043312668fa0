"""How a session's variance lies over it: the night by a share's own opens, the day by its own bars."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.prices import DAYS
from tracker.market import calendar
from tracker.model.market import INTRADAY, Bar
from tracker.prices.variance import (
    EVEN_PROFILE,
    STATED_PROFILE,
    DayProfile,
    SessionHours,
    day_profile,
    night_share,
)

FIVE = timedelta(minutes=5)
HOURS = SessionHours(
    datetime(2025, 1, 24, 21, tzinfo=UTC),
    datetime(2025, 1, 27, 14, 30, tzinfo=UTC),
    datetime(2025, 1, 27, 21, tzinfo=UTC),
)


def sessions(count: int) -> list[tuple[datetime, datetime]]:
    return [(calendar.session_open(day), calendar.session_close(day)) for day in DAYS[:count]]


def bars_of(hours: list[tuple[datetime, datetime]], loud: range, *, seed: int = 3) -> list[Bar]:
    """Return 5-minute bars that move ten times as much in the bars of `loud`."""
    rng, found = random.Random(seed), []
    for opens, closes in hours:
        price = 100.0
        for n in range((closes - opens) // FIVE):
            first = price
            price *= 1 + rng.gauss(0, 0.01 if n in loud else 0.001)
            start = opens + n * FIVE
            found.append(Bar("X", INTRADAY, start, start + FIVE, price, "yahoo", first))
    return found


@given(st.floats(-1, 2), st.floats(-1, 2))
def test_profiles_never_fall_and_go_from_0_to_1(one: float, other: float) -> None:
    for profile in (STATED_PROFILE, EVEN_PROFILE):
        low, high = sorted((one, other))
        assert 0.0 <= profile.until(low) <= profile.until(high) <= 1.0
    assert (STATED_PROFILE.until(0.0), STATED_PROFILE.until(1.0)) == (0.0, 1.0)
    assert EVEN_PROFILE.until(0.25) == 0.25


def test_a_night_and_a_day() -> None:
    def until(moment: datetime) -> float:
        return HOURS.variance_until(moment, 0.4, EVEN_PROFILE)

    assert until(HOURS.closed_before) == 0.0
    assert until(HOURS.closed_before + (HOURS.opens - HOURS.closed_before) / 4) == pytest.approx(0.1)
    assert until(HOURS.opens) == pytest.approx(0.4)
    assert until(HOURS.opens + (HOURS.closes - HOURS.opens) / 2) == pytest.approx(0.7)
    assert until(HOURS.closes + FIVE) == 1.0


def test_the_nights_share_is_that_of_its_variance() -> None:
    rng = random.Random(5)
    halves = [(rng.gauss(0, 0.02), rng.gauss(0, 0.01)) for _ in range(4000)]
    assert night_share(halves) == pytest.approx(0.8, abs=0.02)
    assert night_share(halves[:59]) is None
    assert night_share([(0.01, 0.02)] * 60) is None  # nothing ever differed


def test_a_share_has_a_profile_of_its_own_from_20_sessions_on() -> None:
    hours = sessions(20)
    found = day_profile(bars_of(hours, range(36, 42)), hours)
    assert found.is_own
    assert found.until(36 / 78) < 0.15
    assert found.until(42 / 78) - found.until(36 / 78) > 0.8
    assert found.until(1.0) == 1.0
    assert day_profile(bars_of(hours[:19], range(3)), hours) is STATED_PROFILE


def test_thin_and_silent_sessions_do_not_count() -> None:
    hours = sessions(21)
    thin = [bar for n, bar in enumerate(bars_of(hours[:1], range(3))) if n % 2]
    assert day_profile([*thin, *bars_of(hours[1:20], range(3))], hours) is STATED_PROFILE
    silent = [Bar("X", INTRADAY, at, at + FIVE, 100.0, "yahoo") for at in (hours[0][0] + n * FIVE for n in range(78))]
    assert day_profile([*silent, *bars_of(hours[1:20], range(3))], hours) is STATED_PROFILE
    no_open = [Bar("X", INTRADAY, bar.start, bar.end, bar.close, "yahoo") for bar in bars_of(hours, range(1))]
    assert day_profile(no_open, hours).until(1 / 78) == 0.0  # a first bar without an open tells of no move


def test_a_profile_of_any_length_is_linear_between_its_points() -> None:
    assert DayProfile((0.0, 0.2, 1.0)).until(0.75) == pytest.approx(0.6)

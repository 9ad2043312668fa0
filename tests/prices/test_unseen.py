"""How long a share may have traded unseen, and that nothing is claimed across it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.examples import examples
from tests.helpers.prices import DAY0, LATER, day_bars, five, walk
from tracker.market import calendar
from tracker.model.market import Bar
from tracker.prices.measure import Prices, measure
from tracker.prices.series import PriceSeries
from tracker.prices.study import EventStudy
from tracker.prices.unseen import MAX_UNSEEN, unseen_time

SHARE = PriceSeries("NVDA", (), (), (), LATER)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-01-{text}:00").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("24 21:00", "25 15:00", 4.0),  # from Friday's close: its evening may have been traded
        ("24 21:45", "25 15:00", 0.0),  # a trade of that evening is known: so are all others of it
        ("24 21:45", "27 08:00", 0.0),  # a weekend
        ("24 21:45", "27 13:02", 4 + 2 / 60),  # Monday's early trading began at 9:00
        ("27 13:00", "27 14:20", 0.0),  # one trade of it is known
        ("27 15:00", "27 15:40", 40 / 60),  # by day silence means that bars are missing
        ("27 21:00", "27 21:20", 20 / 60),
        ("27 13:00", "27 15:00", 0.5),
        ("27 20:00", "28 14:30", 1 + 4 + 5.5),
        ("10 21:00", "27 13:00", 16 * 24 + 16),  # more than twelve days are all unseen
    ],
)
def test_new_york_trades_from_four_to_eight(start: str, end: str, hours: float) -> None:
    assert unseen_time(SHARE, at(start), at(end)) == timedelta(hours=hours)


def test_elsewhere_the_regular_session_counts_and_without_hours_all_time() -> None:
    samsung = PriceSeries("005930.KS", (), (), (), LATER)
    assert unseen_time(samsung, at("24 06:30"), at("27 00:00")) == timedelta(0)
    assert unseen_time(samsung, at("24 06:30"), at("27 01:00")) == timedelta(hours=1)
    for symbol in ("BTC-USD", "ACME.XX"):
        share = PriceSeries(symbol, (), (), (), LATER)
        assert unseen_time(share, at("24 06:30"), at("27 01:00")) == at("27 01:00") - at("24 06:30")


def test_a_lunch_break_hides_no_trades() -> None:
    toyota = PriceSeries("7203.T", (), (), (), LATER)
    assert unseen_time(toyota, at("27 02:30"), at("27 03:30")) == timedelta(0)
    assert unseen_time(toyota, at("27 02:20"), at("27 03:50")) == timedelta(minutes=30)
    assert unseen_time(toyota, at("24 06:30"), at("27 06:30")) == timedelta(hours=5.5)


@given(st.integers(0, 20_000), st.integers(0, 8_000), st.integers(0, 8_000))
def test_it_is_never_more_than_the_time_and_never_less_for_a_later_moment(first: int, more: int, still: int) -> None:
    start = at("10 05:00") + timedelta(minutes=first)
    end = start + timedelta(minutes=more)
    later = end + timedelta(minutes=still)
    assert timedelta(0) <= unseen_time(SHARE, start, end) <= end - start
    assert unseen_time(SHARE, start, end) <= unseen_time(SHARE, start, later)


def prices(bars: list[Bar]) -> Prices:
    share, market = walk(1, size=0.02), walk(2)
    friday = calendar.previous_session(DAY0)
    share[DAY0] = share[friday] * 0.83
    series = PriceSeries("NVDA", day_bars("NVDA", share), bars, (), LATER)
    index = PriceSeries("^GSPC", day_bars("^GSPC", market), (), (), LATER)
    return Prices(series, index, EventStudy(series.closes, index.closes))


def test_a_fall_before_the_open_is_not_laid_after_a_headline_that_reports_it() -> None:
    friday = walk(1, size=0.02)[date(2025, 1, 24)]
    evening = five("NVDA", "2025-01-24T21:45", friday)
    found = measure(prices([evening]), at("27 13:02"), LATER).timing
    assert found is not None
    assert (found.kind, found.share_before) == ("no-bars", None)
    assert found.silent_seconds == (at("27 13:02") - at("24 21:45")).total_seconds()
    known = measure(prices([evening, five("NVDA", "2025-01-27T13:00", friday * 0.88)]), at("27 13:02"), LATER).timing
    assert known is not None
    assert known.kind == "before-open"
    assert known.moved_before_open == pytest.approx(-0.12)
    night = measure(prices([evening]), at("26 21:40"), LATER).timing
    assert night is not None
    assert night.kind == "after"


@given(st.integers(0, 5 * 24 * 60), st.integers(1, 4 * 24 * 60))
@examples(60)
def test_no_claim_goes_over_more_than_half_an_hour_unseen(minutes: int, silence: int) -> None:
    published = at("24 15:00") + timedelta(minutes=minutes)
    end = published - timedelta(minutes=silence)
    friday = walk(1, size=0.02)[date(2025, 1, 24)]
    measured = measure(prices([five("NVDA", f"{end:%Y-%m-%dT%H:%M}", friday)]), published, LATER)
    assert measured.base is not None
    series = PriceSeries("NVDA", (), (), (), LATER)
    if measured.timing is not None and unseen_time(series, measured.base.time, published) > MAX_UNSEEN:
        assert measured.timing.kind == "no-bars"

"""Bars on one basis, whether the provider had the split in them or not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.helpers.examples import examples
from tests.helpers.prices import DAYS, day_bars, five, walk
from tracker.market import calendar
from tracker.model.market import Quote
from tracker.prices.splits import local_day, newly_rescaled, rescaled, zone_by_quote, zone_of

NEW_YORK = "America/New_York"
SPLIT = date(2024, 6, 10)


@examples(30)
@given(st.integers(0, 1000), st.sampled_from([10.0, 2.0, 1.5, 0.1]), st.sampled_from(DAYS[1:-1]), st.booleans())
def test_unadjusted_and_adjusted_bars_become_the_same(seed: int, ratio: float, day: date, is_midnight: bool) -> None:
    adjusted = day_bars("NVDA", walk(seed, size=0.03))
    before = [
        replace(bar, close=bar.close * ratio, open=bar.close * ratio, volume=10.0) if bar.start.date() < day else bar
        for bar in adjusted
    ]
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) if is_midnight else calendar.session_open(day)
    found = rescaled(before, [(at, ratio)], NEW_YORK)
    assert [bar.close for bar in found] == pytest.approx([bar.close for bar in adjusted])
    assert found[0].open == pytest.approx(adjusted[0].close)
    assert found[0].volume == pytest.approx(10 * ratio)
    assert rescaled(adjusted, [(at, ratio)], NEW_YORK) == tuple(adjusted)


def test_two_splits_compound_and_only_what_needs_it_is_touched() -> None:
    bars = day_bars("NVDA", dict.fromkeys(DAYS[:4], 100.0))
    raw = [replace(bar, close=close) for bar, close in zip(bars, [2000.0, 2000.0, 1000.0, 100.0], strict=True)]
    splits = [(calendar.session_open(DAYS[2]), 2.0), (calendar.session_open(DAYS[3]), 10.0)]
    found = rescaled(raw, splits, NEW_YORK)
    assert [bar.close for bar in found] == [100.0] * 4
    assert found[3] is raw[3]


def test_intraday_bars_before_the_open_of_the_split_day_are_after_it() -> None:
    bars = [five("NVDA", "2024-06-07T20:00", 1208.0), five("NVDA", "2024-06-10T08:30", 120.0)]
    found = rescaled(bars, [(calendar.session_open(SPLIT), 10.0)], NEW_YORK)
    assert [bar.close for bar in found] == pytest.approx([120.8, 120.0])


@pytest.mark.parametrize("ratio", [0.0, -2.0, 1.0, float("nan"), float("inf")])
def test_a_ratio_that_is_none_changes_nothing(ratio: float) -> None:
    bars = day_bars("NVDA", {DAYS[0]: 100.0, DAYS[1]: 10.0})
    assert rescaled(bars, [(calendar.session_open(DAYS[1]), ratio)], NEW_YORK) == tuple(bars)


def test_splits_outside_the_bars_and_closes_of_nothing() -> None:
    bars = day_bars("NVDA", {DAYS[0]: 0.0, DAYS[1]: 10.0})
    for day in (DAYS[0], DAYS[1], DAYS[5]):
        assert rescaled(bars, [(calendar.session_open(day), 10.0)], NEW_YORK) == tuple(bars)
    assert rescaled([], [(calendar.session_open(SPLIT), 10.0)], NEW_YORK) == ()


def test_the_zone_of_a_symbol() -> None:
    assert zone_of("NVDA") == NEW_YORK
    assert zone_of("7203.T") == "Asia/Tokyo"
    assert zone_of("BTC-USD") == "UTC"
    assert zone_of("X", "Europe/Paris") == "Europe/Paris"
    assert zone_of("X", "Mars/Base") == "UTC"
    assert local_day(datetime(2025, 1, 28, 1, tzinfo=UTC), NEW_YORK) == date(2025, 1, 27)


def test_the_zone_by_a_quote_is_what_its_provider_says() -> None:
    quote = Quote("X", 1.0, calendar.session_open(SPLIT), "yahoo", exchange_zone="Asia/Tokyo")
    assert zone_by_quote("X", quote) == "Asia/Tokyo"
    assert zone_by_quote("X", replace(quote, exchange_zone=None)) == zone_by_quote("X", None) == zone_of("X")


def test_only_bars_that_a_split_changes_come_back_by_the_quote_of_its_day() -> None:
    bars = day_bars("NVDA", dict.fromkeys([day for day in DAYS if day < SPLIT], 1200.0))
    split = (calendar.session_open(SPLIT), 10.0)
    assert newly_rescaled(bars, [split], None, NEW_YORK) == []  # nothing is known of after it
    quote = Quote("NVDA", 121.0, calendar.session_open(SPLIT), "yahoo")
    assert [bar.close for bar in newly_rescaled(bars, [split], quote, NEW_YORK)] == [120.0] * len(bars)
    assert newly_rescaled(bars, [split], replace(quote, price=1210.0), NEW_YORK) == []
    assert newly_rescaled(bars, [split], replace(quote, time=bars[-1].end), NEW_YORK) == []
    assert newly_rescaled([], [split], quote, NEW_YORK) == []

"""A stored history: what is known of it at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from tests.helpers.prices import DAY0, DAYS, LATER, day_bar, day_bars, five
from tracker.market import calendar
from tracker.model.market import DAILY, Bar, PriceBase
from tracker.prices.series import PriceSeries
from tracker.prices.sessions import bar_before, event_span

FRIDAY, TUESDAY = date(2025, 1, 24), date(2025, 1, 28)
BARS = day_bars("NVDA", {FRIDAY: 142.62, DAY0: 118.42, TUESDAY: 128.99})
FIVES = [five("NVDA", "2025-01-27T14:35", 124.0), five("NVDA", "2025-01-27T14:40", 125.0)]


def test_only_what_was_closed_is_known_and_until_when() -> None:
    noon = PriceSeries("NVDA", BARS, FIVES, (), datetime(2025, 1, 27, 14, 39, tzinfo=UTC))
    assert (len(noon.daily), len(noon.intraday)) == (1, 1)
    assert noon.valid_until == FIVES[1].end
    evening = PriceSeries("NVDA", BARS, FIVES, (), BARS[1].end)
    assert (len(evening.daily), evening.valid_until) == (2, BARS[2].end)
    assert PriceSeries("NVDA", BARS, FIVES, (), LATER).valid_until is None


def test_base_close_and_bars_between() -> None:
    known = PriceSeries("NVDA", BARS, FIVES, (), LATER)
    assert known.base_before(FIVES[1].end) == PriceBase(125.0, FIVES[1].end)
    assert known.base_before(FIVES[0].start) == PriceBase(142.62, BARS[0].end)
    assert known.base_before(BARS[0].start) is None
    assert known.close_before(DAY0) == BARS[0]
    assert known.close_before(FRIDAY) is None
    assert known.bars_between(FIVES[0].start, FIVES[0].end) == (FIVES[0],)
    assert known.bars_between(FIVES[0].end, FIVES[1].end) == (FIVES[1],)


def test_the_bar_before_is_that_of_the_session_before() -> None:
    known = PriceSeries("NVDA", BARS, (), (), LATER)
    assert bar_before(known, (), DAY0) == BARS[0]
    assert bar_before(known, (), FRIDAY) is None
    assert bar_before(known, (), date(2025, 1, 30)) is None  # that of the 29th is missing
    closed = (FRIDAY, DAY0, TUESDAY, date(2025, 1, 30))  # unless the benchmark has none of that day either
    assert bar_before(known, closed, date(2025, 1, 30)) == BARS[2]
    nothing = PriceSeries("NVDA", [day_bar("NVDA", FRIDAY, 0.0)], (), (), LATER)
    assert bar_before(nothing, (), DAY0) is None
    tokyo = [replace(bar, symbol="7203.T") for bar in BARS]
    elsewhere = PriceSeries("7203.T", tokyo, (), (), LATER)
    assert bar_before(elsewhere, (), date(2025, 2, 5)) == tokyo[2]
    assert bar_before(elsewhere, (), date(2025, 3, 5)) is None


def test_event_windows_in_time() -> None:
    known = PriceSeries("NVDA", BARS, (), (), LATER)
    assert event_span(known, DAY0) == (
        calendar.session_close(date(2025, 1, 23)),
        calendar.session_close(date(2025, 1, 31)),
    )
    elsewhere = PriceSeries("7203.T", (), (), (), LATER)
    assert event_span(elsewhere, DAY0) == (
        datetime(2025, 1, 24, tzinfo=UTC),
        datetime(2025, 2, 1, tzinfo=UTC),
    )


def test_days_are_those_of_the_exchange() -> None:
    start = datetime(2025, 1, 26, 23, tzinfo=UTC)
    sydney = Bar("BHP.AX", DAILY, start, start + timedelta(hours=6), 40.0, "yahoo")
    assert list(PriceSeries("BHP.AX", [sydney], (), (), LATER).closes) == [DAY0]
    assert list(PriceSeries("NVDA", day_bars("NVDA", {DAYS[0]: 1.0}), (), (), LATER, "Asia/Tokyo").days) == [DAYS[0]]

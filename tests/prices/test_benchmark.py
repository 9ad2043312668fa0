"""Whose prices give the benchmark's move in a window."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.helpers.prices import DAY0, LATER, day_bars
from tracker.market import calendar
from tracker.model.market import INTRADAY, Bar, Quote
from tracker.prices.benchmark import FUNDS, STALE_OPEN, BenchmarkMove, Instrument, benchmark_move, fund_of
from tracker.prices.series import PriceSeries

FIVE = timedelta(seconds=INTRADAY)
FRIDAY = calendar.previous_session(DAY0)
OPEN, CLOSE = calendar.session_open(DAY0), calendar.session_close(DAY0)


def instrument(symbol: str, first: datetime, last: datetime, step: float, quote: Quote | None = None) -> Instrument:
    """Return 5-minute bars from `first` to `last` that begin at 100 and rise by `step` with each."""
    count = int((last - first) / FIVE)
    bars = [
        Bar(symbol, INTRADAY, first + n * FIVE, first + (n + 1) * FIVE, 100.0 + step * (n + 1), "yahoo")
        for n in range(count)
    ]
    daily = day_bars(symbol, {FRIDAY: 100.0, DAY0: 100.0 + step * count})
    return Instrument(PriceSeries(symbol, daily, bars, (), LATER), quote)


INDEX = instrument("^GSPC", OPEN, CLOSE, 1.0)
FUND = instrument("SPY", calendar.pre_open(DAY0), CLOSE + timedelta(hours=4), 2.0)


def whose(start: datetime, end: datetime, index: Instrument = INDEX, fund: Instrument | None = FUND) -> str | None:
    found = benchmark_move(index, fund, start, end)
    return None if found is None else found.symbol


def test_an_index_has_its_fund_and_a_fund_none() -> None:
    assert [fund_of(one) for one in ("^GSPC", "^gspc", "^IXIC", "SMH", None)] == ["SPY", "SPY", "QQQ", None, None]
    assert not FUNDS.keys() & set(FUNDS.values())


def test_the_index_counts_where_it_has_both_prices() -> None:
    start, end = OPEN + timedelta(hours=1), OPEN + timedelta(hours=2)
    assert benchmark_move(INDEX, FUND, start, end) == BenchmarkMove(124 / 112 - 1, "^GSPC")
    assert whose(start, CLOSE) == "^GSPC"
    assert whose(calendar.session_close(FRIDAY), CLOSE) == "^GSPC"


@pytest.mark.parametrize(("minutes", "symbol"), [(0, "SPY"), (5, "SPY"), (10, "SPY"), (15, "^GSPC"), (20, "^GSPC")])
def test_right_after_the_open_the_fund_counts(minutes: int, symbol: str) -> None:
    moment = OPEN + timedelta(minutes=minutes)
    assert timedelta(minutes=15) == STALE_OPEN
    assert whose(moment, OPEN + timedelta(hours=3)) == symbol
    if minutes:
        assert whose(moment, OPEN + timedelta(hours=3), fund=None) == "^GSPC"


def test_before_the_open_and_after_the_close_there_is_only_the_fund() -> None:
    morning, evening = OPEN - timedelta(hours=1), CLOSE + timedelta(hours=1)
    for start, end in ((morning, CLOSE), (OPEN + timedelta(hours=1), evening), (morning, evening)):
        assert whose(start, end) == "SPY"
        assert benchmark_move(INDEX, None, start, end) is None


def test_without_a_price_at_both_ends_nothing_is_known() -> None:
    night = CLOSE + timedelta(hours=6)
    assert whose(OPEN + timedelta(hours=1), night) is None
    empty = Instrument(PriceSeries("^GSPC", (), (), (), LATER), None)
    assert benchmark_move(empty, None, OPEN, CLOSE) is None


def test_the_newest_quote_is_a_price_of_its_moment() -> None:
    at = OPEN + timedelta(hours=2, minutes=2)
    for seconds, symbol in ((300, "^GSPC"), (301, None)):
        quote = Quote("^GSPC", 120.0, at - timedelta(seconds=seconds), "yahoo")
        series = PriceSeries("^GSPC", INDEX.series.daily, INDEX.series.intraday, (), OPEN + timedelta(hours=1))
        assert whose(OPEN + timedelta(minutes=30), at, Instrument(series, quote), None) == symbol


@pytest.mark.parametrize(("seconds", "known"), [(0, True), (60, True), (400, False)])
def test_a_trade_in_the_last_minute_is_the_close(seconds: int, known: bool) -> None:
    # The daily bar of the session is not there yet; the quote is that of the evening, with the regular price beside it.
    quote = Quote("SPY", 130.0, CLOSE + timedelta(minutes=30), "yahoo", regular_price=128.0, session="post")
    if seconds:
        quote = Quote("SPY", 128.0, CLOSE - timedelta(seconds=seconds), "yahoo")
    series = PriceSeries("SPY", FUND.series.daily[:1], FUND.series.intraday, (), OPEN + timedelta(hours=1))
    start = OPEN + timedelta(minutes=30)
    found = benchmark_move(Instrument(series, quote), None, start, CLOSE)
    assert (found is not None) is known
    if found is not None:
        first = series.price_at(start)
        assert first is not None
        assert found.change == pytest.approx(128.0 / first - 1)

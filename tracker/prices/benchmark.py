"""The benchmark's own move in a window, by its prices or by those of a fund on it; pure.

Which prices are used, by this rule:

1. Those of the benchmark, where it has a price at both ends of the window.
2. Where an end lies within 15 minutes after the open, those of the fund first: an index is computed from the last trade
   of each of its shares, so that right after the open it still holds yesterday's prices of those that have not traded.
3. Before the open and after the close an index has no price, so the fund's count; without a fund the move is unknown.

Both ends are of one instrument: an index and a fund on it differ by more than a day's news.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from tracker.model.dividends import total_return
from tracker.model.market import INTRADAY, Quote
from tracker.prices.series import PriceSeries
from tracker.prices.splits import local_day

FUNDS: Mapping[str, str] = {
    "^GSPC": "SPY",
    "^SPX": "SPY",
    "^IXIC": "QQQ",
    "^NDX": "QQQ",
    "^DJI": "DIA",
    "^RUT": "IWM",
    "^SOX": "SOXX",
}
"""Index to a fund on it. QQQ follows the Nasdaq 100, which is most of the Nasdaq Composite (^IXIC); the index that SOXX
follows has another maker than ^SOX and much the same shares."""
STALE_OPEN = timedelta(minutes=15)
"""How long after the open an index may hold prices from before it."""
_NEAR = timedelta(seconds=INTRADAY)
"""How far apart the prices of share and benchmark may be to be of one moment."""
_CLOSING = timedelta(minutes=1)
"""How long before a close the last trade of a benchmark may be to be its close."""


class Instrument(NamedTuple):
    """A benchmark or a fund on it: its stored prices and newest quote."""

    series: PriceSeries
    quote: Quote | None


class BenchmarkMove(NamedTuple):
    """A return over a window, and the symbol it comes from."""

    change: float
    symbol: str


def fund_of(benchmark: str | None) -> str | None:
    """Return the fund used in place of an index; None if none is known."""
    return None if benchmark is None else FUNDS.get(benchmark.upper())


def benchmark_move(
    benchmark: Instrument, fund: Instrument | None, start: datetime, end: datetime
) -> BenchmarkMove | None:
    """Return the benchmark's return between two moments; None where neither it nor the fund has both prices."""
    for series, quote in _in_order(benchmark, fund, start, end):
        first, last = _price_at(series, quote, start), _price_at(series, quote, end)
        if first is not None and last is not None and first > 0:
            return BenchmarkMove(total_return(first, last, series.dividends_between(start, end)), series.symbol)
    return None


def _in_order(benchmark: Instrument, fund: Instrument | None, start: datetime, end: datetime) -> Iterator[Instrument]:
    is_fund_first = fund is not None and any(_is_stale_open(benchmark.series, moment) for moment in (start, end))
    if fund is not None and is_fund_first:
        yield fund
    yield benchmark
    if fund is not None and not is_fund_first:
        yield fund


def _is_stale_open(series: PriceSeries, moment: datetime) -> bool:
    """Return whether a moment is shortly after the open of the benchmark."""
    hours = series.hours(local_day(moment, series.zone))
    return hours is not None and hours[0] <= moment < hours[0] + STALE_OPEN


def _price_at(series: PriceSeries, quote: Quote | None, moment: datetime) -> float | None:
    found = series.price_at(moment)
    if found is not None or quote is None:
        return found
    if abs(quote.time - moment) <= _NEAR:
        return quote.price
    hours = series.hours(local_day(moment, series.zone))
    is_close = hours is not None and hours[1] == moment
    if is_close and local_day(quote.time, series.zone) == local_day(moment, series.zone):
        return None if quote.time < moment - _CLOSING else quote.regular_price or quote.price
    return None

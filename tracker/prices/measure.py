"""One article against the history of one share: every number of its record; pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from tracker.market import exchanges
from tracker.model.impact import AbnormalReturns, Moves
from tracker.model.market import Bar, PriceBase, Quote
from tracker.prices.moves import OLD_BASE_SECONDS, day_value
from tracker.prices.series import PriceSeries
from tracker.prices.sessions import bar_before, day_zero
from tracker.prices.splits import local_day
from tracker.prices.study import EventStudy, horizons


class Prices(Struct, frozen=True):
    """Everything that is known of a share and its benchmark."""

    series: PriceSeries
    market: PriceSeries
    study: EventStudy
    """Of the one against the other."""
    quote: Quote | None = None
    """The newest of the share."""
    market_quote: Quote | None = None
    shares: float | None = None
    """Outstanding today over all classes. Prices are in today's shares too, so that price times shares is the value at
    that date whatever was split since."""

    @property
    def market_days(self) -> Sequence[date]:
        """The sessions that share or benchmark have; none where nothing is known of the benchmark."""
        return self.study.days if self.market.daily else ()


class DayFigures(Struct, frozen=True):
    """What one session did to a share, from the close before it."""

    previous_close: float | None = None
    last: float | None = None
    """Its close, or the newest price while it runs."""
    change: float | None = None
    abnormal: AbnormalReturns = AbnormalReturns()
    value_usd: float | None = None
    is_so_far: bool = False


class Measured(Struct, frozen=True):
    """What the prices say about one moment."""

    day0: date | None
    base: PriceBase | None
    base_age_seconds: int | None
    is_base_old: bool
    moves: Moves
    abnormal: AbnormalReturns
    value_usd: float | None
    notes: tuple[str, ...]


def measure(prices: Prices, published: datetime, now: datetime) -> Measured:
    """Return what a share did around `published` (aware), as far as it is known at `now`."""
    series, study = prices.series, prices.study
    day0 = day_zero(series, prices.market_days, published)
    base = series.base_before(published)
    moves = horizons(published, base, series.intraday, _sessions(series, study, day0), prices.quote, now)
    day = day_of(prices, day0, now) if day0 is not None else DayFigures()
    age = None if base is None else (published - base.time) // timedelta(seconds=1)
    return Measured(
        day0=day0,
        base=base,
        base_age_seconds=age,
        is_base_old=age is not None and age > OLD_BASE_SECONDS,
        moves=moves,
        abnormal=day.abnormal,
        value_usd=day.value_usd,
        notes=(*_base_notes(base, age), *_day_notes(prices, day)),
    )


def day_of(prices: Prices, day: date, now: datetime) -> DayFigures:
    """Return what one session did to a share; while it runs, what it did so far by the newest quotes."""
    series, market = prices.series, prices.market
    before, official = bar_before(series, prices.market_days, day), series.days.get(day)
    previous = None if before is None else before.close
    last = _so_far(series, prices.quote, day, now) if official is None else official.close
    if previous is None and prices.quote is not None and local_day(prices.quote.time, series.zone) == day:
        previous = prices.quote.previous_close
    change = last / previous - 1.0 if last is not None and previous else None
    found = prices.study.around(day)
    if found is None and official is None and before is not None and change is not None:
        market_before = bar_before(market, prices.market_days, day)
        market_last = _so_far(market, prices.market_quote, day, now)
        if market_before is not None and market_last is not None:
            found = prices.study.so_far(day, change, market_last / market_before.close - 1.0)
    return DayFigures(
        previous_close=previous,
        last=last,
        change=change,
        abnormal=found or AbnormalReturns(),
        value_usd=day_value(change, previous, prices.shares) if _is_in_dollars(prices) else None,
        is_so_far=official is None and change is not None,
    )


def _is_in_dollars(prices: Prices) -> bool:
    currency = None if prices.quote is None else prices.quote.currency
    if currency is None:
        return exchanges.is_new_york(prices.series.symbol, prices.series.zone)
    return currency == "USD"


def _so_far(series: PriceSeries, quote: Quote | None, day: date, now: datetime) -> float | None:
    """Return the newest price of a session that runs, after its close that of the regular session."""
    if quote is None or local_day(quote.time, series.zone) != day or local_day(now, series.zone) != day:
        return None
    return quote.price if quote.regular_price is None or quote.session == "pre" else quote.regular_price


def _sessions(series: PriceSeries, study: EventStudy, day0: date | None) -> Sequence[Bar]:
    """Return the share's bars of day 0 and the three sessions after it, up to the first that is missing."""
    if day0 not in series.days:
        return ()
    bars: list[Bar] = []
    for day in study.following(day0, 4):
        bar = series.days.get(day)
        if bar is None:
            break
        bars.append(bar)
    return bars


def _base_notes(base: PriceBase | None, age: int | None) -> list[str]:
    if base is None or age is None:
        return ["no trade before it is known"]
    notes = []
    if age > OLD_BASE_SECONDS:
        notes.append(f"the last trade before it is {_span(age)} older: 15 minutes and an hour hold more than it")
    if base.interpolated:
        notes.append("nobody recorded the price before it: it is drawn between two that were")
    return notes


def _day_notes(prices: Prices, day: DayFigures) -> list[str]:
    notes: list[str] = []
    benchmark, abnormal = prices.market.symbol, day.abnormal
    if day.is_so_far:
        notes.append("the close of day 0 is not known yet: its figures so far")
    if abnormal.model is None:
        notes.append(f"no closes of {benchmark} and the share side by side: nothing abnormal is known")
    elif abnormal.model == "market-adjusted":
        notes.append(f"{abnormal.n} sessions of estimation are too few: the return of {benchmark} is taken off")
    return notes + list(abnormal.flags)


def _span(seconds: int) -> str:
    minutes = seconds // 60
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 2880 else f"{minutes // 1440} days"

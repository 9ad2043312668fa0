"""Histories from the database as series."""

from __future__ import annotations

from datetime import UTC, datetime

from tracker.model.market import DAILY, INTRADAY
from tracker.prices.series import PriceSeries
from tracker.prices.splits import Split
from tracker.store.price_reader import PriceReader

_ALWAYS = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


def load_series(
    prices: PriceReader,
    symbol: str,
    now: datetime,
    *,
    splits: list[Split] | None = None,
    intraday: bool = True,
) -> PriceSeries:
    """Return everything that is stored of a symbol; without 5-minute bars where only days are needed."""
    daily = prices.bars(symbol, DAILY, *_ALWAYS)
    minutes = prices.bars(symbol, INTRADAY, *_ALWAYS) if intraday else ()
    known = prices.splits(symbol) if splits is None else splits
    quote = prices.quotes([symbol]).get(symbol)
    zone = None if quote is None else quote.exchange_zone
    return PriceSeries(symbol, daily, minutes, known, now, zone, prices.doubts(symbol))

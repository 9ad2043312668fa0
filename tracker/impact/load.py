"""Histories from the database as series."""

from __future__ import annotations

from datetime import datetime

from tracker.model.market import DAILY, INTRADAY
from tracker.prices.series import PriceSeries
from tracker.prices.splits import Split
from tracker.store.price_reader import PriceReader


def load_series(
    prices: PriceReader,
    symbol: str,
    now: datetime,
    *,
    splits: list[Split] | None = None,
    intraday: bool = True,
) -> PriceSeries:
    """Return everything that is stored of a symbol; without 5-minute bars where only days are needed."""
    daily = prices.history(symbol, DAILY)
    minutes = prices.history(symbol, INTRADAY) if intraday else ()
    known = prices.splits(symbol) if splits is None else splits
    quote = prices.quotes([symbol]).get(symbol)
    zone = None if quote is None else quote.exchange_zone
    return PriceSeries(symbol, daily, minutes, known, now, zone, prices.doubts(symbol), prices.dividends(symbol))

"""Histories from the database as series."""

from __future__ import annotations

from datetime import UTC, datetime

from tracker.model.market import DAILY, INTRADAY
from tracker.prices.series import PriceSeries
from tracker.prices.splits import Split
from tracker.store.connection import Connection
from tracker.store.prices import read_bars, read_doubts, read_quotes, read_splits

_ALWAYS = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


def load_series(
    connection: Connection,
    symbol: str,
    now: datetime,
    *,
    splits: list[Split] | None = None,
    intraday: bool = True,
) -> PriceSeries:
    """Return everything that is stored of a symbol; without 5-minute bars where only days are needed."""
    daily = read_bars(connection, symbol, DAILY, *_ALWAYS)
    minutes = read_bars(connection, symbol, INTRADAY, *_ALWAYS) if intraday else ()
    known = read_splits(connection, symbol) if splits is None else splits
    quote = read_quotes(connection, [symbol]).get(symbol)
    zone = None if quote is None else quote.exchange_zone
    return PriceSeries(symbol, daily, minutes, known, now, zone, read_doubts(connection, symbol))

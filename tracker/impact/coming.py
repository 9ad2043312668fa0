"""Coming dates of shares, from what is stored of the calendars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tracker.model.dates import AgreedDate, agree_dates, market_day
from tracker.store.read import Reader


def coming_dates(reader: Reader, symbols: Sequence[str], now: datetime) -> Mapping[str, tuple[AgreedDate, ...]]:
    """Return the dates of each share that are still to come at `now`, soonest first; shares without any are left out.

    A date lasts until the end of its day in New York, or until the open where the results come before it.
    """
    said = reader.dates.coming(symbols, market_day(now)[0])
    found = {symbol: tuple(one for one in agree_dates(dates) if not one.is_over(now)) for symbol, dates in said.items()}
    return {symbol: dates for symbol, dates in found.items() if dates}

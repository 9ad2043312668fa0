"""Coming dates of shares, from what is stored of the calendars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tracker.market import calendar
from tracker.model.dates import AgreedDate, agree_dates
from tracker.store.read import Reader


def coming_dates(reader: Reader, symbols: Sequence[str], now: datetime) -> Mapping[str, tuple[AgreedDate, ...]]:
    """Return the dates of each share that are still to come at `now`, soonest first; shares without any are left out.

    A date lasts until the end of its day in New York, or until the open where the results come before it.
    """
    today = now.astimezone(calendar.ZONE).date()
    said = reader.dates.coming(symbols, today)
    found = {
        symbol: tuple(one for one in agree_dates(dates) if not _is_over(one, now)) for symbol, dates in said.items()
    }
    return {symbol: dates for symbol, dates in found.items() if dates}


def _is_over(one: AgreedDate, now: datetime) -> bool:
    local = now.astimezone(calendar.ZONE)
    if one.day != local.date():
        return one.day < local.date()
    is_open = calendar.is_session(one.day) and now >= calendar.session_open(one.day)
    return one.time == "before-open" and is_open

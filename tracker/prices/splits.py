"""Bars on one basis: prices from before a split in the shares of after it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tracker.market import exchanges
from tracker.model.market import Bar, Quote, SharesOutstanding

Split = tuple[datetime, float]
"""When, and how many new shares for one old."""

_UTC = "UTC"


def shares_today(reported: SharesOutstanding | None, splits: Iterable[Split], zone: str) -> float | None:
    """Return shares outstanding in today's shares: those of a report times every split after its date."""
    if reported is None:
        return None
    since = reported.as_of
    later = [] if since is None else [ratio for at, ratio in splits if local_day(at, zone) > since and ratio > 0]
    return reported.count * math.prod(later)


def zone_of(symbol: str, zone: str | None = None) -> str:
    """Return the time zone in which the sessions of a symbol have their date; `zone` is the provider's word."""
    if zone is not None:
        return _zone(zone).key
    if exchanges.is_new_york(symbol):
        return exchanges.NEW_YORK
    exchange = exchanges.exchange_of(symbol)
    return _UTC if exchange is None else exchange.zone


def zone_by_quote(symbol: str, quote: Quote | None) -> str:
    """Return the zone in which the sessions of a symbol have their date, by its newest quote where there is one."""
    return zone_of(symbol, None if quote is None else quote.exchange_zone)


def local_day(moment: datetime, zone: str) -> date:
    """Return the date of a moment in a zone; an unknown zone counts as UTC."""
    return moment.astimezone(_zone(zone)).date()


def rescaled(bars: Sequence[Bar], splits: Iterable[Split], zone: str) -> tuple[Bar, ...]:
    """Return bars of one symbol and interval, oldest first, in the shares of the newest.

    Providers give the past with every split in it, but a bar stored before a split is not asked for again. So each
    split is looked for: where the step from the last bar before it to the first after it is nearer to the ratio than
    to none, all bars before it are divided by it.
    """
    found = list(bars)
    for at, ratio in sorted(splits, reverse=True):
        if not math.isfinite(ratio) or ratio <= 0 or ratio == 1:
            continue
        # A moment of midnight UTC is a date and no time: taken to New York it would be the evening before.
        day = at.date() if at.time() == time() else local_day(at, zone)
        first = _first_on(found, day, zone)
        if 0 < first < len(found) and _has_step(found[first - 1].close, found[first].close, ratio):
            found[:first] = [_divided(bar, ratio) for bar in found[:first]]
    return tuple(found)


def newly_rescaled(stored: Sequence[Bar], splits: Iterable[Split], quote: Quote | None, zone: str) -> list[Bar]:
    """Return those bars (of one symbol and interval, oldest first) that a split changes, in the shares of after it.

    On the day of a split no bar may have closed yet: the step is then that to the newest quote.
    """
    known = list(stored)
    if quote is not None and stored and quote.time > stored[-1].end:
        last = stored[-1]
        known.append(Bar(last.symbol, last.interval, quote.time, quote.time, quote.price, quote.provider))
    return [new for old, new in zip(stored, rescaled(known, splits, zone), strict=False) if new is not old]


def _first_on(bars: Sequence[Bar], day: date, zone: str) -> int:
    low, high = 0, len(bars)
    while low < high:
        middle = (low + high) // 2
        if local_day(bars[middle].start, zone) < day:
            low = middle + 1
        else:
            high = middle
    return low


def _has_step(before: float, after: float, ratio: float) -> bool:
    if before <= 0 or after <= 0:
        return False
    step = math.log(after / before)
    return abs(step + math.log(ratio)) < abs(step)


def _divided(bar: Bar, ratio: float) -> Bar:
    def divided(price: float | None) -> float | None:
        return None if price is None else price / ratio

    return replace(
        bar,
        close=bar.close / ratio,
        open=divided(bar.open),
        high=divided(bar.high),
        low=divided(bar.low),
        volume=None if bar.volume is None else bar.volume * ratio,
    )


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return ZoneInfo(_UTC)

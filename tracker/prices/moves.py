"""The move of a share since an article was published: arithmetic on a base and a quote, without I/O and clock."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from tracker.market import exchanges
from tracker.model.dividends import Dividend, dividends_between, total_return
from tracker.model.market import Bar, Move, PriceBase, Quote
from tracker.model.wait import SKEW

STALE_SECONDS = 90.0
"""Two polls of 30 seconds and the time an answer takes."""
DELAY_SECONDS = 1200.0
"""The longest delay of free prices from exchanges outside New York (10 to 20 minutes)."""
OLD_BASE_SECONDS = 1800
"""A base older than this is from before a break: the move holds more than the article."""


def move_since(
    symbol: str,
    published: datetime,
    base: PriceBase | None,
    quote: Quote | None,
    now: datetime,
    *,
    stale_seconds: float = STALE_SECONDS,
) -> Move:
    """Return the move of `symbol` from `base`, the last trade before `published`, to `quote`.

    `since` is None without a base, without a quote, and as long as nothing was traded after publication: the price
    from before the news says nothing of it. Times are aware, returns fractions, prices in the currency of the
    quote.
    """
    since: float | None = None
    dividends: tuple[Dividend, ...] = ()
    if base is not None and quote is not None and quote.time > published and base.price > 0 and quote.price > 0:
        dividends = dividends_between(base.dividends, base.time, quote.time)
        since = total_return(base.price, quote.price, dividends)
    return Move(
        symbol=symbol,
        since=since,
        day=None if quote is None else quote.change,
        price=None if quote is None else quote.price,
        price_time=None if quote is None else quote.time,
        base_price=None if base is None else base.price,
        base_time=None if base is None else base.time,
        session=None if quote is None else quote.session,
        currency=None if quote is None else quote.currency,
        provider=None if quote is None else quote.provider,
        stale=quote is not None and is_stale(quote, now, stale_seconds=stale_seconds),
        base_age_seconds=None if base is None else (published - base.time) // timedelta(seconds=1),
        base_interpolated=base is not None and base.interpolated,
        dividends=dividends,
    )


def is_stale(quote: Quote, now: datetime, *, stale_seconds: float = STALE_SECONDS) -> bool:
    """Return whether a quote is older than its session allows.

    While its market trades, the provider must have said so within `stale_seconds` (2 polls). In the regular session
    of New York the trade itself may be no older either; before and after it a share may not have traded for long.
    Exchanges elsewhere give their prices away up to 20 minutes late, and their lunch break does not count. With the
    market closed the quote must be from the newest session, asked for after it.
    """
    allowed = timedelta(seconds=stale_seconds)
    fetched = None if quote.fetched is None or quote.fetched > now + SKEW else quote.fetched  # else the clock was ahead
    confirmed = quote.time if fetched is None else max(quote.time, fetched)
    session = exchanges.session_of(quote.symbol, now, quote.exchange_zone)
    if session not in (None, "closed") and now - confirmed > allowed:
        return True
    newest = exchanges.newest_session(quote.symbol, now, quote.exchange_zone)
    if exchanges.is_new_york(quote.symbol, quote.exchange_zone) and newest is not None:
        if quote.time < newest[0]:  # right until the first trades of a session, not once two polls have passed
            return now - newest[0] > allowed
        if session == "regular":
            return now - quote.time > allowed
    elif session == "regular" and quote.session != "closed":
        traded = now - quote.time - exchanges.lunch_between(quote.symbol, quote.time, now)
        return traded > allowed + timedelta(seconds=DELAY_SECONDS)
    if session == "closed" and newest is not None:
        return confirmed < newest[1] - allowed
    return session is None and now - confirmed > timedelta(days=1)  # hours unknown: only a day without word is too long


def choose_base(intraday: Bar | None, daily: Bar | None, published: datetime | None = None) -> PriceBase | None:
    """Return the last trade before publication out of the newest intraday and the newest daily bar that ended by then.

    The later end wins; at the same end the daily bar, whose close is the official one. With `published` given, a
    bar that ended after it is refused: its close may already hold the news.
    """
    bars = [bar for bar in (intraday, daily) if bar is not None and _is_usable(bar, published)]
    if not bars:
        return None
    best = max(bars, key=lambda bar: (bar.end, bar.interval))
    return PriceBase(best.close, best.end, best.interpolated)


def day_value(move: float | None, price: float | None, shares: float | None) -> float | None:
    """Return the value of a move over all shares: `move` times `price` before it times `shares`.

    `shares` counts all classes: with one class of Alphabet alone the value comes out at half. None where one of
    them is unknown.
    """
    if move is None or price is None or shares is None:
        return None
    return move * price * shares


def _is_usable(bar: Bar, published: datetime | None) -> bool:
    return bar.close > 0 and math.isfinite(bar.close) and (published is None or bar.end <= published)

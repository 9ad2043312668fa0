"""Rejects implausible prices: jumps over 40% without a split, and dividends of more than 40% of the price.

Providers have given prices 100 times too high, splits that never were and dividends of the wrong size for days on end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from tracker.market import calendar, exchanges
from tracker.model.dividends import Dividend
from tracker.model.market import DAILY, Bar, Quote

MAX_CHANGE = 0.40
"""Largest change in a session that is believed without a split; NVDA's worst day in years was -17%."""
AGREEMENT = 0.02
"""Two providers whose prices differ by no more than this have seen the same jump."""


def jump(quote: Quote, previous: Quote | None) -> str | None:
    """Return why a quote is not believed, or None when nothing speaks against it.

    It is held against its own previous close, and against the last good quote of the same session. One of an
    earlier session says nothing: since then the share may have been split.
    """
    against = [quote.previous_close]
    if previous is not None and previous.currency == quote.currency and _is_same_session(quote, previous):
        against.append(previous.price)
    for reference in against:
        if reference is not None and reference > 0 and _is_jump(quote.price / reference - 1.0):
            return f"jump of {_percent(quote.price / reference - 1.0)} without a split, not believed"
    return None


def agree(one: Quote, other: Quote) -> bool:
    """Tell whether two quotes of different providers name the same price."""
    return one.provider != other.provider and abs(one.price / other.price - 1.0) <= AGREEMENT


def believed_bars(
    bars: Sequence[Bar], splits: Iterable[tuple[datetime, float]]
) -> tuple[tuple[Bar, ...], tuple[str, ...]]:
    """Return the bars without lone spikes, and what was found, in words.

    A bar that jumps over 40% and is undone by the next one is an error of the source and is left out. A jump that
    stays is named and kept: a study leaves its return out. `bars` are of one symbol and interval, oldest first.
    """
    moments = [moment for moment, _ in splits]
    kept: list[Bar] = []
    reasons: list[str] = []
    for index, bar in enumerate(bars):
        before = kept[-1] if kept else None
        if before is None or not _is_jump(bar.close / before.close - 1.0) or _has_split(before, bar, moments):
            kept.append(bar)
            continue
        after = bars[index + 1] if index + 1 < len(bars) else None
        what = f"jump of {_percent(bar.close / before.close - 1.0)} on {bar.end:%Y-%m-%d} without a split, not believed"
        is_spike = after is not None and not _is_jump(after.close / before.close - 1.0)
        reasons.append(f"{what}: bar left out" if is_spike else what)
        if not is_spike:
            kept.append(bar)
    return tuple(kept), tuple(reasons)


def believed_dividends(dividends: Sequence[Dividend], bars: Sequence[Bar]) -> tuple[Dividend, ...]:
    """Return the dividends that are no larger than a session's move may be, by the price before each.

    Without bars nothing says how large they are, so none is believed. `bars` are of the same symbol, oldest first; for
    a dividend from before them the first counts.
    """

    def price(moment: datetime) -> float:
        return bars[max(bisect_right(bars, moment, key=lambda bar: bar.end) - 1, 0)].close

    return tuple(one for one in dividends if bars and not _is_jump(one.amount / price(one.at)))


def _is_jump(change: float) -> bool:
    return abs(change) > MAX_CHANGE


def _has_split(before: Bar, bar: Bar, moments: Sequence[datetime]) -> bool:
    slack = timedelta(hours=12) if bar.interval == DAILY else timedelta(0)
    return any(before.end - slack < moment <= bar.end for moment in moments)


def _is_same_session(quote: Quote, previous: Quote) -> bool:
    zone = quote.exchange_zone or previous.exchange_zone
    newest = exchanges.newest_session(quote.symbol, quote.time, zone)
    begins = newest[0] if newest is not None else quote.time - timedelta(hours=12)
    if exchanges.is_new_york(quote.symbol, zone):
        day = quote.time.astimezone(calendar.ZONE).date()
        if calendar.is_session(day) and calendar.pre_open(day) <= quote.time:
            begins = max(begins, calendar.pre_open(day))  # a split holds from the first trade of the morning
    return previous.time >= begins


def _percent(change: float) -> str:
    return f"{change * 100:,.0f} %"

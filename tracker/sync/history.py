"""Which price history is missing; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from tracker.market import exchanges
from tracker.market.exchanges import Exchange
from tracker.model.market import DAILY, INTRADAY, Bar
from tracker.prices.benchmark import fund_of

INTRADAY_DAYS = 59
"""Yahoo keeps 5-minute bars for 60 days and answers 422 beyond."""
INTRADAY_BEFORE = timedelta(days=4)
"""5-minute bars asked for before the oldest article: the last trade before one of the early morning after a weekend."""
DAILY_BEFORE = timedelta(days=200)
"""Daily bars asked for before the oldest article: an estimation begins 130 sessions before it, and 200 days hold at
least 135."""
MAX_DAILY_HISTORY = timedelta(days=20 * 365)
"""Older articles count as this old: a wrong date must not request a century of prices."""
BARS_FINAL_AFTER = timedelta(minutes=30)
"""How late the bars of a close may arrive: delayed prices take 20 minutes, plus a margin."""
MAX_REQUESTS = 12
"""History requests of one sync: blocks were reported after 40 requests in 40 minutes."""

DateRange = tuple[datetime, datetime]


class Need(Struct, frozen=True):
    """The articles about a share, as far as prices need them."""

    symbol: str
    articles: int
    oldest: datetime
    newest: datetime
    benchmark: str | None = None
    """The benchmark of the share."""


class HistoryRequest(Struct, frozen=True):
    """Bars to ask for, starting in [start, end)."""

    symbol: str
    interval: int
    start: datetime
    end: datetime


def plan_history(
    needs: Sequence[Need],
    spans: Mapping[tuple[str, int], DateRange],
    now: datetime,
    limit: int = MAX_REQUESTS,
    known: Mapping[str, Exchange] | None = None,
) -> list[HistoryRequest]:
    """Return what to request, at most `limit`: benchmarks and their funds first, then the shares with most articles.

    Young articles need 5-minute bars: those of their share, and those of its benchmark over the same time.

    Bars that have closed and were answered once are not asked for again, only what lies before or after them, the
    newer part first: it says whether a share was split since the stored bars came. Today's bars come along with the
    quotes until the session is over. Each exchange has its own close: when Tokyo's session is over, New York's has not
    begun. Where its hours are not known, `known` has those of the share's last sessions; until there are any, New
    York's close counts.
    """
    requests: list[HistoryRequest] = []
    for symbol, interval, start in _starts(needs, now):
        exchange = None if known is None else known.get(symbol)
        closed = _final_close(symbol, now, exchange)
        span = spans.get((symbol, interval))
        parts: list[DateRange] = []
        if span is None:
            parts.append((start, closed))
        else:
            if span[1] < closed:
                parts.append((_resume_at(symbol, interval, span, exchange), closed))
            if start < span[0] - timedelta(days=1):
                parts.append((start, span[0]))
        requests += [HistoryRequest(symbol, interval, first, last) for first, last in parts if first < last]
    return requests[:limit]


def answered_span(request: HistoryRequest, bars: Sequence[Bar], now: datetime) -> DateRange:
    """Return the answered part of a request, without its last session while that may still be missing.

    Providers let the bars of a session settle; a close that was not yet among them has to be asked for again.
    """
    if now >= request.end + BARS_FINAL_AFTER or any(bar.end >= request.end for bar in bars):
        return request.start, request.end
    return request.start, max([request.start, *(bar.end for bar in bars)])


def _starts(needs: Sequence[Need], now: datetime) -> list[tuple[str, int, datetime]]:
    """Return (symbol, interval, start) of every needed history, the most useful first."""
    first = now - MAX_DAILY_HISTORY
    known = [need for need in needs if need.oldest <= now]
    daily: dict[str, datetime] = {}
    for need in known:
        for symbol in (need.symbol, need.benchmark):
            if symbol is not None:
                start = max(need.oldest, first) - DAILY_BEFORE
                daily[symbol] = min(start, daily.get(symbol, start))
    counts = {need.symbol: need.articles for need in known}
    benchmarks = {need.benchmark for need in known}
    limit = now - timedelta(days=INTRADAY_DAYS)
    young: dict[str, datetime] = {}
    for need in known:
        if need.newest > limit:
            start = max(need.oldest - INTRADAY_BEFORE, limit)
            for symbol in (need.symbol, need.benchmark, fund_of(need.benchmark)):
                if symbol is not None:
                    young[symbol] = min(start, young.get(symbol, start))
    funds = {fund_of(benchmark) for benchmark in benchmarks}

    def rank(symbol: str) -> tuple[int, int, str]:
        return (0 if symbol in benchmarks else 1 if symbol in funds else 2), -counts.get(symbol, 0), symbol

    found: list[tuple[str, int, datetime]] = []
    for symbol in sorted(daily.keys() | young.keys(), key=rank):
        found += [(symbol, kind, by[symbol]) for kind, by in ((DAILY, daily), (INTRADAY, young)) if symbol in by]
    return found


def _resume_at(symbol: str, interval: int, span: DateRange, exchange: Exchange | None) -> datetime:
    """Return where the bars after an answered span begin.

    A session that was still open at the end of the span had no daily bar yet. That happens where the hours are not
    known: to coins, futures and some exchanges. Providers select a bar by its start, so the request starts before it.
    """
    session = exchanges.newest_session(symbol, span[1], exchange=exchange)
    if interval != DAILY or (session is not None and session[1] <= span[1]):
        return span[1]
    return max(span[1] - timedelta(days=1), span[0])


def _final_close(symbol: str, now: datetime, exchange: Exchange | None) -> datetime:
    """Return the last close whose bars can be asked for.

    Those of New York are there at once, and asked for again until they settle. Elsewhere the price of the closing
    auction comes minutes after the close, and late: asked for before, the bar would hold another price for good.
    """
    settled = now if exchange is None and exchanges.is_new_york(symbol) else now - BARS_FINAL_AFTER
    return exchanges.latest_close(symbol, settled, exchange)

"""Which price history is missing; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.market import calendar
from tracker.model.market import DAILY, INTRADAY

INTRADAY_DAYS = 59
"""Yahoo keeps 5-minute bars for 60 days and answers 422 beyond."""
DAILY_BEFORE = timedelta(days=10)
"""Daily bars asked for before the oldest article: the base of an article after a long weekend with a holiday."""
MOST_REQUESTS = 12
"""History requests of one sync: blocks were reported after 40 requests in 40 minutes."""


@dataclass(frozen=True, slots=True)
class Need:
    """The articles about a share, as far as prices care."""

    symbol: str
    articles: int
    oldest: datetime
    newest: datetime


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """Bars to ask for, starting in [start, end)."""

    symbol: str
    interval: int
    start: datetime
    end: datetime


def plan_history(
    needs: Sequence[Need], spans: Mapping[tuple[str, int], tuple[datetime, datetime]], now: datetime
) -> list[HistoryRequest]:
    """Return what to ask for, the shares with most articles first, at most `MOST_REQUESTS`.

    Bars that have closed and were answered once are not asked for again; today's come along with the quotes until
    the session is over.
    """
    closed = _last_close(now)
    requests = []
    for need in sorted(needs, key=lambda need: (-need.articles, need.symbol)):
        for interval, start in _starts(need, now):
            span = spans.get((need.symbol, interval))
            if span is None or start < span[0] - timedelta(days=1):
                requests.append(HistoryRequest(need.symbol, interval, start, closed))
            elif span[1] < closed:
                requests.append(HistoryRequest(need.symbol, interval, span[1], closed))
    return requests[:MOST_REQUESTS]


def _starts(need: Need, now: datetime) -> list[tuple[int, datetime]]:
    starts = [(DAILY, need.oldest - DAILY_BEFORE)]
    limit = now - timedelta(days=INTRADAY_DAYS)
    if need.newest > limit:
        # A day more, for the last trade before an article of the early morning.
        starts.insert(0, (INTRADAY, max(need.oldest - timedelta(days=4), limit)))
    return starts


def _last_close(now: datetime) -> datetime:
    day = calendar.latest_session(now)
    close = calendar.session_close(day)
    while close > now:
        day = calendar.previous_session(day)
        close = calendar.session_close(day)
    return close

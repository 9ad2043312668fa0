"""What history is asked for, and what never again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tracker.model.market import DAILY, INTRADAY
from tracker.sync.history import DAILY_BEFORE, INTRADAY_DAYS, MOST_REQUESTS, HistoryRequest, Need, plan_history

MONDAY_NOON = datetime(2025, 1, 27, 17, tzinfo=UTC)
FRIDAY_CLOSE = datetime(2025, 1, 24, 21, tzinfo=UTC)
MONDAY_CLOSE = datetime(2025, 1, 27, 21, tzinfo=UTC)
NEED = Need("NVDA", 3, MONDAY_NOON - timedelta(days=30), MONDAY_NOON)


def test_at_first_both_kinds_up_to_the_last_close() -> None:
    assert plan_history([NEED], {}, MONDAY_NOON) == [
        HistoryRequest("NVDA", INTRADAY, NEED.oldest - timedelta(days=4), FRIDAY_CLOSE),
        HistoryRequest("NVDA", DAILY, NEED.oldest - DAILY_BEFORE, FRIDAY_CLOSE),
    ]


def test_closed_bars_are_never_asked_for_again() -> None:
    spans = {("NVDA", kind): (NEED.oldest - timedelta(days=20), FRIDAY_CLOSE) for kind in (INTRADAY, DAILY)}
    assert plan_history([NEED], spans, MONDAY_NOON) == []
    assert plan_history([NEED], spans, MONDAY_CLOSE - timedelta(seconds=1)) == []
    assert plan_history([NEED], spans, MONDAY_CLOSE) == [
        HistoryRequest("NVDA", INTRADAY, FRIDAY_CLOSE, MONDAY_CLOSE),
        HistoryRequest("NVDA", DAILY, FRIDAY_CLOSE, MONDAY_CLOSE),
    ]


def test_an_older_article_asks_further_back() -> None:
    spans = {("NVDA", kind): (NEED.oldest, FRIDAY_CLOSE) for kind in (INTRADAY, DAILY)}
    starts = {request.interval: request.start for request in plan_history([NEED], spans, MONDAY_NOON)}
    assert starts == {INTRADAY: NEED.oldest - timedelta(days=4), DAILY: NEED.oldest - DAILY_BEFORE}


def test_five_minute_bars_only_for_young_articles() -> None:
    old = Need("AMD", 9, MONDAY_NOON - timedelta(days=900), MONDAY_NOON - timedelta(days=80))
    mixed = Need("TSM", 5, MONDAY_NOON - timedelta(days=900), MONDAY_NOON)
    asked = plan_history([old, mixed], {}, MONDAY_NOON)
    assert [(request.symbol, request.interval) for request in asked] == [
        ("AMD", DAILY),
        ("TSM", INTRADAY),
        ("TSM", DAILY),
    ]
    assert asked[1].start == MONDAY_NOON - timedelta(days=INTRADAY_DAYS)


def test_shares_with_most_articles_come_first_and_there_is_an_end() -> None:
    needs = [Need(f"S{n}", n, NEED.oldest, NEED.newest) for n in range(1, 30)]
    asked = plan_history(needs, {}, MONDAY_NOON)
    assert len(asked) == MOST_REQUESTS
    assert asked[0].symbol == "S29"

"""What history is asked for, and what never again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.examples import examples
from tracker.market import calendar
from tracker.market.exchanges import exchange_by_sessions
from tracker.model.market import DAILY, INTRADAY, Bar
from tracker.sync.history import (
    BARS_FINAL_AFTER,
    DAILY_BEFORE,
    INTRADAY_BEFORE,
    INTRADAY_DAYS,
    MAX_DAILY_HISTORY,
    MAX_REQUESTS,
    HistoryRequest,
    Need,
    answered_span,
    plan_history,
)

MONDAY_NOON = datetime(2025, 1, 27, 17, tzinfo=UTC)
FRIDAY_CLOSE = datetime(2025, 1, 24, 21, tzinfo=UTC)
MONDAY_CLOSE = datetime(2025, 1, 27, 21, tzinfo=UTC)
OLD = MONDAY_NOON - timedelta(days=30)
NEED = Need("NVDA", 3, OLD, MONDAY_NOON, "^GSPC")
BENCHMARK = HistoryRequest("^GSPC", DAILY, OLD - DAILY_BEFORE, FRIDAY_CLOSE)


def test_at_first_the_benchmark_and_both_kinds_up_to_the_last_close() -> None:
    assert plan_history([NEED], {}, MONDAY_NOON) == [
        BENCHMARK,
        HistoryRequest("^GSPC", INTRADAY, OLD - INTRADAY_BEFORE, FRIDAY_CLOSE),
        HistoryRequest("SPY", INTRADAY, OLD - INTRADAY_BEFORE, FRIDAY_CLOSE),
        HistoryRequest("NVDA", DAILY, OLD - DAILY_BEFORE, FRIDAY_CLOSE),
        HistoryRequest("NVDA", INTRADAY, OLD - INTRADAY_BEFORE, FRIDAY_CLOSE),
    ]


@examples(200)
@given(st.integers(0, 19 * 365 * 24))
def test_the_days_asked_for_hold_every_estimation(hours: int) -> None:
    now = datetime(2027, 12, 20, tzinfo=UTC)
    oldest = now - timedelta(hours=hours)
    start = plan_history([Need("NVDA", 1, oldest, oldest)], {}, now)[0].start
    known = calendar.sessions(start.date() + timedelta(days=1), calendar.day0(oldest))
    assert len(known) >= 132  # day 0, 130 sessions before it, and the close before the first


def test_closed_bars_are_never_asked_for_again() -> None:
    spans = {
        (symbol, kind): (OLD - DAILY_BEFORE, FRIDAY_CLOSE)
        for symbol in ("NVDA", "^GSPC", "SPY")
        for kind in (INTRADAY, DAILY)
    }
    assert plan_history([NEED], spans, MONDAY_NOON) == []
    assert plan_history([NEED], spans, MONDAY_CLOSE - timedelta(seconds=1)) == []
    assert plan_history([NEED], spans, MONDAY_CLOSE) == [
        HistoryRequest("^GSPC", DAILY, FRIDAY_CLOSE, MONDAY_CLOSE),
        HistoryRequest("^GSPC", INTRADAY, FRIDAY_CLOSE, MONDAY_CLOSE),
        HistoryRequest("SPY", INTRADAY, FRIDAY_CLOSE, MONDAY_CLOSE),
        HistoryRequest("NVDA", DAILY, FRIDAY_CLOSE, MONDAY_CLOSE),
        HistoryRequest("NVDA", INTRADAY, FRIDAY_CLOSE, MONDAY_CLOSE),
    ]


def test_an_older_article_asks_for_what_lies_before_and_the_newer_part_first() -> None:
    middle = OLD - timedelta(days=5)
    spans = {("NVDA", DAILY): (middle, FRIDAY_CLOSE), ("NVDA", INTRADAY): (OLD - INTRADAY_BEFORE, FRIDAY_CLOSE)}
    assert plan_history([NEED], spans, MONDAY_CLOSE)[3:] == [
        HistoryRequest("NVDA", DAILY, FRIDAY_CLOSE, MONDAY_CLOSE),
        HistoryRequest("NVDA", DAILY, OLD - DAILY_BEFORE, middle),
        HistoryRequest("NVDA", INTRADAY, FRIDAY_CLOSE, MONDAY_CLOSE),
    ]


def test_a_benchmark_reaches_as_far_back_as_the_oldest_of_its_shares() -> None:
    older = Need("AMD", 1, OLD - timedelta(days=90), MONDAY_NOON - timedelta(days=80), "^GSPC")
    itself = Need("^GSPC", 1, MONDAY_NOON, MONDAY_NOON, "SMH")
    asked = plan_history([NEED, older, itself], {}, MONDAY_NOON)
    assert [(one.symbol, one.interval) for one in asked] == [
        ("^GSPC", DAILY),
        ("^GSPC", INTRADAY),
        ("SMH", DAILY),
        ("SMH", INTRADAY),
        ("SPY", INTRADAY),
        ("NVDA", DAILY),
        ("NVDA", INTRADAY),
        ("AMD", DAILY),
    ]
    assert asked[0].start == older.oldest - DAILY_BEFORE
    assert asked[2].start == MONDAY_NOON - DAILY_BEFORE


def test_five_minute_bars_only_for_young_articles() -> None:
    old = Need("AMD", 9, MONDAY_NOON - timedelta(days=900), MONDAY_NOON - timedelta(days=80))
    mixed = Need("TSM", 5, MONDAY_NOON - timedelta(days=900), MONDAY_NOON)
    asked = plan_history([old, mixed], {}, MONDAY_NOON)
    assert [(one.symbol, one.interval) for one in asked] == [("AMD", DAILY), ("TSM", DAILY), ("TSM", INTRADAY)]
    assert asked[2].start == MONDAY_NOON - timedelta(days=INTRADAY_DAYS)


def test_a_wrong_date_asks_for_no_century_and_one_to_come_for_nothing() -> None:
    ancient = Need("NVDA", 1, datetime(1970, 1, 1, tzinfo=UTC), MONDAY_NOON)
    assert plan_history([ancient], {}, MONDAY_NOON)[0].start == MONDAY_NOON - MAX_DAILY_HISTORY - DAILY_BEFORE
    coming = Need("NVDA", 1, MONDAY_NOON + timedelta(days=1), MONDAY_NOON + timedelta(days=1), "^GSPC")
    assert plan_history([coming], {}, MONDAY_NOON) == []


def test_shares_with_most_articles_come_first_and_there_is_an_end() -> None:
    needs = [Need(f"S{n}", n, NEED.oldest, NEED.newest, "^GSPC") for n in range(1, 30)]
    asked = plan_history(needs, {}, MONDAY_NOON)
    assert len(asked) == MAX_REQUESTS
    assert [one.symbol for one in asked[:4]] == ["^GSPC", "^GSPC", "SPY", "S29"]
    assert len(plan_history(needs, {}, MONDAY_NOON, 1000)) == 61


def test_five_minute_bars_of_a_benchmark_reach_back_to_the_oldest_young_article_of_its_shares() -> None:
    old = Need("AMD", 9, MONDAY_NOON - timedelta(days=900), MONDAY_NOON - timedelta(days=80), "^IXIC")
    young = Need("TSM", 5, MONDAY_NOON - timedelta(days=9), MONDAY_NOON, "^GSPC")
    younger = Need("NVDA", 5, MONDAY_NOON - timedelta(days=3), MONDAY_NOON, "^GSPC")
    asked = plan_history([old, young, younger], {}, MONDAY_NOON)
    starts = {one.symbol: one.start for one in asked if one.interval == INTRADAY}
    first = MONDAY_NOON - timedelta(days=9) - INTRADAY_BEFORE
    assert starts == {"^GSPC": first, "SPY": first, "TSM": first, "NVDA": younger.oldest - INTRADAY_BEFORE}
    assert {one.symbol for one in asked if one.interval == DAILY} == {"^GSPC", "^IXIC", "TSM", "NVDA", "AMD"}


@pytest.mark.parametrize(
    ("symbol", "answered", "now", "opened"),
    [
        ("BTC-USD", MONDAY_CLOSE, datetime(2025, 1, 28, 22, tzinfo=UTC), datetime(2025, 1, 27, tzinfo=UTC)),
        # Toronto trades until 16:00 on the Friday after Thanksgiving.
        (
            "SHOP.TO",
            datetime(2026, 11, 27, 18, tzinfo=UTC),
            datetime(2026, 11, 30, 22, tzinfo=UTC),
            datetime(2026, 11, 27, 14, 30, tzinfo=UTC),
        ),
    ],
)
def test_the_daily_bar_of_a_session_that_was_still_open_is_asked_for_again(
    symbol: str, answered: datetime, now: datetime, opened: datetime
) -> None:
    need = Need(symbol, 1, answered, answered)
    spans = {(symbol, kind): (answered - timedelta(days=300), answered) for kind in (DAILY, INTRADAY)}
    daily, intraday = plan_history([need], spans, now)
    assert (daily.interval, intraday.interval) == (DAILY, INTRADAY)
    assert daily.start <= opened
    assert intraday.start == answered
    assert plan_history([need], spans, answered) == []


@pytest.mark.parametrize(
    ("symbol", "now", "closed"),
    [
        # Tokyo's Monday is over at 6:30, hours before New York opens; its bars are final half an hour later.
        ("7203.T", "2025-01-27 06:59", "2025-01-24 06:30"),
        ("7203.T", "2025-01-27 07:00", "2025-01-27 06:30"),
        ("7203.T", "2025-01-27 15:40", "2025-01-27 06:30"),  # after midnight in Tokyo
        ("AZN.L", "2025-01-27 12:00", "2025-01-24 16:30"),
        ("AZN.L", "2025-11-27 17:00", "2025-11-27 16:30"),  # Thanksgiving, with no session in New York
        ("BTC-USD", "2025-01-26 12:00", "2025-01-26 00:00"),  # a Sunday
        ("BTC-USD", "2025-01-27 00:29", "2025-01-26 00:00"),
        ("ORSTED.CO", "2025-01-27 12:00", "2025-01-24 21:00"),  # hours not known: New York's
        ("NVDA", "2025-01-27 21:00", "2025-01-27 21:00"),
    ],
)
def test_history_reaches_to_the_last_close_of_its_own_exchange(symbol: str, now: str, closed: str) -> None:
    moment, end = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, closed))
    asked = plan_history([Need(symbol, 1, moment - timedelta(days=5), moment)], {}, moment)
    assert [(one.interval, one.end) for one in asked] == [(DAILY, end), (INTRADAY, end)]


@pytest.mark.parametrize(
    ("now", "closed"),
    [
        ("2025-01-27 16:29", "2025-01-24 16:00"),
        ("2025-01-27 16:30", "2025-01-27 16:00"),
        ("2025-07-28 15:30", "2025-07-28 15:00"),  # in summer
    ],
)
@pytest.mark.parametrize("symbol", ["ORSTED.CO", "^OMXC25"])
def test_hours_that_are_not_known_are_those_of_the_last_sessions(symbol: str, now: str, closed: str) -> None:
    moment, end = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, closed))
    days = [datetime(2025, 1, day, tzinfo=UTC) for day in (20, 21, 22, 23)]
    hours = [(day + timedelta(hours=8), day + timedelta(hours=12 if day.day == 23 else 16)) for day in days]
    copenhagen = exchange_by_sessions("Europe/Copenhagen", hours)
    assert copenhagen is not None
    asked = plan_history([Need(symbol, 1, moment - timedelta(days=5), moment)], {}, moment, known={symbol: copenhagen})
    assert [(one.interval, one.end) for one in asked] == [(DAILY, end), (INTRADAY, end)]
    spans = {(symbol, kind): (OLD - DAILY_BEFORE, end) for kind in (DAILY, INTRADAY)}
    later = plan_history([Need(symbol, 1, OLD, end)], spans, end + timedelta(days=4), known={symbol: copenhagen})
    assert [one.start for one in later] == [end, end]  # that session was over: its bar is there


def test_a_session_that_was_over_is_not_asked_for_again() -> None:
    spans = {("SHOP.TO", kind): (OLD - DAILY_BEFORE, FRIDAY_CLOSE) for kind in (DAILY, INTRADAY)}
    asked = plan_history([Need("SHOP.TO", 1, OLD, MONDAY_NOON)], spans, MONDAY_CLOSE + BARS_FINAL_AFTER)
    assert [one.start for one in asked] == [FRIDAY_CLOSE, FRIDAY_CLOSE]


@pytest.mark.parametrize(
    ("minutes", "has_bar", "end"),
    [(5, True, FRIDAY_CLOSE), (5, False, OLD), (5, None, OLD + timedelta(hours=7)), (30, False, FRIDAY_CLOSE)],
)
def test_a_close_that_is_late_is_asked_for_again(minutes: int, has_bar: bool | None, end: datetime) -> None:
    request = HistoryRequest("NVDA", DAILY, OLD, FRIDAY_CLOSE)
    ends = {True: [FRIDAY_CLOSE], False: [], None: [OLD + timedelta(hours=7)]}[has_bar]
    bars = [Bar("NVDA", DAILY, until - timedelta(hours=6.5), until, 1.0, "yahoo") for until in ends]
    assert answered_span(request, bars, FRIDAY_CLOSE + timedelta(minutes=minutes)) == (OLD, end)
    assert timedelta(minutes=30) >= BARS_FINAL_AFTER

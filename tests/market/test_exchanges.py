"""Exchanges outside New York."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tracker.market import exchanges


@pytest.mark.parametrize(
    ("symbol", "zone", "is_new_york"),
    [
        ("NVDA", None, True), ("BRK-B", None, True), ("^GSPC", None, True), ("NVDA", "America/New_York", True),
        ("7203.T", None, False), ("^N225", None, False), ("BTC-USD", None, False), ("GC=F", "America/New_York", False),
        ("ABC", "Europe/Paris", False), ("ABC.XX", None, False),
    ],
)  # fmt: skip
def test_which_symbols_follow_new_york(symbol: str, zone: str | None, is_new_york: bool) -> None:
    assert exchanges.is_new_york(symbol, zone) is is_new_york


@pytest.mark.parametrize(
    ("symbol", "moment", "session"),
    [
        ("NVDA", "2025-01-27T13:00", "pre"),
        ("ASML.AS", "2025-01-27T08:00", "regular"), ("ASML.AS", "2025-01-27T07:59", "closed"),
        ("ASML.AS", "2025-07-28T07:00", "regular"),  # summer time
        ("7203.T", "2025-01-27T00:00", "regular"), ("7203.T", "2025-01-26T00:00", "closed"),
        ("0700.HK", "2025-01-27T01:30", "regular"), ("005930.KS", "2025-01-27T06:29", "regular"),
        ("2330.TW", "2025-01-27T05:30", "closed"), ("TSCO.L", "2025-01-27T16:29", "regular"),
        ("BTC-USD", "2025-01-26T03:00", "regular"), ("ABC.XX", "2025-01-27T12:00", None),
    ],
)  # fmt: skip
def test_usual_hours(symbol: str, moment: str, session: str | None) -> None:
    assert exchanges.session_of(symbol, datetime.fromisoformat(moment).replace(tzinfo=UTC)) == session


def test_hours_of_a_session() -> None:
    monday = date(2025, 1, 27)
    assert exchanges.session_hours("7203.T", monday) == (
        datetime(2025, 1, 27, 0, 0, tzinfo=UTC),
        datetime(2025, 1, 27, 6, 30, tzinfo=UTC),
    )
    assert exchanges.session_hours("NVDA", date(2024, 12, 24)) == (
        datetime(2024, 12, 24, 14, 30, tzinfo=UTC),
        datetime(2024, 12, 24, 18, 0, tzinfo=UTC),
    )
    # A bar on what the calendar holds for a holiday still gets hours.
    assert exchanges.session_hours("NVDA", date(2025, 1, 20)) is not None
    assert exchanges.session_hours("BTC-USD", monday) is None
    overnight = exchanges.local_hours("UTC", monday, time(18), time(17))
    assert overnight == (datetime(2025, 1, 27, 18, tzinfo=UTC), datetime(2025, 1, 28, 17, tzinfo=UTC))


def test_the_lunch_break_of_a_day() -> None:
    noon = datetime(2025, 1, 27, 4, tzinfo=UTC)
    assert exchanges.lunch_hours("0700.HK", date(2025, 1, 27)) == (noon, noon + timedelta(hours=1))
    assert exchanges.lunch_hours("ASML.AS", date(2025, 1, 27)) is None
    soon = timedelta(minutes=5)
    assert exchanges.lunch_between("0700.HK", noon - timedelta(days=3), noon + soon) == soon
    for symbol in ("NVDA", "ASML.AS", "ABC.XX"):
        assert exchanges.lunch_between(symbol, noon, noon + timedelta(hours=1)) == timedelta(0)


def test_newest_session() -> None:
    sunday = datetime(2025, 1, 26, 12, tzinfo=UTC)
    assert exchanges.newest_session("ASML.AS", sunday) == (
        datetime(2025, 1, 24, 8, tzinfo=UTC),
        datetime(2025, 1, 24, 16, 30, tzinfo=UTC),
    )
    assert exchanges.newest_session("ABC.XX", sunday) is None
    early = exchanges.newest_session("ASML.AS", datetime(2025, 1, 28, 7, tzinfo=UTC))
    assert early is not None
    assert early[0] == datetime(2025, 1, 27, 8, tzinfo=UTC)

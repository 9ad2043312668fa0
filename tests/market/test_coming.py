"""Calendars of dividends and splits, and the second witness of results: shapes, and answers that are none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.market.test_strange_answers import PARTS
from tracker.market.coming import Decode, calendars, decode_dividends, decode_finnhub, decode_splits
from tracker.market.earnings import CalendarPage
from tracker.model.dates import ComingDate
from tracker.model.market import PriceFailure
from tracker.model.sources import EarningsSource

NOW = datetime(2025, 2, 20, 22, tzinfo=UTC)
DAY = date(2025, 2, 26)


def dividends(*rows: object, as_of: object = "Wed, Feb 26, 2025") -> dict[str, Any]:
    return {"data": {"calendar": {"asOf": as_of, "headers": {}, "rows": list(rows)}, "timeframe": {}}}


def splits(*rows: object) -> dict[str, Any]:
    return {"data": {"headers": {}, "rows": list(rows)}, "message": None}


def finnhub(*rows: object) -> dict[str, Any]:
    return {"earningsCalendar": list(rows)}


def said(found: CalendarPage | PriceFailure) -> list[tuple[str, str, str | None, str]]:
    assert isinstance(found, CalendarPage)
    assert all(one.day == DAY and one.asked == NOW for one in found.dates)
    return [(one.symbol, one.kind, one.time, one.source) for one in found.dates]


def test_a_dividend_is_told_by_its_ex_day() -> None:
    rows = (
        {"symbol": "MSFT", "dividend_Ex_Date": "2/26/2025", "payment_Date": "3/13/2025", "dividend_Rate": 0.83},
        {"symbol": "BRK.B", "dividend_Ex_Date": "02/26/2025"},
        {"symbol": "AAPL", "dividend_Ex_Date": "2/27/2025"},
        {"symbol": "<b>", "dividend_Ex_Date": "2/26/2025"},
        {"symbol": "AMD"},
    )
    assert said(decode_dividends(dividends(*rows), DAY, NOW)) == [
        ("MSFT", "dividend", None, "nasdaq"),
        ("BRK-B", "dividend", None, "nasdaq"),
    ]


def test_a_split_counts_on_its_own_day_whatever_page_it_is_on() -> None:
    rows = (
        {"symbol": "NVDA", "ratio": "10 : 1", "executionDate": "2/26/2025", "announcedDate": "1/2/2025"},
        {"symbol": "TSLA", "ratio": "3 : 1", "executionDate": "2/28/2025"},
    )
    assert said(decode_splits(splits(*rows), DAY, NOW)) == [("NVDA", "split", None, "nasdaq")]
    assert said(decode_splits({"data": {"rows": None}}, DAY, NOW)) == []


def test_the_second_witness_knows_the_hour() -> None:
    rows = [
        {"symbol": one, "date": "2025-02-26", "hour": hour, "quarter": 4}
        for one, hour in (("NVDA", "amc"), ("TJX", "BMO"), ("X", "dmh"), ("Y", ""), ("Z", None))
    ]
    assert [(symbol, time) for symbol, _, time, _ in said(decode_finnhub(finnhub(*rows), DAY, NOW))] == [
        ("NVDA", "after-close"),
        ("TJX", "before-open"),
        ("X", None),
        ("Y", None),
        ("Z", None),
    ]


@pytest.mark.parametrize(
    ("decode", "data", "reason"),
    [
        (decode_dividends, {"data": []}, "an answer without a calendar"),
        (decode_dividends, dividends(as_of="Thu, Feb 27, 2025"), "asked for 2025-02-26, answered for 2025-02-27"),
        (decode_dividends, {"data": {"calendar": {"rows": 3}}}, "the calendar has no list of rows"),
        (decode_splits, None, "an answer without a calendar"),
        (decode_splits, splits({"symbol": "NVDA"}), "the calendar has no row with a symbol and a day"),
        (
            decode_finnhub,
            {"error": "You have no access."},
            "You have no access.",
        ),
        (decode_finnhub, [], "an answer without a calendar"),
        (
            decode_finnhub,
            finnhub({"symbol": "NVDA", "date": "soon"}),
            "the calendar has no row with a symbol and a day",
        ),
    ],
)
def test_an_answer_that_is_none_is_a_reason(decode: Decode, data: object, reason: str) -> None:
    found = decode(data, DAY, NOW)
    assert isinstance(found, PriceFailure)
    assert found.reason == reason


_SHAPES: dict[str, tuple[Decode, Any]] = {
    "dividends": (decode_dividends, lambda row: dividends(row)),
    "splits": (decode_splits, lambda row: splits(row)),
    "finnhub": (decode_finnhub, lambda row: finnhub(row)),
}


@given(
    st.sampled_from(sorted(_SHAPES)),
    st.sampled_from(PARTS),
    st.sampled_from(["symbol", "date", "hour", "executionDate", "dividend_Ex_Date", "row", "whole"]),
)
def test_no_part_of_an_answer_raises(name: str, part: Any, place: str) -> None:
    decode, shape = _SHAPES[name]
    row = {"symbol": "NVDA", "date": "2025-02-26", "executionDate": "2/26/2025", "dividend_Ex_Date": "2/26/2025"}
    answer = part if place == "whole" else shape(part if place == "row" else row | {place: part})
    found = decode(answer, DAY, NOW)
    assert isinstance(found, CalendarPage | PriceFailure)
    if isinstance(found, CalendarPage):
        assert all(isinstance(one, ComingDate) and one.day == DAY for one in found.dates)


def test_only_what_is_on_is_asked_for() -> None:
    assert [one.name for one in calendars(EarningsSource(True), "https://f.example", None)] == ["nasdaq"]
    every = EarningsSource(True, dividends=True, splits=True, finnhub=True)
    assert [(one.name, one.sessions) for one in calendars(every, "https://f.example/", "k")] == [
        ("nasdaq", 30),
        ("nasdaq dividends", 10),
        ("nasdaq splits", 10),
        ("finnhub", 30),
    ]

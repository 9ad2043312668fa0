"""Nasdaq's calendar of results: pages, what is due, and answers that are none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.market.test_strange_answers import PARTS
from tracker.market.earnings import MAX_ROWS, CalendarPage, days_to_ask, decode_page, is_asked_for
from tracker.model.dates import ComingDate
from tracker.model.market import PriceFailure

NOW = datetime(2025, 2, 20, 22, tzinfo=UTC)
DAY = date(2025, 2, 26)


def page(*rows: object, **changes: object) -> dict[str, Any]:
    """Return an answer in the calendar's shape."""
    return {
        "data": {"asOf": "Wed, Feb 26, 2025", "headers": {}, "rows": list(rows)} | changes,
        "status": {"rCode": 200},
    }


def row(symbol: object, time: object = "time-after-hours") -> dict[str, object]:
    """Return a row with the fields of the calendar."""
    return {
        "symbol": symbol,
        "time": time,
        "name": "A company",
        "epsForecast": "$0.80",
        "noOfEsts": "20",
        "fiscalQuarterEnding": "Jan/2025",
        "lastYearRptDt": "2/21/2024",
        "lastYearEPS": "$0.49",
        "marketCap": "$3,400,000,000,000",
    }


def test_a_page_gives_symbols_and_times_of_day() -> None:
    rows = (
        row("NVDA"),
        row(" tjx ", "time-pre-market"),
        row("BRK.B", "time-not-supplied"),
        row("BF/A", None),
        row("NVDA", "time-pre-market"),  # the first row counts
        row("<b>", "x"),
        row(None),
        "no row",
    )
    found = decode_page(page(*rows), DAY, NOW)
    assert isinstance(found, CalendarPage)
    assert [(one.symbol, one.time) for one in found.dates] == [
        ("NVDA", "after-close"),
        ("TJX", "before-open"),
        ("BRK-B", None),
        ("BF-A", None),
    ]
    assert found.dates[0] == ComingDate("NVDA", "results", DAY, "after-close", "nasdaq", NOW)


@pytest.mark.parametrize("rows", [None, []])
def test_a_day_without_results_is_an_empty_page(rows: object) -> None:
    assert decode_page(page(rows=rows), DAY, NOW) == CalendarPage(DAY, ())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (None, "an answer without a calendar"),
        ([], "an answer without a calendar"),
        ({"data": None, "status": {"bCodeMessage": [{"errorMessage": "Bad date"}]}}, "Bad date"),
        (page(row("NVDA"), asOf="2025-02-27"), "asked for 2025-02-26, answered for 2025-02-27"),
        (page(row("NVDA"), asOf="Thu, Feb 27, 2025"), "asked for 2025-02-26, answered for 2025-02-27"),
        (page(rows={"NVDA": 1}), "the calendar has no list of rows"),
        (page(row(None), 3), "the calendar has no row with a symbol and a day"),
    ],
)
def test_an_answer_that_is_no_calendar_of_that_day_is_a_reason(data: object, reason: str) -> None:
    found = decode_page(data, DAY, NOW)
    assert isinstance(found, PriceFailure)
    assert found.reason == reason


@pytest.mark.parametrize("as_of", [None, "", "soon", "Wed, Foo 26, 2025", "Wed, Feb 31, 2025", "2025-02-26", 3])
def test_a_page_that_does_not_say_its_day_is_of_the_day_asked_for(as_of: object) -> None:
    assert isinstance(decode_page(page(row("NVDA"), asOf=as_of), DAY, NOW), CalendarPage)


@given(st.sampled_from(PARTS), st.sampled_from(["data", "rows", "asOf", "symbol", "time", "row"]))
def test_no_part_of_an_answer_raises(part: Any, place: str) -> None:
    answer = page(row("NVDA"), part if place == "row" else row("AMD"))
    if place == "data":
        answer["data"] = part
    elif place in ("rows", "asOf"):
        answer["data"][place] = part
    elif place in ("symbol", "time"):
        answer["data"]["rows"][0][place] = part
    found = decode_page(answer, DAY, NOW)
    assert isinstance(found, CalendarPage | PriceFailure)


def test_a_huge_page_is_read_up_to_a_limit() -> None:
    found = decode_page(page(*(row(f"S{n}") for n in range(MAX_ROWS + 9))), DAY, NOW)
    assert isinstance(found, CalendarPage)
    assert len(found.dates) == MAX_ROWS


def test_the_nearest_unknown_sessions_are_asked_for_first() -> None:
    friday, *_ = [date(2025, 2, 21)]
    assert days_to_ask(NOW, 4, {}, 9) == (date(2025, 2, 20), friday, date(2025, 2, 24), date(2025, 2, 25))
    assert days_to_ask(NOW, 4, {}, 2) == (date(2025, 2, 20), friday)
    assert days_to_ask(NOW, 4, {date(2025, 2, 20): NOW, friday: NOW}, 2) == (date(2025, 2, 24), date(2025, 2, 25))
    saturday = datetime(2025, 2, 22, 12, tzinfo=UTC)
    assert days_to_ask(saturday, 1, {}, 9) == (date(2025, 2, 24),)


def test_a_page_is_asked_again_after_a_day_a_far_one_after_three() -> None:
    ahead = days_to_ask(NOW, 12, {}, 99)
    asked = dict.fromkeys(ahead, NOW)
    assert days_to_ask(NOW + timedelta(hours=1), 12, asked, 99) == ()
    next_day = days_to_ask(NOW + timedelta(days=1), 12, asked, 99)
    assert next_day[:2] == (date(2025, 3, 10), ahead[1])  # the day that has come into sight, then the near ones
    assert len(next_day) == 11
    assert ahead[-1] not in next_day
    assert days_to_ask(NOW + timedelta(days=3), 11, asked, 99)[0] > ahead[-1]


def test_what_a_clock_ahead_had_asked_is_asked_again() -> None:
    assert days_to_ask(NOW, 1, {date(2025, 2, 20): NOW + timedelta(days=30)}, 9) == (date(2025, 2, 20),)


def test_only_shares_of_new_york_are_worth_a_request() -> None:
    assert is_asked_for(["005930.KS", "NVDA"])
    assert not is_asked_for(["005930.KS", "^GSPC", "BTC-USD", "EURUSD=X"])
    assert not is_asked_for([])

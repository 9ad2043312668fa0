"""Spark and chart answers beyond the traps: both sparks, sessions, splits, hostile bodies."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.examples import examples
from tests.market.shapes import DAY, OPEN, at, chart, meta, result, spark
from tracker.market.yahoo_shapes import decode_chart, decode_spark
from tracker.model.market import DAILY, INTRADAY

NOW = at(OPEN + 3_730)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)
KEYS = st.sampled_from([*meta(), "indicators", "timestamp"])


def test_flat_spark_of_v8() -> None:
    flat = {
        "NVDA": {
            "symbol": "NVDA",
            "timestamp": [OPEN, OPEN + 300, OPEN + 3_710],
            "close": [124.8, None, 120.5],
            "previousClose": None,
            "chartPreviousClose": 142.62,
            "dataGranularity": 300,
        },
        "AMD": {"symbol": "AMD", "timestamp": [OPEN + 3_600], "close": [115.0], "previousClose": 122.84},
    }
    answer = decode_spark(flat, ["NVDA", "AMD", "GONE"], NOW)
    nvda, amd = answer.quotes
    assert (nvda.price, nvda.time, nvda.previous_close) == (120.5, at(OPEN + 3_710), 142.62)
    assert (nvda.session, nvda.exchange_zone) == ("regular", "America/New_York")
    assert (amd.time, amd.previous_close) == (NOW, 122.84)  # an unfinished bar: traded up to now
    assert [failure.symbol for failure in answer.failures] == ["GONE"]
    assert [bar.close for bar in answer.bars] == [124.8]


def test_a_spark_without_series_has_quotes_all_the_same() -> None:
    trimmed = {"spark": {"result": [{"symbol": "NVDA", "response": [{"meta": meta()}]}, {"symbol": "X"}, 7]}}
    answer = decode_spark(trimmed, ["NVDA"], NOW)
    assert answer.quotes[0].price == 120.0
    assert answer.bars == ()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"spark": {"result": None, "error": {"description": "Bad Request"}}}, "Bad Request"),
        ({"finance": {"result": None, "error": {"code": "Unauthorized"}}}, "Unauthorized"),
        ({"quoteResponse": {"result": []}}, "an answer of an unknown shape"),
        ([], "an answer of an unknown shape"),
        (None, "an answer of an unknown shape"),
        ({}, "no such symbol in the answer"),
    ],
)
def test_answers_that_are_no_spark(data: object, reason: str) -> None:
    answer = decode_spark(data, ["NVDA"], NOW)
    assert answer.quotes == ()
    assert [failure.reason for failure in answer.failures] == [reason]


def test_a_price_of_another_symbol_is_refused() -> None:
    mixed = {"spark": {"result": [{"symbol": "NVDA", "response": [result(meta("AMD"))]}]}}
    assert decode_spark(mixed, ["NVDA"], NOW).failures[0].reason == "the answer is about AMD, not NVDA"
    assert decode_chart(chart(result(meta("AMD"))), "NVDA", DAILY, NOW).failures[0].symbol == "NVDA"
    assert "no symbol" in decode_chart(chart(result({**meta(), "symbol": None})), "NVDA", DAILY, NOW).failures[0].reason
    assert decode_chart(chart({"meta": None}), "NVDA", DAILY, NOW).failures[0].reason == "an answer without meta data"


def test_bars_of_another_length_are_refused() -> None:
    answer = decode_chart(chart(result(meta(dataGranularity="1h"), [OPEN], [1.0])), "NVDA", INTRADAY, NOW)
    assert answer.bars == ()
    assert answer.failures[0].reason == "bars of 1h instead of those asked for"


def test_a_trade_must_have_a_time_and_not_in_the_future() -> None:
    timeless = decode_spark(spark(result(meta(regularMarketTime=None))), ["NVDA"], NOW)
    assert timeless.failures[0].reason == "no trade time in the answer"
    future = decode_spark(spark(result(meta(regularMarketTime=OPEN + DAY))), ["NVDA"], NOW)
    assert future.failures[0].reason == "a trade time in the future"
    chart_only = decode_chart(chart(result(meta(regularMarketTime=OPEN + DAY), [OPEN], [1.0])), "NVDA", INTRADAY, NOW)
    assert chart_only.quote is None
    assert chart_only.failures[-1].reason == "a trade time in the future"


def test_an_intraday_bar_is_closed_when_its_end_has_been_heard_of() -> None:
    times, closes = [OPEN, OPEN + 300, OPEN + 600], [1.0, 2.0, 3.0]
    about = meta(regularMarketTime=OPEN + 700)
    first = decode_chart(chart(result(about, times, closes)), "NVDA", INTRADAY, at(OPEN + 1_000))
    assert [bar.close for bar in first.bars] == [1.0, 2.0]
    later = decode_chart(chart(result(about, times, closes)), "NVDA", INTRADAY, at(OPEN + 900 + 1_200))
    assert [bar.close for bar in later.bars] == [1.0, 2.0, 3.0]
    assert (later.bars[0].start, later.bars[0].end) == (at(OPEN), at(OPEN + 300))


def test_early_closes_and_holidays_in_daily_bars() -> None:
    christmas_eve = int(datetime(2024, 12, 24, 14, 30, tzinfo=UTC).timestamp())
    about = meta(dataGranularity="1d", range="", regularMarketTime=christmas_eve + 12_600)
    bars = decode_chart(
        chart(result(about, [christmas_eve, christmas_eve + 7], [139.0, 140.22])), "NVDA", DAILY, NOW
    ).bars
    assert [(bar.start, bar.end, bar.close) for bar in bars] == [
        (at(christmas_eve), at(christmas_eve + 12_600), 140.22)
    ]


def test_daily_bars_elsewhere_take_hours_from_the_answer() -> None:
    tokyo = int(datetime(2025, 1, 24, 0, 0, tzinfo=UTC).timestamp())
    hours = {"regular": {"start": tokyo + 3 * DAY, "end": tokyo + 3 * DAY + 23_400}}
    about = meta("7203.T", currency="JPY", exchangeTimezoneName="Asia/Tokyo", dataGranularity="1d", range="")
    with_hours = decode_chart(
        chart(result({**about, "currentTradingPeriod": hours}, [tokyo], [2_900])), "7203.T", DAILY, NOW
    )
    assert (with_hours.bars[0].start, with_hours.bars[0].end) == (at(tokyo), at(tokyo + 23_400))
    about.pop("currentTradingPeriod")
    usual = decode_chart(chart(result(about, [tokyo], [2_900])), "7203.T", DAILY, NOW)
    assert (usual.bars[0].start, usual.bars[0].end) == (at(tokyo), at(tokyo + 23_400))
    unknown = {**about, "symbol": "ABC.XX", "exchangeTimezoneName": "../../etc"}
    day_long = decode_chart(chart(result(unknown, [tokyo], [5.0])), "ABC.XX", DAILY, NOW)
    assert (day_long.bars[0].start, day_long.bars[0].end) == (at(tokyo), at(tokyo + DAY))
    assert day_long.quote is not None
    assert day_long.quote.session is None


def test_a_day_that_closes_early_elsewhere_shortens_no_other_day() -> None:
    """London closes at 12:30 on 24 December."""
    eve = int(datetime(2024, 12, 24, 8, tzinfo=UTC).timestamp())
    about = meta(
        "SHEL.L",
        currency="GBp",
        exchangeTimezoneName="Europe/London",
        dataGranularity="1d",
        range="",
        regularMarketTime=eve + 16_200,
        currentTradingPeriod={"regular": {"start": eve, "end": eve + 16_200}},
    )
    bars = decode_chart(chart(result(about, [eve - DAY, eve], [2_420, 2_450])), "SHEL.L", DAILY, at(eve + DAY)).bars
    assert [(bar.start, bar.end) for bar in bars] == [
        (at(eve - DAY), at(eve - DAY + 30_600)),
        (at(eve), at(eve + 16_200)),
    ]


def test_session_elsewhere_is_the_word_of_the_answer() -> None:
    morning = OPEN - 23_400  # 09:00 in Paris
    periods = {
        "pre": {"start": morning, "end": morning},
        "regular": {"start": morning, "end": morning + 30_600},
        "post": {},
    }
    about = meta("ASML.AS", currency="EUR", exchangeTimezoneName="Europe/Amsterdam", currentTradingPeriod=periods)
    about["regularMarketTime"] = morning + 600
    data = spark(result(about))
    assert decode_spark(data, ["ASML.AS"], at(morning + 900)).quotes[0].session == "regular"
    assert decode_spark(data, ["ASML.AS"], at(morning + 31_000)).quotes[0].session == "closed"
    about.pop("currentTradingPeriod")
    assert decode_spark(spark(result(about)), ["ASML.AS"], at(morning + 900)).quotes[0].session == "regular"


def test_splits_are_new_shares_for_one_old() -> None:
    events = {
        "splits": {
            "2": {"date": OPEN, "numerator": 10, "denominator": 1},
            "1": {"date": OPEN - 900 * DAY, "numerator": 4, "denominator": 1},
            "0": {"date": OPEN, "numerator": 10, "denominator": 0},
        },
        "dividends": {"3": {"amount": 0.01, "date": OPEN}},
    }
    answer = decode_chart(chart(result(meta(), [OPEN], [1.0], events=events)), "NVDA", INTRADAY, NOW)
    assert answer.splits == ((at(OPEN - 900 * DAY), 4.0), (at(OPEN), 10.0))


@pytest.mark.parametrize(
    ("symbol", "currency", "zone", "date_", "amount", "expected"),
    [
        ("NVDA", "USD", "America/New_York", OPEN, 0.01, (date(2025, 1, 27), OPEN - 34_200, 0.01)),
        ("NVDA", "USD", "America/New_York", OPEN - 52_200, 0.01, (date(2025, 1, 27), OPEN - 34_200, 0.01)),
        ("VOD.L", "GBp", "Europe/London", OPEN - 23_400, 3.74, (date(2025, 1, 27), OPEN - 52_200, 0.0374)),
        ("7203.T", "JPY", "Asia/Tokyo", OPEN - 52_200, 45.0, (date(2025, 1, 27), OPEN - 84_600, 45.0)),
    ],
    ids=["at the open", "a date and no time", "in pence", "in Tokyo"],
)
def test_a_dividend_counts_from_the_first_moment_of_its_day(
    symbol: str, currency: str, zone: str, date_: int, amount: float, expected: tuple[date, int, float]
) -> None:
    about = meta(symbol, currency=currency, exchangeTimezoneName=zone)
    events = {"dividends": {"1": {"amount": amount, "date": date_}}}
    (found,) = decode_chart(chart(result(about, [OPEN], [100.0], events=events)), symbol, INTRADAY, NOW).dividends
    assert (found.day, found.at) == (expected[0], at(expected[1]))
    assert found.amount == pytest.approx(expected[2])


def test_what_is_no_dividend_is_left_out_and_the_rest_is_in_order() -> None:
    amounts: list[object] = [-1.0, 0.0, math.nan, math.inf, 1e300, "0.43", None, True, [], 0.43]
    listed: dict[str, object] = {str(n): {"amount": one, "date": OPEN} for n, one in enumerate(amounts)}
    listed |= {"a": {"amount": 0.4, "date": OPEN - 90 * DAY}, "b": {"amount": 0.4, "date": -5}, "c": {"amount": 1}}
    listed |= {"d": None, "e": [1], "f": {"amount": 0.4, "date": 1e18}}
    answer = decode_chart(chart(result(meta(), [OPEN], [1.0], events={"dividends": listed})), "NVDA", INTRADAY, NOW)
    assert [one.amount for one in answer.dividends] == [0.4, 0.43]
    without: list[object] = [None, [], "x", {"dividends": []}, {"dividends": "x"}]
    for broken in without:
        one = decode_chart(chart(result(meta(), [OPEN], [1.0], events=broken)), "NVDA", INTRADAY, NOW)
        assert one.dividends == ()


def test_a_point_that_was_drawn_and_not_recorded_stays_marked() -> None:
    one = result(meta(), [OPEN, OPEN + 300, OPEN + 600], [1.0, 2.0, 3.0])
    one["indicators"]["interpolated"] = [False, True]  # type: ignore[index]
    bars = decode_chart(chart(one), "NVDA", INTRADAY, NOW).bars
    assert [bar.interpolated for bar in bars] == [False, True, False]


@examples(100)
@given(JSON)
def test_any_json_gives_a_quote_or_a_reason(data: object) -> None:
    assert decode_spark(data, ["NVDA"], NOW).failures
    assert decode_chart(data, "NVDA", DAILY, NOW).failures


@examples(150)
@given(KEYS, JSON, st.lists(JSON, max_size=4), st.lists(JSON, max_size=4))
def test_one_wrong_value_anywhere_gives_a_sane_price_or_a_reason(
    key: str, value: object, times: list[object], closes: list[object]
) -> None:
    one = result({**meta(), key: value}, [OPEN, *times], [124.8, *closes])
    if key in one:
        one[key] = value
    for interval in (INTRADAY, DAILY):
        answer = decode_chart(chart(one), "NVDA", interval, NOW)
        assert answer.bars or answer.quote or answer.failures
        assert all(bar.close > 0 and bar.end <= NOW for bar in answer.bars)
        assert answer.quote is None or answer.quote.price > 0
    sparked = decode_spark({"spark": {"result": [{"symbol": "NVDA", "response": [one]}]}}, ["NVDA"], NOW)
    assert len(sparked.quotes) + len(sparked.failures) == 1
    assert all(quote.price > 0 and (quote.change is None or quote.change > -1) for quote in sparked.quotes)

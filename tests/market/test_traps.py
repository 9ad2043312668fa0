"""The sixteen traps of price services, each with a small body of the recorded shape."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.helpers.http_server import Answer, LoopbackServer
from tests.market.shapes import CLOSE, DAY, OPEN, at, chart, info, itv, loopback_client, meta, result, spark
from tracker.market import cnbc, finnhub, guard, nasdaq
from tracker.market.clean import error_text
from tracker.market.http import JsonGetter
from tracker.market.yahoo_shapes import decode_chart, decode_spark
from tracker.model.market import DAILY, INTRADAY, Bar, PriceFailure, Quote
from tracker.prices import moves

NOW = at(OPEN + 3_730)


def only(data: object, symbol: str = "NVDA", now: datetime = NOW) -> Quote:
    """Return the one quote of a spark answer."""
    answer = decode_spark(data, [symbol], now)
    assert answer.failures == ()
    return answer.quotes[0]


def test_trap_01_day_change_needs_previous_close_not_the_close_before_the_range() -> None:
    quote = only(spark(result(meta(range="5d", previousClose=333.69, chartPreviousClose=338.40))))
    assert quote.previous_close == 333.69
    five_days = decode_chart(
        chart(result(meta(range="5d", previousClose=None, chartPreviousClose=338.40), [OPEN], [120.0])),
        "NVDA",
        INTRADAY,
        NOW,
    )
    assert five_days.quote is not None
    assert five_days.quote.previous_close is None
    assert only(spark(result(meta(previousClose=None)))).previous_close == 142.62  # one day: the same close


def test_trap_02_a_daily_range_has_no_previous_close_but_its_last_completed_bar_is_one() -> None:
    about = meta(previousClose=None, chartPreviousClose=100.0, dataGranularity="1d", range="1mo")
    times, closes = [OPEN - 4 * DAY, OPEN - 3 * DAY, OPEN], [147.22, 142.62, 119.9]
    answer = decode_chart(chart(result(about, times, closes)), "NVDA", DAILY, NOW)
    assert answer.quote is not None
    assert answer.quote.previous_close == 142.62
    assert [bar.close for bar in answer.bars] == [147.22, 142.62]  # today's is not closed yet
    assert answer.bars[-1].start == at(OPEN - 3 * DAY)
    assert answer.bars[-1].end == at(CLOSE - 3 * DAY)
    old = decode_chart(chart(result(about, [OPEN - 60 * DAY], [130.0])), "NVDA", DAILY, NOW)
    assert old.quote is not None
    assert old.quote.previous_close is None
    after = decode_chart(chart(result(about, times, closes)), "NVDA", DAILY, at(CLOSE + 1_300))
    assert [bar.close for bar in after.bars] == closes


@pytest.mark.parametrize("live", [OPEN + 3_725, OPEN + 3_600])
def test_trap_03_the_live_point_is_the_quote_and_no_bar(live: int) -> None:
    about = meta(regularMarketTime=live, regularMarketPrice=120.5)
    times, closes = [OPEN + 3_000, OPEN + 3_300, live], [119.0, 119.5, 120.5]
    answer = decode_spark(spark(result(about, times, closes)), ["NVDA"], NOW)
    assert answer.quotes[0].price == 120.5
    assert answer.quotes[0].time == at(live)
    assert [(bar.start, bar.close) for bar in answer.bars] == [(at(OPEN + 3_000), 119.0), (at(OPEN + 3_300), 119.5)]


def test_trap_04_a_closed_window_has_no_times() -> None:
    data = chart(result(meta(dataGranularity="1d", range=""), None, None))
    answer = decode_chart(data, "NVDA", DAILY, NOW)
    assert answer.bars == ()
    assert [failure.reason for failure in answer.failures] == ["no closed bars in that window"]
    assert answer.quote is not None


def test_trap_05_unequal_arrays_and_null_closes() -> None:
    times = [OPEN, OPEN + 300, OPEN + 600]
    answer = decode_chart(chart(result(meta(), times, [1.0, None, 3.0, 4.0, 5.0])), "NVDA", INTRADAY, NOW)
    assert [bar.close for bar in answer.bars] == [1.0, 3.0]
    short = decode_chart(chart(result(meta(), times, [1.0])), "NVDA", INTRADAY, NOW)
    assert [bar.close for bar in short.bars] == [1.0]
    columns = {"timestamp": times, "indicators": {"quote": [{"close": [1.0, 2.0], "open": [None, 1.5], "volume": [7]}]}}
    odd = decode_chart(chart({**result(meta()), **columns}), "NVDA", INTRADAY, NOW)
    assert [(bar.open, bar.volume) for bar in odd.bars] == [(None, 7.0), (1.5, None)]


def test_trap_06_an_unknown_symbol_is_dropped_in_silence() -> None:
    answer = decode_spark(spark(result(meta())), ["NVDA", "NONEXIST"], NOW)
    assert [quote.symbol for quote in answer.quotes] == ["NVDA"]
    assert [(failure.symbol, failure.reason) for failure in answer.failures] == [
        ("NONEXIST", "no such symbol in the answer")
    ]
    empty = decode_spark({"spark": {"result": [], "error": None}}, ["NVDA"], NOW)
    assert empty.quotes == ()
    assert empty.failures[0].symbol == "NVDA"
    assert decode_chart({"chart": {"result": [], "error": None}}, "NVDA", DAILY, NOW).failures[0].symbol == "NVDA"


def test_trap_07_a_delisted_name_has_no_price() -> None:
    answer = decode_spark(spark(result(meta(quoteType="NONE", regularMarketPrice=None))), ["NVDA"], NOW)
    assert answer.quotes == ()
    assert answer.failures[0].reason == "no price in the answer"
    gone = {"chart": {"result": None, "error": {"code": "Not Found", "description": "No data found\x1b[2J, delisted"}}}
    assert decode_chart(gone, "NVDA", DAILY, NOW).failures[0].reason == "No data found[2J, delisted"


def test_trap_08_before_the_open_without_a_trade_and_after_midnight_with_an_old_one() -> None:
    friday_close = CLOSE - 3 * DAY
    early = at(OPEN - 3_600)
    quiet = only(spark(result(meta(regularMarketTime=friday_close + 1, regularMarketPrice=142.62))), now=early)
    assert quiet.price == 142.62
    assert quiet.session == "closed"  # the market is in "pre", this price is not
    assert quiet.previous_close is None  # the answer has gone on: 142.62 is its own close
    entry = {"symbol": "NVDA", "previous_day_closing": "142.62", "last": "142.62", "curmktstatus": "POST_MKT"}
    evening = {"type": "POST_MKT", "last": "141.00", "last_time": "2025-01-24T19:59:00-0500"}
    old = cnbc.decode_itv(itv({**entry, "ExtendedMktQuote": evening}), ["NVDA"], at(OPEN - 30_000)).quotes[0]
    assert (old.price, old.session, old.previous_close, old.regular_price) == (141.0, "closed", None, 142.62)


def test_trap_08_a_price_before_the_open_compounds_on_yesterdays_close() -> None:
    about = meta(regularMarketTime=CLOSE - 3 * DAY, regularMarketPrice=142.62, previousClose=147.22)
    quote = only(spark(result(about, [OPEN - 3_600, OPEN - 3_321], [130.0, 128.0])), now=at(OPEN - 3_300))
    assert (quote.price, quote.session, quote.previous_close, quote.regular_price) == (128.0, "pre", 142.62, 142.62)
    assert quote.time == at(OPEN - 3_321)
    after = meta(regularMarketTime=CLOSE, regularMarketPrice=118.42)
    late = only(spark(result(after, [CLOSE + 300], [119.0])), now=at(CLOSE + 900))
    assert (late.session, late.previous_close, late.regular_price) == ("post", 142.62, 118.42)
    assert late.time == at(CLOSE + 600)
    assert late.change is not None
    assert late.extended_change is not None
    assert (1 + late.change) * (1 + late.extended_change) - 1 == pytest.approx(119.0 / 142.62 - 1)


def test_trap_09_value_counts_all_share_classes() -> None:
    all_classes, one_class = 12.115e9, 5.82e9
    value = moves.day_value(-0.01, 200.0, all_classes)
    assert value == pytest.approx(-24.23e9)
    assert moves.day_value(-0.01, 200.0, one_class) != pytest.approx(value, rel=0.5)
    assert moves.day_value(-0.01, 200.0, None) is None


@pytest.mark.parametrize(
    ("code", "major"), [("GBp", "GBP"), ("GBX", "GBP"), ("ZAc", "ZAR"), ("ILA", "ILS"), ("GBP", "GBP")]
)
def test_trap_10_pence_and_cents_become_the_major_unit(code: str, major: str) -> None:
    factor = 1 if code == "GBP" else 100
    about = meta(
        "TSCO.L", currency=code, regularMarketPrice=464.7, previousClose=459.0, exchangeTimezoneName="Europe/London"
    )
    answer = decode_spark(spark(result(about, [OPEN, OPEN + 300], [460.0, 461.0])), ["TSCO.L"], NOW)
    quote = answer.quotes[0]
    assert quote.currency == major
    assert quote.price == pytest.approx(464.7 / factor)
    assert quote.previous_close == pytest.approx(459.0 / factor)
    assert answer.bars[0].close == pytest.approx(460.0 / factor)


def test_trap_10_london_without_a_currency_is_refused() -> None:
    answer = decode_spark(spark(result(meta("TSCO.L", currency=None))), ["TSCO.L"], NOW)
    assert answer.quotes == ()
    assert "hundredths" in answer.failures[0].reason
    assert only(spark(result(meta(currency=None)))).currency is None


def test_trap_11_the_percent_of_coins_is_on_another_basis_and_not_taken() -> None:
    about = meta(
        "BTC-USD",
        regularMarketPrice=86_466.64,
        previousClose=86_513.38,
        regularMarketChangePercent=1.446,
        exchangeTimezoneName="UTC",
        currentTradingPeriod={"regular": {"start": OPEN - 52_200, "end": OPEN + 34_140}},
    )
    quote = only(spark(result(about)), "BTC-USD")
    assert quote.change == pytest.approx(-0.00054, abs=1e-5)
    assert quote.session == "regular"
    night = decode_chart(
        chart(result({**about, "dataGranularity": "1d"}, [OPEN - 52_200 - DAY], [86_513.38])), "BTC-USD", DAILY, NOW
    )
    assert night.bars[0].end - night.bars[0].start == timedelta(days=1)


@pytest.mark.parametrize("arrow", ["up", "down"])
def test_trap_12_unsigned_change_and_a_wrong_arrow(arrow: str) -> None:
    data = info()
    data["data"]["primaryData"]["deltaIndicator"] = arrow  # type: ignore[index]
    quote = nasdaq.decode_info(data, "NVDA", at(OPEN + 3_740))
    assert isinstance(quote, Quote)
    assert quote.price == 1_234.5
    assert quote.change == pytest.approx(1_234.5 / 1_236.7 - 1)
    assert quote.change is not None
    assert quote.change < 0
    assert quote.time == at(OPEN + 3_720)
    assert quote.session == "regular"


def test_trap_13_zeros_mean_unknown() -> None:
    zeros = {"c": 0, "d": None, "dp": None, "h": 0, "l": 0, "o": 0, "pc": 0, "t": 0}
    refused = finnhub.decode_quote(zeros, "NVDA", NOW)
    assert isinstance(refused, PriceFailure)
    assert "not known" in refused.reason
    quote = finnhub.decode_quote({**zeros, "c": 118.4, "t": OPEN + 60}, "NVDA", NOW)
    assert isinstance(quote, Quote)
    assert quote.previous_close is None
    assert quote.change is None
    for price in (0, -1.0, float("nan"), float("inf"), True, "118", 10**400):
        bad = decode_spark(spark(result(meta(regularMarketPrice=price))), ["NVDA"], NOW)
        assert bad.quotes == ()
        assert bad.failures[0].reason == "no price in the answer"


def test_the_closing_trade_belongs_to_the_session_that_it_closes() -> None:
    quote = finnhub.decode_quote({"c": 118.4, "pc": 142.62, "t": CLOSE}, "NVDA", at(CLOSE + 3_600))
    assert isinstance(quote, Quote)
    assert quote.session == "closed"
    late = finnhub.decode_quote({"c": 118.4, "pc": 142.62, "t": CLOSE + 60}, "NVDA", at(CLOSE + 3_600))
    assert isinstance(late, Quote)
    assert late.session == "post"


async def ask(server: LoopbackServer, answer: Answer) -> PriceFailure:
    """Return the failure of one GET that is answered so."""
    server.routes["/x"] = answer
    async with loopback_client() as client:
        failure = await JsonGetter(client, lambda: NOW, {"yahoo": server.url}).get("yahoo", f"{server.url}/x")
    assert isinstance(failure, PriceFailure)
    return failure


async def test_trap_14_the_words_too_many_requests_are_a_block_whatever_the_status(server: LoopbackServer) -> None:
    for status in (200, 429):
        failure = await ask(server, Answer(b"Too Many Requests\r\n", status, {"Content-Type": "text/plain"}))
        assert failure.blocked
        assert "too many requests" in failure.reason.lower()
        assert failure.http == status


@pytest.mark.parametrize(
    ("body", "kind", "is_block"),
    [
        (b"No data", "text/plain", False),
        (b"Exceeded the daily hits limit", "text/plain", True),
        (b"<html><body>Are you a robot?</body></html>", "text/html", True),
        (b"<html><title>Access Denied</title></html>", "text/html; charset=utf-8", True),
        (b"<html>Welcome</html>", "text/html", False),
    ],
)
async def test_trap_15_text_and_html_with_200(server: LoopbackServer, body: bytes, kind: str, is_block: bool) -> None:
    failure = await ask(server, Answer(body, 200, {"Content-Type": kind}))
    assert "instead of JSON" in failure.reason
    assert failure.blocked is is_block


def days(*closes: float) -> list[Bar]:
    start = datetime(2025, 1, 6, 14, 30, tzinfo=UTC)
    step = timedelta(days=1)
    hours = timedelta(hours=6.5)
    return [
        Bar("NVDA", DAILY, start + n * step, start + n * step + hours, close, "yahoo") for n, close in enumerate(closes)
    ]


def test_trap_16_jumps_without_a_split_are_not_believed() -> None:
    quote = only(spark(result(meta(regularMarketPrice=14_262.0))))
    assert guard.jump(quote, None) == "jump of 9,900 % without a split, not believed"
    assert guard.jump(replace(quote, price=118.42), None) is None
    spike, reasons = guard.believed_bars(days(14.55, 1455.0, 14.6, 14.7), ())
    assert [bar.close for bar in spike] == [14.55, 14.6, 14.7]
    assert reasons == ("jump of 9,900 % on 2025-01-07 without a split, not believed: bar left out",)
    stays, reasons = guard.believed_bars(days(100.0, 50.0, 51.0), ())
    assert len(stays) == 3
    assert reasons == ("jump of -50 % on 2025-01-07 without a split, not believed",)
    split = (datetime(2025, 1, 7, 14, 30, tzinfo=UTC), 2.0)
    assert guard.believed_bars(days(100.0, 50.0, 51.0), [split])[1] == ()


def test_error_objects_of_all_shapes_have_words() -> None:
    assert (
        error_text({"finance": {"error": {"code": "Unauthorized", "description": "Invalid Crumb"}}}) == "Invalid Crumb"
    )
    assert error_text({"error": "API limit reached."}) == "API limit reached."
    assert error_text({"chart": {"error": {"code": "Internal"}}}) == "Internal"
    nasdaq_words = {"data": None, "status": {"bCodeMessage": [{"code": 1001, "errorMessage": "Symbol not exists."}]}}
    assert error_text(nasdaq_words) == "Symbol not exists."
    assert error_text(json.loads("[1]")) == ""
    assert error_text({"status": {"bCodeMessage": [{"code": 1}, 7]}}) == ""

"""Providers over real HTTP on loopback."""

from __future__ import annotations

import gzip
import logging
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest

from tests.helpers.http_server import Answer, LoopbackServer, Request
from tests.market.shapes import (
    CLOSE,
    DAY,
    JSON_TYPE,
    OPEN,
    at,
    chart,
    info,
    itv,
    loopback_client,
    meta,
    reply,
    result,
    spark,
)
from tracker.market.finnhub import Finnhub
from tracker.market.http import USER_AGENT, Json, JsonGetter
from tracker.market.nasdaq import Nasdaq, decode_info
from tracker.market.provider import QuoteProvider
from tracker.market.providers import BASE_URLS, build_providers
from tracker.model.market import DAILY, INTRADAY, PriceFailure, Quote
from tracker.net.client import Client

NOW = at(OPEN + 3_730)
SPARK = "/v7/finance/spark"
CNBC = "/quote-html-webservice/quote.htm"


@pytest.fixture
async def client(server: LoopbackServer) -> AsyncIterator[Client]:
    async with loopback_client() as running:
        yield running


def one(name: str, server: LoopbackServer, client: Client, key: str | None = None) -> QuoteProvider:
    return build_providers([name], {name: server.url + "/"}, client, lambda: NOW, key)[0]


def test_an_unknown_provider_is_an_error_and_a_repeated_one_is_not(client: Client) -> None:
    with pytest.raises(ValueError, match="no provider of prices is called 'stooq'"):
        build_providers(["stooq"], {}, client, lambda: NOW)
    built = build_providers(["cnbc", "yahoo", "cnbc", "nasdaq", "finnhub"], {}, client, lambda: NOW)
    assert [provider.name for provider in built] == ["cnbc", "yahoo", "nasdaq", "finnhub"]
    assert set(BASE_URLS) == {provider.name for provider in built}


async def test_yahoo_asks_for_twenty_at_once_and_says_who_it_is(server: LoopbackServer, client: Client) -> None:
    def answer(request: Request) -> Answer:
        symbols = request.query["symbols"][0].split(",")
        return reply(spark(*(result(meta(symbol), [OPEN], [119.0]) for symbol in symbols)))

    server.routes[SPARK] = answer
    symbols = [f"S{n}" for n in range(45)]
    quotes = await one("yahoo", server, client).quotes(symbols)
    assert [quote.symbol for quote in quotes.quotes] == symbols
    assert len(quotes.bars) == 45
    assert {quote.provider for quote in quotes.quotes} == {"yahoo"}
    asked = server.asked(SPARK)
    assert [len(request.query["symbols"][0].split(",")) for request in asked] == [20, 20, 5]
    assert asked[0].query["range"] == ["1d"]
    assert asked[0].query["interval"] == ["5m"]
    assert asked[0].headers["user-agent"] == USER_AGENT
    assert USER_AGENT.startswith("Mozilla/5.0 (compatible; tracker/")


async def test_yahoo_stops_asking_at_a_block(server: LoopbackServer, client: Client) -> None:
    server.routes[SPARK] = Answer(
        b"Edge: Too Many Requests", 429, {"Content-Type": "text/plain", "Retry-After": "1800"}
    )
    answer = await one("yahoo", server, client).quotes([f"S{n}" for n in range(45)])
    assert len(server.asked(SPARK)) == 1
    assert answer.failures == (
        PriceFailure("yahoo", "HTTP 429: Edge: Too Many Requests", None, 429, 1800, blocked=True, is_passing=True),
    )


async def test_yahoo_bars_by_period_with_the_caret_encoded(server: LoopbackServer, client: Client) -> None:
    paths: list[str] = []

    def answer(request: Request) -> Answer:
        paths.append(request.path)
        times = [OPEN - 3 * DAY, OPEN - 4 * DAY, OPEN - 5 * DAY, OPEN]
        return reply(
            chart(result(meta("^GSPC", dataGranularity="1d", range=""), times, [6_101.24, 6_118.71, 6_086.37, 6_017.0]))
        )

    server.routes["/v8/finance/chart/%5EGSPC"] = answer
    start, end = at(OPEN - 4 * DAY), NOW
    bars = await one("yahoo", server, client).bars("^GSPC", DAILY, start, end)
    assert [bar.close for bar in bars.bars] == [6_118.71, 6_101.24]
    assert bars.quote is not None
    query = server.requests[0].query
    assert query["period1"] == [str(OPEN - 4 * DAY)]
    assert query["interval"] == ["1d"]
    assert query["events"] == ["div,split"]


async def test_yahoo_never_asks_for_more_than_it_has(server: LoopbackServer, client: Client) -> None:
    yahoo = one("yahoo", server, client)
    too_old = await yahoo.bars("NVDA", INTRADAY, NOW - timedelta(days=90), NOW - timedelta(days=61))
    assert too_old.failures[0].reason == "5-minute bars reach back 60 days"
    assert (await yahoo.bars("NVDA", 60, NOW, NOW)).failures[0].reason == "no bars of 60 s"
    assert (await yahoo.bars("NVDA", DAILY, NOW, NOW)).failures[0].reason == "an empty window"
    assert server.requests == []
    server.routes["/v8/finance/chart/NVDA"] = reply(chart(result(meta(), [OPEN], [124.8])))
    cut = await yahoo.bars("NVDA", INTRADAY, NOW - timedelta(days=90), NOW)
    assert [bar.close for bar in cut.bars] == [124.8]
    assert int(server.requests[0].query["period1"][0]) > (NOW - timedelta(days=60)).timestamp()


async def test_yahoo_bars_name_the_error(server: LoopbackServer, client: Client) -> None:
    words = "5m data not available. The requested range must be within the last 60 days."
    server.routes["/v8/finance/chart/NVDA"] = reply(
        {"chart": {"result": None, "error": {"code": "Unprocessable Entity", "description": words}}}, 422
    )
    answer = await one("yahoo", server, client).bars("NVDA", INTRADAY, NOW - timedelta(days=1), NOW)
    assert answer.failures == (PriceFailure("yahoo", f"HTTP 422: {words}", "NVDA", 422),)


async def test_cnbc_batches_with_pipes_and_knows_extended_hours(server: LoopbackServer, client: Client) -> None:
    nvda = {
        "symbol": "NVDA",
        "previous_day_closing": "142.62",
        "last": "120.10",
        "change_pct": "UNCH",
        "last_time": "2025-01-27T10:32:00.000-0500",
        "currencyCode": "USD",
    }
    spx = {"symbol": ".SPX", "previous_day_closing": "6,101.24", "last": "6,017.01", "last_time": nvda["last_time"]}
    server.routes[CNBC] = reply(itv(nvda, spx))
    cnbc = one("cnbc", server, client)
    answer = await cnbc.quotes(["NVDA", "^GSPC", "7203.T", "BRK-B"])
    assert [(quote.symbol, quote.price, quote.session) for quote in answer.quotes] == [
        ("NVDA", 120.10, "regular"),
        ("^GSPC", 6_017.01, "regular"),
    ]
    assert answer.quotes[0].change == pytest.approx(120.10 / 142.62 - 1)
    assert server.requests[0].query["symbols"] == ["NVDA|.SPX|BRK.B"]
    assert {failure.symbol for failure in answer.failures} == {"7203.T", "BRK-B"}
    server.routes[CNBC] = reply(itv(nvda))  # one symbol comes as an object
    assert len((await cnbc.quotes(["NVDA"])).quotes) == 1
    for body in (itv({**nvda, "last": "N/A"}), itv({**nvda, "last_time": "soon"}), {"ITVQuoteResult": None}):
        server.routes[CNBC] = reply(body)
        refused = await cnbc.quotes(["NVDA"])
        assert refused.quotes == ()
        assert refused.failures[0].reason
    server.routes[CNBC] = reply(itv({**nvda, "last_time": "2025-01-28T10:32:00-0500"}))
    assert (await cnbc.quotes(["NVDA"])).failures[0].reason == "a trade time in the future"
    assert (await cnbc.bars("NVDA", DAILY, NOW, NOW)).failures[0].reason == "has no bars"


async def test_cnbc_before_and_after_the_session(server: LoopbackServer, client: Client) -> None:
    def clocked(seconds: int) -> QuoteProvider:
        return build_providers(["cnbc"], {"cnbc": server.url}, client, lambda: at(seconds))[0]

    entry = {
        "symbol": "NVDA",
        "previous_day_closing": "142.62",
        "last": "142.62",
        "last_time": "2025-01-24T16:00:00-0500",
    }
    early = {"type": "PRE_MKT", "last": "128.40", "last_time": "2025-01-27T09:18:00-0500"}
    server.routes[CNBC] = reply(itv({**entry, "ExtendedMktQuote": early}))
    pre = (await clocked(OPEN - 600).quotes(["NVDA"])).quotes[0]
    assert (pre.price, pre.session, pre.previous_close, pre.regular_price) == (128.4, "pre", 142.62, 142.62)
    late = {"type": "POST_MKT", "last": "119.00", "last_time": "2025-01-27T16:18:00-0500"}
    entry.update(last="118.42", last_time="2025-01-27T16:00:00-0500")
    server.routes[CNBC] = reply(itv({**entry, "ExtendedMktQuote": late}))
    post = (await clocked(CLOSE + 1_200).quotes(["NVDA"])).quotes[0]
    assert (post.price, post.session, post.previous_close, post.regular_price) == (119.0, "post", 142.62, 118.42)
    server.routes[CNBC] = reply(itv({**entry, "ExtendedMktQuote": early}))  # older than the last regular trade
    assert (await clocked(CLOSE + 1_200).quotes(["NVDA"])).quotes[0].price == 118.42


async def test_nasdaq_asks_for_a_share_then_for_a_fund(server: LoopbackServer, client: Client) -> None:
    missing = {"data": None, "status": {"rCode": 400, "bCodeMessage": [{"errorMessage": "Symbol not exists."}]}}

    def answer(request: Request) -> Answer:
        return reply(info("SMH") if request.query["assetclass"] == ["etf"] else missing)

    server.routes["/api/quote/SMH/info"] = answer
    server.routes["/api/quote/GONE/info"] = reply(missing)
    found = await one("nasdaq", server, client).quotes(["SMH", "GONE", "^GSPC", "ASML.AS"])
    assert [(quote.symbol, quote.price, quote.currency) for quote in found.quotes] == [("SMH", 1234.5, "USD")]
    assert [(failure.symbol, failure.reason) for failure in found.failures] == [
        ("GONE", "Symbol not exists."),
        ("^GSPC", "asked for New York shares and funds only"),
        ("ASML.AS", "asked for New York shares and funds only"),
    ]
    server.routes["/api/quote/AMD/info"] = Answer(b"<html>Access Denied</html>", 403, {"Content-Type": "text/html"})
    blocked = await one("nasdaq", server, client).quotes(["AMD", "SMH"])
    assert blocked.failures == (PriceFailure("nasdaq", "HTTP 403", None, 403, None, True, True),)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"symbol": "AMD"}, "the answer is about AMD"),
        ({"primaryData": None}, "no price in the answer"),
        ({"primaryData": {"lastSalePrice": "$1.00", "lastTradeTimestamp": ""}}, "no trade time in the answer"),
        (
            {"primaryData": {"lastSalePrice": "$1.00", "lastTradeTimestamp": "Foo 27, 2025"}},
            "no trade time in the answer",
        ),
        (
            {"primaryData": {"lastSalePrice": "$1.00", "lastTradeTimestamp": "Feb 30, 2025"}},
            "no trade time in the answer",
        ),
        (
            {"primaryData": {"lastSalePrice": "$1.00", "lastTradeTimestamp": "Jan 27, 2025"}},
            "a trade time in the future",
        ),
    ],
)
def test_nasdaq_names_what_is_wrong(changes: dict[str, object], reason: str) -> None:
    refused = decode_info(info(changes.pop("symbol", "NVDA"), **changes), "NVDA", NOW)
    assert isinstance(refused, PriceFailure)
    assert refused.reason == reason
    nothing = decode_info({"data": None}, "NVDA", NOW)
    assert isinstance(nothing, PriceFailure)
    assert nothing.reason == "an answer without data"


@pytest.mark.parametrize(
    ("stamp", "now", "session"),
    [
        ("DATA AS OF Jan 27, 2025 9:27 AM ET - PRE-MARKET", OPEN - 120, "pre"),
        ("DATA AS OF Jan 27, 2025 9:27 AM ET - PRE-MARKET", OPEN + 120, "closed"),
        ("DATA AS OF Jan 27, 2025 5:27 PM ET - AFTER-HOURS", CLOSE + 5_300, "post"),
        ("CLOSED AT 4:00 PM ET ON Jan 27, 2025", CLOSE + 5_300, "closed"),
        ("CLOSED AT 8:00 PM ET ON Jan 27, 2025", CLOSE + 20_000, "closed"),
        ("DATA AS OF Jan 27, 2025 12:01 PM ET", OPEN + 9_100, "regular"),
    ],
)
def test_nasdaq_sessions(stamp: str, now: int, session: str) -> None:
    primary = {"lastSalePrice": "$119.00", "lastTradeTimestamp": stamp}
    quote = decode_info(info(primaryData=primary, secondaryData={"lastSalePrice": "$118.42"}), "NVDA", at(now))
    assert isinstance(quote, Quote)
    assert quote.session == session
    is_extended = "PRE-" in stamp or "AFTER-" in stamp
    assert quote.regular_price == (118.42 if is_extended else None)
    assert quote.previous_close == (118.42 if "PRE-" in stamp else 1236.7)


async def test_nasdaq_goes_on_after_one_failure(server: LoopbackServer, client: Client) -> None:
    server.routes["/api/quote/AMD/info"] = Answer(b"", 500)
    server.routes["/api/quote/NVDA/info"] = reply(info("NVDA"))
    answer = await one("nasdaq", server, client).quotes(["AMD", "NVDA"])
    assert [quote.symbol for quote in answer.quotes] == ["NVDA"]
    assert [(failure.symbol, failure.http) for failure in answer.failures] == [("AMD", 500)]


async def test_nasdaq_history(server: LoopbackServer, client: Client) -> None:
    rows = [
        {"date": "01/27/2025", "close": "$118.42", "volume": "818,830,900", "open": "$124.80", "high": "x", "low": ""},
        {"date": "01/24/2025", "close": "$142.62"},
        {"date": "01/25/2025", "close": "$1.00"},
        {"date": "13/45/2025", "close": "$1.00"},
        {"date": "01/23/2025", "close": "N/A"},
        {"date": None, "close": "$1.00"},
        {"date": "1/2", "close": "$1.00"},
    ]
    path = "/api/quote/NVDA/historical"
    server.routes[path] = reply({"data": {"tradesTable": {"rows": rows}}})
    nasdaq = one("nasdaq", server, client)
    answer = await nasdaq.bars("NVDA", DAILY, at(OPEN - 10 * DAY), NOW)
    assert [bar.close for bar in answer.bars] == [142.62]  # the 27th is not over
    assert server.requests[0].query["fromdate"] == ["2025-01-17"]
    later = build_providers(["nasdaq"], {"nasdaq": server.url}, client, lambda: at(CLOSE))[0]
    both = await later.bars("NVDA", DAILY, at(OPEN - 10 * DAY), at(CLOSE))
    assert [(bar.end, bar.close, bar.open, bar.high, bar.volume) for bar in both.bars][1] == (
        at(CLOSE), 118.42, 124.8, None, 818_830_900.0,
    )  # fmt: skip
    server.routes[path] = reply({"data": {"tradesTable": {"rows": rows[2:]}}})
    assert (await nasdaq.bars("NVDA", DAILY, NOW, NOW)).failures[0].reason == "rows without date or price"
    server.routes[path] = reply({"data": {"tradesTable": None}})
    assert (await nasdaq.bars("NVDA", DAILY, NOW, NOW)).failures[0].reason == "no closed bars in that window"
    server.routes[path] = Answer(b"", 503)
    assert (await nasdaq.bars("NVDA", DAILY, NOW, NOW)).failures[0].http == 503
    assert (await nasdaq.bars("NVDA", INTRADAY, NOW, NOW)).failures[0].reason == "has daily bars only"


async def test_finnhub_key_is_sent_and_never_told(
    server: LoopbackServer, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key = "c0ffee-secret"
    path = "/api/v1/quote"
    server.routes[path] = reply({"c": 120.0, "pc": 142.62, "t": OPEN + 3_700})
    finnhub = one("finnhub", server, client, key)
    answer = await finnhub.quotes(["NVDA", "^GSPC"])
    assert (answer.quotes[0].session, answer.quotes[0].previous_close) == ("regular", 142.62)
    assert answer.failures[0].symbol == "^GSPC"
    assert server.requests[0].headers["x-finnhub-token"] == key
    server.routes[path] = reply({"error": f"Invalid API key {key}"}, 401)
    refused = await finnhub.quotes(["NVDA", "AMD"])
    assert [failure.reason for failure in refused.failures] == ["HTTP 401: Invalid API key (key)"]
    assert refused.failures[0].blocked
    server.routes[path] = reply({"error": "Upstream"}, 500)
    assert (await finnhub.quotes(["NVDA"])).failures[0].symbol == "NVDA"
    for body in ({"c": 1.0}, {"c": 1.0, "t": OPEN + DAY}, {"error": "You don't have access"}, {"c": 0, "t": 0}):
        server.routes[path] = reply(body)
        assert (await finnhub.quotes(["NVDA"])).quotes == ()
    assert all(key not in record.getMessage() for record in caplog.records)
    assert (await finnhub.bars("NVDA", DAILY, NOW, NOW)).failures[0].reason == "has no bars"
    keyless = await one("finnhub", server, client).quotes(["NVDA"])
    assert keyless.failures[0].reason == "no key: set FINNHUB_API_KEY"


async def get(server: LoopbackServer, client: Client, answer: Answer, **options: Any) -> PriceFailure | Json:
    server.routes["/x"] = answer
    if options:
        async with loopback_client(**options) as limited:
            return await JsonGetter(limited, lambda: NOW, {"yahoo": server.url}).get("yahoo", f"{server.url}/x")
    return await JsonGetter(client, lambda: NOW, {"yahoo": server.url}).get("yahoo", f"{server.url}/x")


async def failure(server: LoopbackServer, client: Client, answer: Answer, **options: Any) -> PriceFailure:
    got = await get(server, client, answer, **options)
    assert isinstance(got, PriceFailure)
    return got


@pytest.mark.parametrize(
    "target", ["https://guce.yahoo.com/consent?x=1", "https://consent.yahoo.com/v2/collectConsent"]
)
async def test_a_redirect_to_consent_is_a_failure(server: LoopbackServer, client: Client, target: str) -> None:
    for status in (302, 307):
        got = await failure(server, client, Answer(b"", status, {"Location": target}))
        assert got.reason == f"HTTP {status}: sent to a consent page instead of prices"
        assert got.blocked
    assert (await failure(server, client, Answer(b"", 301, {"Location": "https://[bad"}))).blocked
    assert len(server.requests) == 3


async def test_bodies_are_bounded_after_decoding(server: LoopbackServer, client: Client) -> None:
    bomb = gzip.compress(b"[" + b"0," * 4_000_000 + b"0]")
    packed = {**JSON_TYPE, "Content-Encoding": "gzip"}
    assert (await failure(server, client, Answer(bomb, 200, packed))).reason == "HTTP 200: more than 5 MB"
    assert await get(server, client, Answer(gzip.compress(b'{"a": 1}'), 200, packed)) == Json({"a": 1})
    assert "broken compression" in (await failure(server, client, Answer(b"\x1f\x8bno gzip", 200, packed))).reason
    assert "cut off" in (await failure(server, client, Answer(bomb[:50], 200, packed))).reason
    strange = {**JSON_TYPE, "Content-Encoding": "br"}
    assert "'br', which tracker does not accept" in (await failure(server, client, Answer(b"x", 200, strange))).reason
    plain = await failure(server, client, Answer(b"0" * 200, 200, JSON_TYPE), max_bytes=100)
    assert plain.reason == "HTTP 200: more than 0.0001 MB"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "HTTP 200 with an empty body"),
        (b'{"chart": ', "HTTP 200 with broken JSON"),
        (b"\xff\xfe\xfd", "HTTP 200 with broken JSON"),
        (b"[" * 200_000, "HTTP 200 with broken JSON"),
        (b"9" * 5_000, "HTTP 200 with broken JSON"),
    ],
)
async def test_broken_json_has_a_reason(server: LoopbackServer, client: Client, body: bytes, reason: str) -> None:
    assert (await failure(server, client, Answer(body, 200, JSON_TYPE))).reason == reason


async def test_not_a_number_is_unknown(server: LoopbackServer, client: Client) -> None:
    assert await get(server, client, Answer(b"[NaN, Infinity]", 200, JSON_TYPE)) == Json([None, None])
    script = {"Content-Type": "application/vnd.api+json"}
    assert await get(server, client, Answer(b"{}", 200, script)) == Json({})


async def test_retry_after_as_seconds_and_as_a_date(server: LoopbackServer, client: Client) -> None:
    here = "Mon, 27 Jan 2025 15:32:10 GMT"
    for value, seconds in [
        ("120", 120),
        ("99999999999", 86_400),
        ("Mon, 27 Jan 2025 15:42:10 GMT", 600),
        ("Mon, 27 Jan 2025 15:42:10 -0000", 600),
        ("Sun, 26 Jan 2025 15:42:10 GMT", 0),
        ("soon", None),
    ]:
        got = await failure(server, client, Answer(b"", 503, {"Retry-After": value, "Date": here}))
        assert got.retry_after_seconds == seconds
        assert got.blocked is (seconds is not None)
    assert not (await failure(server, client, Answer(b"oops", 500))).blocked


async def test_silence_and_no_server_have_reasons(server: LoopbackServer, client: Client) -> None:
    slow = await failure(server, client, Answer(b"{}", 200, JSON_TYPE, delay=0.5), timeout_seconds=0.05)
    assert slow.reason == "timed out after 0.05 s"
    cut = await failure(server, client, Answer(b'{"a"', 200, JSON_TYPE, promise=100))
    assert cut.reason == "HTTP 200 with a body that was cut off"
    getter = JsonGetter(client, lambda: NOW, {"yahoo": server.url})
    for address in ("http://127.0.0.1:1/x", "http://[", "ftp://127.0.0.1/x", "http://localhost:1/x"):
        got = await getter.get("yahoo", address)
        assert isinstance(got, PriceFailure)
        assert got.reason.startswith("no connection: ")


async def test_a_host_that_is_not_found_is_said_in_words() -> None:
    def unknown(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("[Errno -2] Name or service not known") from socket.gaierror(socket.EAI_NONAME, "?")

    async with loopback_client(transport=httpx.MockTransport(unknown)) as client:
        got = await JsonGetter(client, lambda: NOW, {}).get("yahoo", "http://nowhere.invalid/x")
    assert isinstance(got, PriceFailure)
    assert got.reason == "no connection: no such host"


async def test_requests_to_one_host_keep_their_distance(server: LoopbackServer) -> None:
    server.routes["/x"] = reply({})
    async with loopback_client(pause_seconds=0.1, jitter=0.5) as client:
        for _ in range(3):
            await JsonGetter(client, lambda: NOW, {"yahoo": server.url}).get("yahoo", f"{server.url}/x")
    times = [request.at for request in server.requests]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) >= 0.09


async def test_where_nobody_answers_only_the_first_symbol_is_asked_for(client: Client) -> None:
    nobody = "http://127.0.0.1:1"
    getter = JsonGetter(client, lambda: NOW, {"nasdaq": nobody, "finnhub": nobody})
    providers: tuple[QuoteProvider, ...] = (Nasdaq(getter, nobody), Finnhub(getter, "key", nobody))
    for provider in providers:
        answer = await provider.quotes(["NVDA", "AMD", "TSM"])
        assert len(answer.failures) == 1
        assert answer.failures[0].symbol is None
        assert answer.failures[0].reason.startswith("no connection")

"""Random answers of price providers: values to believe or a reason, nothing else (`fuzz.py` has the kinds)."""

from __future__ import annotations

import asyncio
import atexit
import copy
import json
import math
import random
import re
import shutil
import tempfile
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import httpx

from tests.helpers.store import about, article, fill
from tests.market.shapes import CLOSE, DAY, JSON_TYPE, OPEN, at, chart, info, itv, meta, result, spark
from tracker.market.cnbc import decode_itv
from tracker.market.finnhub import decode_quote
from tracker.market.http import MAX_RETRY_AFTER, JsonGetter, make_client
from tracker.market.nasdaq import decode_historical, decode_info
from tracker.market.providers import BASE_URLS, build_providers
from tracker.market.yahoo_shapes import decode_chart, decode_spark
from tracker.model.config import Config, MarketSettings
from tracker.model.dividends import Dividend
from tracker.model.market import DAILY, INTRADAY, Bar, BarsAnswer, PriceFailure, Quote, QuotesAnswer, WatchSymbol
from tracker.model.plan import NewArticle
from tracker.model.query import parse_query
from tracker.store.db import connect, transaction
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.sync.price_sync import PriceSync

NOW = at(OPEN + 3_730)
SYMBOLS = ("NVDA", "^GSPC", "BTC-USD", "ASML.AS", "VOD.L", "BRK-B")
_LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]*")
_T = TypeVar("_T")
_PROVIDERS = ("yahoo", "cnbc", "nasdaq")
_CONFIG = Config(
    symbols=tuple(WatchSymbol(symbol, shares=1e9) for symbol in SYMBOLS),
    market=MarketSettings(_PROVIDERS, base_urls=dict.fromkeys(_PROVIDERS, "http://127.0.0.1:9")),
)
_MOVED = parse_query("move>1% OR -move<-1%")

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -0.0, -1, 1, 0.5, 100.0, 1e308, -1e308, 1e-320, 5e-324, 1e-13, 1e11, 10**400, -(10**18)),
    *(2**31, 2**63, 2**64, 253_402_300_800, 4_102_444_799, OPEN, OPEN + 300, OPEN - DAY, CLOSE, 1e300),
    *("", "\x00", "²²", "NaN", "9" * 5_000, "1e999", "-", ".", "$", "$1.0", "-$0.000000000000000001", "1,2,3", "UNCH"),
    *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2025-01-27T10:00:00", "2025-01-27T25:00:00Z"),
    *("Jan 27, 0001 1:00 PM", "Jan 27, 9999", "DATA AS OF Jan 27, 2025 99:99 PM ET", "Jan 31, 2025 - 12:61 AM ET"),
    *("13/32/9999", "01/24/2025", "01/01/0001", "12/31/9999", "01/24/20²5"),
    *("Mars/X", "America", "Europe/London", "..", "../../etc/passwd", "/etc/localtime", "UTC", "Asia/Kathmandu"),
    *("GBp", "GBX", "ILA", "usd", "XXX", "₿", "NVDA", "VOD.L", "PRE_MKT", "POST_MKT", "5m", "1d", "1mo"),
    *("\ud800", "\x1b[31mred", "\u202eabc", "A" * 300, "[/red]", "<b>"),
    *([], {}, [[]], [None], {"start": 1e300, "end": -5}, {"start": OPEN, "end": OPEN}, [{"close": "x"}]),
)
_TIMES = [OPEN + 300 * place for place in range(12)]
_DAYS = [OPEN - DAY * place for place in range(12)]
SHAPES: tuple[Any, ...] = (
    spark(result(meta(), _TIMES, [120.0 + place for place in range(12)])),
    spark(*(result(meta(symbol), _TIMES[:3], [10.0, 11.0, 12.0]) for symbol in SYMBOLS)),
    {
        symbol: {"symbol": symbol, "close": [1.0, 2.0], "timestamp": _TIMES[:2], "previousClose": 1.0}
        for symbol in SYMBOLS
    },
    chart(
        result(
            meta("VOD.L", currency="GBp", exchangeTimezoneName="Europe/London", dataGranularity="1d", range="1y"),
            _DAYS,
            [70.0 + place for place in range(12)],
            events={"splits": {"1": {"date": OPEN - 3 * DAY, "numerator": 10, "denominator": 1}}},
        )
    ),
    chart(
        result(
            meta(dataGranularity="1d", range="1y"),
            _DAYS,
            [100.0 if place > 5 else 10.0 for place in range(12)],
            events={
                "splits": {"1": {"date": OPEN - 5 * DAY, "numerator": 10, "denominator": 1}},
                "dividends": {str(n): {"date": OPEN - n * DAY, "amount": 0.3 * n} for n in range(9)},
            },
        )
    ),
    chart(result(meta(), _TIMES, [120.0] * 12)),
    chart(
        result(
            meta(dataGranularity="1d", range="1y"),
            _DAYS,
            [100.0 if place % 2 else 10.0 for place in range(12)],
            events={
                "splits": {
                    str(place): {"date": OPEN - place * DAY, "numerator": 10 ** (place % 13), "denominator": 1}
                    for place in range(1, 40)
                }
            },
        )
    ),
    itv(
        {
            "symbol": "NVDA",
            "last": "1,234.5",
            "last_time": "2025-01-27T10:00:00.000-0500",
            "currencyCode": "USD",
            "previous_day_closing": "1,234.4",
            "ExtendedMktQuote": {"type": "PRE_MKT", "last": "1.6", "last_time": "2025-01-27T08:00:00.000-0500"},
        },
        {"symbol": ".SPX", "last": "6000", "last_time": "2025-01-27T10:00:00.000-0500", "currencyCode": "GBp"},
    ),
    info(),
    {
        "data": {
            "tradesTable": {
                "rows": [{"date": f"01/{day}/2025", "close": "$1.0", "volume": "5"} for day in (21, 22, 23, 24)]
            }
        }
    },
    {"c": 1.0, "pc": 2.0, "t": OPEN},
    {"chart": {"result": None, "error": {"code": "Not Found", "description": "No data found"}}},
    {"status": {"bCodeMessage": [{"errorMessage": "Symbol not exists"}]}, "data": None},
)
_HEADER_VALUES = (
    *("Mon, 1 Jan 99999999999999999999", "+99999999999999", "-1", "1e9", "9" * 5_000, "0", "60", "86401", "²", "\xff"),
    *("Mon, 1 Jan 2025 00:00:00 +9999999", "Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 1 Jan 0001 00:00:00 +2359"),
    *("Mon, 27 Jan 2025 15:00:00 GMT", "0x10", "nan", ", ,", "", "//[", "http://[::1", "https://consent.example/x"),
    *("gzip", "deflate, gzip", "br", "identity", "text/html", "application/json; charset=punycode", "\t"),
)
_HEADERS = ("Retry-After", "Date", "Age", "Location", "Content-Type", "Content-Encoding", "Content-Length", "Expires")


def fuzz_decoders(source: random.Random) -> None:
    """Put odd values into the places of an answer, and give it to every decoder."""
    data = _changed(source)
    for symbol in SYMBOLS:
        _check_quotes(decode_spark(data, [symbol], NOW), [symbol])
        _check_quotes(decode_itv(data, [symbol], NOW), [symbol])
        for interval in (DAILY, INTRADAY):
            _check_bars(decode_chart(data, symbol, interval, NOW), symbol, interval)
        _check_bars(decode_historical(data, symbol, NOW), symbol, DAILY)
        for quote in (decode_info(data, symbol, NOW), decode_quote(data, symbol, NOW)):
            if isinstance(quote, PriceFailure):
                _check_failure(quote)
            else:
                _check_quote(quote, [symbol])


def fuzz_answers(source: random.Random) -> None:
    """Send damaged bytes, statuses and headers to every provider, as they come over HTTP."""
    _run(_ask_all(source))


async def _ask_all(source: random.Random) -> None:
    async with make_client(transport=_transport(source), pause_seconds=0) as client:
        for provider in build_providers(tuple(BASE_URLS), {}, client, lambda: NOW, "key"):
            _check_quotes(await provider.quotes(SYMBOLS), SYMBOLS)
            for interval in (DAILY, INTRADAY):
                answer = await provider.bars("NVDA", interval, NOW - timedelta(days=30), NOW)
                _check_bars(answer, "NVDA", interval)
        got = await JsonGetter(client, lambda: NOW, {}).get("yahoo", "https://prices.example/x")
        if isinstance(got, PriceFailure):
            _check_failure(got)


def fuzz_price_sync(source: random.Random) -> None:
    """Poll, fetch history, follow splits and store it all in a database that the tries before have filled."""
    _run(_sync(source))


async def _sync(source: random.Random) -> None:
    db = _database()
    with closing(connect(db)) as connection, transaction(connection):
        connection.execute("DELETE FROM breaker")  # or nobody would be asked for a quarter of an hour
    prices = PriceSync(_CONFIG, db, lambda: NOW, _transport(source), run_blocking=_run_here)
    try:
        for changed in (await prices.quotes(), await prices.quotes(["VOD.L", "BTC-USD"])):
            for failure in changed.failures:
                _check_failure(failure)
        await prices.history(4)
        prices.estimate()
    finally:
        await prices.close()
    with Reader(db) as reader:
        for quote in reader.prices.quotes().values():
            _check_quote(quote, [quote.symbol])
            for interval in (DAILY, INTRADAY):
                bars = reader.prices.bars(quote.symbol, interval, at(0), at(4_000_000_000))
                _check_bar_list(bars, quote.symbol, interval)
            _check_splits(reader.prices.splits(quote.symbol))
            _check_dividends(reader.prices.dividends(quote.symbol))
        reader.articles.ids(_MOVED, NOW)


# -- what is sent -------------------------------------------------------------------------
def _changed(source: random.Random) -> Any:
    data = copy.deepcopy(source.choice(SHAPES))
    for _ in range(source.randint(0, 6)):
        places = _places(data)
        path = source.choice(places)
        value = copy.deepcopy(source.choice(VALUES))
        if source.random() < 0.15:  # a part of another answer, or of this one
            other = source.choice(SHAPES)
            value = copy.deepcopy(_part(other, source.choice(_places(other))))
        if not path:
            data = value
            continue
        part = _part(data, path[:-1])
        match source.randrange(6):
            case 0:
                del part[path[-1]]
            case 1 if isinstance(part, list):
                part[path[-1] : path[-1]] = [value] * source.choice((1, 3, 300))
            case _:
                part[path[-1]] = value
    return data


def _places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, value in inner for place in _places(value, (*path, key)))]


def _part(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        data = data[key]
    return data


def _bytes(source: random.Random) -> bytes:
    body = bytearray(json.dumps(_changed(source)).encode())
    for _ in range(source.choice((0, 0, 0, 1, 3))):
        place = source.randrange(len(body) + 1)
        match source.randrange(4):
            case 0:
                del body[place:]
            case 1:
                body[place:place] = source.choice(_PIECES) * source.choice((1, 3, 2_000))
            case 2:
                del body[place : place + source.randint(1, 20)]
            case _:
                body[place : place + 1] = source.randbytes(1)
    return bytes(body)


_PIECES = (b"[", b"{", b'{"a":', b"1", b"e9", b"NaN", b"Infinity", b'"', b"\\ud800", b"\xff", b"\x00", b",", b"null")


def _transport(source: random.Random) -> httpx.MockTransport:
    def answer(request: httpx.Request) -> httpx.Response:
        is_well = source.random() < 0.7
        status = 200 if is_well else source.choice((200, 204, 206, 301, 302, 400, 401, 404, 422, 429, 500, 503, 999))
        headers = [(name.encode(), value.encode()) for name, value in JSON_TYPE.items()]
        for _ in range(0 if is_well else source.randint(0, 4)):
            name, value = source.choice(_HEADERS), source.choice(_HEADER_VALUES)
            headers.append((name.encode(), value.encode("latin-1")))
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(_bytes(source)))

    return httpx.MockTransport(answer)


# -- what may come of it ----------------------------------------------------------------------
def _check_quotes(answer: QuotesAnswer, symbols: Sequence[str]) -> None:
    for quote in answer.quotes:
        _check_quote(quote, symbols)
    for symbol in symbols:
        _check_bar_list([bar for bar in answer.bars if bar.symbol == symbol], symbol, INTRADAY)
    for failure in answer.failures:
        _check_failure(failure)
    said = {quote.symbol for quote in answer.quotes} | {failure.symbol for failure in answer.failures}
    assert None in said or set(symbols) <= said, f"nothing is said of {set(symbols) - said}"


def _check_bars(answer: BarsAnswer, symbol: str, interval: int) -> None:
    _check_bar_list(answer.bars, symbol, interval)
    _check_splits(answer.splits)
    _check_dividends(answer.dividends)
    if answer.quote is not None:
        _check_quote(answer.quote, [symbol])
    for failure in answer.failures:
        _check_failure(failure)
    assert answer.bars or answer.failures, "neither bars nor a reason"


def _check_quote(quote: Quote, symbols: Sequence[str]) -> None:
    assert quote.symbol in symbols, quote
    assert quote.time.tzinfo is UTC, quote
    assert quote.time <= NOW + timedelta(minutes=5), quote
    for value in (quote.price, quote.previous_close, quote.regular_price):
        _check_price(value)
    assert quote.currency is None or re.fullmatch("[A-Z]{3}", quote.currency), quote
    assert quote.session in (None, "pre", "regular", "post", "closed"), quote
    if quote.exchange_zone is not None:
        ZoneInfo(quote.exchange_zone)
    for change in (quote.change, quote.extended_change):
        assert change is None or math.isfinite(change), quote


def _check_bar_list(bars: Sequence[Bar], symbol: str, interval: int) -> None:
    for bar in bars:
        assert (bar.symbol, bar.interval) == (symbol, interval), bar
        assert bar.start < bar.end <= NOW, bar
        for price in (bar.close, bar.open, bar.high, bar.low):
            _check_price(price)
        assert bar.volume is None or (math.isfinite(bar.volume) and bar.volume >= 0), bar
    starts = [bar.start for bar in bars]
    assert starts == sorted(set(starts)), "bars out of order, or twice"


def _check_splits(splits: Iterable[tuple[datetime, float]]) -> None:
    for moment, ratio in splits:
        assert moment.tzinfo is UTC, moment
        assert math.isfinite(ratio), ratio
        assert ratio > 0, ratio


def _check_dividends(dividends: Iterable[Dividend]) -> None:
    for one in dividends:
        assert one.at.tzinfo is UTC, one
        assert math.isfinite(one.amount), one
        assert one.amount >= 0, one


def _check_price(value: float | None) -> None:
    assert value is None or (math.isfinite(value) and 1e-15 < value < 1e15), value


def _check_failure(failure: PriceFailure) -> None:
    assert failure.reason, failure
    assert len(failure.reason) < 1_000, failure
    assert _LINE.fullmatch(failure.reason), failure
    assert "cannot be read" not in failure.reason, failure  # what the poller says of an exception
    seconds = failure.retry_after_seconds
    assert seconds is None or 0 <= seconds <= MAX_RETRY_AFTER, failure


# -- around it --------------------------------------------------------------------------------
@cache
def _database() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="tracker-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    db = folder / "prices.db"
    with Writer(db) as writer:
        news = [("NVDA", "Nvidia falls"), ("VOD.L", "Vodafone rises")]
        fill(writer, "Feed", [_article(symbol, title) for symbol, title in news])
    return db


def _article(symbol: str, title: str) -> NewArticle:
    mention = about(title.split()[0].casefold(), title, symbol)
    return article(title, minutes_ago=120, mentions=[mention], symbol=symbol, now=NOW)


@cache
def _runner() -> asyncio.Runner:
    runner = asyncio.Runner()
    atexit.register(runner.close)
    return runner


def _run(work: Coroutine[Any, Any, None]) -> None:
    _runner().run(work)


async def _run_here(step: Callable[[], _T]) -> _T:
    return step()

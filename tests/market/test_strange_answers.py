"""Whatever a price provider sends is a reason: mutated answers and headers, over HTTP and through every decoder."""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from tests.helpers.http_server import Answer, LoopbackServer
from tests.market.shapes import DAY, JSON_TYPE, OPEN, at, chart, info, itv, loopback_client, meta, result, spark
from tracker.market.cnbc import decode_itv
from tracker.market.finnhub import decode_quote
from tracker.market.http import JsonGetter
from tracker.market.nasdaq import decode_historical, decode_info
from tracker.market.poll import PricePoller
from tracker.market.yahoo_shapes import decode_chart, decode_spark
from tracker.model.market import DAILY, INTRADAY, BarsAnswer, PriceFailure, QuotesAnswer

NOW = at(OPEN + 3_730)
PARTS: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1,
    1e308,
    -1e308,
    1e-320,
    10**400,
    -(10**18),
    2**63,
    253_402_300_800,
    "",
    "\x00",
    "²²",
    "NaN",
    "9" * 5_000,
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "Jan 27, 0001 1:00 PM",
    "13/32/9999",
    "Mars/X",
    "\ud800",
    [],
    {},
    [[]],
    [None],
    {"start": 1e300, "end": -5},
    [{"close": "x"}],
    "../../etc/passwd",
    "A" * 300,
)
_SHAPES: dict[str, Any] = {
    "spark": spark(result(meta(), [OPEN, OPEN + 300], [1.0, 2.0])),
    "chart": chart(
        result(
            meta(),
            [OPEN, OPEN + DAY],
            [1.0, 2.0],
            events={
                "splits": {"1": {"date": OPEN, "numerator": 10, "denominator": 1}},
                "dividends": {"1": {"date": OPEN, "amount": 0.1}},
            },
        )
    ),
    "itv": itv(
        {
            "symbol": "NVDA",
            "last": "1.5",
            "last_time": "2025-01-27T10:00:00.000-0500",
            "currencyCode": "USD",
            "previous_day_closing": "1.4",
            "ExtendedMktQuote": {"type": "PRE_MKT", "last": "1.6", "last_time": "2025-01-27T08:00:00.000-0500"},
        }
    ),
    "info": info(),
    "historical": {"data": {"tradesTable": {"rows": [{"date": "01/24/2025", "close": "$1.0", "volume": "5"}]}}},
    "finnhub": {"c": 1.0, "pc": 2.0, "t": OPEN},
}


def _places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, value in inner for place in _places(value, (*path, key)))]


def _changed(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    whole = copy.deepcopy(data)
    part = whole
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return whole


def _decode(data: Any) -> None:
    for symbol in ("NVDA", "^GSPC", "BTC-USD", "ASML.AS", "VOD.L"):
        decode_spark(data, [symbol], NOW)
        decode_itv(data, [symbol], NOW)
        for interval in (DAILY, INTRADAY):
            decode_chart(data, symbol, interval, NOW)
        decode_info(data, symbol, NOW)
        decode_historical(data, symbol, NOW)
        decode_quote(data, symbol, NOW)


@pytest.mark.parametrize("name", _SHAPES)
def test_no_value_in_any_place_is_an_exception(name: str) -> None:
    shape = _SHAPES[name]
    for path in _places(shape):
        for value in PARTS:
            _decode(_changed(shape, path, value))


def test_no_pile_of_changes_is_an_exception() -> None:
    chance = random.Random(9)
    for _ in range(300):
        data = chance.choice(list(_SHAPES.values()))
        for _ in range(chance.randint(2, 6)):
            data = _changed(data, chance.choice(_places(data)), chance.choice(PARTS))
        _decode(data)


@pytest.mark.parametrize(
    "value",
    [
        "Mon, 1 Jan 99999999999999999999",
        "+99999999999999",
        "-1",
        "1e9",
        "9" * 5_000,
        "Mon, 1 Jan 2025 00:00:00 +9999999",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "Mon, 1 Jan 0001 00:00:00 +2359",
        "²",
        "\xff\xfe",
        "0x10",
        "nan",
        ", ,",
    ],
)
@pytest.mark.parametrize("status", [200, 429, 503])
async def test_no_header_is_an_exception(server: LoopbackServer, value: str, status: int) -> None:
    headers = {**JSON_TYPE, "Retry-After": value, "Date": value, "Location": value}
    server.routes["/x"] = Answer(b"[", status, headers)
    async with loopback_client() as client:
        got = await JsonGetter(client, lambda: NOW, {"yahoo": server.url}).get("yahoo", f"{server.url}/x")
    assert isinstance(got, PriceFailure)
    assert got.retry_after_seconds is None or 0 <= got.retry_after_seconds <= DAY


class _Broken:
    """A provider whose reader has a mistake."""

    name = "broken"

    async def quotes(self, symbols: Sequence[str]) -> QuotesAnswer:
        raise OverflowError("date value out of range")

    async def bars(self, symbol: str, interval: int, start: datetime, end: datetime) -> BarsAnswer:
        raise RecursionError


async def test_an_exception_in_a_reader_is_the_reason_of_that_provider() -> None:
    poller = PricePoller([_Broken()], lambda: NOW)
    quotes, _ = await poller.quotes(["NVDA"], {})
    assert quotes.failures[0].reason == "unreadable response (OverflowError)"
    bars, _ = await poller.bars("NVDA", DAILY, NOW, NOW)
    assert bars.failures[0].reason == "unreadable response (RecursionError)"

"""Small bodies in the shapes that providers answer with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tests.helpers.http_server import Answer
from tracker.market.http import make_client
from tracker.net.client import Client

OPEN = 1_737_988_200
"""2025-01-27 09:30 in New York."""
CLOSE = OPEN + 23_400
DAY = 86_400
JSON_TYPE = {"Content-Type": "application/json;charset=utf-8"}


def loopback_client(**options: Any) -> Client:
    """A client for prices."""
    return make_client(**options)


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def meta(symbol: str = "NVDA", **changes: object) -> dict[str, object]:
    """Meta data of a chart in the middle of 27 January 2025; a change to None takes the key away."""
    values: dict[str, object] = {
        "currency": "USD",
        "symbol": symbol,
        "instrumentType": "EQUITY",
        "regularMarketTime": OPEN + 3_725,
        "regularMarketPrice": 120.0,
        "chartPreviousClose": 142.62,
        "previousClose": 142.62,
        "exchangeTimezoneName": "America/New_York",
        "currentTradingPeriod": {
            "pre": {"start": OPEN - 19_800, "end": OPEN},
            "regular": {"start": OPEN, "end": CLOSE},
            "post": {"start": CLOSE, "end": CLOSE + 14_400},
        },
        "dataGranularity": "5m",
        "range": "1d",
    }
    values.update(changes)
    return {key: value for key, value in values.items() if value is not None}


def result(
    about: Mapping[str, object],
    times: Sequence[object] | None = None,
    closes: Sequence[object] | None = None,
    **more: object,
) -> dict[str, object]:
    quote: dict[str, object] = {} if closes is None else {"close": list(closes)}
    whole: dict[str, object] = {"meta": dict(about), "indicators": {"quote": [quote]}, **more}
    if times is not None:
        whole["timestamp"] = list(times)
    return whole


def chart(*results: Mapping[str, object]) -> dict[str, object]:
    return {"chart": {"result": list(results), "error": None}}


def spark(*results: dict[str, object]) -> dict[str, object]:
    entries = [{"symbol": one["meta"]["symbol"], "response": [one]} for one in results]  # type: ignore[index]
    return {"spark": {"result": entries, "error": None}}


def itv(*entries: Mapping[str, object]) -> dict[str, object]:
    listed = list(entries) if len(entries) != 1 else entries[0]
    return {"ITVQuoteResult": {"ITVQuote": listed}}


def info(symbol: object = "NVDA", **changes: object) -> dict[str, object]:
    data: dict[str, object] = {
        "symbol": symbol,
        "primaryData": {
            "lastSalePrice": "$1,234.50",
            "netChange": "2.20",
            "deltaIndicator": "up",
            "lastTradeTimestamp": "DATA AS OF Jan 27, 2025 10:32 AM ET",
        },
        "secondaryData": None,
        "keyStats": {"PreviousClose": {"label": "Previous Close", "value": "$1,236.70"}},
        "marketStatus": "Market Open",
    }
    data.update(changes)
    return {"data": data, "message": None, "status": {"rCode": 200}}


def reply(data: object, status: int = 200, **headers: str) -> Answer:
    """A JSON answer; header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(json.dumps(data).encode(), status, {**JSON_TYPE, **named})

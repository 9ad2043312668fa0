"""From a sync to `impact` and `list`: the benchmark's own move in the window, from its bars or from those of a fund."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from tests.cli.conftest import Desk
from tests.helpers.http_server import Answer, LoopbackServer, Request
from tests.helpers.prices import DAY0, DAYS, walk
from tests.market.shapes import JSON_TYPE, chart, meta, result, spark
from tracker.market import calendar
from tracker.model.clock import to_epoch

FIVE = timedelta(minutes=5)
OPEN, CLOSE = calendar.session_open(DAY0), calendar.session_close(DAY0)
FRIDAY = calendar.previous_session(DAY0)
NOW = datetime(2025, 1, 27, 21, 16, tzinfo=UTC)
PUBLISHED = {"nine": OPEN + timedelta(minutes=10, seconds=20), "noon": datetime(2025, 1, 27, 17, 0, 20, tzinfo=UTC)}
SLOPES = {"NVDA": -0.2, "^GSPC": -0.02, "SPY": -0.03}
"""Percent of the close before that each 5-minute bar of Monday takes off: fund and index are told apart by it."""


def price(symbol: str, end: datetime) -> float:
    """Return the price at the end of a 5-minute bar of Monday."""
    closes = CLOSES[symbol]
    bars = (end - calendar.pre_open(DAY0)) // FIVE
    return closes[FRIDAY] * (1 + SLOPES[symbol] / 100 * bars)


CLOSES: dict[str, dict[date, float]] = {
    symbol: {day: close for day, close in walk(seed, DAYS, 0.02 if symbol == "NVDA" else 0.01).items() if day <= FRIDAY}
    for seed, symbol in enumerate(("NVDA", "^GSPC", "SPY"), 1)
}
for _symbol in CLOSES:
    CLOSES[_symbol][DAY0] = price(_symbol, CLOSE)


def bars(symbol: str, request: Request) -> Answer:
    """Answer a request for history as Yahoo does."""
    since, until = int(request.query["period1"][0]), int(request.query["period2"][0])
    if request.query["interval"][0] == "1d":
        rows = [(to_epoch(calendar.session_open(day)), close) for day, close in CLOSES[symbol].items()]
    else:
        first, last = (OPEN, CLOSE) if symbol == "^GSPC" else (calendar.pre_open(DAY0), CLOSE)
        ends = (first + n * FIVE for n in range(1, (last - first) // FIVE + 1))
        rows = [(to_epoch(end - FIVE), price(symbol, end)) for end in ends]
    rows = [row for row in rows if since <= row[0] < until]
    about = meta(
        symbol,
        dataGranularity="5m" if request.query["interval"][0] == "5m" else "1d",
        range="",
        regularMarketTime=to_epoch(CLOSE),
        regularMarketPrice=None,
    )
    body = chart(result(about, [at for at, _ in rows], [close for _, close in rows]))
    return Answer(json.dumps(body).encode(), headers=JSON_TYPE)


def quotes(request: Request) -> Answer:
    """Answer with trades of 16:14, after hours; the index stands at its close."""
    found = []
    for symbol in request.query["symbols"][0].split(","):
        if symbol in SLOPES:
            at = CLOSE if symbol == "^GSPC" else NOW - timedelta(minutes=2)
            about = meta(
                symbol,
                regularMarketTime=to_epoch(CLOSE),
                regularMarketPrice=CLOSES[symbol][DAY0],
                previousClose=CLOSES[symbol][FRIDAY],
                chartPreviousClose=CLOSES[symbol][FRIDAY],
            )
            found.append(result(about, [to_epoch(at)], [price(symbol, at)]))
    return Answer(json.dumps(spark(*found)).encode(), headers=JSON_TYPE)


@pytest.fixture
def synced(desk: Desk, server: LoopbackServer, request: pytest.FixtureRequest) -> Desk:
    """Return a desk after a sync with a provider that knows these symbols."""
    items = "".join(
        f"<item><title>Nvidia at {name}</title><link>http://site.test/{name}</link><guid>{name}</guid>"
        f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for name, at in PUBLISHED.items()
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>A</title>{items}</channel></rss>'.encode()
    server.routes["/A"] = Answer(body, headers={"Content-Type": "application/rss+xml"})
    server.routes["/v7/finance/spark"] = quotes
    for symbol in request.param:
        server.routes[f"/v8/finance/chart/{symbol.replace('^', '%5E')}"] = partial(bars, symbol)
    desk.write(
        f'[settings]\nhost_delay_seconds = 0\nhost_connections = 4\n[[feed]]\nname = "A"\nurl = "{server.url}/A"\n'
        f'[market]\nproviders = ["yahoo"]\n[market.yahoo]\nbase_url = "{server.url}"\n[[symbol]]\nsymbol = "NVDA"\n'
    )
    assert desk.run("sync").code == 0
    return desk


def impacts(desk: Desk) -> dict[str, Any]:
    """Return the records of `impact` by the last word of their titles."""
    return {one["title"].split()[-1]: one for one in desk.run("impact", "--format", "jsonl").records}


def moved(symbol: str, start: datetime, end: datetime) -> float:
    """Return what an instrument did between two ends of its bars."""
    return price(symbol, end) / price(symbol, start) - 1


@pytest.mark.slow
@pytest.mark.parametrize("synced", [("NVDA", "^GSPC", "SPY")], indirect=True)
def test_the_index_in_the_day_its_fund_near_the_open_and_in_the_evening(synced: Desk) -> None:
    found = impacts(synced)
    beta, alpha = (found["noon"]["abnormal"][name] for name in ("beta", "alpha"))
    nine, noon = found["nine"], found["noon"]
    assert (nine["rest"]["benchmark"], noon["rest"]["benchmark"]) == ("SPY", "^GSPC")
    assert nine["session"]["benchmark"] == noon["session"]["benchmark"] == "^GSPC"
    for record, symbol in ((nine, "SPY"), (noon, "^GSPC")):
        base = datetime.fromisoformat(record["base"]["time"])
        market = moved(symbol, base, CLOSE)
        # alpha is scaled by the share of the session's variance in the window, so it lies between none and all of it
        assert abs(record["rest"]["expected"] - beta * market) <= abs(alpha)
        assert record["rest"]["abnormal"] == pytest.approx(record["rest"]["move"] - record["rest"]["expected"])
    assert "the market's move in the rest is that of SPY, a fund on ^GSPC" in nine["notes"]
    # The window since ends at a trade of the evening, when the index is not computed.
    assert (noon["since"]["benchmark"], nine["since"]["benchmark"]) == ("SPY", "SPY")
    assert noon["since"]["t"] is not None
    listed = {one["title"].split()[-1]: one["moves"]["NVDA"] for one in synced.run("list").records}
    assert listed["noon"]["t"] == pytest.approx(noon["rest"]["t"])
    assert listed["nine"]["abnormal"] == pytest.approx(nine["rest"]["abnormal"])


@pytest.mark.parametrize("synced", [("NVDA", "^GSPC")], indirect=True)
def test_without_a_fund_the_index_counts_where_it_has_prices_and_else_nothing(synced: Desk) -> None:
    found = impacts(synced)
    assert (found["nine"]["rest"]["benchmark"], found["noon"]["rest"]["benchmark"]) == ("^GSPC", "^GSPC")
    since = found["noon"]["since"]
    assert since["move"] is not None
    assert (since["expected"], since["abnormal"], since["t"], since["benchmark"]) == (None, None, None, None)


@pytest.mark.parametrize("synced", [("NVDA",)], indirect=True)
def test_without_any_price_of_the_benchmark_nothing_is_said_to_be_the_markets(synced: Desk) -> None:
    record = impacts(synced)["noon"]
    assert record["rest"]["move"] is not None
    assert (record["rest"]["expected"], record["rest"]["t"], record["rest"]["benchmark"]) == (None, None, None)

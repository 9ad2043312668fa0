"""The server of the replay, over real HTTP."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tracker.demo import price_paths
from tracker.demo.config import HEADLESS_NOW, START, WATCHLIST
from tracker.demo.headlines import feeds
from tracker.demo.server import DemoServer
from tracker.market.yahoo_shapes import decode_chart, decode_spark
from tracker.model.clock import to_epoch
from tracker.model.market import DAILY, INTRADAY

SPARK = {"range": "1d", "interval": "5m", "includePrePost": "true"}


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Hand:
    """The time that the server thinks it is."""
    return Hand()


@pytest.fixture
def client(clock: Hand) -> Iterator[httpx.Client]:
    """A client of a running server."""
    with DemoServer(clock) as demo, httpx.Client(base_url=demo.base_url) as client:
        yield client


def _at(hour: int, minute: int, second: int = 0, day: int = 27) -> datetime:
    return datetime(2025, 1, day, hour, minute, second, tzinfo=UTC)


def _spark(client: httpx.Client, symbols: str, **params: str) -> dict[str, Any]:
    answer = client.get("/v7/finance/spark", params=SPARK | {"symbols": symbols} | params)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"
    return {row["symbol"]: row["response"][0] for row in answer.json()["spark"]["result"]}


def test_feeds_grow_with_the_clock_and_are_not_sent_twice(client: httpx.Client, clock: Hand) -> None:
    first = client.get("/feeds/cnbc")
    assert first.status_code == 200
    assert first.headers["Content-Type"].startswith("application/rss+xml")
    validators = {"If-None-Match": first.headers["ETag"], "If-Modified-Since": first.headers["Last-Modified"]}
    again = client.get("/feeds/cnbc", headers=validators)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    clock.now = START + timedelta(minutes=15)
    grown = client.get("/feeds/cnbc", headers=validators)
    assert grown.status_code == 200
    assert grown.content.count(b"<item>") > first.content.count(b"<item>")


def test_a_date_alone_or_a_list_of_tags_is_understood(client: httpx.Client, clock: Hand) -> None:
    first = client.get("/feeds/heise")
    date, tag = first.headers["Last-Modified"], first.headers["ETag"]
    assert client.get("/feeds/heise", headers={"If-Modified-Since": date}).status_code == 304
    assert client.get("/feeds/heise", headers={"If-Modified-Since": "yesterday"}).status_code == 200
    assert client.get("/feeds/heise", headers={"If-None-Match": f'"x", W/{tag}'}).status_code == 304
    other = {"If-None-Match": '"x"', "If-Modified-Since": date}
    assert client.get("/feeds/heise", headers=other).status_code == 200
    clock.now = datetime(2025, 1, 1, tzinfo=UTC)
    early = client.get("/feeds/heise", headers={"If-Modified-Since": date})
    assert early.status_code == 200
    assert "Last-Modified" not in early.headers


def test_every_feed_is_there_and_nothing_else(client: httpx.Client) -> None:
    for feed in feeds():
        assert client.get(f"/feeds/{feed.slug}").status_code == 200
    assert client.get("/feeds/none").status_code == 404
    assert client.get("/").status_code == 404
    assert client.get("/v8/finance/chart").status_code == 404


def test_its_date_is_that_of_the_replay(client: httpx.Client) -> None:
    assert client.get("/feeds/cnbc").headers["Date"] == "Mon, 27 Jan 2025 14:20:00 GMT"


def test_before_the_open_nvidia_trades_and_others_stand_at_fridays_close(client: httpx.Client, clock: Hand) -> None:
    found = _spark(client, "NVDA,META,^GSPC,NOSUCH")
    assert list(found) == ["NVDA", "META", "^GSPC"]
    answer = {"spark": {"result": [{"symbol": key, "response": [value]} for key, value in found.items()]}}
    decoded = decode_spark(answer, ["NVDA", "META", "^GSPC", "NOSUCH"], clock.now)
    nvda, meta, index = decoded.quotes
    assert (nvda.session, nvda.previous_close, nvda.regular_price) == ("pre", 142.62, 142.62)
    assert nvda.change == pytest.approx(-0.1195, abs=0.001)
    assert (meta.session, meta.price, meta.previous_close) == ("closed", 647.49, 636.45)
    assert (index.price, index.time) == (6101.24, _at(21, 0, day=24))
    assert [failure.symbol for failure in decoded.failures] == ["NOSUCH"]


def test_a_running_session_ends_in_a_live_point(client: httpx.Client, clock: Hand) -> None:
    clock.now = _at(15, 7, 12)
    result = _spark(client, "META", includePrePost="false")["META"]
    assert result["timestamp"][-1] == result["meta"]["regularMarketTime"] == to_epoch(clock.now)
    assert [at % 300 for at in result["timestamp"][:-1]] == [0] * 7
    closes = result["indicators"]["quote"][0]["close"]
    assert result["indicators"]["quote"] == [{"close": closes}]
    assert len(closes) == len(result["timestamp"]) == len(result["indicators"]["interpolated"]) == 8
    assert result["meta"]["interpolated"] is True
    assert closes[-1] == result["meta"]["regularMarketPrice"] == price_paths.price_at("META", clock.now)
    assert result["meta"]["previousClose"] == result["meta"]["chartPreviousClose"] == 647.49
    decoded = decode_spark({"spark": {"result": [{"symbol": "META", "response": [result]}]}}, ["META"], clock.now)
    (quote,) = decoded.quotes
    assert (quote.session, quote.time, len(decoded.bars)) == ("regular", clock.now, 7)


def test_series_grow_with_the_clock_and_keep_their_past(client: httpx.Client, clock: Hand) -> None:
    before: list[tuple[int, float]] = []
    for _ in range(60):
        clock.now += timedelta(minutes=10)
        result = _spark(client, "NVDA")["NVDA"]
        series = list(zip(result["timestamp"], result["indicators"]["quote"][0]["close"], strict=True))
        kept = [point for point in before if point[0] % 300 == 0]
        assert series[: len(kept)] == kept
        assert len(series) >= len(kept)
        before = series
    assert len(before) == 78 + 18 + 12


def test_after_the_close_every_day_move_is_the_official_one(client: httpx.Client, clock: Hand) -> None:
    clock.now = _at(21, 0)
    for symbol in WATCHLIST:
        answer = {"spark": {"result": [{"symbol": symbol, "response": [_spark(client, symbol)[symbol]]}]}}
        (quote,) = decode_spark(answer, [symbol], clock.now).quotes
        day = next(day for day in price_paths.listings()[symbol].days if day.starts == _at(14, 30))
        assert (quote.price, quote.previous_close) == (day.close, day.previous_close), symbol


def test_after_hours_nvidia_is_quoted_apart_from_its_close(client: httpx.Client, clock: Hand) -> None:
    clock.now = HEADLESS_NOW
    answer = {"spark": {"result": [{"symbol": "NVDA", "response": [_spark(client, "NVDA")["NVDA"]]}]}}
    (quote,) = decode_spark(answer, ["NVDA"], clock.now).quotes
    assert (quote.session, quote.price, quote.regular_price) == ("post", 119.48, 118.42)
    assert quote.previous_close == 142.62


def test_daily_bars_are_as_yahoo_gives_them(client: httpx.Client, clock: Hand) -> None:
    clock.now = _at(17, 3, day=28)
    params = {"period1": str(to_epoch(_at(0, 0, day=20))), "period2": str(to_epoch(clock.now)), "interval": "1d"}
    data = client.get("/v8/finance/chart/NVDA", params=params).json()
    result = data["chart"]["result"][0]
    assert "previousClose" not in result["meta"]
    assert result["indicators"]["adjclose"][0]["adjclose"] == result["indicators"]["quote"][0]["close"]
    assert len(result["timestamp"]) == 5
    decoded = decode_chart(data, "NVDA", DAILY, clock.now)
    assert [bar.close for bar in decoded.bars] == [147.07, 147.22, 142.62, 118.42]
    assert decoded.quote is not None
    assert decoded.quote.previous_close == 118.42
    assert decoded.failures == ()
    later = client.get("/v8/finance/chart/NVDA", params=params | {"period1": str(to_epoch(_at(0, 0, day=27)))}).json()
    assert [bar.close for bar in decode_chart(later, "NVDA", DAILY, clock.now).bars] == [118.42]
    assert later["chart"]["result"][0]["meta"]["chartPreviousClose"] == 142.62


def test_intraday_bars_of_a_period(client: httpx.Client, clock: Hand) -> None:
    clock.now = HEADLESS_NOW
    period = {"period1": str(to_epoch(_at(0, 0, day=24))), "period2": str(to_epoch(clock.now)), "interval": "5m"}
    data = client.get("/v8/finance/chart/NVDA", params=period | {"includePrePost": "true"}).json()
    decoded = decode_chart(data, "NVDA", INTRADAY, clock.now)
    closes = {bar.end: bar.close for bar in decoded.bars}
    assert closes[_at(21, 0, day=24)] == 142.62
    assert closes[_at(16, 30)] == 119.14
    assert closes[_at(21, 0)] == 118.42
    assert _at(14, 0) in closes
    regular = client.get("/v8/finance/chart/NVDA", params=period).json()
    assert _at(14, 0) not in {bar.end for bar in decode_chart(regular, "NVDA", INTRADAY, clock.now).bars}


def test_ranges_reach_back_sessions(client: httpx.Client, clock: Hand) -> None:
    clock.now = HEADLESS_NOW
    result = client.get("/v8/finance/chart/META", params={"range": "5d", "interval": "5m"}).json()["chart"]["result"][0]
    assert len(result["timestamp"]) == 4 * 78
    # a range of days begins at another close than the day before, as in the recorded answers
    assert (result["meta"]["previousClose"], result["meta"]["range"]) == (647.49, "5d")


def test_a_window_without_trades_has_no_timestamps(client: httpx.Client) -> None:
    params = {
        "period1": str(to_epoch(_at(0, 0, day=25))),
        "period2": str(to_epoch(_at(0, 0, day=26))),
        "interval": "5m",
    }
    (result,) = client.get("/v8/finance/chart/NVDA", params=params).json()["chart"]["result"]
    assert "timestamp" not in result
    assert result["indicators"] == {"quote": [{}]}


@pytest.mark.parametrize(
    ("path", "params", "status", "code"),
    [
        ("/v8/finance/chart/NOSUCH", {"range": "1d", "interval": "5m"}, 404, "Not Found"),
        ("/v8/finance/chart/NVDA", {"range": "1d", "interval": "7m"}, 422, "Unprocessable Entity"),
        ("/v8/finance/chart/NVDA", {"range": "9d", "interval": "5m"}, 422, "Unprocessable Entity"),
        ("/v8/finance/chart/NVDA", {"period1": "soon"}, 422, "Unprocessable Entity"),
        ("/v8/finance/chart/NVDA", {"period1": "9" * 30}, 422, "Unprocessable Entity"),
        ("/v7/finance/spark", {"symbols": "NVDA", "interval": "7m"}, 422, "Unprocessable Entity"),
        ("/v7/finance/spark", {"symbols": "NVDA", "period2": "x"}, 422, "Unprocessable Entity"),
    ],
)
def test_what_cannot_be_answered_is_an_error_of_yahoos_shape(
    client: httpx.Client, path: str, params: dict[str, str], status: int, code: str
) -> None:
    answer = client.get(path, params=params)
    assert answer.status_code == status
    ((_, body),) = answer.json().items()
    assert body["result"] is None
    assert body["error"]["code"] == code


def test_before_the_data_there_is_nothing(client: httpx.Client, clock: Hand) -> None:
    clock.now = datetime(2025, 1, 1, tzinfo=UTC)
    assert _spark(client, "NVDA,META") == {}


def test_trading_periods_go_on_to_the_next_session_at_night(client: httpx.Client, clock: Hand) -> None:
    clock.now = _at(2, 0, day=28)  # 21:00 in New York on Monday
    periods = _spark(client, "META")["META"]["meta"]["currentTradingPeriod"]
    assert periods["regular"]["start"] == to_epoch(_at(14, 30, day=28))
    assert periods["pre"]["start"] == to_epoch(_at(9, 0, day=28))
    assert periods["post"]["end"] == to_epoch(_at(1, 0, day=29))


def test_stopping_ends_kept_connections_and_threads(clock: Hand) -> None:
    before = threading.active_count()
    with DemoServer(clock) as demo:
        client = httpx.Client(base_url=demo.base_url)
        assert client.get("/feeds/cnbc").status_code == 200
        assert threading.active_count() > before
    assert threading.active_count() == before
    with pytest.raises(httpx.TransportError):
        client.get("/feeds/cnbc")
    client.close()


def test_many_ask_at_once(client: httpx.Client) -> None:
    seen: list[int] = []

    def ask(slug: str) -> None:
        seen.append(client.get(f"/feeds/{slug}").status_code)

    threads = [threading.Thread(target=ask, args=(feed.slug,)) for feed in feeds()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [200] * len(feeds())


def test_it_neither_holds_up_the_end_of_the_program_nor_loads_heavy_libraries() -> None:
    program = (
        "import sys, time, urllib.request\n"
        "from tracker.demo.clock import ReplayClock\n"
        "from tracker.demo.config import START, SPEED, demo_config_text\n"
        "from tracker.demo.server import DemoServer\n"
        "server = DemoServer(ReplayClock(START, SPEED, time.monotonic)).__enter__()\n"
        "line = urllib.request.urlopen(server.base_url + '/feeds/cnbc')\n"
        "heavy = {'httpx', 'feedparser', 'sqlite_utils', 'textual', 'lxml'} & set(sys.modules)\n"
        "print(line.status, sorted(heavy))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout == "200 []\n"
    assert done.stderr == ""

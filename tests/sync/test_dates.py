"""Coming results in a sync, over HTTP, and what is made of refusals."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.feeds import config_for
from tests.helpers.http_server import Answer, LoopbackServer, Request
from tests.helpers.sync import run_sync
from tests.market.shapes import JSON_TYPE
from tracker.impact.coming import coming_dates
from tracker.model.config import Config
from tracker.model.dates import AgreedDate, CalendarState
from tracker.model.events import DatesChanged
from tracker.model.market import WatchSymbol
from tracker.model.sources import EarningsSource, Sources
from tracker.store.read import Reader
from tracker.sync.date_sync import breaker_name
from tracker.sync.options import SyncOptions

NOW = datetime(2025, 2, 20, 22, tzinfo=UTC)
PATH = "/api/calendar/earnings"
_ROWS = {
    "2025-02-20": [("WMT", "time-pre-market")],
    "2025-02-21": [("LNG", "time-pre-market")],
    "2025-02-26": [("NVDA", "time-after-hours"), ("TJX", "time-pre-market")],
}


def answer(request: Request) -> Answer:
    """Play the calendar."""
    day = request.query["date"][0]
    rows = [{"symbol": symbol, "time": time} for symbol, time in _ROWS.get(day, ())]
    body = {"data": {"asOf": day, "headers": None, "rows": rows or None}, "status": {"rCode": 200}}
    return Answer(json.dumps(body).encode(), headers=JSON_TYPE)


def configured(server: LoopbackServer, *symbols: str) -> Config:
    """Return a configuration without feeds whose calendar is the server's."""
    return replace(
        config_for(server),
        symbols=tuple(WatchSymbol(symbol) for symbol in symbols),
        sources=Sources(EarningsSource(True, server.url, 6)),
    )


async def sync(config: Config, db: Path, now: datetime, options: SyncOptions | None = None) -> DatesChanged | None:
    """Run a sync; return what it says of the calendar."""
    finished, _ = await run_sync(config, db, lambda: now, options)
    return finished.dates


def asked(server: LoopbackServer) -> list[str]:
    """Return the days that the server was asked for."""
    return [request.query["date"][0] for request in server.requests]


@pytest.mark.slow
async def test_each_day_ahead_is_asked_for_once_a_day(server: LoopbackServer, tmp_path: Path) -> None:
    server.routes[PATH] = answer
    config, db = configured(server, "NVDA", "WMT"), tmp_path / "t.db"
    changed = await sync(config, db, NOW)
    assert changed is not None
    assert (len(changed.days), changed.reason) == (6, None)
    assert asked(server) == ["2025-02-20", "2025-02-21", "2025-02-24", "2025-02-25", "2025-02-26", "2025-02-27"]
    with Reader(db) as reader:
        # Walmart's were this morning.
        assert coming_dates(reader, ("NVDA", "WMT", "AMD"), NOW) == {
            "NVDA": (AgreedDate("results", date(2025, 2, 26), "after-close", ("nasdaq",)),)
        }
        assert reader.dates.states() == [CalendarState("nasdaq", NOW)]
    assert await sync(config, db, NOW + timedelta(hours=3)) is None
    assert len(server.requests) == 6
    _ROWS["2025-02-27"], _ROWS["2025-02-26"] = _ROWS["2025-02-26"], []
    try:
        await sync(config, db, NOW + timedelta(days=1))
    finally:
        _ROWS["2025-02-26"] = _ROWS.pop("2025-02-27")
    assert len(server.requests) == 12
    with Reader(db) as reader:
        (moved,) = coming_dates(reader, ("NVDA",), NOW + timedelta(days=1))["NVDA"]
    assert moved.day == date(2025, 2, 27)


async def test_a_refusal_pauses_the_calendar_and_keeps_what_is_known(server: LoopbackServer, tmp_path: Path) -> None:
    server.routes[PATH] = answer
    config, db = configured(server, "NVDA"), tmp_path / "t.db"
    await sync(config, db, NOW)
    server.routes[PATH] = Answer(b"slow down", 429, {"Retry-After": "3600", "Content-Type": "text/plain"})
    day = NOW + timedelta(days=1)
    changed = await sync(config, db, day)
    assert changed == DatesChanged((), "HTTP 429: slow down")
    assert len(server.requests) == 7
    changed = await sync(config, db, day + timedelta(minutes=30))
    assert changed == DatesChanged((), "paused until 23:00 UTC (HTTP 429: slow down)")
    assert len(server.requests) == 7
    with Reader(db) as reader:
        assert coming_dates(reader, ("NVDA",), day)["NVDA"][0].day == date(2025, 2, 26)
        assert reader.dates.states() == [CalendarState("nasdaq", day, "HTTP 429: slow down")]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (Answer(b"<html>", headers={"Content-Type": "text/html"}), "HTTP 200 with text/html instead of JSON"),
        (Answer(b"{", headers=JSON_TYPE), "HTTP 200 with broken JSON"),
        (Answer(b'{"data": 3}', headers=JSON_TYPE), "an answer without a calendar"),
        (Answer(b"gone", 500, {"Content-Type": "text/plain"}), "HTTP 500: gone"),
        (Answer(b"[" * 100_000, headers=JSON_TYPE), "HTTP 200 with broken JSON"),
    ],
)
async def test_a_broken_answer_is_a_reason_and_the_next_sync_tries_again(
    server: LoopbackServer, tmp_path: Path, given: Answer, reason: str
) -> None:
    server.routes[PATH] = given
    config, db = configured(server, "NVDA"), tmp_path / "t.db"
    assert await sync(config, db, NOW) == DatesChanged((), reason)
    server.routes[PATH] = answer
    changed = await sync(config, db, NOW + timedelta(minutes=30))
    assert changed is not None
    assert len(changed.days) == 6


async def test_nothing_is_asked_without_shares_that_the_calendar_knows(server: LoopbackServer, tmp_path: Path) -> None:
    server.routes[PATH] = answer
    db = tmp_path / "t.db"
    assert await sync(configured(server, "005930.KS", "^GSPC"), db, NOW) is None
    assert await sync(configured(server, "NVDA"), db, NOW, SyncOptions(prices=False)) is None
    off = replace(configured(server, "NVDA"), sources=Sources(EarningsSource(False, server.url)))
    assert await sync(off, db, NOW) is None
    assert server.requests == []


def test_prices_and_calendar_of_one_server_are_paused_together(server: LoopbackServer) -> None:
    assert breaker_name(Config()) == "nasdaq"
    assert breaker_name(configured(server, "NVDA")) == "earnings"


@pytest.mark.slow
async def test_all_calendars_are_asked_and_two_that_disagree_are_both_shown(
    server: LoopbackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def second(request: Request) -> Answer:
        day = request.query["from"][0]
        assert request.query["to"] == [day]
        rows = [{"symbol": "NVDA", "date": day, "hour": "amc"}] if day == "2025-02-27" else []
        return Answer(json.dumps({"earningsCalendar": rows}).encode(), headers=JSON_TYPE)

    def dividends(request: Request) -> Answer:
        row = {"symbol": "NVDA", "dividend_Ex_Date": "2/24/2025"}
        body = {"data": {"calendar": {"rows": [row]}}}
        return Answer(json.dumps(body).encode(), headers=JSON_TYPE)

    server.routes[PATH] = answer
    server.routes["/api/v1/calendar/earnings"] = second
    server.routes["/api/calendar/dividends"] = dividends
    server.routes["/api/calendar/splits"] = Answer(b"no", 404, {"Content-Type": "text/plain"})
    monkeypatch.setenv("FINNHUB_API_KEY", "s3cret")
    config = configured(server, "NVDA")
    source = EarningsSource(True, server.url, 6, dividends=True, splits=True, finnhub=True)
    config = replace(
        config,
        sources=Sources(source),
        market=replace(config.market, base_urls={"finnhub": server.url}),
    )
    db = tmp_path / "t.db"
    changed = await sync(config, db, NOW)
    assert changed is not None
    assert (len(changed.days), changed.reason) == (6, "nasdaq splits: HTTP 404: no")
    with Reader(db) as reader:
        assert coming_dates(reader, ("NVDA",), NOW) == {
            "NVDA": (
                AgreedDate("dividend", date(2025, 2, 24), None, ("nasdaq",)),
                AgreedDate("results", date(2025, 2, 26), "after-close", ("nasdaq",)),
                AgreedDate("results", date(2025, 2, 27), "after-close", ("finnhub",)),
            )
        }
        assert {state.source: state.reason for state in reader.dates.states()} == {
            "nasdaq": None,
            "nasdaq dividends": None,
            "nasdaq splits": "HTTP 404: no",
            "finnhub": None,
        }
    keys = {request.headers.get("x-finnhub-token") for request in server.requests}
    assert keys == {"s3cret", None}
    assert not any("s3cret" in request.path for request in server.requests)


async def test_a_witness_without_its_key_says_what_it_needs(server: LoopbackServer, tmp_path: Path) -> None:
    server.routes[PATH] = answer
    config = replace(configured(server, "NVDA"), sources=Sources(EarningsSource(True, server.url, 6, finnhub=True)))
    changed = await sync(config, tmp_path / "t.db", NOW)
    assert changed is not None
    assert (len(changed.days), changed.reason) == (6, "finnhub: no key: set FINNHUB_API_KEY")

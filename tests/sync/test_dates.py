"""Coming results in a sync, over HTTP, and what is made of refusals."""

from __future__ import annotations

import json
from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.feeds import config_for
from tests.helpers.http_server import Answer, LoopbackServer, Request
from tests.market.shapes import JSON_TYPE
from tracker.impact.coming import coming_dates
from tracker.model.config import Config
from tracker.model.dates import AgreedDate, CalendarState
from tracker.model.events import DatesChanged, SyncFinished
from tracker.model.market import WatchSymbol
from tracker.model.sources import EarningsSource, Sources
from tracker.store.read import Reader
from tracker.sync.date_sync import breaker_name
from tracker.sync.options import SyncOptions
from tracker.sync.run import Syncer

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
    syncer = Syncer(config, db, lambda: now)
    try:
        async with aclosing(syncer.run(options or SyncOptions())) as events:
            last = [event async for event in events][-1]
    finally:
        await syncer.close()
    assert isinstance(last, SyncFinished)
    return last.dates


def asked(server: LoopbackServer) -> list[str]:
    """Return the days that the server was asked for."""
    return [request.query["date"][0] for request in server.requests]


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

"""Hosts that take a connection and say nothing, with limits scaled down: one of them holds nobody else up."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.feeds import config_for, rss
from tests.helpers.http_server import Answer, LoopbackServer, Request
from tests.helpers.store import NOW
from tests.helpers.sync import run_sync
from tracker.model.config import Config, MarketSettings
from tracker.model.events import SyncFinished
from tracker.model.market import WatchSymbol
from tracker.net.timeouts import Timeouts
from tracker.store.read import Reader
from tracker.sync.run import Syncer

SHORT = Timeouts(connect=0.3, feed=0.6, price=0.2)
HANGS = Answer(b"", delay=5.0)


async def sync(config: Config, db: Path, timeouts: Timeouts = SHORT) -> SyncFinished:
    finished, _ = await run_sync(config, db, timeouts=timeouts)
    return finished


@pytest.mark.slow
async def test_the_feeds_of_a_host_that_hangs_wait_for_the_next_sync(server: LoopbackServer, tmp_path: Path) -> None:
    names = [f"f{number}" for number in range(6)]
    for name in names:
        server.routes[f"/{name}"] = HANGS
    config = config_for(server, *names)
    config = replace(config, settings=replace(config.settings, host_connections=1))
    finished = await sync(config, tmp_path / "t.db")
    statuses = [feed.status for feed in finished.feeds]
    assert (statuses.count("failed"), statuses.count("skipped"), len(server.requests)) == (1, 5, 1)
    waiting = next(feed for feed in finished.feeds if feed.status == "skipped")
    assert waiting.reason == "skipped: its host has just timed out"
    with Reader(tmp_path / "t.db") as reader:
        state = reader.feeds.states()[waiting.name]
    assert (state.fail_count, state.next_due, state.last_checked) == (0, None, None)
    for name in names:
        server.routes[f"/{name}"] = Answer(rss([name]))
    again = await sync(config, tmp_path / "t.db")
    assert sum(feed.new for feed in again.feeds) == 5  # the one that timed out waits for its hour


@pytest.mark.parametrize("status", [429, 503])
async def test_a_pause_is_known_at_once(server: LoopbackServer, tmp_path: Path, status: int) -> None:
    names = [f"f{number}" for number in range(6)]
    for name in names:
        server.routes[f"/{name}"] = Answer(b"", status, {"Retry-After": "3600"})
    config = config_for(server, *names)
    config = replace(config, settings=replace(config.settings, host_connections=1))
    finished = await sync(config, tmp_path / "t.db")
    assert len(server.requests) == 1
    assert sorted(feed.status for feed in finished.feeds) == ["failed", *["skipped"] * 5]
    assert {feed.reason for feed in finished.feeds if feed.status == "skipped"} == {
        f"skipped: its host has just responded {status}"
    }
    assert all(feed.next_due is not None for feed in finished.feeds)


@pytest.mark.slow
async def test_providers_that_hang_are_left_alone_and_news_comes_meanwhile(
    server: LoopbackServer, tmp_path: Path
) -> None:
    for path in ("/v7/finance/spark", "/quote-html-webservice/quote.htm", "/api/quote/NVDA/info"):
        server.routes[path] = HANGS
    server.routes["/a"] = Answer(rss(["News"]))
    providers = ("yahoo", "cnbc", "nasdaq")
    config = replace(
        config_for(server, "a"),
        symbols=(WatchSymbol("NVDA"),),
        market=MarketSettings(providers, base_urls=dict.fromkeys(providers, server.url)),
    )
    finished = await sync(config, tmp_path / "t.db")
    assert finished.new == 1
    asked = [request.path for request in server.requests if request.path != "/a"]
    assert len(asked) == 3
    with Reader(tmp_path / "t.db") as reader:
        stand = reader.prices.breakers(NOW)
    assert {breaker.provider for breaker in stand} == set(providers)
    assert {breaker.reason for breaker in stand} == {"timed out after 0.2 s"}


async def test_prices_are_asked_for_beside_feeds(server: LoopbackServer, tmp_path: Path) -> None:
    asked_for_prices = threading.Event()
    seen: list[bool] = []

    def news(_: Request) -> Answer:
        seen.append(asked_for_prices.wait(5.0))
        return Answer(rss(["News"]))

    def prices(_: Request) -> Answer:
        asked_for_prices.set()
        return Answer(b"{}", headers={"Content-Type": "application/json"})

    server.routes |= {"/a": news, "/v7/finance/spark": prices}
    config = replace(config_for(server, "a", prices=True), symbols=(WatchSymbol("NVDA"),))
    await sync(config, tmp_path / "t.db", Timeouts())
    assert seen == [True]  # while the feed had not answered


PROVIDERS = ("yahoo", "cnbc")


@pytest.mark.slow
async def test_who_gives_up_notes_the_providers_that_hang(server: LoopbackServer, tmp_path: Path) -> None:
    loop, asked, is_over = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def hang(_: Request) -> Answer:
        loop.call_soon_threadsafe(asked.set)
        is_over.wait(30.0)
        return Answer(b"")

    server.routes |= {"/v7/finance/spark": HANGS, "/quote-html-webservice/quote.htm": hang}
    config = replace(
        config_for(server),
        symbols=(WatchSymbol("NVDA"),),
        market=MarketSettings(PROVIDERS, base_urls=dict.fromkeys(PROVIDERS, server.url)),
    )
    for _ in range(2):  # the second time the first provider is known to hang, and is not asked
        asked.clear()
        syncer = Syncer(config, tmp_path / "t.db", lambda: NOW, timeouts=Timeouts(price=1.0))
        polling = asyncio.create_task(syncer.quotes())
        await asked.wait()
        polling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await polling
        await syncer.close()
        with Reader(tmp_path / "t.db") as reader:
            assert [breaker.provider for breaker in reader.prices.breakers(NOW)] == ["yahoo"]
    is_over.set()
    assert len(server.asked("/v7/finance/spark")) == 1


async def test_prices_that_are_under_way_outlast_a_new_configuration(server: LoopbackServer, tmp_path: Path) -> None:
    server.routes["/quote-html-webservice/quote.htm"] = Answer(b"{}", headers={"Content-Type": "application/json"})
    loop, asked, goes_on = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def wait(_: Request) -> Answer:
        loop.call_soon_threadsafe(asked.set)
        goes_on.wait(5.0)
        return Answer(b"{}", headers={"Content-Type": "application/json"})

    server.routes["/v7/finance/spark"] = wait
    market = MarketSettings(PROVIDERS, base_urls=dict.fromkeys(PROVIDERS, server.url))
    config = replace(config_for(server), symbols=(WatchSymbol("NVDA"),), market=market)
    syncer = Syncer(config, tmp_path / "t.db", lambda: NOW)
    running = asyncio.create_task(syncer.quotes())
    await asked.wait()
    await syncer._use_config(replace(config, stamp="newer"))
    goes_on.set()
    changed = await running
    await syncer.close()
    assert not [failure for failure in changed.failures if "connection" in failure.reason]
    assert server.asked("/quote-html-webservice/quote.htm")

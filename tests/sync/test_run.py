"""Whole syncs against a real server and a real database."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.feeds import conditional, config_for, config_text, rss, write_config
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.store import NOW, raw
from tests.helpers.sync import run_sync
from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.model.errors import LockedError
from tracker.model.events import SyncEvent, SyncFinished, SyncStarted
from tracker.model.feed import FeedSource, FeedSynced
from tracker.model.market import INTRADAY, WatchSymbol
from tracker.model.query import parse_query
from tracker.model.tags import TagRule
from tracker.store.read import Reader
from tracker.sync.lock import sync_lock
from tracker.sync.options import MANY_NEW_FEEDS, SyncOptions
from tracker.sync.retagging import retag
from tracker.sync.rules import has_changed_rules
from tracker.sync.run import Syncer
from tracker.sync.worker import Worker


def at(moment: datetime) -> Clock:
    return lambda: moment


async def sync(
    config: Config, db: Path, options: SyncOptions | None = None, *, now: datetime = NOW, threads: bool = False
) -> tuple[SyncFinished, list[SyncEvent]]:
    finished, events = await run_sync(config, db, at(now), options, threads=threads)
    assert isinstance(events[0], SyncStarted)
    return finished, events


def statuses(finished: SyncFinished) -> dict[str, str]:
    return {feed.name: feed.status for feed in finished.feeds}


def titles(db: Path, query: str = "") -> list[str]:
    with Reader(db) as reader:
        return sorted(row.title for row in reader.articles.headlines(reader.articles.ids(parse_query(query), NOW)))


@pytest.mark.parametrize("threads", [False, True])
async def test_first_new_then_not_modified(server: LoopbackServer, tmp_path: Path, threads: bool) -> None:
    db = tmp_path / "t.db"
    server.routes["/a"] = conditional(rss(["Nvidia falls 17 %", "A quiet day"]))
    config = config_for(server, "a")
    finished, events = await sync(config, db, threads=threads)
    assert (finished.new, finished.updated, finished.failed) == (2, 0, 0)
    assert isinstance(events[1], FeedSynced)
    assert len(events[1].new_ids) == 2
    assert titles(db, "about:nvidia") == ["Nvidia falls 17 %"]
    again, _ = await sync(config, db, now=NOW + timedelta(minutes=10), threads=threads)
    assert statuses(again) == {"a": "skipped"}
    later, _ = await sync(config, db, now=NOW + timedelta(minutes=40), threads=threads)
    assert statuses(later) == {"a": "unchanged"}
    assert later.feeds[0].http == 304
    assert [request.headers.get("if-none-match") for request in server.requests] == [None, 'W/"it\'s, odd"']


async def test_a_first_sync_starts_its_second_process_before_it_makes_the_database(
    server: LoopbackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = tmp_path / "t.db"
    config = config_for(server, *map(str, range(MANY_NEW_FEEDS)))
    for source in config.feeds:
        server.routes[f"/{source.name}"] = Answer(rss([f"First of {source.name}"]))
    was_made: list[bool] = []
    start = Worker.start

    def noted(worker: Worker) -> None:
        if worker._process is None:
            was_made.append(db.exists())
        start(worker)

    monkeypatch.setattr(Worker, "start", noted)
    finished, _ = await sync(config, db)
    assert finished.new == MANY_NEW_FEEDS
    assert was_made == [False]
    await sync(config, db, SyncOptions(force=True))
    assert was_made == [False]


async def test_the_same_body_again_is_not_even_parsed(
    server: LoopbackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["/a"] = Answer(rss(["One"]))
    config = config_for(server, "a")
    await sync(config, tmp_path / "t.db")

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("parsed again")

    monkeypatch.setattr("tracker.sync.digest.parse", refuse)
    finished, _ = await sync(config, tmp_path / "t.db", SyncOptions(force=True))
    assert statuses(finished) == {"a": "unchanged"}


async def test_a_changed_headline_is_an_update_and_keeps_its_history(server: LoopbackServer, tmp_path: Path) -> None:
    db = tmp_path / "t.db"
    config = config_for(server, "a")
    server.routes["/a"] = Answer(rss(["One"]))
    await sync(config, db)
    server.routes["/a"] = Answer(rss(["One"]).replace(b"<title>One</title>", b"<title>Nvidia, corrected</title>"))
    finished, _ = await sync(config, db, SyncOptions(force=True), now=NOW + timedelta(hours=1))
    assert (finished.new, finished.updated) == (0, 1)
    with Reader(db) as reader:
        article = reader.articles.get(1)
    assert article is not None
    assert article.title == "Nvidia, corrected"
    assert article.earlier_titles == ((NOW + timedelta(hours=1), "One"),)
    assert [mention.tag for mention in article.mentions] == ["nvidia"]


HOSTILE = {
    "html": (Answer(b"<!doctype html><html><body>Sign in</body></html>"), "HTML page"),
    "empty": (Answer(b""), "empty"),
    "spaces": (Answer(b" " * 5_000_000), "empty"),
    "cut": (Answer(rss(["Cut off"])[:100]), "cut off"),
    "short": (Answer(rss(["Cut off"])[:100], promise=9_999), ""),
    "gone": (Answer(b"", 404), "404"),
    "broken": (Answer(b"", 500), "500"),
    "binary": (Answer(bytes(range(256)) * 40), "not a feed"),
}


@pytest.mark.slow
async def test_one_bad_feed_never_harms_another(server: LoopbackServer, tmp_path: Path) -> None:
    for name, (answer, _) in HOSTILE.items():
        server.routes[f"/{name}"] = answer
    server.routes["/good"] = Answer(rss(["Good news"]))
    config = config_for(server, "good", *HOSTILE)
    nowhere = FeedSource("nowhere", "http://127.0.0.1:1/feed")
    config = replace(config, feeds=(*config.feeds, nowhere))
    finished, _ = await sync(config, tmp_path / "t.db")
    assert statuses(finished) == {"good": "new", "nowhere": "failed", **dict.fromkeys(HOSTILE, "failed")}
    reasons = {feed.name: feed.reason or "" for feed in finished.feeds}
    for name, (_, expected) in HOSTILE.items():
        assert expected in reasons[name]
        assert reasons[name]
    assert titles(tmp_path / "t.db") == ["Good news"]
    with Reader(tmp_path / "t.db") as reader:
        assert {row.state.name for row in reader.feeds.rows(NOW) if row.state.last_reason} == {*HOSTILE, "nowhere"}


HOSTILE_TITLES = ["[/red] [@click=app.quit]x[/]", "\x1b]0;PWNED\x07 bell", "<b>bold</b> & \u202ereversed", "AT&T up"]


@pytest.mark.slow
async def test_hostile_titles_are_stored_as_plain_text(server: LoopbackServer, tmp_path: Path) -> None:
    server.routes["/a"] = Answer(rss(HOSTILE_TITLES))
    await sync(config_for(server, "a"), tmp_path / "t.db")
    stored = titles(tmp_path / "t.db")
    assert len(stored) == 4
    assert "[/red] [@click=app.quit]x[/]" in stored
    assert "AT&T up" in stored
    assert not any(ord(char) < 32 or char in "\u202e\x9b" for title in stored for char in title)


async def test_retry_after_holds_for_the_whole_host_and_over_runs(server: LoopbackServer, tmp_path: Path) -> None:
    db = tmp_path / "t.db"
    server.routes["/a"] = Answer(b"slow down", 429, {"Retry-After": "7200"})
    await sync(config_for(server, "a"), db)
    config = config_for(server, "a", "b")
    later = NOW + timedelta(hours=1)
    finished, _ = await sync(config, db, SyncOptions(force=True), now=later)
    assert statuses(finished) == {"a": "skipped", "b": "skipped"}
    assert finished.feeds[1].next_due == NOW + timedelta(hours=2)
    assert "429" in (finished.feeds[1].reason or "")
    assert len(server.requests) == 1
    server.routes["/b"] = Answer(rss(["B"]))
    finished, _ = await sync(config, db, SyncOptions(force=True), now=NOW + timedelta(hours=2, minutes=1))
    assert statuses(finished)["b"] == "new"


async def test_only_the_feeds_that_were_named(server: LoopbackServer, tmp_path: Path) -> None:
    server.routes["/a"] = server.routes["/b"] = Answer(rss(["One"]))
    finished, _ = await sync(config_for(server, "a", "b"), tmp_path / "t.db", SyncOptions(feeds=("b",)))
    assert statuses(finished) == {"b": "new"}
    assert [request.path for request in server.requests] == ["/b"]


async def test_the_same_story_on_several_feeds_is_one_row(server: LoopbackServer, tmp_path: Path) -> None:
    title = "Nvidia loses $593 billion in a single day after DeepSeek release"
    server.routes["/a"] = Answer(rss([title], published=NOW - timedelta(hours=2)))
    server.routes["/b"] = Answer(
        rss([title], published=NOW - timedelta(hours=1)).replace(b"news.example", b"b.example")
    )
    db = tmp_path / "t.db"
    await sync(config_for(server, "a", "b"), db)
    with Reader(db) as reader:
        rows = reader.articles.headlines(reader.stories.leads(parse_query(""), NOW))
    assert [(row.source, row.others) for row in rows] == [("a", 1)]


async def test_what_a_feed_stopped_listing_goes_with_the_sync_and_does_not_come_back(
    server: LoopbackServer, tmp_path: Path
) -> None:
    db = tmp_path / "t.db"
    config = config_for(server, "a", keep_days=30)

    async def sync_at(days: int, *listed: str) -> list[str]:
        now = NOW + timedelta(days=days)
        server.routes["/a"] = Answer(rss(listed), headers={"Date": format_datetime(now, usegmt=True)})
        await sync(config, db, now=now)
        return titles(db)

    assert await sync_at(0, "Old") == ["Old"]
    assert await sync_at(31, "Old", "New") == ["New", "Old"]  # still listed, whatever its age
    assert await sync_at(32, "New") == ["New", "Old"]
    assert await sync_at(61, "New") == ["New", "Old"]
    assert await sync_at(63, "New") == ["New"]
    assert await sync_at(64, "Old", "New", "Newer") == ["New", "Newer"]


async def test_a_second_sync_is_refused_and_reading_goes_on(server: LoopbackServer, tmp_path: Path) -> None:
    db = tmp_path / "t.db"
    server.routes["/a"] = Answer(rss(["One"]))
    await sync(config_for(server, "a"), db)
    with sync_lock(db, at(NOW)):
        with pytest.raises(LockedError):
            await sync(config_for(server, "a"), db)
        assert titles(db) == ["One"]


@pytest.mark.parametrize("threads", [False, True])
async def test_cancelled_half_way_keeps_what_is_done(server: LoopbackServer, tmp_path: Path, threads: bool) -> None:
    db = tmp_path / "t.db"
    server.routes["/quick"] = Answer(rss(["Quick"]))
    server.routes["/slow"] = Answer(rss(["Slow"]), delay=5)
    syncer = Syncer(config_for(server, "quick", "slow"), db, at(NOW), threads=threads)
    quick_is_in = asyncio.Event()

    async def run() -> None:
        async for event in syncer.run():
            if isinstance(event, FeedSynced):
                quick_is_in.set()

    task = asyncio.create_task(run())
    await quick_is_in.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await syncer.close()
    assert titles(db) == ["Quick"]
    with sync_lock(db, at(NOW)):
        pass  # the lock is free again


_SYNC = """
import asyncio, sys
from datetime import datetime, UTC
from pathlib import Path
from tracker.config.load import load_config
from tracker.sync.run import Syncer

async def main():
    syncer = Syncer(load_config(Path(sys.argv[1])), Path(sys.argv[2]), lambda: datetime.now(UTC))
    async for event in syncer.run():
        print(type(event).__name__, flush=True)
    await syncer.close()

asyncio.run(main())
"""


@pytest.mark.slow
def test_killed_at_any_moment_the_next_run_gets_everything(server: LoopbackServer, tmp_path: Path) -> None:
    names = [f"f{n}" for n in range(12)]
    for n, name in enumerate(names):
        items = [f"{name} item {k}" for k in range(40)]
        server.routes[f"/{name}"] = Answer(rss(items), headers={"ETag": f'"{n}"'}, delay=0.02 * n)
    db = tmp_path / "t.db"
    path = write_config(tmp_path, config_text(server, *names))
    for stop_after in (1, 2, 5, 9):
        process = subprocess.Popen([sys.executable, "-c", _SYNC, str(path), str(db)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _ in range(stop_after):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        with Reader(db) as reader:
            assert raw(reader).execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert reader.articles.count() % 40 == 0
    finished, _ = asyncio.run(sync(config_for(server, *names), db, now=datetime.now(UTC)))
    assert finished.failed == 0
    assert len(titles(db)) == 12 * 40


def spark(symbols: Sequence[str], moment: datetime) -> Answer:
    start = int(datetime(2025, 1, 27, 14, 30, tzinfo=UTC).timestamp())
    stamps = list(range(start, int(moment.timestamp()), 300))
    result = [
        {
            "symbol": symbol,
            "response": [
                {
                    "meta": {
                        "currency": "USD",
                        "symbol": symbol,
                        "exchangeTimezoneName": "America/New_York",
                        "regularMarketTime": stamps[-1],
                        "regularMarketPrice": 118.42,
                        "previousClose": 142.62,
                        "chartPreviousClose": 142.62,
                        "dataGranularity": "5m",
                        "range": "1d",
                    },
                    "timestamp": stamps,
                    "indicators": {"quote": [{"close": [118.42] * len(stamps)}]},
                }
            ],
        }
        for symbol in symbols
        if symbol != "NOPE"
    ]
    return Answer(
        json.dumps({"spark": {"result": result, "error": None}}).encode(), headers={"Content-Type": "application/json"}
    )


@pytest.mark.slow
async def test_prices_are_stored_and_a_failure_keeps_the_last(server: LoopbackServer, tmp_path: Path) -> None:
    moment = datetime(2025, 1, 27, 20, 0, tzinfo=UTC)
    server.routes["/v7/finance/spark"] = lambda request: spark(request.query["symbols"][0].split(","), moment)
    server.routes["/a"] = Answer(rss(["Nvidia falls 17 %"], published=moment - timedelta(hours=2)))
    db = tmp_path / "t.db"
    config = replace(config_for(server, "a", prices=True), symbols=(WatchSymbol("NVDA"), WatchSymbol("NOPE")))
    finished, _ = await sync(config, db, now=moment)
    assert finished.prices is not None
    assert finished.prices.provider == "yahoo"
    assert set(finished.prices.symbols) == {"NVDA", "^GSPC", "SPY"}
    assert finished.prices.failed == ("NOPE",)
    with Reader(db) as reader:
        quote = reader.prices.quotes()["NVDA"]
        assert quote.change == pytest.approx(118.42 / 142.62 - 1)
        assert reader.prices.bars("NVDA", INTRADAY, moment - timedelta(days=1), moment)
        assert "NOPE" in reader.prices.quote_failures()
        headline = reader.articles.headlines(reader.articles.ids(parse_query(""), moment))[0]
        assert headline.base is not None
        assert headline.base.price == 118.42
    server.routes["/v7/finance/spark"] = Answer(b"Edge: Too Many Requests", 429, {"Content-Type": "text/plain"})
    finished, _ = await sync(config, db, now=moment + timedelta(minutes=40))
    assert finished.prices is not None
    assert finished.prices.provider is None
    assert "429" in (finished.prices.reason or "")
    with Reader(db) as reader:
        kept = reader.prices.quotes()["NVDA"]
        assert (kept.price, kept.time) == (quote.price, quote.time)
        assert "429" in (kept.failure or "")
        assert [breaker.provider for breaker in reader.prices.breakers(moment + timedelta(minutes=50))] == ["yahoo"]
    asked = len(server.asked("/v7/finance/spark"))
    await sync(config, db, now=moment + timedelta(minutes=45))
    assert len(server.asked("/v7/finance/spark")) == asked  # another process, the same breaker


async def test_no_prices_when_not_wanted(server: LoopbackServer, tmp_path: Path) -> None:
    server.routes["/a"] = Answer(rss(["One"]))
    config = replace(config_for(server, "a", prices=True), symbols=(WatchSymbol("NVDA"),))
    finished, _ = await sync(config, tmp_path / "t.db", SyncOptions(prices=False))
    assert finished.prices is None
    assert [request.path for request in server.requests] == ["/a"]


@pytest.mark.slow
async def test_changed_rules_are_noticed_and_applied_and_the_work_can_be_resumed(
    server: LoopbackServer, tmp_path: Path
) -> None:
    db = tmp_path / "t.db"
    server.routes["/a"] = Answer(rss([f"Frobnicator number {n} ships" for n in range(450)]))
    config = config_for(server, "a")
    await sync(config, db)
    with Reader(db) as reader:
        assert not has_changed_rules(config, reader)
    changed = replace(config, tags=(TagRule("frob", match=("Frobnicator",)),))
    with Reader(db) as reader:
        assert has_changed_rules(changed, reader)
    assert next(retag(changed, db)) == (200, 450)
    assert len(titles(db, "tag:frob")) == 200
    assert list(retag(changed, db)) == [(400, 450), (450, 450)]
    assert len(titles(db, "tag:frob")) == 450
    with Reader(db) as reader:
        assert not has_changed_rules(changed, reader)


async def test_an_archive_without_dates_stays_behind_the_news_and_what_it_adds_later_leads(
    server: LoopbackServer, tmp_path: Path
) -> None:
    def undated(*names: str) -> Answer:
        return Answer(re.sub(rb"<pubDate>.*?</pubDate>", b"", rss(names)))

    def listed() -> list[str]:
        with Reader(db) as reader:
            return [row.title for row in reader.articles.headlines(reader.articles.ids(parse_query(""), NOW))]

    db = tmp_path / "t.db"
    server.routes["/news"] = Answer(rss(["News of this morning"]))
    server.routes["/archive"] = undated("First page", "Second page")
    config = config_for(server, "archive", "news")
    await sync(config, db)
    assert listed() == ["News of this morning", "First page", "Second page"]
    with Reader(db) as reader:
        (page,) = reader.articles.headlines(reader.articles.ids(parse_query("first"), NOW))
        (whole,) = reader.articles.get_many([page.id])
        (news,) = reader.articles.headlines(reader.articles.ids(parse_query("news"), NOW))
    assert (page.published, page.first_seen) == (None, NOW)  # what is not known stays so
    assert page.at_latest == whole.at_latest == page.time == whole.time == NOW - timedelta(days=1)
    assert news.at_latest is None
    server.routes["/archive"] = undated("Third page", "First page", "Second page")
    await sync(config, db, now=NOW + timedelta(hours=1))
    assert listed() == ["Third page", "News of this morning", "First page", "Second page"]

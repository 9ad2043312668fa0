"""A sync in a process of its own: what its caller sees, and that it always ends."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.feeds import config_for, config_text, rss, write_config
from tests.helpers.http_server import Answer, LoopbackServer, Request
from tests.helpers.store import article, fill
from tests.helpers.terminal import terminal
from tracker.config.load import load_config
from tracker.model.alert import AlertRule
from tracker.model.config import Config
from tracker.model.errors import ConfigError, LockedError, TrackerError
from tracker.model.events import SyncEvent, SyncFinished, SyncStarted
from tracker.model.feed import FeedSource, FeedSynced
from tracker.model.plan import FeedPlan
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.sync import process
from tracker.sync.current import config_file
from tracker.sync.lock import is_locked, read_holder, sync_lock
from tracker.sync.options import MANY_FEEDS, SyncOptions
from tracker.sync.pipes import receive
from tracker.sync.process import is_worth_a_process, sync_apart, sync_early
from tracker.sync.run import Syncer

FORCED, ONLY_DUE = SyncOptions(force=True), SyncOptions()


async def events_of(config_text_path: Path, db: Path) -> list[SyncEvent]:
    """The events of a forced sync by the configuration as it was when it was read."""
    config = load_config(config_text_path)
    return [event async for event in sync_apart(config, db, FORCED, config_file=None, errors=None)]


def titles(db: Path) -> set[str]:
    with Reader(db) as reader:
        return {one.title for one in reader.articles.get_many(range(1, 100))}


async def wait_until(holds: Callable[[], object], what: str) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end, f"never came: {what}"
        await asyncio.sleep(0.01)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Slow:
    """A feed that does not answer before the test is over."""

    def __init__(self, server: LoopbackServer) -> None:
        self.goes_on = threading.Event()
        server.routes["/slow"] = self

    def __call__(self, _: Request) -> Answer:
        self.goes_on.wait(60)
        return Answer(rss(["Never"]))


@pytest.fixture
def slow(server: LoopbackServer) -> Iterator[Slow]:
    feed = Slow(server)
    yield feed
    feed.goes_on.set()


@pytest.mark.slow
async def test_it_tells_and_stores_what_a_sync_here_does(tmp_path: Path, server: LoopbackServer) -> None:
    server.routes["/a"] = Answer(rss(["One", "Two"]))
    server.routes["/b"] = Answer(b"no", 503)
    db = tmp_path / "news.db"
    events = await events_of(write_config(tmp_path, config_text(server, "a", "b")), db)
    assert isinstance(events[0], SyncStarted)
    told = {event.name: event for event in events if isinstance(event, FeedSynced)}
    assert (told["a"].new, told["b"].status) == (2, "failed")
    assert "503" in (told["b"].reason or "")
    assert isinstance(events[-1], SyncFinished)
    assert titles(db) == {"One", "Two"}
    assert read_holder(db).pid != os.getpid()


@pytest.mark.slow
async def test_it_says_why_it_could_not_run(tmp_path: Path, server: LoopbackServer) -> None:
    path, db = write_config(tmp_path, config_text(server, "a")), tmp_path / "news.db"
    with sync_lock(db, lambda: datetime.now(UTC)), pytest.raises(LockedError, match=f"pid {os.getpid()}"):
        await events_of(path, db)
    db.write_bytes(b"no database" * 1000)
    with pytest.raises(TrackerError, match=r"news\.db"):
        await events_of(path, db)
    assert not is_locked(db)


@pytest.mark.slow
async def test_a_changed_configuration_is_used_and_one_that_is_gone_is_kept(
    tmp_path: Path, server: LoopbackServer
) -> None:
    for name in ("a", "b"):
        server.routes[f"/{name}"] = Answer(rss([f"Of {name}"]))
    path, db = write_config(tmp_path, config_text(server, "a")), tmp_path / "news.db"
    config = load_config(path)
    file = config_file(lambda: path, config)
    write_config(tmp_path, config_text(server, "b"))

    async def asked() -> set[str]:
        events = [event async for event in sync_apart(config, db, FORCED, config_file=file, errors=None)]
        return {event.name for event in events if isinstance(event, FeedSynced)}

    assert await asked() == {"b"}
    assert [feed.name for feed in file.config.feeds] == ["b"]
    path.unlink()
    assert await asked() == {"b"}


@pytest.mark.slow
async def test_one_that_is_closed_ends_its_process_and_keeps_what_is_stored(
    tmp_path: Path, server: LoopbackServer, slow: Slow
) -> None:
    server.routes["/a"] = Answer(rss(["One"]))
    config, db = config_for(server, "a", "slow"), tmp_path / "news.db"
    async with aclosing(sync_apart(config, db, FORCED, config_file=None, errors=None)) as events:
        async for event in events:
            if isinstance(event, FeedSynced):
                break
        child = read_holder(db).pid
    assert child is not None
    assert not is_alive(child)
    assert not is_locked(db)
    assert titles(db) == {"One"}


@pytest.mark.slow
async def test_one_that_is_cancelled_while_it_waits_ends_its_process(
    tmp_path: Path, server: LoopbackServer, slow: Slow
) -> None:
    config, db = config_for(server, "slow"), tmp_path / "news.db"

    async def sync() -> None:
        async for _ in sync_apart(config, db, FORCED, config_file=None, errors=None):
            pass

    running = asyncio.create_task(sync())
    await wait_until(lambda: server.asked("/slow"), "the feed asked")
    child = read_holder(db).pid
    assert child is not None
    if sys.platform != "win32":  # it leaves the processor to the window
        own = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, child) == min(own + 5, 19)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not is_alive(child)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("number", ["SIGKILL", "SIGSTOP"])
async def test_a_process_that_dies_or_hangs_is_noticed(
    tmp_path: Path, server: LoopbackServer, slow: Slow, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    monkeypatch.setattr(process, "_END_SECONDS", 0.01)
    config, db = config_for(server, "slow"), tmp_path / "news.db"
    async with aclosing(sync_apart(config, db, FORCED, config_file=None, errors=None)) as events:
        assert isinstance(await anext(events), SyncStarted)
        child = read_holder(db).pid
        assert child is not None
        os.kill(child, getattr(signal, number))
        if number == "SIGKILL":
            with pytest.raises(TrackerError, match="its process ended"):
                await anext(events)
    assert not is_alive(child)
    assert not is_locked(db)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a pty and signals")
@pytest.mark.parametrize("number", ["SIGHUP", "SIGTERM", "SIGKILL"])
def test_the_process_of_a_window_ends_with_it(tmp_path: Path, server: LoopbackServer, slow: Slow, number: str) -> None:
    names = [f"f{n}" for n in range(MANY_FEEDS)]
    for name in names:
        server.routes[f"/{name}"] = Answer(rss([f"First of {name}"], published=datetime.now(UTC)))
    path, db = write_config(tmp_path, config_text(server, *names, "slow")), tmp_path / "news.db"
    with Writer(db) as writer:  # a window on an empty one syncs itself
        writer.register_feeds(load_config(path).feeds)
    first = [sys.executable, "-m", "tracker", "--config", str(path), "--db", str(db), "sync", "--feed", "f0", "--quiet"]
    subprocess.run(first, check=True, capture_output=True, timeout=60)
    command = [sys.executable, "-m", "tracker", "--config", str(path), "--db", str(db)]
    with terminal(command, 120, 35, {"XDG_STATE_HOME": str(tmp_path)}) as window:
        window.until(lambda text: "First of f9" in text, "a headline of the sync")
        child = read_holder(db).pid
        assert child is not None
        assert child != window.pid
        assert is_locked(db)
        os.kill(window.pid, getattr(signal, number))
        assert window.exit_code() == (-signal.SIGKILL if number == "SIGKILL" else 130)
    asyncio.run(wait_until(lambda: not is_alive(child), "the end of the process"))
    assert not is_locked(db)


async def test_an_error_of_ours_is_logged_and_told(
    tmp_path: Path, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(syncer: Syncer, options: SyncOptions) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(Syncer, "run", broken)
    monkeypatch.setattr(process, "_end_with_parent", lambda *watching: None)
    log, answers = tmp_path / "errors.log", io.BytesIO()
    task = process._Task(config_for(server, "a"), None, False, tmp_path / "news.db", log, FORCED)
    await process._serve(task, io.BytesIO(), answers)
    answers.seek(0)
    told = receive(answers)
    assert "sync stopped: internal error: ZeroDivisionError" in told.reason
    assert not told.is_locked
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")


def test_only_many_feeds_that_will_be_asked_are_worth_a_process(tmp_path: Path, server: LoopbackServer) -> None:
    now, db = datetime(2025, 1, 27, 15, 0, tzinfo=UTC), tmp_path / "news.db"
    few = config_for(server, *map(str, range(MANY_FEEDS - 1)))
    many = config_for(server, *map(str, range(MANY_FEEDS)))

    def is_worth(options: SyncOptions = ONLY_DUE, config: Config = many) -> bool:
        return is_worth_a_process(config, db, options, now)

    assert is_worth()
    assert not is_worth(config=few)
    assert not is_worth(SyncOptions(feeds=("0",)))
    with Writer(db) as writer:
        writer.register_feeds(many.feeds)
    assert is_worth()
    wait_for_one(db, many.feeds[0], now)
    assert not is_worth()
    assert is_worth(SyncOptions(by_hand=True))
    assert is_worth(FORCED)


def wait_for_one(db: Path, feed: FeedSource, now: datetime) -> None:
    """Note that a feed is not to be asked for an hour."""
    with Reader(db) as reader:
        state = reader.feeds.states()[feed.name]
    with Writer(db) as writer:
        waits = replace(state, last_checked=now, next_due=now + timedelta(hours=1))
        writer.store_feed(FeedPlan(waits, ()), lambda article, lookup: None)


def test_only_the_first_sync_of_many_feeds_begins_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now, db = datetime(2025, 1, 27, 15, 0, tzinfo=UTC), tmp_path / "news.db"
    begun = list[tuple[object, ...]]()
    monkeypatch.setattr(process, "ApartSync", lambda *task, **more: begun.append((*task, more)))
    many = Config(feeds=tuple(FeedSource(str(n), f"https://a.example/{n}") for n in range(MANY_FEEDS)))

    def is_early(config: Config = many, find: Callable[[], Path] | None = None) -> bool:
        begun.clear()
        sync_early(config, db, now, find_config=find, errors=None)
        return bool(begun)

    def gone() -> Path:
        raise ConfigError("gone")

    assert is_early()
    usual = {"errors": None, "reads_much": True}
    assert begun == [(many, db, ONLY_DUE, {"config_path": None, "is_followed": False, **usual})]
    assert is_early(find=lambda: tmp_path)
    assert begun == [(many, db, ONLY_DUE, {"config_path": tmp_path, "is_followed": True, **usual})]
    assert is_early(find=gone)
    assert begun == [(many, db, ONLY_DUE, {"config_path": None, "is_followed": True, **usual})]
    assert not is_early(replace(many, feeds=many.feeds[1:]))
    # Alerts note what is stored before a sync, so that it fires nothing.
    assert not is_early(replace(many, alerts=(AlertRule("nvidia"),)))
    with Writer(db) as writer:
        assert is_early()
        fill(writer, "A", [article("Stored")])
    assert not is_early()

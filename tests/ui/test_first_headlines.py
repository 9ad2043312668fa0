"""A list that takes in what a sync stores, and the first headlines of a window on an empty database."""

from __future__ import annotations

import importlib
import math
import sys
from array import array
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.helpers.feeds import config_for, rss
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.store import delete, raw
from tests.helpers.ui import WIDE, screen_text, until
from tests.helpers.window import numbered, open_window, ready, store, titles
from tracker.model.errors import StoreError
from tracker.model.feed import FeedSynced
from tracker.model.launch import LaunchWindow
from tracker.model.query import Query
from tracker.store.story_reader import StoryReader
from tracker.store.write import Writer
from tracker.sync.options import MANY_FEEDS
from tracker.sync.process import ApartSync, sync_early
from tracker.ui import launch
from tracker.ui.app import TrackerApp
from tracker.ui.messages import SyncAdvanced
from tracker.ui.parts import syncing
from tracker.ui.workers import Background


async def test_a_list_of_everything_is_read_once_and_then_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Query] = []
    leads = StoryReader.leads

    def noted(reader: StoryReader, query: Query, now: datetime, limit: int | None = None) -> array[int]:
        if limit is None:
            read.append(query)
        return leads(reader, query, now, limit)

    monkeypatch.setattr(StoryReader, "leads", noted)
    store(tmp_path, numbered(9))
    async with open_window(tmp_path, rows=9) as (app, pilot):
        await until(pilot, lambda: app.main.listing.has_all, "the whole list")
        assert len(read) == 1
        store(tmp_path, numbered(3, start=20))
        await ready(pilot, app, 12)
        delete_from(tmp_path, "Headline number 4")
        await ready(pilot, app, 11)
        assert len(read) == 2
        store(tmp_path, numbered(1, start=40), feed="The Verge")
        await ready(pilot, app, 12)
        assert titles(app)[-4:] == [f"Headline number {n}" for n in (20, 21, 22, 40)]
        assert len(read) == 2


def delete_from(folder: Path, wanted: str) -> None:
    with Writer(folder / "news.db") as writer:
        (found,) = raw(writer).execute("SELECT id FROM article WHERE title = ?", (wanted,)).fetchone()
        delete(writer, found)


_RUN = TrackerApp.run_async


@pytest.fixture
def early(monkeypatch: pytest.MonkeyPatch) -> list[ApartSync]:
    """The syncs that began before their windows."""
    begun = list[ApartSync]()

    def noted(*task: Any, **more: Any) -> ApartSync | None:
        sync = sync_early(*task, **more)
        begun.extend([] if sync is None else [sync])
        return sync

    monkeypatch.setattr(launch, "sync_early", noted)
    monkeypatch.setattr(sys, "setswitchinterval", lambda seconds: None)
    return begun


def open_headless(
    folder: Path,
    server: LoopbackServer,
    monkeypatch: pytest.MonkeyPatch,
    then: Callable[[Pilot[object], TrackerApp], Awaitable[None]],
) -> int:
    """Open the window as the command does, on many feeds and no database, and close it after `then`."""
    names = [f"f{n}" for n in range(MANY_FEEDS)]
    for name in names:
        server.routes[f"/{name}"] = Answer(rss([f"First of {name}"]))

    async def and_quit(pilot: Pilot[object]) -> None:
        assert isinstance(pilot.app, TrackerApp)
        await then(pilot, pilot.app)
        pilot.app.exit()

    async def headless(app: TrackerApp) -> None:
        await _RUN(app, headless=True, size=WIDE, auto_pilot=and_quit)

    monkeypatch.setattr(TrackerApp, "run_async", headless)
    db = folder / "news.db"
    return launch.open_window(LaunchWindow(config_for(server, *names), db, folder, lambda: datetime.now(UTC)))


@pytest.mark.slow
def test_a_window_follows_the_sync_that_began_before_it(
    tmp_path: Path, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch, early: list[ApartSync]
) -> None:
    loaded, load = list[str](), importlib.import_module

    def noted_load(name: str, package: str | None = None) -> object:
        loaded.append(name)
        return load(name, package)

    monkeypatch.setattr(importlib, "import_module", noted_load)

    async def wait_for_all(pilot: Pilot[object], app: TrackerApp) -> None:
        await until(pilot, lambda: len(titles(app)) == MANY_FEEDS, "all headlines")
        await until(pilot, lambda: not app.main.background.is_syncing, "the end of the sync")
        assert app.main.background._syncer is None  # nothing was synced here
        assert "tracker.sync.run" not in loaded

    assert open_headless(tmp_path, server, monkeypatch, wait_for_all) == 0
    assert len(early) == 1
    assert early[0]._process.returncode is not None
    assert len(server.asked("/f0")) == 1
    assert open_headless(tmp_path, server, monkeypatch, _when_drawn) == 0
    assert len(early) == 1  # something is stored now


async def _when_drawn(pilot: Pilot[object], app: TrackerApp) -> None:
    await until(pilot, lambda: "Views and feeds" in screen_text(app), "the first screen")


def test_a_window_that_closes_before_it_syncs_ends_the_sync_that_began(
    tmp_path: Path, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch, early: list[ApartSync]
) -> None:
    monkeypatch.setattr(Background, "sync", lambda background, options: False)
    assert open_headless(tmp_path, server, monkeypatch, _when_drawn) == 0
    assert early[0]._process.returncode is not None


def test_a_window_that_cannot_be_opened_ends_the_sync_that_began(
    tmp_path: Path, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch, early: list[ApartSync]
) -> None:
    def fail(app: TrackerApp, **setup: object) -> None:
        raise StoreError("no database")

    monkeypatch.setattr(TrackerApp, "__init__", fail)
    with pytest.raises(StoreError):
        open_headless(tmp_path, server, monkeypatch, _when_drawn)
    assert early[0]._process.returncode is not None


async def test_a_short_list_looks_for_news_more_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store(tmp_path, numbered(3))
    async with open_window(tmp_path, rows=3) as (app, _):
        looks: list[int] = []
        monkeypatch.setattr(app.main.listing, "look_at_store", lambda: looks.append(len(looks)))
        monkeypatch.setattr(syncing, "_LOOK_SECONDS", math.inf)
        monkeypatch.setattr(syncing, "_FIRST_LOOK_SECONDS", -1.0)
        stored = SyncAdvanced(FeedSynced("CNBC", "new"))
        app.main.syncing.show_event(stored)
        app.main.syncing.show_event(stored)
        assert len(looks) == 2
        monkeypatch.setattr(syncing, "_SHORT", 3)
        app.main.syncing.show_event(stored)
        assert len(looks) == 2

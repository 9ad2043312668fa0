"""A list that takes in what a sync stores, and the first headlines of a window on an empty database."""

from __future__ import annotations

import math
from array import array
from datetime import datetime
from pathlib import Path

import pytest

from tests.helpers.feeds import config_for, rss
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.store import delete, raw
from tests.helpers.ui import until
from tests.helpers.window import numbered, open_window, ready, store, titles
from tracker.model.feed import FeedSynced
from tracker.model.query import Query
from tracker.store.story_reader import StoryReader
from tracker.store.write import Writer
from tracker.sync.jobs import Digested, Job
from tracker.sync.options import MANY_NEW_FEEDS
from tracker.sync.worker import Worker
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


@pytest.mark.slow
async def test_the_process_that_reads_many_new_feeds_starts_with_the_window(
    tmp_path: Path, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"f{n}" for n in range(MANY_NEW_FEEDS)]
    for name in names:
        server.routes[f"/{name}"] = Answer(rss([f"First of {name}"]))
    started, used = list[Worker](), list[Worker]()
    start, digest = Worker.start, Worker.digest

    def noted_start(worker: Worker) -> None:
        started.append(worker)
        start(worker)

    async def noted_digest(worker: Worker, job: Job) -> Digested:
        used.append(worker)
        return await digest(worker, job)

    monkeypatch.setattr(Worker, "start", noted_start)
    monkeypatch.setattr(Worker, "digest", noted_digest)
    config = config_for(server, *names)
    async with open_window(tmp_path, config) as (app, pilot):
        assert len(started) == 1  # before the first screen
        await ready(pilot, app, len(names))
        assert set(used) == {started[0]}
        await until(pilot, lambda: not app.main.background.is_syncing, "the end of the sync")
        assert started[0]._process is None
    started.clear()
    async with open_window(tmp_path, config, rows=len(names)):
        assert not started


async def test_a_window_that_closes_before_it_syncs_ends_the_process(
    tmp_path: Path, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Background, "sync", lambda background, options: False)
    async with open_window(tmp_path, config_for(server, *map(str, range(MANY_NEW_FEEDS)))) as (app, _):
        assert app.main.background._worker is not None
        worker = app.main.background._worker[0]
        assert worker._process is not None
    assert worker._process is None


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

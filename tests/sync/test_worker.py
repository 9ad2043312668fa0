"""Reading in a process of its own: the same as here, bounded in time, and never in the way of the others."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.feeds import config_for, rss
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.store import NOW, raw
from tracker.feeds.errors import FeedError
from tracker.model.config import Config
from tracker.model.events import SyncFinished
from tracker.model.tags import TagRule
from tracker.store.read import Reader
from tracker.sync import worker_process
from tracker.sync.digest import digest
from tracker.sync.errorlog import ErrorLog
from tracker.sync.jobs import Job
from tracker.sync.options import MANY_NEW_FEEDS
from tracker.sync.pipes import receive, send, start_reader
from tracker.sync.rules import tagger
from tracker.sync.run import Syncer
from tracker.sync.worker import Worker

_RULES = (TagRule("moon", match=("Moon base",)),)


def job(body: bytes) -> Job:
    return Job(body, "https://a.example/feed", None, NOW, ("space",))


@pytest.mark.slow
async def test_it_reads_what_is_read_here() -> None:
    jobs = [job(rss([f"Moon base {n}", "Nvidia falls"], text="x" * 50_000)) for n in range(6)]
    worker = Worker(_RULES)
    try:
        results = await asyncio.gather(*map(worker.digest, jobs))
    finally:
        await worker.close()
    rules = tagger(Config(tags=_RULES))
    assert list(results) == [digest(each, rules) for each in jobs]


@pytest.mark.slow
async def test_a_reason_comes_back_and_the_next_is_read() -> None:
    worker = Worker(())
    try:
        with pytest.raises(FeedError, match="an HTML page, not a feed"):
            await worker.digest(job(b"<!doctype html><html></html>"))
        assert (await worker.digest(job(rss(["One"])))).parsed.entries[0].title == "One"
    finally:
        await worker.close()


@pytest.mark.slow
async def test_what_takes_too_long_is_stopped_and_the_next_is_read() -> None:
    worker = Worker((), seconds=0.01)
    try:
        with pytest.raises(FeedError, match=r"not parsed within 0\.01 s"):
            await worker.digest(job(rss(["One"])))
        worker._seconds = 20.0
        while worker._process is not None:  # noqa: ASYNC110 - until the end of the one that was stopped is noticed
            await asyncio.sleep(0.001)
        assert (await worker.digest(job(rss(["Two"])))).parsed.entries[0].title == "Two"
    finally:
        await worker.close()


@pytest.mark.slow
async def test_a_reader_that_dies_takes_one_document_with_it() -> None:
    worker = Worker(())
    try:
        await worker.digest(job(rss(["One"])))
        assert worker._process is not None
        waiting = asyncio.create_task(worker.digest(job(rss(["Two"], text="<p>x</p>" * 400_000))))
        while not worker.backlog:  # noqa: ASYNC110 - until it is on its way
            await asyncio.sleep(0.001)
        os.kill(worker._process.pid, signal.SIGKILL)
        with pytest.raises(FeedError, match="the parser process ended"):
            await waiting
        assert (await worker.digest(job(rss(["Three"])))).parsed.entries[0].title == "Three"
    finally:
        await worker.close()


@pytest.mark.slow
@pytest.mark.parametrize("threads", [False, True])
async def test_large_bodies_are_read_beside_and_stored_as_ever(
    server: LoopbackServer, tmp_path: Path, threads: bool
) -> None:
    names = [f"f{n}" for n in range(3)]
    for name in names:
        server.routes[f"/{name}"] = Answer(rss([f"{name} {n}" for n in range(20)], text="word " * 6_000))
    server.routes["/page"] = Answer(b"<!doctype html><html>" + b"<p>text</p>" * 40_000)
    syncer = Syncer(config_for(server, *names, "page"), tmp_path / "t.db", lambda: NOW, threads=threads)
    events = [event async for event in syncer.run()]
    await syncer.close()
    assert isinstance(events[-1], SyncFinished)
    assert {feed.name: (feed.status, feed.new) for feed in events[-1].feeds} == {
        **dict.fromkeys(names, ("new", 20)),
        "page": ("failed", 0),
    }
    assert "HTML page" in {feed.name: feed.reason for feed in events[-1].feeds}["page"]  # type: ignore[operator]


@pytest.mark.slow
async def test_a_process_that_was_started_before_is_used(server: LoopbackServer, tmp_path: Path) -> None:
    names = [f"f{n}" for n in range(MANY_NEW_FEEDS)]
    for name in names:
        server.routes[f"/{name}"] = Answer(rss([name]))
    process = start_reader()
    syncer = Syncer(config_for(server, *names), tmp_path / "t.db", lambda: NOW)
    syncer.use_reader(process)
    events = [event async for event in syncer.run()]
    await syncer.close()
    assert isinstance(events[-1], SyncFinished)
    assert sum(feed.new for feed in events[-1].feeds) == len(names)
    try:
        assert process.poll() is not None
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
async def test_wherever_story_keys_are_found_they_are_the_same(server: LoopbackServer, tmp_path: Path) -> None:
    names = [f"f{n}" for n in range(24)]
    for name in names:
        text = f"Source: WCCFTech\n\n{name} told its investors in Taipei on Monday."
        server.routes[f"/{name}"] = Answer(rss([f"Nvidia opens plant {name} for $2 billion"], text=text))
    stored = []
    for threads in (False, True):
        db = tmp_path / f"{threads}.db"
        syncer = Syncer(config_for(server, *names), db, lambda: NOW, threads=threads)
        async for _ in syncer.run():
            pass
        await syncer.close()
        with Reader(db) as reader:
            rows = [
                raw(reader)
                .execute(f"SELECT a.key, {columns} FROM {table} t JOIN article a ON a.id = t.article_id ORDER BY 1, 2")
                .fetchall()
                for table, columns in (
                    ("article_terms", "t.terms"),
                    ("story_key", "t.key, t.time"),
                    ("attribution", "t.name, t.start, t.key"),
                )
            ]
        stored.append(rows)
    assert stored[0] == stored[1]
    terms, keys, sources = stored[0]
    assert {name for _, name, *_ in sources} == {"WCCFTech"}
    assert len(terms) == len(names)
    assert all(len(told) > 80 for _, told in terms)
    assert len(keys) > len(names)


def test_the_process_that_reads_loads_no_loop_and_no_database() -> None:
    code = "import sys; from tracker.sync import digest, worker_process\n"
    code += "sys.exit(', '.join({'asyncio', 'sqlite3', 'subprocess', 'httpx'} & set(sys.modules)) or 0)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_free_memory_goes_back_after_some_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    trimmed = list[int]()
    jobs, answers = io.BytesIO(), io.BytesIO()
    for n in range(6):
        send(jobs, job(rss([f"Number {n}"], text="x" * 400)))
    jobs.seek(0)
    monkeypatch.setattr(worker_process, "trim_heap", lambda: trimmed.append(answers.tell()))
    monkeypatch.setattr(worker_process, "_TRIM_BYTES", 1_000)
    worker_process._serve(jobs, answers, worker_process._Rules((), ()), 60.0, ErrorLog(None))
    answers.seek(0)
    assert [receive(answers).parsed.entries[0].title for _ in range(6)] == [f"Number {n}" for n in range(6)]
    assert len(trimmed) == 3

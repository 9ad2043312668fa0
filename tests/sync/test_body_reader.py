"""Who finds the story keys while one process waits for the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest
from msgspec.structs import replace

from tests.helpers.feeds import rss
from tests.helpers.store import NOW
from tracker.model.config import Config
from tracker.sync import body_reader
from tracker.sync.body_reader import BodyReader
from tracker.sync.jobs import Digested, Job
from tracker.sync.rules import tagger

T = TypeVar("T")
_JOB = Job(rss(["Nvidia falls 17 %", "A quiet day"]), "https://a.example/feed", None, NOW)


async def _refuse(step: Callable[[], T], /) -> T:
    raise AssertionError("read in this process")


@pytest.mark.slow
@pytest.mark.parametrize("is_drawing", [False, True])
async def test_the_process_with_less_to_do_finds_the_story_keys(is_drawing: bool) -> None:
    reader = BodyReader((), lambda: tagger(Config()), _refuse, is_drawing=is_drawing, is_much=True)
    worker = reader._worker
    try:
        first = await asyncio.gather(*[reader.read(_JOB) for _ in range(3)])
        assert worker.unread_answers == 0
        for waiting in (4, 5):  # that this process has not come to yet
            worker._received += waiting
            first += await asyncio.gather(*[reader.read(_JOB) for _ in range(2)])
            worker._received -= waiting
        assert worker.unread_answers == 0
    finally:
        await reader.close()
    has_keys = [isinstance(read, Digested) and all(one and one.story for one in read.digests) for read in first]
    # The second process had nothing to do, then something, twice; then this one was behind.
    assert has_keys == [True, is_drawing, is_drawing, True, is_drawing, True, True]


@pytest.mark.slow
@pytest.mark.parametrize("is_drawing", [False, True])
async def test_what_stores_is_loaded_while_the_first_body_is_read_beside(
    is_drawing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = list[tuple[str, int]]()
    reader = BodyReader((), lambda: tagger(Config()), _refuse, is_drawing=is_drawing, is_much=True)
    monkeypatch.setattr(body_reader, "import_module", lambda name: loaded.append((name, reader._worker.backlog)))
    try:
        await reader.read(replace(_JOB, is_tagged=False))  # a check, which stores nothing
        assert not loaded
        for _ in range(2):
            await reader.read(_JOB)
    finally:
        await reader.close()
    assert loaded == ([] if is_drawing else [("tracker.sync.stories", 1)])

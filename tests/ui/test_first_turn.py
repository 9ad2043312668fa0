"""A thread that stores waits while the event loop of the window has something to do."""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from tests.helpers.feeds import config_for, rss
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.store import NOW, raw
from tests.helpers.ui import QUIET, WIDE, until
from tracker.model.clock import Clock, SetClock
from tracker.model.feed import FeedSource
from tracker.model.launch import LaunchWindow
from tracker.store.write import Writer
from tracker.sync.run import Syncer
from tracker.ui import first_turn, launch
from tracker.ui.app import TrackerApp
from tracker.ui.first_turn import RestingSelector


def test_a_thread_goes_on_when_the_loop_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_turn, "_MAX_WAIT_SECONDS", 60.0)
    selector, order = RestingSelector(), list[str]()
    is_there = threading.Event()

    def store() -> None:
        is_there.set()
        selector.note_input()
        selector.give_way()
        order.append("stored")

    async def draw() -> None:
        thread = threading.Thread(target=store)
        thread.start()
        is_there.wait()
        for _ in range(3):
            await asyncio.sleep(0)  # the loop has more to do
        order.append("drawn")
        await asyncio.to_thread(thread.join)

    first_turn.run(draw(), selector)
    assert order == ["drawn", "stored"]


def test_a_thread_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_turn, "_MAX_WAIT_SECONDS", 0.001)
    waited: list[float | None] = []
    wait = threading.Event.wait

    def noted(event: threading.Event, timeout: float | None = None) -> bool:
        waited.append(timeout)
        return wait(event, timeout)

    monkeypatch.setattr(threading.Event, "wait", noted)
    with RestingSelector() as selector:
        assert selector.select(0.001) == []  # it has rested, and does not any more
        selector.give_way()
        assert waited == []  # nobody waits for an answer
        selector.note_input()
        selector.give_way()
    assert waited == [0.001]


def test_a_statement_of_many_rows_gives_way_too(tmp_path: Path) -> None:
    asked: list[str] = []
    with Writer(tmp_path / "news.db", give_way=lambda: asked.append("asked")) as writer:
        asked.clear()
        raw(writer).executemany("DELETE FROM article WHERE id = ?", [(1,), (2,)])
    assert asked == ["asked"]


async def test_a_sync_gives_way_in_the_thread_that_stores(tmp_path: Path, server: LoopbackServer) -> None:
    server.routes["/a"] = Answer(rss(["One", "Two"]))
    asked: list[threading.Thread] = []
    syncer = Syncer(
        config_for(server, "a"),
        tmp_path / "news.db",
        lambda: NOW,
        threads=True,
        give_way=lambda: asked.append(threading.current_thread()),
    )
    async for _ in syncer.run():
        pass
    await syncer.close()
    assert len(asked) > 10
    assert threading.main_thread() not in asked


def test_the_window_has_a_loop_with_the_first_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[str] = []
    monkeypatch.setattr(RestingSelector, "note_input", lambda selector: noted.append("input"))
    monkeypatch.setattr(RestingSelector, "give_way", lambda selector: noted.append("stored"))
    monkeypatch.setattr(sys, "setswitchinterval", lambda seconds: None)
    real = TrackerApp.run_async

    async def press_and_quit(pilot: Pilot[object]) -> None:
        app = pilot.app
        assert isinstance(app, TrackerApp)
        await until(pilot, lambda: "stored" in noted, "that the sync stores")
        assert "input" not in noted
        await pilot.press("j")
        assert "input" in noted
        app.exit()

    async def headless(app: TrackerApp) -> None:
        await real(app, headless=True, size=WIDE, auto_pilot=press_and_quit)

    monkeypatch.setattr(TrackerApp, "run_async", headless)
    request = LaunchWindow(
        replace(QUIET, feeds=(FeedSource("A", "http://127.0.0.1:9/a"),)), tmp_path / "news.db", tmp_path, lambda: NOW
    )
    assert launch.open_window(request) == 0


@pytest.mark.parametrize(("clock", "is_apart"), [(lambda: NOW, True), (SetClock(lambda: NOW), False)])
def test_only_a_window_on_the_clock_of_the_system_syncs_in_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock, is_apart: bool
) -> None:
    monkeypatch.setattr(sys, "setswitchinterval", lambda seconds: None)
    opened: list[TrackerApp] = []

    async def noted(app: TrackerApp) -> None:
        opened.append(app)

    monkeypatch.setattr(TrackerApp, "run_async", noted)
    assert launch.open_window(LaunchWindow(QUIET, tmp_path / "news.db", tmp_path, clock)) == 0
    assert [app.main.background._is_apart for app in opened] == [is_apart]

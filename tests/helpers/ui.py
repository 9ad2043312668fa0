"""Driving the window in tests: settle, wait for a state, read the screen as text."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.strip import Strip
from textual.worker import WorkerCancelled, WorkerFailed

from tests.helpers.store import NOW
from tracker.model.clock import Clock
from tracker.model.config import Config, MarketSettings, Settings
from tracker.ui.app import TrackerApp

WIDE, MEDIUM, NARROW = (160, 45), (120, 35), (80, 24)
QUIET = Config(Settings(host_connections=8, host_delay_seconds=0), market=MarketSettings(providers=()))
"""A configuration without feeds and prices."""
_ENDLESS_GROUP = "quotes"
"""The workers that run as long as the window."""


def window(folder: Path, config: Config = QUIET, *, clock: Clock = lambda: NOW, query: str = "") -> TrackerApp:
    """Return the application on `folder`/news.db, made as the entry point makes it."""
    return TrackerApp(config=config, db=folder / "news.db", state_dir=folder / "state", clock=clock, query=query)


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until no finite worker runs and no message waits."""
    while pending := [one for one in pilot.app.workers if one.group != _ENDLESS_GROUP and not one.is_finished]:
        with suppress(WorkerCancelled, WorkerFailed):
            await pilot.app.workers.wait_for_complete(pending)
        await pilot.pause()
    await pilot.pause()


async def until(pilot: Pilot[Any], holds: Callable[[], bool], what: str, *, seconds: float = 15.0) -> None:
    """Wait for a state of the window; fails with the screen as it is when it does not come."""
    end = time.monotonic() + seconds
    while True:
        await settle(pilot)
        if holds():
            return
        assert time.monotonic() < end, f"never came: {what}\n{screen_text(pilot.app)}"
        await asyncio.sleep(0.02)


async def press(pilot: Pilot[Any], *keys: str, shows: str = "") -> None:
    """Press keys, then wait until a text is on the screen; without one, as `settle` does."""
    await pilot.press(*keys)
    await until(pilot, lambda: shows in screen_text(pilot.app), shows)


async def until_shown(pilot: Pilot[Any], holds: Callable[[], bool], what: str, *, seconds: float = 15.0) -> None:
    """Wait for a state that comes while a worker is still running."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"never came: {what}\n{screen_text(pilot.app)}"
        await asyncio.sleep(0.01)


def screen_strips(app: App[Any]) -> list[Strip]:
    """Return the lines on the screen, each in pieces with their colours."""
    # The one place that reaches into Textual: there is no public way to the composed lines.
    return app.screen._compositor.render_strips()


def screen_text(app: App[Any]) -> str:
    """Return what is on the screen as lines of text, as a terminal would show it but for colour."""
    return "\n".join(strip.text.rstrip() for strip in screen_strips(app)) + "\n"


def screen_words(app: App[Any]) -> str:
    """Return the words on the screen in one line, for a text that may wrap anywhere because it names a file."""
    return " ".join(screen_text(app).translate(dict.fromkeys(map(ord, "│╭╮╰╯─"), " ")).split())


async def check_snapshot(pilot: Pilot[Any], name: str) -> None:
    """Wait until the screen is that of tests/ui/snapshots/NAME.txt; TRACKER_SNAPSHOTS=write makes it anew."""
    path = Path(__file__).parents[1] / "ui" / "snapshots" / f"{name}.txt"
    if os.environ.get("TRACKER_SNAPSHOTS") == "write":
        await _stand_still(pilot)
        path.write_text(screen_text(pilot.app), encoding="utf-8")
    expected = path.read_text(encoding="utf-8")
    end = time.monotonic() + 15
    while (shown := screen_text(pilot.app)) != expected and time.monotonic() < end:
        await asyncio.sleep(0.02)
        await settle(pilot)
    assert shown == expected, f"{path} differs; TRACKER_SNAPSHOTS=write if it should"


async def _stand_still(pilot: Pilot[Any], seconds: float = 1.0) -> None:
    """Wait until the screen has been the same for a while: only for writing what it shows."""
    end, before = time.monotonic() + seconds, ""
    while time.monotonic() < end:
        await settle(pilot)
        if (shown := screen_text(pilot.app)) != before:
            end, before = time.monotonic() + seconds, shown
        await asyncio.sleep(0.02)

"""A read that fails once is said, and the window goes on as if it had not: each kind of background read."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.timer import Timer

from tests.helpers.day import PRICED_DAY, priced_day
from tests.helpers.store import article, delete
from tests.helpers.ui import WIDE, screen_text, screen_words, settle, until, window
from tests.helpers.window import numbered, open_window, ready, store, unmeasured
from tracker.store.story_reader import StoryReader
from tracker.store.write import Writer
from tracker.ui import newest_only
from tracker.ui.app import TrackerApp
from tracker.ui.newest_only import NewestOnly
from tracker.ui.screens.what_moved import WhatMovedScreen


class Disk:
    """A folder behind a link, which for a while leads to a file that is no database; open connections keep theirs."""

    def __init__(self, folder: Path) -> None:
        self.real, self._bad, self.link = folder / "real", folder / "bad", folder / "link"
        for one in (self.real, self._bad):
            one.mkdir()
        (self._bad / "news.db").write_bytes(b"no database at all. " * 400)
        self.link.symlink_to(self.real)

    def fail(self) -> None:
        self._lead_to(self._bad)

    def heal(self) -> None:
        self._lead_to(self.real)

    def _lead_to(self, folder: Path) -> None:
        new = self.link.with_name("new link")  # put in place at once: the window may be reading
        new.symlink_to(folder)
        new.replace(self.link)


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path)


async def said(pilot: Pilot[None], app: TrackerApp) -> None:
    """Wait for the reason; behind the path of the file there may be no room for the end of it."""
    await until(pilot, lambda: "news.db: is not" in screen_words(app), "the reason")


async def test_lists_and_counts_come_with_the_next_change(disk: Disk) -> None:
    store(disk.real, numbered(3))
    async with open_window(disk.link, rows=3) as (app, pilot):
        await until(pilot, lambda: "3 unread of 3" in screen_text(app), "the counts")
        disk.fail()
        store(disk.real, [article("New one", minutes_ago=0)])
        await said(pilot, app)
        disk.heal()
        store(disk.real, [article("Newer one", minutes_ago=-1)])
        await ready(pilot, app, 5)
        await until(pilot, lambda: "5 unread of 5" in screen_text(app), "the counts")


@pytest.mark.slow
async def test_without_another_change_they_are_read_again_by_themselves(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newest_only, "RETRY_SECONDS", 0.05)
    store(disk.real, numbered(3))
    async with open_window(disk.link, rows=3) as (app, pilot):
        disk.fail()
        store(disk.real, [article("New one", minutes_ago=0)])
        await said(pilot, app)
        disk.heal()
        await ready(pilot, app, 4)
        await until(pilot, lambda: "4 unread of 4" in screen_text(app), "the counts")


@pytest.mark.slow
async def test_articles_that_are_deleted_while_the_list_is_read_leave_no_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    oldest = list(store(tmp_path, numbered(9)))
    real = StoryReader.raised

    def raised(self: StoryReader, *arguments: Any) -> Any:
        if len(oldest) > 7:  # each deletion makes the window read again
            with Writer(tmp_path / "news.db") as writer:
                delete(writer, oldest.pop())
        return real(self, *arguments)

    monkeypatch.setattr(StoryReader, "raised", raised)
    async with open_window(tmp_path) as (app, pilot):
        # One went between the leads of the first rows and their places, then one between those of the whole list.
        await ready(pilot, app, 7)
        assert "unreadable" not in screen_text(app)


@pytest.mark.slow
async def test_the_page_of_the_feeds_is_read_again(disk: Disk) -> None:
    store(disk.real, numbered(3))
    async with open_window(disk.link, rows=3) as (app, pilot):
        disk.fail()
        await pilot.press("v")
        await said(pilot, app)
        disk.heal()
        store(disk.real, [article("New one", minutes_ago=0)])
        await until(pilot, lambda: "0 followed" in screen_text(app), "the page")


@pytest.mark.slow
async def test_charts_and_measured_moves_come_with_a_connection_that_works(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    priced_day(disk.real)
    app = window(disk.link, PRICED_DAY)
    reasons: list[str] = []
    monkeypatch.setattr(app.main.status, "show_message", lambda text, **options: reasons.append(text))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app, 6)
        await until(pilot, lambda: not unmeasured(app), "the moves")
        reader = app.main.pricing.price_loader._reader
        assert reader is not None
        reader.close()  # each read from now on fails, as on a disk that went away
        store(disk.real, [article("Nvidia again", minutes_ago=0, symbol="NVDA")])
        await until(pilot, lambda: any("closed database" in one for one in reasons), "the reason")
        store(disk.real, [article("Nvidia once more", minutes_ago=-1, symbol="NVDA")])
        await until(pilot, lambda: app.main.pricing.price_loader._reader not in (None, reader), "a new connection")
        await until(pilot, lambda: not unmeasured(app), "the moves of the new rows")


@pytest.mark.slow
async def test_the_day_of_a_share_is_read_again(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newest_only, "RETRY_SECONDS", 0.05)
    priced_day(disk.real)
    async with open_window(disk.link, PRICED_DAY, rows=6) as (app, pilot):
        await until(pilot, lambda: app.main.pricing.price_loader._reader is not None, "the connection for prices")
        disk.fail()
        app.main.pricing.price_loader._forget()
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, WhatMovedScreen), "the page")
        await said(pilot, app)
        disk.heal()
        await until(pilot, lambda: "▸" in screen_text(app), "the day")


@pytest.mark.slow
@pytest.mark.parametrize("error", [OSError("disk I/O error"), KeyError("a fault of ours"), MemoryError()])
async def test_no_failure_ends_reading(tmp_path: Path, error: Exception) -> None:
    taken: list[object] = []
    async with open_window(tmp_path) as (app, pilot):
        await settle(pilot)
        reads = NewestOnly[int](app.main, "test", taken.append, lambda reason: taken.append(reason))

        def fail() -> int:
            raise error

        works: list[Callable[[], int]] = [fail, lambda: 1, lambda: 2, lambda: 3]
        for work in works:
            reads.read(work)
        await until(pilot, lambda: len(taken) == 2, "both answers")
        assert str(taken[0]).endswith(str(error))
        assert taken[1] == 3  # of those that waited only the newest


@pytest.mark.slow
async def test_a_retry_that_comes_late_does_not_replace_a_newer_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    retries: list[Callable[[], None]] = []
    goes_on = threading.Event()
    async with open_window(tmp_path) as (app, pilot):
        await settle(pilot)
        set_timer = app.main.set_timer

        def note(delay: float, callback: Callable[[], None], *, name: str | None = None) -> Timer:
            if name != "test":  # the window has timers of its own
                return set_timer(delay, callback, name=name)
            retries.append(callback)
            return set_timer(3600, callback, name=name)

        monkeypatch.setattr(app.main, "set_timer", note)
        reads = NewestOnly[int](app.main, "test", taken.append, lambda reason: None)

        def fail() -> int:
            if not retries:
                raise OSError("disk I/O error")
            return 1

        def newer() -> int:
            goes_on.wait(30)
            return 2

        reads.read(fail)
        await until(pilot, lambda: bool(retries), "the timer of the retry")
        reads.read(newer)
        retries[0]()  # its call was in the queue when the newer request stopped the timer
        goes_on.set()
        await until(pilot, lambda: bool(taken), "an answer")
        await settle(pilot)
        assert taken == [2]


async def test_what_a_read_is_given_is_never_written_out(tmp_path: Path) -> None:
    store(tmp_path, numbered(1))
    app = window(tmp_path)

    class Million:
        """What takes long to write out, such as a million ids."""

        def __repr__(self) -> str:
            raise AssertionError("written out on the event loop")

    answers: list[int] = []
    async with app.run_test(size=WIDE) as pilot:
        reads: NewestOnly[int] = NewestOnly(app.main, "million", answers.append, pytest.fail)
        reads.read(partial(lambda ids: 7, Million()))
        await until(pilot, lambda: answers == [7], "the answer")

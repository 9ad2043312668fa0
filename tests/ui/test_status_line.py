"""The status line: messages that go with the next key, and hints of the pane that has the focus."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.store import article, fill
from tests.helpers.ui import NARROW, QUIET, WIDE, press, screen_text, screen_words, settle, until, window
from tests.helpers.window import open_window
from tracker.model.commands import HINTS
from tracker.model.feed import FeedSource
from tracker.model.market import WatchSymbol
from tracker.store.write import Writer
from tracker.ui.app import TrackerApp


def store(folder: Path, count: int = 4) -> None:
    with Writer(folder / "news.db") as writer:
        fill(writer, "CNBC", [article(f"Headline {n}", minutes_ago=n + 1, text="Text") for n in range(count)])


def status(app: TrackerApp) -> str:
    return screen_text(app).splitlines()[-1]


@pytest.mark.slow
@pytest.mark.parametrize("key", ["j", "Q", "slash", "G"])
async def test_a_message_goes_with_the_next_key(tmp_path: Path, key: str) -> None:
    store(tmp_path)
    async with open_window(tmp_path, rows=4) as (app, pilot):
        await pilot.press("s")
        await until(pilot, lambda: "starred · u undoes this" in status(app), "what was done")
        await press(pilot, key)
        assert "undoes" not in status(app)


@pytest.mark.slow
async def test_messages_and_hints_name_the_users_own_keys(tmp_path: Path) -> None:
    store(tmp_path, 0)
    keys = {"edit.undo": "f8", "sync.all": "f6", "article.back": "f9", "view.everything": "f7", "app.help": "f1"}
    feeds = (FeedSource("Wire", "http://127.0.0.1:9/1", enabled=False),)
    async with open_window(tmp_path, replace(QUIET, keys=keys, feeds=feeds)) as (app, pilot):
        await until(pilot, lambda: "Press F6 to fetch the feeds" in screen_text(app), "the key of the sync")
        assert "F1 shows every key." in screen_text(app)
        store(tmp_path)
        await until(pilot, lambda: app.main.widgets.headlines.line_count() == 4, "all rows")
        await pilot.press("s")
        await until(pilot, lambda: "starred · F8 undoes this" in status(app), "the key that takes it back")
        await press(pilot, "slash", *"nothing", shows="Nothing found. Press F9 to leave the search.")
        await press(
            pilot,
            "f9",
            "U",
            "slash",
            *"nothing",
            shows="Nothing unread here. Press F7 to show all articles, F9 to leave",
        )


@pytest.mark.slow
@pytest.mark.parametrize("size", [NARROW, (97, 30), WIDE])
async def test_the_hints_are_those_of_the_focus_each_key_with_its_words(tmp_path: Path, size: tuple[int, int]) -> None:
    store(tmp_path)
    app = window(tmp_path, replace(QUIET, symbols=(WatchSymbol("NVDA", "Nvidia"),)))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.main.widgets.headlines.line_count() == 4, "all rows")
        for pane in app.main.panes.in_order:
            app.main.panes.show(pane)
            await settle(pilot)
            words = HINTS[pane]
            assert status(app).rstrip().endswith(tuple(words.values())), pane
            assert all(f" {words[name]}" in status(app) for name in list(words)[:3]), pane
        await press(pilot, "slash")
        assert status(app).strip() == "Tab complete  Enter go to results  Esc close"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "named"), [("Q", "Q"), ("ctrl+g", "Ctrl+G"), ("f11", "F11"), ("percent_sign", "%"), ("plus", "+")]
)
async def test_a_key_that_does_nothing_is_named_with_the_way_to_help(tmp_path: Path, key: str, named: str) -> None:
    store(tmp_path)
    async with open_window(tmp_path, replace(QUIET, keys={"app.help": "f1"}), rows=4) as (app, pilot):
        await pilot.press(key)
        await until(pilot, lambda: f" {named} does nothing here; F1 shows every key" in status(app), "the key")
        await press(pilot, "down")
        assert "does nothing" not in status(app)
        await press(pilot, "slash", "Q")
        assert "does nothing" not in status(app)


async def test_the_key_of_the_first_line_goes_there_at_once_and_twice_too(tmp_path: Path) -> None:
    store(tmp_path)
    async with open_window(tmp_path, rows=4) as (app, pilot):
        for keys in ("g", "gg"):
            await pilot.press("G", *keys)
            assert app.main.widgets.headlines.cursor == 0


@pytest.mark.slow
@pytest.mark.parametrize("size", [(40, 10), NARROW, WIDE])
async def test_a_message_that_the_line_cuts_is_shown_whole_and_moves_nothing(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    store(tmp_path)
    reason = "the disk is full: " + " ".join(f"word{n}" for n in range(size[0] // 5)) + " and this is what to do"
    async with open_window(tmp_path, size=size, rows=4) as (app, pilot):
        await settle(pilot)
        before = screen_text(app).splitlines()
        app.main.status.show_warning(reason)
        await until(pilot, lambda: "and this is what to do" in screen_words(app), "the end of the message")
        assert reason in screen_words(app)
        covered = len([line for line in screen_text(app).splitlines() if "word" in line or "what to do" in line])
        assert screen_text(app).splitlines()[: size[1] - covered - 1] == before[: size[1] - covered - 1]
        await press(pilot, "j")
        assert "what to do" not in screen_words(app)
        app.main.status.show_config_problem(f"feeds.toml:3: {reason}")
        await until(pilot, lambda: "and this is what to do" in screen_words(app), "the end of the problem")
        await press(pilot, "k")
        assert "feeds.toml:3:" in status(app)
        assert "what to do" not in screen_words(app)
        app.main.status.show_message("short")
        await settle(pilot)
        assert not app.main.widgets.whole.display


async def test_the_keys_of_the_side_bar_say_so_where_it_is_not_shown(tmp_path: Path) -> None:
    store(tmp_path)
    async with open_window(tmp_path, size=NARROW, rows=4) as (app, pilot):
        width, folded = app.main.panes.side_width, set(app.main.view.folded)
        await press(pilot, "z", shows="the side bar is not shown; press h to go to it")
        await press(pilot, "left_square_bracket", shows="the side bar has a width of its own from 100 columns on")
        await press(pilot, "z")
        await press(pilot, "right_square_bracket", shows="from 100 columns on")
        assert (app.main.panes.side_width, app.main.view.folded) == (width, folded)
        await press(pilot, "h", "z")
        assert app.main.view.folded != folded
        assert "is not shown" not in status(app)


async def test_the_side_bar_says_when_it_gets_no_narrower_or_wider(tmp_path: Path) -> None:
    store(tmp_path)
    async with open_window(tmp_path, rows=4) as (app, pilot):
        app.main.panes.set_side_width(18)
        await press(pilot, "left_square_bracket")
        assert "the side bar gets" not in status(app)
        await press(pilot, "left_square_bracket", shows="the side bar gets no narrower: 16 columns")
        app.main.panes.set_side_width(60)
        await press(pilot, "right_square_bracket", shows="the side bar gets no wider: 60 columns")

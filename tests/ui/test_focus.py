"""Which pane has the focus, and which row is selected: seen in every theme."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.segment import Segment

from tests.helpers.store import NOW, article, fill
from tests.helpers.ui import MEDIUM, NARROW, QUIET, WIDE, press, screen_strips, screen_text, settle, until
from tests.helpers.window import open_window
from tracker.model.market import Quote, WatchSymbol
from tracker.store.write import Writer
from tracker.ui.app import TrackerApp

TITLES = {"side": "Views and feeds", "list": "Everything", "article": "Article", "watch": "Watchlist"}
CONFIG = replace(QUIET, symbols=(WatchSymbol("NVDA", "Nvidia"),))


def store(folder: Path) -> None:
    with Writer(folder / "news.db") as writer:
        fill(writer, "CNBC", [article(f"Headline {n}", minutes_ago=n + 1) for n in range(3)])
        quote = Quote("NVDA", 118.42, NOW, "yahoo", 142.62, None, "post", "USD", NOW)
        writer.prices.store_quotes([quote], [], [], [], NOW)


def segments(app: TrackerApp, text: str) -> list[Segment]:
    return [segment for strip in screen_strips(app) for segment in strip if text in segment.text]


@pytest.mark.slow
async def test_the_pane_with_the_focus_has_a_thick_line_and_its_title_in_reverse(tmp_path: Path) -> None:
    store(tmp_path)
    async with open_window(tmp_path, CONFIG, rows=3) as (app, pilot):
        for theme in ("textual-dark", "textual-light", "ansi-dark", "ansi-light", "nord"):
            app.theme = theme
            for focused in app.main.panes.in_order:
                app.main.panes.show(focused)
                await settle(pilot)
                for pane, title in TITLES.items():
                    line = next(one for one in segments(app, f" {title} ") + segments(app, f" {title} ·"))
                    assert line.style is not None
                    assert bool(line.style.reverse) == (pane == focused), (theme, pane, focused)
                assert "━" in screen_text(app), theme


@pytest.mark.parametrize("theme", ["ansi-dark", pytest.param("ansi-light", marks=pytest.mark.slow)])
async def test_a_selected_read_row_is_seen_in_the_colours_of_the_terminal(tmp_path: Path, theme: str) -> None:
    store(tmp_path)
    async with open_window(tmp_path, CONFIG, size=NARROW, rows=3) as (app, pilot):
        app.theme = theme
        await press(pilot, "m")
        (row,) = segments(app, "Headline 0")
        assert row.style is not None
        assert row.style.reverse
        assert row.style.color is not None
        assert row.style.color.is_default
        assert row.style.bgcolor is None or row.style.bgcolor.is_default


def clocks(app: TrackerApp) -> tuple[int, int]:
    """Return how often the two lines on top say the time and whose prices these are."""
    text = "\n".join(screen_text(app).splitlines()[:2])
    return text.count("16:16"), text.casefold().count("yahoo")


@pytest.mark.slow
async def test_there_is_one_clock_and_one_age_of_prices_at_any_width(tmp_path: Path) -> None:
    store(tmp_path)
    async with open_window(tmp_path, CONFIG) as (app, pilot):
        for size in (WIDE, MEDIUM, NARROW, MEDIUM):
            await pilot.resize_terminal(*size)
            await until(
                pilot,
                lambda: "▼16.97%" in screen_text(app) and clocks(app) == (1, 1),
                f"one of each at {size}",
                seconds=5,
            )


@pytest.mark.slow
@pytest.mark.parametrize("words", ["", "sync"])
async def test_one_escape_closes_the_palette_also_after_typing(tmp_path: Path, words: str) -> None:
    store(tmp_path)
    async with open_window(tmp_path, CONFIG, rows=3) as (app, pilot):
        await pilot.press("colon")
        await until(pilot, lambda: len(app.screen_stack) == 2, "the palette")
        await pilot.press(*words, "escape")
        await until(pilot, lambda: len(app.screen_stack) == 1, "the window")

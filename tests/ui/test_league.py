"""The league of sources in the window: what it counts, and where it leads."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.pilot import Pilot

from tests.helpers.day import PRICED_DAY, priced_day
from tests.helpers.store import NOW, article, raw
from tests.helpers.ui import MEDIUM, NARROW, WIDE, check_snapshot, press, screen_text, settle, until
from tests.helpers.window import open_window, ready, store
from tracker.model.league import League, LeagueRow
from tracker.store.write import Writer
from tracker.ui.app import TrackerApp
from tracker.ui.screens.league import LeagueScreen
from tracker.ui.widgets.league_rows import draw_league_header, draw_league_row

LATER = NOW + timedelta(hours=15)


def told_day(folder: Path) -> None:
    """Store the day with prices and two more stories, told by three sources at several minutes of the session."""
    priced_day(folder)
    for feed, minutes in (("CNBC", (380, 250)), ("Solidot", (377, 100)), ("The Verge", (30,))):
        told = [
            article(f"Nvidia sinks {n}", minutes_ago=ago, symbol="NVDA", story_keys=[f"sinks {n}"])
            for n, ago in enumerate(minutes)
        ]
        store(folder, told, feed)


def page(app: TrackerApp) -> LeagueScreen:
    assert isinstance(app.screen, LeagueScreen)
    return app.screen


async def opened(pilot: Pilot[None], app: TrackerApp, rows: int = 8) -> None:
    await ready(pilot, app, rows)
    await pilot.press("Y")
    await until(pilot, lambda: isinstance(app.screen, LeagueScreen) and page(app).lines.row is not None, "the league")
    await until(pilot, lambda: "source" in screen_text(app), "its headings")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "size"), [("wide", WIDE), ("medium", MEDIUM), ("narrow", NARROW)])
async def test_the_page(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    told_day(tmp_path)
    async with open_window(tmp_path, PRICED_DAY, clock=lambda: LATER, size=size) as (app, pilot):
        await opened(pilot, app)
        await settle(pilot)
        await check_snapshot(pilot, f"league-{name}")


async def test_a_source_leads_to_its_headlines(tmp_path: Path) -> None:
    told_day(tmp_path)
    async with open_window(tmp_path, PRICED_DAY, size=MEDIUM) as (app, pilot):
        await opened(pilot, app)
        await pilot.press("j", "j", "k", "G", "pagedown", "g", "enter")
        await until(pilot, lambda: app.screen is app.main and app.main.view.scope.place.key == "feed:CNBC", "the feed")
        await press(pilot, "Y", shows="League of sources · CNBC")
        await pilot.press("Y")
        assert app.screen is app.main


@pytest.mark.parametrize(("key", "page"), [("Y", "League"), ("b", "Morning page"), ("w", "What moved"), ("v", "Feeds")])
async def test_in_40_columns_a_page_says_how_to_close_it(tmp_path: Path, key: str, page: str) -> None:
    told_day(tmp_path)
    async with open_window(tmp_path, PRICED_DAY, size=(40, 24)) as (app, pilot):
        await ready(pilot, app, 8)
        await press(pilot, key, shows=page)
        await until(pilot, lambda: "Esc closes" in screen_text(app), "the way back")
        await pilot.press("escape")
        assert app.screen is app.main


@pytest.mark.slow
async def test_a_source_can_be_clicked(tmp_path: Path) -> None:
    told_day(tmp_path)
    async with open_window(tmp_path, PRICED_DAY, size=MEDIUM) as (app, pilot):
        await opened(pilot, app)
        lines = screen_text(app).splitlines()
        await pilot.click(offset=(30, next(n for n, text in enumerate(lines) if "The Verge" in text and "%" in text)))
        await until(pilot, lambda: app.screen is app.main and "The Verge" in app.main.view.scope.title, "the feed")


@pytest.mark.slow
async def test_nothing_to_compare_is_said(tmp_path: Path) -> None:
    told_day(tmp_path)
    with Writer(tmp_path / "news.db") as writer:
        raw(writer).execute("UPDATE article SET story_id = id")
    async with open_window(tmp_path, PRICED_DAY, size=NARROW, rows=12) as (app, pilot):
        await press(pilot, "Y", shows="no story that several sources reported")
        await pilot.press("enter", "escape")
        assert app.screen is app.main


async def test_it_is_counted_once(tmp_path: Path) -> None:
    counted: list[League] = []

    def count() -> League:
        counted.append(League((), 0, None, 0))
        return counted[-1]

    async with open_window(tmp_path) as (app, pilot):
        app.push_screen(LeagueScreen("Everything", count, {}))
        await until(pilot, lambda: "no story that several sources reported" in screen_text(app), "what was counted")
        assert len(counted) == 1


@given(st.integers(1, 200), st.text(max_size=30), st.integers(1, 10_000_000))
def test_a_line_fills_its_width(width: int, source: str, stories: int) -> None:
    row = LeagueRow(source, stories, stories // 2, timedelta(days=300), stories, -123.4)
    assert cell_len(draw_league_header(width)) == width
    assert sum(cell_len(text) for text, _ in draw_league_row(row, width)) == width

"""The morning page in the window: opened by its key or by itself, and where it leads."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from textual.pilot import Pilot

from tests.helpers.day import PRICED_DAY, priced_day
from tests.helpers.store import NOW, article, raw
from tests.helpers.ui import (
    MEDIUM,
    NARROW,
    QUIET,
    WIDE,
    check_snapshot,
    press,
    screen_text,
    screen_words,
    settle,
    until,
    window,
)
from tests.helpers.window import numbered, open_window, ready, store, title
from tracker.model.brief import Brief, BriefShare, LargestStep, StoryOutline
from tracker.model.config import Settings
from tracker.model.impact import DayMove, Window
from tracker.model.market import Quote
from tracker.store.write import Writer
from tracker.ui.app import TrackerApp
from tracker.ui.screens.brief import BriefScreen
from tracker.ui.state import load_state
from tracker.ui.widgets.brief_rows import brief_columns, brief_rows, draw_brief_header, draw_brief_row

MORNING = replace(PRICED_DAY, settings=Settings(morning=True))


def news_day(folder: Path) -> None:
    """Store the day with prices, and a story from two feeds about no share."""
    priced_day(folder)
    for feed in ("CNBC", "Solidot"):
        store(folder, [article("A comet is seen", key=feed, minutes_ago=6, story_keys=["comet"])], feed)


def page(app: TrackerApp) -> BriefScreen:
    assert isinstance(app.screen, BriefScreen)
    return app.screen


def line(app: TrackerApp) -> tuple[str, int] | None:
    row = page(app).lines.row
    return None if row is None else row.key


async def opened(pilot: Pilot[None], app: TrackerApp, rows: int = 7) -> None:
    await ready(pilot, app, rows)
    await pilot.press("b")
    await shown(pilot, app)


async def shown(pilot: Pilot[None], app: TrackerApp) -> None:
    """Wait for the page, read and drawn."""
    await until(pilot, lambda: isinstance(app.screen, BriefScreen) and page(app).lines.row is not None, "the page")
    await until(pilot, lambda: "published before the step" in screen_text(app), "its headings")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "size"), [("wide", WIDE), ("medium", MEDIUM), ("narrow", NARROW)])
async def test_the_page(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    news_day(tmp_path)
    app = window(
        tmp_path, replace(PRICED_DAY, symbols=(replace(PRICED_DAY.symbols[0], held=120), *PRICED_DAY.symbols[1:]))
    )
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        await check_snapshot(pilot, f"brief-{name}")


async def test_a_share_leads_to_its_articles_and_a_story_to_itself(tmp_path: Path) -> None:
    news_day(tmp_path)
    async with open_window(tmp_path, PRICED_DAY, query="title:dell", size=MEDIUM) as (app, pilot):
        await opened(pilot, app, 1)
        await pilot.press("enter")
        assert app.screen is app.main
        await until(pilot, lambda: app.main.view.scope.search == "symbol:NVDA", "the articles about the share")
        await pilot.press("escape", "b")
        await shown(pilot, app)
        await pilot.press("G", "g", "k", "j", "j", "G")
        assert page(app).lines.row is not None
        await pilot.press("enter")
        assert app.screen is app.main
        await until(pilot, lambda: title(app) == "A comet is seen", "the story in the list")


@pytest.mark.slow
async def test_a_line_can_be_clicked_and_a_heading_cannot(tmp_path: Path) -> None:
    news_day(tmp_path)
    async with open_window(tmp_path, PRICED_DAY, size=MEDIUM) as (app, pilot):
        await opened(pilot, app)
        lines = screen_text(app).splitlines()
        await pilot.click(offset=(30, next(n for n, text in enumerate(lines) if "most reported" in text)))
        assert page(app).lines.row is not None
        await pilot.click(offset=(30, next(n for n, text in enumerate(lines) if "A comet" in text)))
        await until(pilot, lambda: app.screen is app.main and title(app) == "A comet is seen", "the story")


@pytest.mark.slow
async def test_what_moved_a_share_opens_over_the_page(tmp_path: Path) -> None:
    news_day(tmp_path)
    async with open_window(tmp_path, PRICED_DAY, size=MEDIUM) as (app, pilot):
        await opened(pilot, app)
        await pilot.press("w")
        await until(pilot, lambda: "What moved NVDA" in screen_text(app) and "▸" in screen_text(app), "the share's day")
        await pilot.press("escape")
        assert page(app).lines.row is not None
        await press(pilot, "w", shows="▸")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.main and title(app) == "Nvidia slides on", "the headline")
        await pilot.press("b")
        await shown(pilot, app)
        await pilot.press("G", "w", "b")
        assert app.screen is app.main


@pytest.mark.slow
async def test_it_opens_by_itself_at_the_first_start_of_a_day(tmp_path: Path) -> None:
    news_day(tmp_path)
    now = NOW
    async with open_window(tmp_path, MORNING, clock=lambda: now, size=MEDIUM) as (app, pilot):
        await shown(pilot, app)
        await pilot.press("escape")
        assert app.screen is app.main
        await pilot.press("q")
    assert load_state(tmp_path / "state").morning == NOW.astimezone().date().isoformat()
    async with open_window(tmp_path, MORNING, clock=lambda: now, size=MEDIUM, rows=7) as (app, pilot):
        await settle(pilot)
        assert app.screen is app.main
    now = NOW + timedelta(days=1)
    async with open_window(tmp_path, MORNING, clock=lambda: now, query="nvidia", size=MEDIUM) as (app, pilot):
        await settle(pilot)
        assert app.screen is app.main
    async with open_window(tmp_path, MORNING, clock=lambda: now, size=MEDIUM) as (app, pilot):
        await shown(pilot, app)


@pytest.mark.slow
async def test_it_stays_closed_where_nobody_asked_for_it(tmp_path: Path) -> None:
    store(tmp_path, numbered(2))
    async with open_window(tmp_path, QUIET, size=NARROW, rows=2) as (app, pilot):
        await settle(pilot)
        assert app.screen is app.main
        await press(pilot, "b", shows="the watchlist is empty")
        await pilot.press("enter", "w", "g", "G", "b")
        assert app.screen is app.main


@pytest.mark.slow
async def test_the_cursor_stays_on_its_line_when_the_page_is_read_again(tmp_path: Path) -> None:
    news_day(tmp_path)
    async with open_window(tmp_path, PRICED_DAY, size=MEDIUM) as (app, pilot):
        await opened(pilot, app)
        await pilot.press("G")
        key = line(app)
        assert key is not None
        store(tmp_path, [article("Meta hires", minutes_ago=1, symbol="META")])
        page(app)._ask()
        await until(pilot, lambda: "Meta hires" in screen_text(app), "the newer story")
        assert line(app) == key


@pytest.mark.slow
async def test_a_page_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    news_day(tmp_path)
    async with open_window(tmp_path, PRICED_DAY, size=MEDIUM, rows=7) as (app, pilot):
        with Writer(tmp_path / "news.db") as writer:
            raw(writer).execute("ALTER TABLE quote RENAME TO lost")
        await pilot.press("b")
        await until(pilot, lambda: "no such table: quote" in screen_words(app), "the reason")
        await pilot.press("escape")
        assert app.screen is app.main


# -- lines ------------------------------------------------------------------------------------------
def story(title: str, **more: object) -> StoryOutline:
    return replace(StoryOutline(1, 1, title, "A source", NOW, NOW, 3, 2), **more)


STEP = DayMove(NOW - timedelta(hours=1), NOW, 100.0, 90.0)
FULL = BriefShare(
    "NVDA", "Nvidia", Quote("NVDA", 118.42, NOW, "yahoo", currency="USD"), 118.42, NOW.date(),
    Window(-0.17, -0.04, -0.13, -5.6, -593e9), 0.034, 120, -2904.0, LargestStep(STEP, (1,), story("英伟达 sinks")),
    (story("Nvidia sinks"),),
)  # fmt: skip


def brief(*shares: BriefShare) -> Brief:
    return Brief(NOW, NOW - timedelta(hours=5), True, shares, 2, 1, (story("A comet"),))


@given(st.integers(30, 220))
def test_lines_fill_their_width_exactly(width: int) -> None:
    long_ = replace(FULL, symbol="0700.HK.LONGER", step=LargestStep(replace(STEP, interpolated=True)))
    for told in (brief(FULL, BriefShare("AMD")), brief(long_, FULL), brief()):
        assert cell_len(draw_brief_header(told, width)) == width
        for row in brief_rows(told):
            assert sum(cell_len(text) for text, _ in draw_brief_row(row, told, width)) == width


def test_columns_come_in_by_their_importance() -> None:
    told = brief(FULL)
    assert list(brief_columns(told, 60)) == ["share", "session", "yours", "step"]
    assert list(brief_columns(told, 100)) == [
        "share", "price", "outside", "session", "yours", "unusual", "step"
    ]  # fmt: skip
    assert len(brief_columns(told, 200)) == 10
    bare = replace(FULL, held=None, made=None, outside=None)
    assert "yours" not in brief_columns(brief(bare), 200)
    assert "outside" not in brief_columns(brief(bare), 200)


@pytest.mark.parametrize(
    ("currency", "price", "gain"), [("DKK", "DKK 1234.50", "−DKK 2,904"), ("TWD", "NT$1234.50", "−TWD 2,904")]
)
def test_an_amount_in_a_currency_without_a_sign_is_not_cut(currency: str, price: str, gain: str) -> None:
    quote = Quote("ORSTED.CO", 1234.5, NOW, "yahoo", currency=currency)
    told = brief(FULL, replace(FULL, symbol="ORSTED.CO", quote=quote, price=1234.5))
    shown = "".join(text for text, _ in draw_brief_row(brief_rows(told)[1], told, 140))
    assert price in shown
    assert gain in shown


def test_gains_have_their_colour() -> None:
    for made, part in ((-5.0, "down"), (5.0, "up"), (0.0, "flat")):
        told = brief(replace(FULL, made=made))
        assert part in [part for text, part in draw_brief_row(brief_rows(told)[0], told, 60) if "$" in text]


def test_sections_without_stories_say_so() -> None:
    texts = [row.text for row in brief_rows(Brief(NOW, NOW, True))]
    assert texts == [
        "no [[symbol]] in feeds.toml: the watchlist is empty",
        "new about your shares", "none", "most reported, about none of your shares", "none",
    ]  # fmt: skip

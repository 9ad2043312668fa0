"""The price pane, the column of moves and what moved a share, on a real database."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.day import FIVE, PRICED_DAY, measured, priced_day
from tests.helpers.prices import DAY0, DAYS, day_bar
from tests.helpers.prices import store as store_bars
from tests.helpers.store import NOW, article, raw
from tests.helpers.ui import MEDIUM, NARROW, QUIET, WIDE, check_snapshot, press, screen_text, until
from tests.helpers.window import numbered, open_window, pane, ready, store, title
from tracker.model.errors import StoreError
from tracker.model.market import INTRADAY, Bar, Quote
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.ui.price_loader import PriceLoader
from tracker.ui.state import load_state


# -- read in threads ---------------------------------------------------------------------------
def test_the_chart_of_a_share_with_its_stories(tmp_path: Path) -> None:
    priced_day(tmp_path)
    loader = PriceLoader(PRICED_DAY, tmp_path / "news.db", lambda: NOW)
    data = loader.chart("NVDA", "2 days")
    bars = data.chart.bars
    assert (bars[0].close, bars[-1].close, bars[-1].end) == (147.0, 118.42, NOW - timedelta(seconds=12))
    assert data.chart.previous_close == 142.62
    assert len(data.chart.headlines) == len(data.ids) == 3  # two reports are one story
    assert data.chart.headlines[0] == NOW - timedelta(minutes=226)
    assert all(opens < closes for opens, closes in data.chart.regular)
    months = loader.chart("NVDA", "3 months")
    assert (len(months.chart.bars), months.chart.previous_close, months.chart.regular) == (61, None, ())
    assert months.chart.bars[-1].close == 118.42
    assert loader.chart("XYZ", "5 days").chart.bars == ()
    loader.close()
    with pytest.raises(StoreError, match="closed"):
        loader.chart("NVDA", "2 days")


def test_days_splits_and_running_sessions(tmp_path: Path) -> None:
    friday, monday = NOW - timedelta(days=3), NOW - timedelta(hours=1)
    bars = [Bar("AB", INTRADAY, at, at + FIVE, price, "yahoo") for at, price in ((friday, 100.0), (monday, 50.0))]
    closes = [day_bar("AB", day, 100.0) for day in DAYS if day < DAY0][-5:]
    with Writer(tmp_path / "news.db") as writer:
        store_bars(writer, [*bars, *closes], [(NOW - timedelta(hours=8), 2.0)])
    loader = PriceLoader(PRICED_DAY, tmp_path / "news.db", lambda: NOW)
    assert [bar.close for bar in loader.chart("AB", "2 days").chart.bars] == [50.0, 50.0]
    assert (
        loader.chart("AB", "2 days").chart.previous_close == 100.0
    )  # the daily close before, as no quote says another
    quote = Quote("AB", 44.0, NOW - timedelta(minutes=20), "yahoo", 100.0, 45.0, "post", fetched=NOW)
    with Writer(tmp_path / "news.db") as writer:
        writer.prices.store_quotes([quote], (), (), (), NOW)
    assert loader.chart("AB", "2 days").chart.bars[-1].close == 44.0
    assert loader.chart("AB", "3 months").chart.bars[-1].close == 45.0
    late = replace(quote, time=NOW + timedelta(days=1))
    with Writer(tmp_path / "news.db") as writer:
        writer.prices.store_quotes([late], (), (), (), NOW)
    assert loader.chart("AB", "2 days").chart.bars[-1].close == 50.0
    loader._clock = lambda: NOW + timedelta(days=2)
    assert loader.chart("AB", "2 days").chart.bars[-1].close == 50.0  # tomorrow's trade does not belong to today's line
    loader.close()


def test_impacts_and_what_moved_a_share(tmp_path: Path) -> None:
    priced_day(tmp_path)
    loader = PriceLoader(PRICED_DAY, tmp_path / "news.db", lambda: NOW)
    with Reader(tmp_path / "news.db") as reader:
        ids = [row[0] for row in raw(reader).execute("SELECT id FROM article ORDER BY id")]
    impacts = loader.impacts(ids)
    assert list(impacts) == ids
    assert {one.symbol for found in impacts.values() for one in found} == {"NVDA", "META", "DELL"}
    assert () in impacts.values()
    data = loader.moved("NVDA")
    assert data.day is not None
    assert (data.day.day, data.day.previous_close, data.day.last) == (DAY0, 142.62, 118.42)
    assert data.moves
    published = [[row.published for row in rows if row.published is not None] for _, rows in data.moves]
    assert all(times == sorted(times, reverse=True) for times in published)
    assert loader.moved("XYZ").day is None
    loader.close()


@pytest.mark.slow
# -- the price pane ------------------------------------------------------------------------------
async def test_the_pane_follows_the_headline_and_the_mark_follows_the_cursor(tmp_path: Path) -> None:
    priced_day(tmp_path)
    async with open_window(tmp_path, PRICED_DAY, size=(170, 48)) as (app, pilot):
        await measured(pilot, app)
        price = app.main.widgets.price
        assert "NVDA · 2 days · 5 min" in screen_text(app)
        assert price.selected == NOW - timedelta(minutes=4)
        await pilot.press("j")
        await until(pilot, lambda: price.data is not None and price.data.symbol == "META", "the other share")
        await pilot.press("j")
        await until(pilot, lambda: price.selected == NOW - timedelta(minutes=26), "the mark of the third headline")
        await check_snapshot(pilot, "wide-prices")
        for words in ("5 days · 5 min", "3 months · daily", "2 days · 5 min"):
            await pilot.press("c")
            await until(pilot, lambda words=words: words in screen_text(app), words)  # type: ignore[misc]
        await pilot.press("tab", "tab", "j")
        assert app.main.pricing.share == "META"
        await until(pilot, lambda: price.data is not None and price.data.symbol == "META", "the watched share")
        assert price.selected is None


@pytest.mark.slow
async def test_a_click_on_a_mark_goes_to_its_headline(tmp_path: Path) -> None:
    priced_day(tmp_path)
    async with open_window(tmp_path, PRICED_DAY, size=(170, 48)) as (app, pilot):
        await measured(pilot, app)
        lines = screen_text(app).split("\n")
        axis = next(number for number, line in enumerate(lines) if "└" in line[128:])
        column = len(lines[axis].rstrip()) - 1
        region = app.main.widgets.price.region
        marks = [x for x in range(region.x, column + 1) if lines[axis][x - 1 : x] == "┬"]
        assert marks, lines[axis]
        await press(pilot, "j")
        await until(pilot, lambda: "META ·" in screen_text(app), "the other share")
        await press(pilot, "k", shows="NVDA ·")
        await pilot.click(offset=(marks[0] - 1, axis))
        await until(pilot, lambda: title(app) == "Nvidia slides on", "the headline of the mark")
        mark = app.main.widgets.price.Picked(app.main.widgets.headlines.window.ids[0])
        app.main.searching.set("title:dell")
        await ready(pilot, app, 1)
        app.main.widgets.price.post_message(mark)
        await until(pilot, lambda: "not in this view" in screen_text(app), "the reason")


@pytest.mark.slow
async def test_less_room_has_no_pane_and_more_brings_it_back(tmp_path: Path) -> None:
    priced_day(tmp_path)
    async with open_window(tmp_path, PRICED_DAY, size=MEDIUM) as (app, pilot):
        await measured(pilot, app)
        assert app.main.widgets.price.data is None
        await press(pilot, "c", shows="needs 150 columns")
        await pilot.resize_terminal(*WIDE)
        await until(pilot, lambda: "NVDA · 5 days" in screen_text(app), "the chart")


@pytest.mark.slow
async def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    priced_day(tmp_path)
    async with open_window(tmp_path, PRICED_DAY) as (app, pilot):
        await measured(pilot, app)
        app.main.pricing.price_loader.close()
        await press(pilot, "c", shows="prices: the window is closed")
        await press(pilot, "w", shows="the window is closed")
        await pilot.press("escape")


# -- the column ------------------------------------------------------------------------------------
@pytest.mark.slow
async def test_one_key_goes_through_the_kinds_of_moves(tmp_path: Path) -> None:
    priced_day(tmp_path)
    async with open_window(tmp_path, PRICED_DAY) as (app, pilot):
        await measured(pilot, app)
        assert "· since publication" in screen_text(app)
        column = {"beyond the market": "▼", "in dollars": "−$", "whole session": "▼16.97%"}
        for words, sign in column.items():
            await pilot.press("t")
            shown = screen_text(app)
            assert words in shown.splitlines()[1]
            row = next(line for line in shown.splitlines() if "英伟达" in line)
            assert sign in row.split("│")[1]
        assert app.main.parts.remembering.state().moves == "session"
        await pilot.press("q")
    assert load_state(tmp_path / "state").moves == "session"
    async with open_window(tmp_path, PRICED_DAY) as (app, pilot):
        await measured(pilot, app)
        assert "whole session" in screen_text(app)


async def test_the_article_tells_what_was_measured(tmp_path: Path) -> None:
    priced_day(tmp_path)
    async with open_window(tmp_path, PRICED_DAY) as (app, pilot):
        await measured(pilot, app)
        await press(pilot, "j", "j", "enter", shows="expected from the market")
        assert "▼16.97%" in screen_text(app)
        assert "−$593bn" in screen_text(app)
        assert "unusual: very (t −" in screen_text(app)


@pytest.mark.slow
async def test_one_key_sorts_by_the_moves_shown_by_t_and_back(tmp_path: Path) -> None:
    priced_day(tmp_path)
    async with open_window(tmp_path, PRICED_DAY) as (app, pilot):
        await measured(pilot, app)
        await press(pilot, "S", shows="largest move first")
        assert app.main.view.scope.search == "sort:move"
        await until(pilot, lambda: title(app) == "Nvidia slides on", "its first row")
        await press(pilot, "S", shows="most unusual first")
        await press(pilot, "S", shows="newest first")
        assert app.main.view.scope.search == ""
        assert not app.main.widgets.search.has_class("is-open")


@pytest.mark.slow
async def test_what_you_made_is_one_more_kind_where_shares_are_held(tmp_path: Path) -> None:
    priced_day(tmp_path)
    held = replace(PRICED_DAY, symbols=(replace(PRICED_DAY.symbols[0], held=120), *PRICED_DAY.symbols[1:]))
    async with open_window(tmp_path, held) as (app, pilot):
        await measured(pilot, app)
        await press(pilot, "t", "t", "t", "t", shows="since, what you made or lost")
        row = next(line for line in screen_text(app).splitlines() if "Nvidia slides on" in line)
        assert "−1,950" in row
        await press(pilot, "S", shows="largest gain or loss first")
        await until(pilot, lambda: title(app) == "Nvidia slides on", "its first row")
        app.main.reloading.use(PRICED_DAY)
        await until(pilot, lambda: app.main.widgets.headlines.moves.kind == "since", "another kind")
        await until(pilot, lambda: "what you made or lost" not in screen_text(app), "the head of the list")
        await pilot.press("t", "t", "t", "t")
        assert app.main.widgets.headlines.moves.kind == "since"


# -- what moved it ------------------------------------------------------------------------------------
@pytest.mark.slow
async def test_what_moved_a_share_and_back_to_a_headline(tmp_path: Path) -> None:
    priced_day(tmp_path)
    async with open_window(tmp_path, PRICED_DAY, size=(170, 48)) as (app, pilot):
        await measured(pilot, app)
        await pilot.press("w")
        await until(pilot, lambda: "▼16.97%  abnormal" in screen_text(app) and "▸" in screen_text(app), "the day")
        shown = screen_text(app)
        assert "because of" not in shown
        assert "NVDA · Mon 27 Jan · 142.62 → 118.42" in shown
        await check_snapshot(pilot, "what-moved")
        await pilot.press("j", "k", "j", "j", "j")
        await pilot.press("escape")
        assert app.screen is app.main
        assert title(app).startswith("Nvidia loses")
        await press(pilot, "w", shows="▸")
        await pilot.press("enter")
        assert app.screen is app.main
        await until(pilot, lambda: title(app) == "Nvidia slides on", "the headline in the list")
        assert pane(app) == "list"


@pytest.mark.slow
async def test_a_headline_that_the_list_does_not_hold_opens_everything(tmp_path: Path) -> None:
    priced_day(tmp_path)
    async with open_window(tmp_path, PRICED_DAY, query="title:dell", size=NARROW, rows=1) as (app, pilot):
        app.main.pricing._symbol = None
        await press(pilot, "w", shows="What moved DELL")
        await until(pilot, lambda: "no price history stored" in screen_text(app), "why there is nothing")
        await pilot.press("enter", "j", "w")
        assert app.screen is app.main
        app.main.searching.set("title:rumor")
        await until(pilot, lambda: "[RUMOR]" in title(app), "a headline without a share")
        app.main.pricing._symbol = "NVDA"
        await press(pilot, "w", shows="▸")
        await check_snapshot(pilot, "narrow-what-moved")
        line = next(number for number, text in enumerate(screen_text(app).splitlines()) if "▸" in text)
        await pilot.click(offset=(30, line))
        await until(
            pilot, lambda: app.screen is app.main and app.main.widgets.headlines.line_count() == 6, "everything"
        )
        await until(pilot, lambda: title(app) == "Nvidia slides on", "the headline in the list")


async def test_without_any_share_it_says_so(tmp_path: Path) -> None:
    store(tmp_path, [*numbered(2), article("Nothing to trade")])
    async with open_window(tmp_path, QUIET, rows=3) as (app, pilot):
        await press(pilot, "w", shows="no share to show")
        assert app.screen is app.main

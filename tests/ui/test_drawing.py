"""What is drawn again when something changes, and that nothing is when nothing does."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widget import Widget

from tests.helpers.day import DAY, full_day
from tests.helpers.store import NOW
from tests.helpers.ui import NARROW, press, screen_text, settle, until
from tests.helpers.window import numbered, open_window, ready, store, unmeasured
from tracker.store.write import Writer
from tracker.ui.app import TrackerApp
from tracker.ui.widgets.changed_cells import changed_cells
from tracker.ui.widgets.headline_list import HeadlineList
from tracker.ui.widgets.pieces import Pieces
from tracker.ui.widgets.row_list import RowList

Drawn = dict[str, list[Region | None]]
"""By the id of a widget: the regions of it that are to be drawn, None for all of it."""


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """What widgets have been drawn; a test clears it when it begins to look."""
    asked: Drawn = {}
    refresh = Widget.refresh

    def noted(widget: Widget, *regions: Region, layout: bool = False, **options: bool) -> Widget:
        asked.setdefault(widget.id or type(widget).__name__, []).extend([None] if layout else regions or [None])
        return refresh(widget, *regions, layout=layout, **options)

    monkeypatch.setattr(Widget, "refresh", noted)
    return asked


class HandClock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


async def quiet(pilot: Pilot[None], app: TrackerApp, rows: int, drawn: Drawn) -> None:
    """Wait until all is read and drawn, then begin to look."""
    await ready(pilot, app, rows)
    await until(pilot, lambda: not unmeasured(app) and " of " in screen_text(app), "all facts")
    while drawn:
        drawn.clear()
        await settle(pilot)


@pytest.mark.slow
async def test_a_second_draws_nothing_and_a_minute_the_cells_of_the_clock_and_of_ages(
    tmp_path: Path, drawn: Drawn
) -> None:
    full_day(tmp_path)
    clock = HandClock()
    async with open_window(tmp_path, DAY, clock=clock) as (app, pilot):
        await quiet(pilot, app, 5, drawn)
        app.main.tick()
        await quiet(pilot, app, 5, drawn)
        clock.now += timedelta(seconds=1)
        app.main.tick()
        app.main.article.draw()  # as when its moves have been measured
        await settle(pilot)
        assert drawn == {}
        clock.now += timedelta(minutes=1)
        app.main.tick()
        await settle(pilot)
        assert drawn["list"] == [Region(2, y, 6, 1) for y in range(len(drawn["list"]))]  # the ages of young rows
        assert set(drawn) == {"top", "list", "article-text"}
        assert all(one is not None and one.height == 1 for regions in drawn.values() for one in regions)


async def test_where_the_watchlist_is_a_line_its_clock_goes_on(tmp_path: Path, drawn: Drawn) -> None:
    full_day(tmp_path)
    clock = HandClock()
    async with open_window(tmp_path, DAY, clock=clock, size=NARROW) as (app, pilot):
        await quiet(pilot, app, 5, drawn)
        assert "16:16" in screen_text(app).splitlines()[0]
        clock.now += timedelta(minutes=1)
        app.main.tick()
        await settle(pilot)
        assert drawn["ticker"][-1] != Region(0, 0, NARROW[0], 1)
        assert "16:17" in screen_text(app).splitlines()[0]


@pytest.mark.slow
async def test_a_mark_draws_one_row_and_the_same_facts_nothing(tmp_path: Path, drawn: Drawn) -> None:
    store(tmp_path, numbered(30))
    async with open_window(tmp_path) as (app, pilot):
        await quiet(pilot, app, 30, drawn)
        app.main.background.load_facts(app.main.view.scope)
        await settle(pilot)
        assert {name: regions for name, regions in drawn.items() if name != "note"} == {}
        with Writer(tmp_path / "news.db") as writer:
            writer.marks.set_starred([app.main.widgets.headlines.window.ids[3]], True)
        await until(pilot, lambda: "★" in screen_text(app), "the star")
        assert [one and one.y for one in drawn["list"]] == [3]


async def test_a_step_off_the_screen_draws_the_rows_of_the_cursor_and_not_the_scroll_bar(
    tmp_path: Path, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(tmp_path, numbered(2_000))
    async with open_window(tmp_path) as (app, pilot):
        await quiet(pilot, app, 2_000, drawn)
        headlines = app.main.widgets.headlines
        await pilot.press(*"23j")
        await quiet(pilot, app, 2_000, drawn)
        whole = Region(0, 0, headlines.region.width, headlines.region.height)
        before = headlines.render_lines(whole)
        made: list[int] = []
        draw_row = HeadlineList._draw_row

        def noted(widget: HeadlineList, index: int, width: int) -> Pieces:
            made.append(index)
            return draw_row(widget, index, width)

        monkeypatch.setattr(headlines.drawn, "draw", partial(noted, headlines))
        await press(pilot, "j")
        after = headlines.render_lines(whole)
        assert made == [24]
        assert [one is other for one, other in zip(after[:-2], before[1:-1], strict=True)] == [True] * 22
        assert "ScrollBar" not in drawn
        await pilot.press("G")
        await until(pilot, lambda: "ScrollBar" in drawn, "the scroll bar")
        assert headlines.vertical_scrollbar.position == headlines.scroll_offset.y > 1_000


@pytest.mark.parametrize("other", [3, 300])
async def test_the_scroll_bar_is_where_the_list_is_after_it_gets_another_length(other: int) -> None:
    class Page(App[None]):
        def compose(self) -> ComposeResult:
            yield RowList[int](lambda row, _width: [(str(row), "title")], lambda row: row)

    app = Page()
    async with app.run_test(size=(60, 42)) as pilot:
        rows = app.query_one(RowList)
        for length in (100_000, other, 300):
            rows.show(range(length))
            await until(pilot, lambda: rows.virtual_size.height == len(rows.rows), "the rows")
            bar = rows.vertical_scrollbar
            assert bar.position == rows.scroll_y
            for cursor in (299, 200, 299):
                rows.cursor = cursor
                assert bar.position == rows.scroll_y


async def test_what_lies_behind_the_panes_is_as_textual_draws_it(tmp_path: Path) -> None:
    store(tmp_path, numbered(3))
    async with open_window(tmp_path, rows=3) as (app, _pilot):
        behind = [app.main, app.main.query_one("#panes"), app.main.query_one("#middle")]
        for widget in behind:
            part = Region(3, 0, 20, 2)
            assert widget.render_lines(part) == Widget.render_lines(widget, part)


@pytest.mark.slow
async def test_a_shorter_list_leaves_nothing_of_the_longer_one(tmp_path: Path) -> None:
    store(tmp_path, numbered(30))
    async with open_window(tmp_path, rows=30) as (app, pilot):
        await pilot.press("slash", *"number 7", "enter")
        await ready(pilot, app, 1)
        assert screen_text(app).count("Headline number") == 2  # its row, and the article


# -- which cells --------------------------------------------------------------------------------
@given(st.text("ab組é"), st.text("ab組é"), st.text("ab組é"), st.text("ab組é"))
def test_outside_of_the_changed_cells_two_lines_are_alike(head: str, old: str, new: str, tail: str) -> None:
    width = max(cell_len(old), cell_len(new))
    before, now = (head + middle + " " * (width - cell_len(middle)) + tail for middle in (old, new))
    changed = changed_cells(before, now, cell_len)
    if changed is None:
        assert before == now
        return
    start, end = changed
    assert cell_len(head) <= start < end <= cell_len(head) + width
    cells = [[char for one in text for char in (one, *[""] * (cell_len(one) - 1))] for text in (before, now)]
    assert cells[0][:start] == cells[1][:start]
    assert cells[0][end:] == cells[1][end:]

"""A list that takes long to read: the keys go on, the title says so, and another list ends the read."""

from __future__ import annotations

from array import array
from datetime import datetime
from pathlib import Path

import pytest

from tests.helpers.store import raw
from tests.helpers.ui import screen_text, until, until_shown
from tests.helpers.window import numbered, open_window, pane, ready, store, titles
from tracker.model.errors import StoreError
from tracker.model.query import Query
from tracker.store.read import Reader
from tracker.store.story_reader import StoryReader
from tracker.ui.stop import Stop

ENDLESS = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT max(n) FROM n"
COUNT_TO = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?) SELECT max(n) FROM n"
LONG = 1_000_000


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let no read of an order by moves, of read or of starred articles come to its end; why each one ended."""
    reasons: list[str] = []
    real = StoryReader.leads

    def leads(self: StoryReader, query: Query, now: datetime, limit: int | None = None) -> array[int]:
        if query.sort == "move" or "'read'" in str(query.root):
            try:
                raw(self).execute(ENDLESS).fetchone()
            except StoreError as error:
                reasons.append(error.kind)
                raise
        return real(self, query, now, limit)

    monkeypatch.setattr(StoryReader, "leads", leads)
    return reasons


async def test_an_order_that_takes_long_says_for_how_long_and_escape_ends_it(tmp_path: Path, ended: list[str]) -> None:
    store(tmp_path, numbered(9))
    async with open_window(tmp_path, rows=9) as (app, pilot):
        await pilot.press("slash", *"sort:move", "enter")
        assert len(titles(app)) == 9
        await until_shown(pilot, lambda: "largest move first · reading, 1 s" in screen_text(app), "the seconds")
        assert "Esc leaves the search" in screen_text(app)
        assert not app.main.listing.has_all
        await pilot.press("escape")
        await until(pilot, lambda: app.main.listing.has_all, "the list as it was")
        assert ended == ["stopped"]
        assert "reading" not in screen_text(app).splitlines()[1]
        assert len(titles(app)) == 9


@pytest.mark.slow
async def test_first_rows_that_take_long_are_read_in_a_thread_and_another_place_ends_that(
    tmp_path: Path, ended: list[str]
) -> None:
    store(tmp_path, numbered(9))
    async with open_window(tmp_path, rows=9) as (app, pilot):
        app.main.searching.set_everywhere("is:read")
        await until_shown(pilot, lambda: "Reading the list…" in screen_text(app), "that it is read")
        assert titles(app) == []
        await pilot.press("tab")
        await until_shown(pilot, lambda: pane(app) == "article", "the next pane")
        app.main.searching.set_everywhere("number 7")
        await ready(pilot, app, 1)
        assert titles(app) == ["Headline number 7"]
        # On the event loop, for as long as a key may wait, and then in the thread until the other list was asked for.
        assert ended == ["stopped", "stopped"]
        assert "Reading" not in screen_text(app)


@pytest.mark.slow
async def test_a_window_that_is_closed_does_not_wait_for_the_list(tmp_path: Path, ended: list[str]) -> None:
    store(tmp_path, numbered(9))
    async with open_window(tmp_path, rows=9) as (app, pilot):
        await pilot.press("slash", *"sort:move", "enter")
        await until_shown(pilot, lambda: "reading, 1 s" in screen_text(app), "that the list is read")
        assert ended == []
    try:
        await until_shown(pilot, lambda: ended == ["stopped"], "the end of the read")
    finally:
        app.main.background.stop_reads()  # a window that goes on reading would keep the test, too


def test_a_reader_that_is_stopped_reads_nothing_more(tmp_path: Path) -> None:
    store(tmp_path, numbered(1))
    with Reader(tmp_path / "news.db") as reader:
        reader.stop()
        with pytest.raises(StoreError, match="stopped") as caught:
            reader.articles.count()
        assert caught.value.kind == "stopped"
        reader.close()
        reader.stop()  # nothing to end any more


def test_a_read_that_takes_too_long_is_ended_and_the_next_one_is_not(tmp_path: Path) -> None:
    store(tmp_path, numbered(1))
    with Reader(tmp_path / "news.db") as reader:
        with pytest.raises(StoreError) as caught, reader.at_most(0.001):
            raw(reader).execute(ENDLESS).fetchone()
        assert caught.value.kind == "stopped"
        assert reader.articles.count() == 1


class StopsWhenBound:
    """A parameter of a statement that sets a `Stop` after SQLite has read the statement and before it runs."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop

    def __conform__(self, protocol: object) -> int:
        self._stop.set()
        return LONG


@pytest.mark.parametrize("is_limited_before", [False, True])
def test_a_stop_just_before_a_statement_runs_ends_it(tmp_path: Path, is_limited_before: bool) -> None:
    store(tmp_path, numbered(1))
    stop = Stop()
    with stop.reading(tmp_path / "news.db") as reader:
        if is_limited_before:
            with reader.at_most(60.0):
                assert reader.articles.count() == 1
        with pytest.raises(StoreError) as caught:
            raw(reader).execute(COUNT_TO, [StopsWhenBound(stop)]).fetchone()
        assert caught.value.kind == "stopped"

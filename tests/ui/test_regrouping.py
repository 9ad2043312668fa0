"""Stories by hand: split, joined, undone, in place and for good."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from tests.helpers.store import article, raw
from tests.helpers.ui import NARROW, QUIET, check_snapshot, press, screen_text, settle, until
from tests.helpers.window import LOSS, marks, numbered, open_window, ready, store, story, title, titles, unfolded
from tracker.model.market import WatchSymbol
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.ui.app import TrackerApp

CHINESE, VERGE = "英伟达市值一日蒸发近6000亿美元", "Nvidia’s record loss"


def stories(folder: Path) -> list[list[str]]:
    """Return the titles of each story, those of one in order of their time."""
    found: dict[int, list[str]] = {}
    with Reader(folder / "news.db") as reader:
        for story_id, name in raw(reader).execute("SELECT story_id, title FROM article ORDER BY time"):
            found.setdefault(story_id, []).append(name)
    return sorted(found.values())


async def shows(pilot: Pilot[None], app: TrackerApp, *wanted: str) -> None:
    await until(pilot, lambda: titles(app) == list(wanted), f"{wanted}")


# -- splitting ------------------------------------------------------------------------------------
@pytest.mark.slow
async def test_an_article_is_taken_out_of_its_story_and_put_back(tmp_path: Path) -> None:
    story(tmp_path)
    before = stories(tmp_path)
    async with open_window(tmp_path) as (app, pilot):
        await unfolded(pilot, app)
        await pilot.press("j", "j", "X")
        await shows(pilot, app, "Newest", VERGE, LOSS, CHINESE, "Oldest")
        assert title(app) == VERGE
        await until(pilot, lambda: "removed from its story · u undoes this" in screen_text(app), "what was done")
        await until(pilot, lambda: "4 unread of 4" in screen_text(app), "the counts")
        assert "▾1 CNBC" in screen_text(app)
        assert stories(tmp_path) == sorted([[LOSS, CHINESE], [VERGE], ["Newest"], ["Oldest"]])
        assert "articles tell this story" not in screen_text(app)
        await press(pilot, "X", shows="this story has no other article")
        await pilot.press("u")
        await shows(pilot, app, "Newest", LOSS, CHINESE, VERGE, "Oldest")
        assert title(app) == VERGE
        await until(pilot, lambda: "undone: removed from its story" in screen_text(app), "what was undone")
        assert "3 articles on this story" in screen_text(app)
        assert stories(tmp_path) == before
        await press(pilot, "u", shows="nothing to undo")


@pytest.mark.slow
async def test_the_first_report_leaves_the_others_to_themselves(tmp_path: Path) -> None:
    story(tmp_path)
    async with open_window(tmp_path, rows=3) as (app, pilot):
        await pilot.press("j", "X")
        await shows(pilot, app, "Newest", CHINESE, LOSS, "Oldest")
        assert title(app) == LOSS
        assert "+1 Solidot" in screen_text(app)
        await pilot.press("k", "x")
        await shows(pilot, app, "Newest", CHINESE, VERGE, LOSS, "Oldest")
        await pilot.press("j", "X")  # the last of the others: the row has nothing to unfold any more
        await shows(pilot, app, "Newest", VERGE, CHINESE, LOSS, "Oldest")
        assert not any(
            app.main.widgets.headlines.window.is_unfolded(one) for one in app.main.widgets.headlines.window.ids
        )
        for _ in range(2):
            await press(pilot, "u")
        await shows(pilot, app, "Newest", LOSS, CHINESE, VERGE, "Oldest")  # the cursor's article is in there
        assert title(app) == VERGE


@pytest.mark.slow
async def test_a_split_holds_against_what_comes_and_takes_waiting_rows_in(tmp_path: Path) -> None:
    story(tmp_path)
    async with open_window(tmp_path) as (app, pilot):
        await unfolded(pilot, app)
        await pilot.press("j", "j")
        store(tmp_path, [article("Quite new", minutes_ago=0)])
        await until(pilot, lambda: "▲ 1 new" in screen_text(app), "the pill")
        line = app.main.widgets.headlines.cursor
        await pilot.press("X")
        await shows(pilot, app, "Quite new", "Newest", VERGE, LOSS, CHINESE, "Oldest")
        assert (title(app), app.main.widgets.headlines.cursor) == (VERGE, line - 1)
        assert "▲" not in screen_text(app).splitlines()[1]


@pytest.mark.slow
async def test_what_the_view_does_not_hold_leaves_it(tmp_path: Path) -> None:
    story(tmp_path)
    async with open_window(tmp_path, query="source:cnbc") as (app, pilot):
        await unfolded(pilot, app)
        await pilot.press("j", "j", "X")
        await shows(pilot, app, "Newest", LOSS, CHINESE, "Oldest")
        assert title(app) == LOSS
        await pilot.press("u")
        await shows(pilot, app, "Newest", LOSS, CHINESE, VERGE, "Oldest")


# -- joining ----------------------------------------------------------------------------------------
async def test_two_stories_become_one_and_two_again(tmp_path: Path) -> None:
    story(tmp_path)
    before = stories(tmp_path)
    async with open_window(tmp_path, rows=3) as (app, pilot):
        await pilot.press("j", "M")
        await until(
            pilot, lambda: "M on another story joins the two, Esc cancels" in screen_text(app), "what to do next"
        )
        assert "◆    1h Nvidia loses" in screen_text(app)
        await pilot.press("k", "M")
        await shows(pilot, app, LOSS, CHINESE, VERGE, "Newest", "Oldest")
        assert title(app) == "Newest"
        await until(pilot, lambda: "joined into one story · u undoes this" in screen_text(app), "what was done")
        await until(pilot, lambda: "4 articles on this story: CNBC first" in screen_text(app), "the story")
        assert "◆" not in screen_text(app)
        assert stories(tmp_path) == sorted([[LOSS, CHINESE, VERGE, "Newest"], ["Oldest"]])
        await pilot.press("M")  # what to do next comes before what was done
        await until(pilot, lambda: "M on another story joins the two" in screen_text(app), "what to do next, again")
        await pilot.press("escape")
        await pilot.press("u")
        await shows(pilot, app, "Newest", LOSS, CHINESE, VERGE, "Oldest")
        assert title(app) == "Newest"
        assert stories(tmp_path) == before


@pytest.mark.slow
async def test_a_mark_is_dropped_by_escape_and_on_its_own_story(tmp_path: Path) -> None:
    story(tmp_path)
    async with open_window(tmp_path) as (app, pilot):
        await unfolded(pilot, app)
        dropped = "this is the marked story; mark removed"
        for key in ("escape", "M"):
            await press(pilot, "M", shows="◆")
            await pilot.press("j", key)  # another article of the same story
            await until(pilot, lambda: "◆" not in screen_text(app), "no mark")
            assert (dropped in screen_text(app)) == (key == "M")
            await pilot.press("k")
        await press(pilot, "M", "slash", "o", "l", "d", shows="unread of 1")
        await pilot.press("escape")  # Esc in the field is for the field
        await until(
            pilot, lambda: "of 3" in screen_text(app) and app.main.focused is app.main.widgets.headlines, "the list"
        )
        assert "◆" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: app.main.focused is app.main.widgets.article, "the article")
        await pilot.press("escape")  # and in the article for the article
        await until(pilot, lambda: app.main.focused is app.main.widgets.headlines, "the list again")
        assert "◆" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: "◆" not in screen_text(app), "no mark")
        assert len(stories(tmp_path)) == 3


@pytest.mark.slow
async def test_a_mark_stays_from_view_to_view_and_under_another_lead(tmp_path: Path) -> None:
    story(tmp_path)
    async with open_window(tmp_path, rows=3) as (app, pilot):
        await pilot.press("G", "M", "g")
        store(tmp_path, [article("First of all", minutes_ago=400, story_keys=["loss"])], "WCCFTech")
        await ready(pilot, app, 3)
        await pilot.press("slash", *"record", "enter")
        await ready(pilot, app, 1)
        assert "◆ Oldest · M on another story" in screen_text(app)
        await press(pilot, "M", shows="joined into one story")
        assert ["First of all", "Oldest", LOSS, CHINESE, VERGE] in stories(tmp_path)


@pytest.mark.slow
async def test_the_mark_goes_to_the_row_that_comes_to_lead_its_story(tmp_path: Path) -> None:
    story(tmp_path)
    async with open_window(tmp_path, rows=3) as (app, pilot):
        await pilot.press("j", "M", "j")
        store(tmp_path, [article("First of all", minutes_ago=90, story_keys=["loss"])], "WCCFTech")
        await shows(pilot, app, "Newest", "First of all", "Oldest")
        assert "◆    1h First of all" in screen_text(app)


async def test_a_marked_article_that_is_gone_joins_nothing(tmp_path: Path) -> None:
    ids = store(tmp_path, numbered(3))
    async with open_window(tmp_path, rows=3) as (app, pilot):
        await pilot.press("M", "j")
        with Writer(tmp_path / "news.db") as writer:
            for table, column in (("article_text", "article_id"), ("article_tag", "article_id"), ("article", "id")):
                raw(writer).execute(f"DELETE FROM {table} WHERE {column} = ?", (ids[0],))
        await press(pilot, "M", shows="the marked article no longer exists")
        assert not app.main.regrouping.is_joining


@pytest.mark.slow
async def test_everything_is_undone_in_turn(tmp_path: Path) -> None:
    story(tmp_path)
    before = stories(tmp_path)
    async with open_window(tmp_path, rows=3) as (app, pilot):
        await press(pilot, "j", "s")
        await pilot.press("X")
        await shows(pilot, app, "Newest", CHINESE, LOSS, "Oldest")
        await pilot.press("M", "G", "M")
        await until(pilot, lambda: len(stories(tmp_path)) == 3, "the join")
        await settle(pilot)
        await press(pilot, "m")
        assert sorted(marks(tmp_path, "read")) == sorted([LOSS, "Oldest"])
        for read, starred, count in ((0, 3, 3), (0, 3, 4), (0, 3, 3), (0, 0, 3)):
            await press(pilot, "u")
            found = (len(marks(tmp_path, "read")), len(marks(tmp_path, "starred")), len(stories(tmp_path)))
            assert found == (read, starred, count)
        assert stories(tmp_path) == before


@pytest.mark.slow
async def test_the_palette_splits_too_and_an_empty_list_does_no_harm(tmp_path: Path) -> None:
    async with open_window(tmp_path) as (app, pilot):
        await settle(pilot)
        await press(pilot, "X", "M", "O")
        assert not app.main.regrouping.is_joining
    story(tmp_path)
    async with open_window(tmp_path, rows=3) as (app, pilot):
        await press(pilot, "j", "colon", *"remove the article", shows="Remove the article from its story")
        await pilot.press("enter")
        await shows(pilot, app, "Newest", CHINESE, LOSS, "Oldest")


async def test_snapshot_of_a_mark(tmp_path: Path) -> None:
    story(tmp_path)
    async with open_window(tmp_path, replace(QUIET, symbols=(WatchSymbol("NVDA"),)), size=NARROW) as (app, pilot):
        await ready(pilot, app, 3)
        await press(pilot, "j", "M", "j", shows="3 unread of 3")
        await check_snapshot(pilot, "join-narrow")

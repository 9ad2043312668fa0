"""Stories in the list: unfolded in place and folded again, while rows come in; the links of an article."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.browser import fake_browser
from tests.helpers.store import NOW, article, fill, tells_more
from tests.helpers.ui import MEDIUM, NARROW, check_snapshot, press, screen_text, settle, until
from tests.helpers.window import LOSS, article_shown, marks, open_window, ready, store, story, title, titles, unfolded
from tracker.model.plan import StoryJoin
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.ui.app import TrackerApp
from tracker.ui.screens.links import LinksScreen


async def test_a_story_unfolds_in_place_and_folds_again(tmp_path: Path) -> None:
    story(tmp_path)
    async with open_window(tmp_path) as (app, pilot):
        await unfolded(pilot, app)
        assert titles(app) == ["Newest", LOSS, "英伟达市值一日蒸发近6000亿美元", "Nvidia’s record loss", "Oldest"]
        assert "└ Nvidia’s record loss" in screen_text(app)
        assert "▾2 CNBC" in screen_text(app)
        assert "3 unread of 3" in screen_text(app)
        await pilot.press("j", "j")
        assert title(app) == "Nvidia’s record loss"
        await pilot.press("x")
        assert titles(app) == ["Newest", LOSS, "Oldest"]
        assert title(app) == LOSS
        await press(pilot, "j", "x", shows="this story has no other article")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "size"), [("medium", MEDIUM), ("narrow", NARROW)])
async def test_snapshot(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    story(tmp_path)
    async with open_window(tmp_path, size=size) as (app, pilot):
        await unfolded(pilot, app)
        await press(pilot, "j", shows="3 unread of 3")
        await article_shown(pilot, app)
        await check_snapshot(pilot, f"story-{name}")


@pytest.mark.slow
async def test_the_one_under_the_cursor_is_opened_starred_and_browsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story(tmp_path)
    opened = fake_browser(tmp_path, monkeypatch)
    async with open_window(tmp_path) as (app, pilot):
        await unfolded(pilot, app)
        await press(pilot, "j", "j", "enter", shows="https://verge.example/loss")
        assert app.main.widgets.article.article is not None
        assert app.main.widgets.article.article.source == "The Verge"
        await press(pilot, "o", "escape", "s")
        assert opened() == ["https://verge.example/loss"]
        assert len(marks(tmp_path, "read")) == len(marks(tmp_path, "starred")) == 3
        await pilot.press("n")  # the others were read with it
        assert title(app) == "Oldest"


@pytest.mark.slow
async def test_what_comes_in_leaves_a_story_unfolded_and_joins_it(tmp_path: Path) -> None:
    story(tmp_path)
    async with open_window(tmp_path) as (app, pilot):
        await unfolded(pilot, app)
        await pilot.press("j", "j")
        store(tmp_path, [article("A fourth report", minutes_ago=10, story_keys=["loss"])], "Numerama")
        await ready(pilot, app, 6)
        assert title(app) == "Nvidia’s record loss"
        told = "4 articles on this story: CNBC first, then Solidot, The Verge, Numerama"
        await until(pilot, lambda: told in screen_text(app), "the sources of the story")
        store(tmp_path, [article("Quite new", minutes_ago=0)])
        await until(pilot, lambda: "▲ 1 new" in screen_text(app), "the pill")
        await pilot.press("full_stop")
        await ready(pilot, app, 7)
        assert title(app) == "Nvidia’s record loss"
        store(tmp_path, [article("First of all", minutes_ago=90, story_keys=["loss"])], "WCCFTech")
        await ready(pilot, app, 8)  # it leads now: the place of the story, and unfolded as before
        assert titles(app)[2:7] == [
            "First of all", LOSS, "英伟达市值一日蒸发近6000亿美元", "Nvidia’s record loss", "A fourth report",
        ]  # fmt: skip
        assert title(app) == "Nvidia’s record loss"
        await pilot.press("U", "a")
        await ready(pilot, app, 4)
        assert title(app) == "First of all"


@pytest.mark.slow
async def test_the_mouse_unfolds_at_the_number_and_opens_elsewhere(tmp_path: Path) -> None:
    story(tmp_path)
    async with open_window(tmp_path, rows=3) as (app, pilot):
        line = next(line for line in screen_text(app).splitlines() if LOSS in line)
        x = line.index("+2") - app.main.widgets.headlines.region.x
        await pilot.click("#list", offset=(x, 1))
        await ready(pilot, app, 5)
        assert marks(tmp_path, "read") == []
        await pilot.click("#list", offset=(x, 1))
        await ready(pilot, app, 3)
        await pilot.click("#list", offset=(20, 1))
        await settle(pilot)
        assert len(marks(tmp_path, "read")) == 3


@pytest.mark.slow
async def test_the_next_start_finds_the_story_of_an_unfolded_row(tmp_path: Path) -> None:
    story(tmp_path)
    async with open_window(tmp_path) as (app, pilot):
        await unfolded(pilot, app)
        await pilot.press("j", "q")
    async with open_window(tmp_path, rows=3) as (again, pilot):
        assert title(again) == LOSS


# -- links ------------------------------------------------------------------------------------------
def linked(folder: Path, links: tuple[str, ...]) -> None:
    one = article("Linked", minutes_ago=1, text="Text [1] [2]", url="https://news.example/a")
    store(folder, [replace(one, entry=replace(one.entry, links=links)), article("Bare", minutes_ago=2)])


@pytest.mark.slow
async def test_links_are_chosen_by_number_by_cursor_and_by_mouse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked(tmp_path, ("https://a.example/[/red]", "https://b.example/", "file:///etc/passwd"))
    opened = fake_browser(tmp_path, monkeypatch)
    async with open_window(tmp_path, rows=2) as (app, pilot):
        await pilot.press("L")
        await until(pilot, lambda: isinstance(app.screen, LinksScreen), "the list")
        assert "[1] https://a.example/[/red]" in screen_text(app)
        await pilot.press("9", "2")
        await until(pilot, lambda: opened() == ["https://b.example/"], "the second")
        await until(pilot, lambda: "opened b.example" in screen_text(app), "what was done")
        await pilot.press("L", "j", "k", "enter")
        await until(pilot, lambda: opened()[1:] == ["https://a.example/[/red]"], "the first")
        await press(pilot, "L", "3", shows="only http and https links")
        await press(pilot, "L", "escape")
        assert app.screen is app.main
        pane = app.main.widgets.article.region
        row = next(n for n, text in enumerate(screen_text(app).splitlines()) if "[2] https://b.example/" in text)
        column = screen_text(app).splitlines()[row].index("https://b.example/")
        await pilot.click("#article", offset=(column + 2 - pane.x, row - pane.y))
        await until(pilot, lambda: opened()[2:] == ["https://b.example/"], "the one that was clicked")
        await press(pilot, "escape", "j", "L", shows="this article has no links")
        assert len(opened()) == 3


def test_the_store_knows_its_newest_article(tmp_path: Path) -> None:
    story(tmp_path)
    with Reader(tmp_path / "news.db") as reader:
        assert reader.articles.highest_id() == max(reader.articles.ids_after(0, 100))


@pytest.mark.slow
async def test_a_read_story_with_new_reports_comes_up_again_and_stays_there_while_it_is_read(tmp_path: Path) -> None:
    story(tmp_path)
    async with open_window(tmp_path, rows=3) as (app, pilot):
        await press(pilot, "A", shows="0 unread of 3")
        assert titles(app) == ["Newest", LOSS, "Oldest"]
        assert "new " not in line_of(app, LOSS)
        fresh = [article(f"A report {n}", minutes_ago=n, story_keys=["loss"]) for n in (0, 2, 3)]
        with Writer(tmp_path / "news.db") as writer:
            fill(writer, "Numerama", fresh, choose_story=tells_more)
        await until(pilot, lambda: titles(app) == [LOSS, "Newest", "Oldest"], "the story at the top")
        assert f"▲3 new {LOSS[:12]}" in line_of(app, LOSS)
        assert "●" in line_of(app, LOSS)
        await until(pilot, lambda: "1 unread of 3" in screen_text(app), "the count")
        await press(pilot, "k", "enter", shows="0 unread of 3")
        assert title(app) == LOSS
        assert "▲3 new" not in screen_text(app)
        assert len(marks(tmp_path, "read")) == 8
        store(tmp_path, [article("Even newer", minutes_ago=0)])
        await press(pilot, "escape", shows="1 new, press")
        await pilot.press(".")
        await until(pilot, lambda: titles(app) == ["Even newer", LOSS, "Newest", "Oldest"], "the new row")
        assert title(app) == LOSS


@pytest.mark.slow
async def test_a_story_comes_up_only_when_the_reader_lets_new_rows_in(tmp_path: Path) -> None:
    story(tmp_path)
    async with open_window(tmp_path, rows=3) as (app, pilot):
        await press(pilot, "A", shows="0 unread of 3")
        await pilot.press("j", "j")
        assert title(app) == "Oldest"
        with Writer(tmp_path / "news.db") as writer:
            fill(writer, "Numerama", [article("More", minutes_ago=0, story_keys=["loss"])], choose_story=tells_more)
        await until(pilot, lambda: "1 new, press" in screen_text(app), "that something is new")
        await until(pilot, lambda: "▲1 new" in line_of(app, LOSS), "the sign where it is")
        assert titles(app) == ["Newest", LOSS, "Oldest"]
        await pilot.press(".")
        await until(pilot, lambda: titles(app) == [LOSS, "Newest", "Oldest"], "the story at the top")
        assert title(app) == "Oldest"


def line_of(app: TrackerApp, headline: str) -> str:
    return next(line for line in screen_text(app).splitlines() if headline[:12] in line)


@pytest.mark.slow
async def test_stories_that_a_sync_joins_after_their_articles_are_stored_become_one_row(tmp_path: Path) -> None:
    store(tmp_path, [article(LOSS, minutes_ago=60, story_keys=["one"])])
    verge = article("Nvidia has lost $593 billion in one day", minutes_ago=40, story_keys=["other"])
    store(tmp_path, [verge], "The Verge")
    async with open_window(tmp_path, rows=2) as (app, pilot):
        with Writer(tmp_path / "news.db") as writer:
            first, *others = writer.grouping.new_articles(NOW, 10)
            parts = (first.story_id, *(one.story_id for one in others))
            writer.grouping.join([StoryJoin(parts[0], parts[1:])], (first, *others))
        await until(pilot, lambda: titles(app) == [LOSS], "one row")

"""Who had it first, in the window: marked rows, rewrites under what they were taken from, the way to the original."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.store import article
from tests.helpers.ui import MEDIUM, NARROW, check_snapshot, press, screen_text, settle, until
from tests.helpers.window import LOSS, article_shown, marks, numbered, open_window, pane, ready, store, title, titles
from tracker.model.attribution import Attribution
from tracker.model.plan import NewArticle
from tracker.store.write import Writer

FRENCH, CHINESE, GERMAN = (
    "Nvidia perd 593 milliards",
    "英伟达市值一日蒸发近6000亿美元",
    "Nvidia verliert 593 Milliarden",
)


def told(title_: str, minutes_ago: float, language: str, names: str | None = None, key: str = "loss") -> NewArticle:
    """Return an article of a story that names its source in its last line."""
    text = f"It was a day.\n\nSource : {names}" if names is not None else "It was a day."
    made = article(title_, minutes_ago=minutes_ago, text=text, story_keys=[key])
    made = replace(made, entry=replace(made.entry, language=language))
    if names is None:
        return made
    start = text.index(names)
    return replace(made, attribution=Attribution(names, None, "text", start, start + len(names)))


def retold(folder: Path) -> None:
    """Store a story with a report, a rewrite of it, a rewrite of that, and a translation of the first report."""
    store(folder, [told(LOSS, 90, "en"), article("Newest", minutes_ago=1), article("Oldest", minutes_ago=300)])
    store(folder, [told("Record loss for Nvidia", 80, "en")], "WCCFTech")
    store(folder, [told("Chips: what a day", 70, "en")], "EE Times")
    store(folder, [told(FRENCH, 60, "fr", "WCCFTech")], "Numerama")
    store(folder, [told(CHINESE, 50, "zh", "Numerama")], "Solidot")
    store(folder, [told(GERMAN, 40, "de", "CNBC")], "heise")


NESTED = [LOSS, GERMAN, "Record loss for Nvidia", FRENCH, CHINESE, "Chips: what a day"]


@pytest.mark.slow
async def test_rewrites_stand_under_what_they_were_taken_from(tmp_path: Path) -> None:
    retold(tmp_path)
    async with open_window(tmp_path, rows=3) as (app, pilot):
        assert "≡" not in screen_text(app)
        await pilot.press("j", "x")
        await until(pilot, lambda: titles(app) == ["Newest", *NESTED, "Oldest"], "the story")
        rows = {name: next(line for line in screen_text(app).splitlines() if name in line) for name in NESTED}
        assert {name for name, line in rows.items() if "≡" in line.split("│")[1]} == {GERMAN, FRENCH, CHINESE}
        indents = {name: line.split("│")[1].index("└ ") - 8 for name, line in rows.items() if name != LOSS}
        assert indents == {
            GERMAN: 0, "Record loss for Nvidia": 0, FRENCH: 2, CHINESE: 4, "Chips: what a day": 0
        }  # fmt: skip
        store(tmp_path, [told("Une journée noire", 30, "fr", "heise")], "Le Monde")
        await ready(pilot, app, 9)
        assert titles(app)[1:4] == [LOSS, GERMAN, "Une journée noire"]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "size"), [("medium", MEDIUM), ("narrow", NARROW)])
async def test_snapshot(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    retold(tmp_path)
    async with open_window(tmp_path, size=size, rows=3) as (app, pilot):
        await pilot.press("j", "x", "j", "j", "j")
        await until(pilot, lambda: title(app) == FRENCH, "the rewrite")
        await until(pilot, lambda: "3 unread of 3" in screen_text(app), "the counts")
        await article_shown(pilot, app)
        await check_snapshot(pilot, f"rewrites-{name}")
        if name == "narrow":
            await press(pilot, "enter")
            await check_snapshot(pilot, "rewrites-narrow-article")


# -- to the original ----------------------------------------------------------------------------------


async def test_one_key_goes_to_what_the_article_was_taken_from(tmp_path: Path) -> None:
    retold(tmp_path)
    async with open_window(tmp_path, rows=3) as (app, pilot):
        await pilot.press("j", "x", "j", "j", "j", "j")
        assert title(app) == CHINESE
        await pilot.press("O")
        assert title(app) == FRENCH
        await until(pilot, lambda: "Numerama, which Solidot names as its source" in screen_text(app), "it said")
        await pilot.press("O")
        assert title(app) == "Record loss for Nvidia"
        assert marks(tmp_path, "read") == []
        await press(pilot, "O", shows="this article names no source")
        assert title(app) == "Record loss for Nvidia"


@pytest.mark.slow
async def test_an_original_that_is_folded_is_unfolded(tmp_path: Path) -> None:
    retold(tmp_path)
    async with open_window(tmp_path, query="source:numerama OR source:eetimes", size=NARROW, rows=1) as (app, pilot):
        app.main.searching.set("source:numerama")
        await until(pilot, lambda: titles(app) == [FRENCH], "the rewrite stands for its story")
        assert "≡+5" in screen_text(app)
        await press(pilot, "enter", shows="Source : WCCFTech")
        await pilot.press("O")
        await article_shown(pilot, app)
        assert (title(app), pane(app)) == ("Record loss for Nvidia", "article")
        assert len(titles(app)) == 6
        await pilot.press("escape")
        assert (title(app), pane(app)) == ("Record loss for Nvidia", "list")


@pytest.mark.slow
async def test_an_original_that_the_view_does_not_hold_is_shown_in_everything(tmp_path: Path) -> None:
    retold(tmp_path)
    store(tmp_path, numbered(300))  # so many that its row is not among the first that are read
    with Writer(tmp_path / "news.db") as writer:
        (rewrite,) = store(tmp_path, [told("Un rappel", 2, "fr", "WCCFTech")], "Le Monde")
        writer.stories.split(rewrite)
        writer.marks.set_starred([rewrite], True)
    async with open_window(tmp_path, rows=304) as (app, pilot):
        await pilot.press("*")
        await ready(pilot, app, 1)
        assert title(app) == "Un rappel"
        await pilot.press("O")
        await until(pilot, lambda: title(app) == "Record loss for Nvidia", "the original")
        assert (app.main.view.scope.place.name, app.main.view.scope.read_filter) == ("Everything", "everything")
        assert len(titles(app)) == 304 + 5  # its story is unfolded
        assert pane(app) == "list"
        await article_shown(pilot, app)


@pytest.mark.slow
async def test_an_original_among_the_first_rows_of_everything_is_there_at_once(tmp_path: Path) -> None:
    retold(tmp_path)
    (rewrite,) = store(tmp_path, [told("Un rappel", 2, "fr", "WCCFTech")], "Le Monde")
    with Writer(tmp_path / "news.db") as writer:
        writer.stories.split(rewrite)
        writer.marks.set_starred([rewrite], True)
    async with open_window(tmp_path, query="is:starred", rows=1) as (app, pilot):
        await pilot.press("enter")
        assert pane(app) == "article"
        app.main.stories.go_to_original()
        assert title(app) == "Record loss for Nvidia"  # before any thread has answered
        await settle(pilot)
        assert (title(app), pane(app)) == ("Record loss for Nvidia", "article")
        assert "WCCFTech · Mon 27 Jan" in screen_text(app)


@pytest.mark.slow
async def test_the_way_to_the_original_can_be_clicked(tmp_path: Path) -> None:
    retold(tmp_path)
    async with open_window(tmp_path, query="source:numerama", rows=1) as (app, pilot):
        await until(pilot, lambda: "source named: WCCFTech ▸ its article" in screen_text(app), "the way")
        lines = screen_text(app).splitlines()
        row = next(number for number, line in enumerate(lines) if "its article" in line)
        region = app.main.widgets.article.region
        await pilot.click("#article", offset=(lines[row].index("its article") + 2 - region.x, row - region.y))
        await until(pilot, lambda: title(app) == "Record loss for Nvidia", "the original")


@pytest.mark.slow
async def test_a_source_that_is_not_stored_is_said(tmp_path: Path) -> None:
    store(tmp_path, [told("Un modèle", 5, "fr", "Bloomberg", "else")])
    async with open_window(tmp_path, rows=1) as (app, pilot):
        await until(pilot, lambda: "source named: Bloomberg (article not stored)" in screen_text(app), "so")
        assert "≡" not in screen_text(app)
        await press(pilot, "O", shows="based on Bloomberg, whose article is not stored")

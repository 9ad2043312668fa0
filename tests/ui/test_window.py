"""The whole window on a real database: opening, moving, reading, marking, searching, folding."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from msgspec.structs import replace
from textual.widgets import Input

from tests.helpers.browser import fake_browser
from tests.helpers.store import about, article
from tests.helpers.ui import MEDIUM, NARROW, QUIET, press, screen_text, settle, until, until_shown
from tests.helpers.window import marks, numbered, open_window, pane, ready, store, title, titles
from tracker.model.commands import COMMANDS, split_keys
from tracker.model.config import View
from tracker.model.feed import FeedSource
from tracker.model.market import WatchSymbol
from tracker.store.write import Writer
from tracker.ui.parts import reading
from tracker.ui.parts.reading import Reading
from tracker.ui.state import load_state


@pytest.mark.slow
async def test_opens_with_what_is_stored_and_moves(tmp_path: Path) -> None:
    store(tmp_path, numbered(300))
    async with open_window(tmp_path, rows=300) as (app, pilot):
        assert title(app) == "Headline number 0"
        steps = (("j", 1), ("down", 2), ("k", 1), ("up", 0), ("G", 299), ("g", 0), ("end", 299), ("home", 0))
        for keys, place in steps:
            await pilot.press(keys)
            assert app.main.widgets.headlines.cursor == place
        height = app.main.widgets.headlines.scrollable_content_region.height
        for keys, place in (("pagedown", height - 1), ("pageup", 0), ("ctrl+d", (height - 1) // 2), ("ctrl+u", 0)):
            await pilot.press(keys)
            assert app.main.widgets.headlines.cursor == place
        assert "300 unread of 300" in screen_text(app)
    assert marks(tmp_path, "read") == []


async def test_opening_marks_read_and_shows_the_article(tmp_path: Path) -> None:
    store(tmp_path, numbered(5))
    async with open_window(tmp_path, rows=5) as (app, pilot):
        await press(pilot, "j", "enter")
        assert "Text of 1." in screen_text(app)
        assert pane(app) == "article"
        assert marks(tmp_path, "read") == ["Headline number 1"]
        await until(pilot, lambda: "4 unread of 5" in screen_text(app), "the count of unread")
        await pilot.press("escape")
        assert pane(app) == "list"
        assert title(app) == "Headline number 1"


async def test_read_star_all_read_and_undo(tmp_path: Path) -> None:
    store(tmp_path, numbered(4))
    async with open_window(tmp_path, rows=4) as (app, pilot):
        await press(pilot, "m")
        assert marks(tmp_path, "read") == ["Headline number 0"]
        await press(pilot, "j", "s")
        assert marks(tmp_path, "starred") == ["Headline number 1"]
        await press(pilot, "A")
        assert len(marks(tmp_path, "read")) == 4
        await until(pilot, lambda: "3 stories marked as read · u undoes this" in screen_text(app), "what was done")
        await press(pilot, "u")
        assert marks(tmp_path, "read") == ["Headline number 0"]
        await press(pilot, "u", "u")
        assert (marks(tmp_path, "starred"), marks(tmp_path, "read")) == ([], [])
        await press(pilot, "u", shows="nothing to undo")


@pytest.mark.slow
async def test_above_and_below_read_and_undo(tmp_path: Path) -> None:
    store(tmp_path, numbered(5))
    with Writer(tmp_path / "news.db") as writer:
        writer.marks.set_read([4], True)  # number 3
    async with open_window(tmp_path, rows=5) as (_app, pilot):
        await press(pilot, "K", shows="everything above is already read")
        await press(pilot, "j", "J", shows="2 stories marked as read · u undoes this")
        assert marks(tmp_path, "read") == [f"Headline number {n}" for n in (2, 3, 4)]
        await press(pilot, "u", shows="undone: 2 stories marked as read")
        assert marks(tmp_path, "read") == ["Headline number 3"]
        await press(pilot, "K", shows="1 story marked as read")
        assert marks(tmp_path, "read") == ["Headline number 0", "Headline number 3"]


@pytest.mark.slow
async def test_all_read_leaves_what_came_after_the_list_was_read(tmp_path: Path) -> None:
    store(tmp_path, numbered(2))
    async with open_window(tmp_path, rows=2) as (app, pilot):
        await pilot.press("j")
        store(tmp_path, [article("Later", minutes_ago=0)])
        await until(pilot, lambda: "▲ 1 new" in screen_text(app), "the pill")
        await press(pilot, "A")
        assert sorted(marks(tmp_path, "read")) == ["Headline number 0", "Headline number 1"]


@pytest.mark.slow
async def test_next_and_previous_unread_pass_over_what_was_read_far_away_too(tmp_path: Path) -> None:
    ids = store(tmp_path, numbered(500))
    with Writer(tmp_path / "news.db") as writer:
        writer.marks.set_read(set(ids) - {ids[0], ids[3], ids[450]}, True)
    async with open_window(tmp_path, rows=500) as (app, pilot):
        for keys, number in (("n", 3), ("n", 450), ("N", 3), ("p", 0)):
            await pilot.press(keys)
            assert title(app) == f"Headline number {number}"
        await pilot.press("p")
        assert "no unread articles above" in screen_text(app)
        await press(pilot, "enter", "n")
        assert title(app) == "Headline number 3"
        assert "Headline number 3" in marks(tmp_path, "read")


@pytest.mark.slow
async def test_marking_very_many_says_how_far_it_is_and_can_be_stopped_and_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.store.marks._FIRST_SLICE", 2)
    monkeypatch.setattr("tracker.store.marks._SLICE", 2)
    store(tmp_path, numbered(9))
    may_go_on = Event()
    tell = Reading._tell

    def tell_and_wait(part: Reading, count: int) -> None:
        tell(part, count)
        assert may_go_on.wait(30)

    monkeypatch.setattr(Reading, "_tell", tell_and_wait)
    async with open_window(tmp_path, rows=9) as (app, pilot):
        await pilot.press("A")
        so_far = "2 stories marked as read so far · Esc stops"
        try:
            await until_shown(pilot, lambda: so_far in screen_text(app), "how far it is")
            await pilot.press("escape")
        finally:
            may_go_on.set()
        await until(pilot, lambda: "4 stories marked as read · " in screen_text(app), "where it stopped")
        assert len(marks(tmp_path, "read")) == 4
        await press(pilot, "u", shows="undone: 4 stories marked as read")
        assert marks(tmp_path, "read") == []
        await press(pilot, "A", shows="9 stories marked as read · ")


@pytest.mark.slow
async def test_the_next_unread_is_found_in_a_thread_where_it_is_very_far(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_ASKED_HERE", 20)
    monkeypatch.setattr(reading, "_ASKED_AT_ONCE", 30)
    ids = store(tmp_path, numbered(400))
    with Writer(tmp_path / "news.db") as writer:
        writer.marks.set_read(set(ids) - {ids[0], ids[300], ids[390]}, True)
    async with open_window(tmp_path, rows=400) as (app, pilot):
        await pilot.press("n")
        await until(pilot, lambda: title(app) == "Headline number 300", "the next unread")
        await pilot.press("g", "g", "2", "n")
        await until(pilot, lambda: title(app) == "Headline number 390", "the one after it")
        await press(pilot, "n", shows="no unread articles below")


@pytest.mark.slow
async def test_space_scrolls_the_article_then_opens_the_next_unread(tmp_path: Path) -> None:
    long = "\n\n".join(f"Paragraph {n}." for n in range(60))
    store(tmp_path, [article("Long one", minutes_ago=1, text=long), *numbered(2, 5)])
    async with open_window(tmp_path, rows=3) as (app, pilot):
        await press(pilot, "space")
        assert marks(tmp_path, "read") == ["Long one"]
        assert app.main.widgets.article.scroll_offset.y == 0
        await pilot.press("space")
        assert app.main.widgets.article.scroll_offset.y > 0
        for _ in range(20):
            await pilot.press("space")
            if title(app) != "Long one":
                break
        assert title(app) == "Headline number 5"


@pytest.mark.slow
async def test_search_as_it_is_typed_keeps_the_last_good_result_beside_an_error(tmp_path: Path) -> None:
    store(tmp_path, [article("Nvidia falls", minutes_ago=1), article("Apple rises", minutes_ago=2)])
    async with open_window(tmp_path, rows=2) as (app, pilot):
        await pilot.press("slash", *"appl")
        await ready(pilot, app, 1)
        assert title(app) == "Apple rises"
        await press(pilot, "space", "(", shows="character 7: expected a word")
        assert title(app) == "Apple rises"
        await pilot.press("down", "enter")
        assert isinstance(app.focused, Input)
        await pilot.press("backspace", *"is:unread", "enter")
        await until(pilot, lambda: app.main.panes.current == "list" and not isinstance(app.focused, Input), "the list")
        assert "“appl is:unread”" in screen_text(app)
        await pilot.press("escape")
        await ready(pilot, app, 2)


@pytest.mark.slow
async def test_scopes_views_tags_and_feeds(tmp_path: Path) -> None:
    store(tmp_path, [article("Nvidia falls", minutes_ago=1, mentions=[about("nvidia", "Nvidia falls")])])
    ids = store(tmp_path, [article("Apple rises", minutes_ago=2)], "WCCFTech")
    with Writer(tmp_path / "news.db") as writer:
        writer.marks.set_read(ids, True)
        writer.marks.set_starred(ids, True)
    config = replace(
        QUIET,
        feeds=(FeedSource("CNBC", "http://127.0.0.1:9/0", "Markets"), FeedSource("WCCFTech", "http://127.0.0.1:9/1")),
        views=(View("Apples", "apple"),),
    )
    async with open_window(tmp_path, config, rows=2) as (app, pilot):
        for keys, titles in (("U", ["Nvidia falls"]), ("*", ["Apple rises"]), ("a", ["Nvidia falls", "Apple rises"])):
            await pilot.press(keys)
            await ready(pilot, app, len(titles))
            assert title(app) in titles
        await pilot.press("h")
        seen: dict[str, list[str]] = {}
        for _ in range(12):
            await until(pilot, lambda: app.main.widgets.side.row is not None, "a line of the side bar")
            row = app.main.widgets.side.row
            assert row is not None
            if row.place is not None:
                await until(pilot, lambda: app.main.view.scope.place == row.place, f"{row.place}")  # noqa: B023
                await settle(pilot)
                window_ = app.main.widgets.headlines.window
                seen[row.name] = [one.title for n in range(len(window_)) if (one := window_.row(n)) is not None]
            await pilot.press("j")
        assert seen == {
            "Everything": ["Nvidia falls", "Apple rises"],
            "Apples": ["Apple rises"],
            "Starred": ["Apple rises"],
            "nvidia": ["Nvidia falls"],
            "Markets": ["Nvidia falls"],
            "CNBC": ["Nvidia falls"],
            "WCCFTech": ["Apple rises"],
        }


@pytest.mark.slow
async def test_groups_fold_by_key_and_mouse(tmp_path: Path) -> None:
    config = replace(QUIET, feeds=(FeedSource("CNBC", "http://127.0.0.1:9/0", "Markets"),))
    async with open_window(tmp_path, config) as (app, pilot):
        await settle(pilot)
        assert "▾ Markets" in screen_text(app)
        await pilot.press("h", "G", "z")
        assert "▸ Markets" in screen_text(app)
        assert "CNBC" not in {row.name for row in app.main.widgets.side.rows}
        row = next(n for n, one in enumerate(app.main.widgets.side.rows) if one.name == "Markets")
        await pilot.click("#side", offset=(0, row + 1))
        assert "▾ Markets" in screen_text(app)


async def test_a_line_that_was_passed_does_not_call_the_cursor_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_window(tmp_path) as (app, pilot):
        side, listing, view = app.main.widgets.side, app.main.listing, app.main.view
        choices: list[Callable[[], object]] = []
        monkeypatch.setattr(listing, "choose_later", choices.append)
        await pilot.press("h", "G")
        passed = side.row
        assert passed is not None
        await pilot.press("g")
        assert side.cursor == 0
        assert choices
        for choice in choices:
            choice()
        assert (side.cursor, view.scope.place == passed.place) == (0, False)
        await pilot.press("G")
        choices[-1]()
        assert view.scope.place == passed.place


@pytest.mark.slow
async def test_the_mouse_opens_a_row_and_a_line_of_the_side_bar(tmp_path: Path) -> None:
    store(tmp_path, numbered(5))
    async with open_window(tmp_path, rows=5) as (app, pilot):
        await pilot.click("#list", offset=(30, 2))
        await settle(pilot)
        assert title(app) == "Headline number 2"
        assert marks(tmp_path, "read") == ["Headline number 2"]
        row = next(n for n, one in enumerate(app.main.widgets.side.rows) if one.name == "Starred")
        await pilot.click("#side", offset=(5, row + 1))
        await ready(pilot, app, 0)
        assert app.main.view.scope.place.name == "Starred"


@pytest.mark.slow
async def test_browser_and_clipboard_take_web_addresses_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store(
        tmp_path,
        [
            article("Good", minutes_ago=1, url="https://news.example/good"),
            article("Bad", minutes_ago=2, url="file:///etc/passwd"),
            article("None", minutes_ago=3),
        ],
    )
    opened = fake_browser(tmp_path, monkeypatch)
    async with open_window(tmp_path, rows=3) as (app, pilot):
        await press(pilot, "y", "o", "j", "o", "y", "j", "o")
        assert opened() == ["https://news.example/good"]
        assert app.clipboard == "https://news.example/good"
        assert marks(tmp_path, "read") == ["Good"]
        assert "has no link" in screen_text(app)


@pytest.mark.slow
async def test_hostile_titles_are_plain_text(tmp_path: Path) -> None:
    hostile = "[/red] [@click=app.quit]x[/] [RUMOR] [bold]y"
    store(tmp_path, [article(hostile, minutes_ago=1, text=hostile)], "[/b] feed")
    config = replace(QUIET, feeds=(FeedSource("[/b] feed", "http://127.0.0.1:9/0", "[@click=app.quit]g"),))
    async with open_window(tmp_path, config, rows=1) as (app, pilot):
        await press(pilot, "enter")
        text = screen_text(app)
        assert text.count(hostile[:30]) >= 2
        assert "[@click=app.quit]g"[:14] in text
        await press(pilot, "escape", "slash", *"[/red]:.+-?", shows="“[/red]:.+-?”")
        await press(pilot, "escape", "h", "G")
        assert app.is_running


@pytest.mark.slow
async def test_an_empty_database_says_what_the_panes_are(tmp_path: Path) -> None:
    async with open_window(tmp_path) as (app, pilot):
        await until(pilot, lambda: "No feeds yet. Press F to add one." in screen_text(app), "the note")
        assert "? shows every key" in screen_text(app)
        await press(pilot, "j", "enter", "m", "s", "n", "o", "y", "A", "u", "space", "G", "escape", "t", ".")
        assert app.is_running


@pytest.mark.slow
async def test_a_key_that_needs_an_article_says_so_where_there_is_none(tmp_path: Path) -> None:
    async with open_window(tmp_path) as (app, pilot):
        for command in COMMANDS:
            if command.needs_article or command.id == "article.open":
                app.main.status.clear_message()
                await press(pilot, split_keys(command.keys)[0], shows="no article selected")
        assert {"o", "y", "m", "s", "D", "X"} <= {command.keys for command in COMMANDS if command.needs_article}


def delete(folder: Path) -> None:
    for path in folder.glob("news.db*"):
        path.unlink()


@pytest.mark.slow
async def test_a_database_that_takes_the_place_of_the_one_that_is_open_is_shown(tmp_path: Path) -> None:
    store(tmp_path, numbered(3))
    async with open_window(tmp_path, rows=3) as (app, pilot):
        await pilot.press("j")
        await settle(pilot)
        delete(tmp_path)
        store(tmp_path, [article("After a fresh start", minutes_ago=1)])
        app.main.read_again()
        await until(pilot, lambda: titles(app) == ["After a fresh start"], "the new file")
        await until(pilot, lambda: "1 unread of 1 story" in screen_text(app), "its counts")
        await pilot.press("m")
        await until(pilot, lambda: marks(tmp_path, "read") == ["After a fresh start"], "the mark in the new file")
        store(tmp_path, [article("And what came next", minutes_ago=0)])
        await until(pilot, lambda: "1 unread of 2 stories" in screen_text(app), "what comes in")


@pytest.mark.slow
@pytest.mark.parametrize("button", [2, 3])
async def test_other_buttons_of_the_mouse_open_nothing(tmp_path: Path, button: int) -> None:
    store(tmp_path, numbered(5))
    async with open_window(tmp_path, rows=5) as (app, pilot):
        await pilot.click("#list", offset=(30, 2), button=button)
        await pilot.click("#side", offset=(5, 3), button=button)
        await settle(pilot)
        assert (title(app), marks(tmp_path, "read")) == ("Headline number 0", [])
        assert app.main.view.scope.place.name == "Everything"


@pytest.mark.slow
async def test_an_empty_list_says_why_and_names_the_keys_that_help(tmp_path: Path) -> None:
    store(tmp_path, numbered(3))
    async with open_window(tmp_path, rows=3) as (app, pilot):
        await press(pilot, "slash", *"tulip", shows="Nothing found. Press Esc to leave the search.")
        await press(pilot, "escape", "*", shows="Nothing starred here. Press a to show all articles.")
        assert "leave the search" not in screen_text(app)


@pytest.mark.slow
async def test_what_was_read_stays_in_a_list_of_unread_until_it_is_opened_again(tmp_path: Path) -> None:
    store(tmp_path, numbered(3))
    async with open_window(tmp_path, rows=3) as (app, pilot):
        await pilot.press("U")
        await ready(pilot, app, 3)
        await pilot.press("enter", "escape")
        store(tmp_path, [article("Later", minutes_ago=0)])
        await until(pilot, lambda: "▲ 1 new" in screen_text(app), "the pill")
        assert title(app) == "Headline number 0"
        await pilot.press("full_stop")
        await ready(pilot, app, 4)
        assert title(app) == "Headline number 0"
        await pilot.press("a", "U")
        await ready(pilot, app, 3)
        assert title(app) != "Headline number 0"


@pytest.mark.slow
async def test_state_is_kept_from_one_start_to_the_next(tmp_path: Path) -> None:
    store(tmp_path, numbered(10))
    async with open_window(tmp_path, rows=10) as (app, pilot):
        await pilot.press("t", "]", "j", "j", "j")
        app.theme = "nord"
        await pilot.press("q")
    state = load_state(tmp_path / "state")
    assert (state.moves, state.side_width, state.theme) == ("abnormal", 26, "nord")
    async with open_window(tmp_path, rows=10) as (again, pilot):
        assert title(again) == "Headline number 3"
        assert again.theme == "nord"
    async with open_window(tmp_path, query='"number 7"', rows=1) as (asked, pilot):
        assert title(asked) == "Headline number 7"


@pytest.mark.slow
async def test_the_users_keys_hold(tmp_path: Path) -> None:
    store(tmp_path, numbered(3))
    async with open_window(tmp_path, replace(QUIET, keys={"list.next": "x", "app.help": "f1"}), rows=3) as (app, pilot):
        await pilot.press("j")
        assert app.main.widgets.headlines.cursor == 0
        await pilot.press("x")
        assert app.main.widgets.headlines.cursor == 1
        assert "F1 help" in screen_text(app)


@pytest.mark.slow
async def test_help_and_palette(tmp_path: Path) -> None:
    store(tmp_path, [article("Nvidia falls", minutes_ago=1, mentions=[about("nvidia", "Nvidia falls")])])
    async with open_window(tmp_path, rows=1) as (app, pilot):
        await pilot.press("question_mark")
        assert "Next unread article" in screen_text(app)
        await pilot.press("escape", "colon")
        await press(pilot, *"tag: nvi", shows="Tag: nvidia")
        await pilot.press("enter")
        await until(pilot, lambda: app.main.view.scope.place.key == "tag:nvidia", "the tag's articles")


@pytest.mark.slow
async def test_panes_fold_as_the_terminal_gets_narrow(tmp_path: Path) -> None:
    store(tmp_path, numbered(5))
    config = replace(QUIET, symbols=(WatchSymbol("NVDA", "Nvidia"),))
    async with open_window(tmp_path, config, rows=5) as (app, pilot):
        seen = []
        for _ in range(5):
            await pilot.press("tab")
            seen.append(app.main.panes.current)
        assert seen == ["article", "watch", "side", "list", "article"]
        await pilot.press("shift+tab", "shift+tab", "shift+tab")
        assert pane(app) == "watch"
        await pilot.resize_terminal(*MEDIUM)
        await settle(pilot)
        assert pane(app) == "list"
        assert not app.main.widgets.watchlist.display
        await pilot.resize_terminal(*NARROW)
        await settle(pilot)
        assert [app.main.widgets.side.display, app.main.widgets.article.display] == [False, False]
        await press(pilot, "j", "enter")
        await until(pilot, lambda: "Text of 1." in screen_text(app), "the article", seconds=4)
        assert not app.main.query_one("#list-pane").display
        await press(pilot, "escape", "h")
        assert app.main.widgets.side.display
        assert app.main.widgets.side.region.width == NARROW[0]
        await press(pilot, "l")
        assert title(app) == "Headline number 1"


@pytest.mark.slow
async def test_quitting_at_once_still_stores_the_last_mark(tmp_path: Path) -> None:
    store(tmp_path, numbered(2))
    async with open_window(tmp_path, rows=2) as (_app, pilot):
        await pilot.press("s", "q")
    assert marks(tmp_path, "starred") == ["Headline number 0"]
    assert json.loads((tmp_path / "state" / "ui.json").read_text())["version"] == 1


async def test_without_colour_the_cursor_is_reversed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    store(tmp_path, numbered(2))
    async with open_window(tmp_path, rows=2) as (app, _pilot):
        cursor, other = (
            {bool(segment.style and segment.style.reverse) for segment in app.main.widgets.headlines.render_line(line)}
            for line in (0, 1)
        )
        assert (cursor, other) == ({True}, {False})

"""Searching in the window: tags that do not exist, places that hold nothing, and shares of the watchlist."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual import events

from tests.helpers.store import about, article, fill
from tests.helpers.ui import QUIET, WIDE, press, screen_text, until, window
from tests.helpers.window import open_window
from tracker.model.market import WatchSymbol
from tracker.store.write import Writer
from tracker.ui.messages import FirstFound
from tracker.ui.parts.view import SafeReads
from tracker.ui.scope import Scope


def store(folder: Path, count: int = 3) -> None:
    titles = [f"Nvidia falls {n}" for n in range(count)]
    with Writer(folder / "news.db") as writer:
        fill(
            writer,
            "CNBC",
            [
                article(title, minutes_ago=n + 1, mentions=[about("nvidia", title, "NVDA")], symbol="NVDA")
                for n, title in enumerate(titles)
            ],
        )
        fill(writer, "Garden", [article("When to prune", minutes_ago=30)])


def wait_for_no_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no search begin or end by the time that passes."""
    for name in ("_DEBOUNCE_SECONDS", "_PAUSE_SECONDS"):
        monkeypatch.setattr(f"tracker.ui.parts.listing.{name}", 60.0)


@pytest.mark.slow
async def test_an_unknown_tag_keeps_the_last_good_result_and_names_the_nearest_one(tmp_path: Path) -> None:
    store(tmp_path)
    async with open_window(tmp_path) as (app, pilot):
        headlines = app.main.widgets.headlines
        await until(pilot, lambda: headlines.line_count() == 4, "all rows")
        await pilot.press("slash", *"prune")
        await until(pilot, lambda: headlines.line_count() == 1, "what was found")
        app.main.widgets.search.field.value = "tag:nvida"
        await press(pilot, "enter", shows="did you mean tag:nvidia?")
        assert app.main.view.scope.search == "prune"
        assert app.main.searching.is_typing
        app.main.widgets.search.field.value = "tag:nvidia"
        await pilot.press("enter")
        await until(pilot, lambda: headlines.line_count() == 3, "the tag's articles")
        assert "did you mean" not in screen_text(app)


@pytest.mark.slow
async def test_a_word_that_is_not_yet_whole_keeps_the_rows_and_a_pause_says_that_it_finds_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(tmp_path)
    monkeypatch.setattr("tracker.ui.parts.listing._PAUSE_SECONDS", 60.0)
    async with open_window(tmp_path) as (app, pilot):
        headlines, shown = app.main.widgets.headlines, set[int]()
        await until(pilot, lambda: headlines.line_count() == 4, "all rows")
        await pilot.press("slash")
        for key in "tag:nvidia":
            await press(pilot, key)
            shown.add(headlines.line_count())
        await until(pilot, lambda: headlines.line_count() == 3, "the tag's articles")
        assert shown <= {4, 3}
        monkeypatch.setattr("tracker.ui.parts.listing._PAUSE_SECONDS", 0.01)
        app.main.widgets.search.field.value = "qwertz"
        await until(pilot, lambda: headlines.line_count() == 0, "that there is none")


@pytest.mark.slow
async def test_a_search_without_results_says_how_many_are_in_everything_and_enter_goes_there(tmp_path: Path) -> None:
    store(tmp_path)
    async with open_window(tmp_path, replace(QUIET, keys={"article.open": "enter,f5"})) as (app, pilot):
        main, headlines = app.main, app.main.widgets.headlines
        await until(pilot, lambda: headlines.line_count() == 4, "all rows")
        await press(pilot, "*", "slash", *"nvidia", shows="Nothing here; 3 in Everything: Enter shows them")
        # Slow keys search for what is typed so far, too, and find the same.
        await until(pilot, lambda: main.view.scope.search == "nvidia" and main.view.elsewhere == 3, "the whole word")
        await pilot.press("enter")
        await until(pilot, lambda: headlines.line_count() == 3, "what was found")
        assert (main.view.scope.place.key, main.view.scope.read_filter) == ("view:Everything", "everything")
        assert (main.view.scope.search, main.panes.current) == ("nvidia", "list")
        await pilot.press("enter")
        assert main.panes.current == "article"  # nothing is missing now, so Enter reads
        await press(pilot, "escape", "*", "slash", *" tulip", shows="Nothing starred here. Press a to show all")


@pytest.mark.slow
async def test_enter_goes_to_everything_from_the_empty_list_too(tmp_path: Path) -> None:
    store(tmp_path)
    async with open_window(tmp_path) as (app, pilot):
        await pilot.press("slash", *"nvidia", "enter")
        await until(pilot, lambda: app.main.widgets.headlines.line_count() == 3, "what was found")
        await press(pilot, "*", shows="Nothing here; 3 in Everything")
        await pilot.press("enter")
        await until(pilot, lambda: app.main.widgets.headlines.line_count() == 3, "what was found")


@pytest.mark.slow
async def test_a_share_that_is_chosen_shows_everything_about_it_and_what_moved_it(tmp_path: Path) -> None:
    with Writer(tmp_path / "news.db") as writer:
        both = [about("amd", "AMD and Nvidia", "AMD"), about("nvidia", "AMD and Nvidia", "NVDA")]
        fill(writer, "CNBC", [article("AMD and Nvidia", minutes_ago=1, mentions=both, symbol="AMD")])
        fill(writer, "Garden", [article("When to prune", minutes_ago=30)])
    app = window(tmp_path, replace(QUIET, symbols=(WatchSymbol("TSM", "TSMC"), WatchSymbol("NVDA", "Nvidia"))))
    async with app.run_test(size=WIDE) as pilot:
        main = app.main
        await until(pilot, lambda: main.widgets.headlines.line_count() == 2, "all rows")
        await pilot.press("*")
        main.panes.show("watch")
        await pilot.press("j", "enter")
        await until(pilot, lambda: main.widgets.headlines.line_count() == 1, "everything about Nvidia")
        scope = main.view.scope
        assert (scope.place.key, scope.read_filter, scope.search) == ("view:Everything", "everything", "symbol:NVDA")
        assert main.pricing.share == "NVDA"
        await press(pilot, "w", shows="What moved NVDA")
        await pilot.press("escape", "escape")
        await until(pilot, lambda: main.widgets.headlines.line_count() == 2, "all rows")
        assert main.pricing.share == "AMD"


@pytest.mark.slow
async def test_the_first_rows_of_a_search_do_not_wait_for_the_last_character(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(tmp_path, 130)
    wait_for_no_timer(monkeypatch)
    async with open_window(tmp_path) as (app, pilot):
        listing, headlines = app.main.listing, app.main.widgets.headlines
        await until(pilot, lambda: headlines.line_count() == 131 and listing.has_all, "all rows")
        await pilot.press("slash", *"pru")
        await until(pilot, lambda: headlines.line_count() == 1, "what was found")
        assert (app.main.view.scope.search, listing.is_begun_only, listing.has_all) == ("pru", True, False)
        await pilot.press(*["backspace"] * 3, *"nvidia")
        await until(pilot, lambda: headlines.line_count() == 120, "the first rows of many")
        headlines.cursor = 5
        kept = headlines.article_id
        listing.search("nvidia")  # what the timer does
        await until(pilot, lambda: headlines.line_count() == 130, "all that are found")
        assert headlines.article_id == kept
        assert listing.has_all
        assert not listing.is_begun_only


async def test_a_choice_whose_time_had_come_does_not_undo_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(tmp_path)
    async with open_window(tmp_path) as (app, pilot):
        listing = app.main.listing
        await until(pilot, lambda: listing.has_all, "all rows")
        chosen: list[str] = []
        kept: list[Callable[[], None]] = []
        with monkeypatch.context() as patch:
            patch.setattr(app.main, "set_timer", lambda seconds, call: kept.append(call))
            listing.choose_later(lambda: chosen.append("one"))
            listing.choose_later(lambda: chosen.append("other"))
        for call in kept:
            call()
        assert chosen == ["other"]


@pytest.mark.slow
async def test_what_is_found_of_a_text_that_is_gone_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(tmp_path)
    wait_for_no_timer(monkeypatch)
    async with open_window(tmp_path) as (app, pilot):
        listing, view = app.main.listing, app.main.view
        await until(pilot, lambda: listing.has_all, "all rows")
        asked: list[Scope] = []
        monkeypatch.setattr(app.main.background, "load_first", lambda scope, limit: asked.append(scope))
        await pilot.press("slash", "p", "backspace")
        listing.show_first(FirstFound(asked[0], array("q", [1])))
        assert view.scope.search == ""
        await pilot.press("p")
        listing.choose_later(lambda: None)  # a place is chosen in the side bar
        listing.show_first(FirstFound(asked[1], array("q", [1])))
        assert (len(asked), view.scope.search) == (2, "")
        assert app.main.widgets.headlines.line_count() == 4


@pytest.mark.slow
async def test_the_first_rows_of_a_search_that_enter_has_shown_do_not_show_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(tmp_path)
    wait_for_no_timer(monkeypatch)
    async with open_window(tmp_path) as (app, pilot):
        listing, headlines = app.main.listing, app.main.widgets.headlines
        await until(pilot, lambda: listing.has_all, "all rows")
        monkeypatch.setattr(app.main.background, "load_first", lambda scope, limit: None)
        await pilot.press("slash", *"nvidia", "enter")
        await until(pilot, lambda: listing.has_all and headlines.line_count() == 3, "what was found")
        headlines.cursor = 2
        timers: list[float] = []
        monkeypatch.setattr(app.main, "set_timer", lambda seconds, call: timers.append(seconds))
        listing.show_first(FirstFound(app.main.view.scope, headlines.window.leads))
        assert (timers, headlines.cursor) == ([], 2)


@pytest.mark.slow
async def test_first_rows_that_come_before_all_of_them_start_no_other_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(tmp_path)
    wait_for_no_timer(monkeypatch)
    async with open_window(tmp_path) as (app, pilot):
        listing, headlines = app.main.listing, app.main.widgets.headlines
        await until(pilot, lambda: listing.has_all, "all rows")
        background, timers = app.main.background, list[float]()
        monkeypatch.setattr(background, "load_first", lambda scope, limit: None)
        await pilot.press("slash", *"nvidia")
        with monkeypatch.context() as patch:
            patch.setattr(background, "load_ids", lambda *asked, **more: None)
            listing.search("nvidia")  # what the timer does
            patch.setattr(app.main, "set_timer", lambda seconds, call: timers.append(seconds))
            listing.show_first(FirstFound(app.main.view.scope, array("q", [1, 2])))
        await until(pilot, lambda: headlines.line_count() == 2, "the first rows")
        assert timers == []


@pytest.mark.parametrize(
    "is_text",
    [
        pytest.param(True, id="a text that is no query"),
        pytest.param(False, id="the place that is shown", marks=pytest.mark.slow),
    ],
)
async def test_a_choice_that_changes_nothing_lets_the_list_be_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_text: bool
) -> None:
    store(tmp_path)
    monkeypatch.setattr("tracker.ui.parts.listing._PAUSE_SECONDS", 60.0)
    async with open_window(tmp_path) as (app, pilot):
        listing, headlines, background = app.main.listing, app.main.widgets.headlines, app.main.background
        await until(pilot, lambda: listing.has_all, "all rows")
        monkeypatch.setattr(background, "load_first", lambda scope, limit: None)
        monkeypatch.setattr(SafeReads, "read_quickly", lambda reads, work, instead: None)  # no first rows in time
        with monkeypatch.context() as patch:
            patch.setattr(background, "load_ids", lambda *asked, **more: None)  # it takes long
            listing.commands()["view.unread"]()
            await pilot.press("slash", "h")
            await until(pilot, lambda: listing.is_begun_only, "the end of the read")
        assert app.main.view.reading_seconds is not None
        if is_text:
            await pilot.press("left_parenthesis")
        else:
            listing.choose_later(lambda: listing.show_place(app.main.view.scope.place))
        await until(pilot, lambda: listing.has_all, "all unread rows")
        assert (headlines.line_count(), app.main.view.scope.search) == (4, "")
        assert app.main.view.reading_seconds is None


async def test_escape_leaves_a_search_whose_enter_came_before_its_text(tmp_path: Path) -> None:
    store(tmp_path)
    async with open_window(tmp_path) as (app, pilot):
        headlines = app.main.widgets.headlines
        await until(pilot, lambda: headlines.line_count() == 4, "all rows")
        for key in ("slash", *"prune", "enter"):  # at once, as from the clipboard of a terminal
            app.post_message(events.Key(key, "/" if key == "slash" else key if len(key) == 1 else None))
        await until(pilot, lambda: headlines.line_count() == 1, "what was found")
        await pilot.press("escape")
        await until(pilot, lambda: headlines.line_count() == 4, "all rows again")
        assert app.main.view.scope.search == ""


async def test_tab_takes_what_is_suggested_and_else_goes_to_the_next_pane(tmp_path: Path) -> None:
    store(tmp_path)
    async with open_window(tmp_path) as (app, pilot):
        headlines, search = app.main.widgets.headlines, app.main.widgets.search
        await until(pilot, lambda: headlines.line_count() == 4 and bool(app.main.view.counts.tags), "rows and tags")
        await pilot.press("slash", *"tag:nvi")
        await until(pilot, lambda: search.can_complete, "a suggestion")
        await pilot.press("tab")
        assert (search.field.value, app.main.searching.is_typing) == ("tag:nvidia", True)
        await until(pilot, lambda: headlines.line_count() == 3, "the tag's articles")
        await pilot.press("tab")
        assert not app.main.searching.is_typing


async def test_all_lines_of_what_is_pasted_are_searched_for(tmp_path: Path) -> None:
    store(tmp_path)
    async with open_window(tmp_path, rows=4) as (app, pilot):
        await pilot.press("slash")
        field = app.main.widgets.search.field
        field.post_message(events.Paste("\nprune\r\n  title:tree \n"))
        await until(pilot, lambda: field.value == "prune title:tree", "both lines")
        field.select_all()
        field.post_message(events.Paste("fig\n"))
        await until(pilot, lambda: field.value == "fig", "what was pasted over it")


@pytest.mark.slow
async def test_a_source_that_there_is_not_is_said_while_the_rows_stay(tmp_path: Path) -> None:
    store(tmp_path)
    async with open_window(tmp_path, rows=4) as (app, pilot):
        await pilot.press("slash")
        app.main.widgets.search.field.value = "source:cbnc"
        await press(pilot, "enter", shows="did you mean source:cnbc?")
        assert app.main.widgets.headlines.line_count() == 4


async def test_leaving_a_search_goes_back_to_where_it_began_or_stays_on_what_was_chosen_in_it(tmp_path: Path) -> None:
    store(tmp_path, 60)
    async with open_window(tmp_path, rows=61) as (app, pilot):
        headlines = app.main.widgets.headlines
        await pilot.press("2", "0", "j")
        before = headlines.article_id
        await press(pilot, "slash", *"nvidia", shows="“nvidia”")
        await pilot.press("enter")
        assert headlines.article_id != before
        await pilot.press("escape")
        await until(pilot, lambda: not app.main.view.scope.search and len(headlines.window) == 61, "all headlines")
        await until(pilot, lambda: headlines.article_id == before, "the place before the search")
        await press(pilot, "slash", *"nvidia", shows="“nvidia”")
        await pilot.press("enter", "j", "j")
        chosen = headlines.article_id
        await pilot.press("escape")
        await until(pilot, lambda: not app.main.view.scope.search and len(headlines.window) == 61, "all headlines")
        await until(pilot, lambda: headlines.article_id == chosen != before, "what was chosen")

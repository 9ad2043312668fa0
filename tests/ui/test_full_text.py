"""The full text of an article in the window, with a real server and real processes that read the pages."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from textual.pilot import Pilot

from tests.feeds.safety import is_safe
from tests.helpers.http_server import Answer, LoopbackServer, Request
from tests.helpers.pages import PARAGRAPHS, page
from tests.helpers.store import NOW, article, fill
from tests.helpers.ui import NARROW, press, screen_text, screen_words, until, until_shown
from tests.helpers.window import open_window, ready
from tracker.model.fulltext import FullText
from tracker.model.plan import NewArticle
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.ui.app import TrackerApp
from tracker.ui.widgets.full_text_lines import full_text_lines

HTML = {"Content-Type": "text/html; charset=utf-8"}
FULL = "full text, fetched Mon 27 Jan · f shows the summary"


def fill_from(server: LoopbackServer, folder: Path, articles: Sequence[NewArticle]) -> tuple[int, ...]:
    """Store articles of a feed that the server has, so that its other pages may be asked for, too."""
    with Writer(folder / "news.db") as writer:
        return fill(writer, "CNBC", articles, url=f"{server.url}/feed")


def one(server: LoopbackServer, path: str = "/1") -> NewArticle:
    return article("Nvidia falls 17%", minutes_ago=5, url=server.url + path, text="The feed's own line.")


async def opened(pilot: Pilot[None], app: TrackerApp, rows: int = 1) -> None:
    await ready(pilot, app, rows)
    await until(pilot, lambda: "CNBC" in app.main.view.states, "the feed")


@pytest.mark.slow
async def test_a_key_fetches_the_full_text_once_and_goes_back_to_the_summary(
    tmp_path: Path, server: LoopbackServer
) -> None:
    parts = (
        f"{PARAGRAPHS[0]} See <a href='/report'>the report</a> for more.",
        f"{PARAGRAPHS[1]}</p><h2>What is next</h2><ul><li>Results in May</li></ul><blockquote>A quote, said"
        " an analyst of a bank in New York who did not want to be named in this article.</blockquote><p>",
        PARAGRAPHS[2],
    )
    server.routes["/1"] = Answer(page(*parts).encode(), headers=HTML)
    (article_id,) = fill_from(server, tmp_path, [one(server)])
    async with open_window(tmp_path) as (app, pilot):
        await opened(pilot, app)
        assert "The feed's own line." in screen_text(app)
        await pilot.press("f")
        await until(pilot, lambda: FULL in screen_text(app), "the full text")
        shown = screen_text(app)
        assert "the report[1] for more." in screen_words(app)
        assert "What is next" in shown
        assert "## What" not in shown
        assert "• Results in May" in shown
        assert "│ A quote, said" in shown
        assert "The feed's own line." not in shown
        assert app.main.widgets.article.links == (f"{server.url}/report",)
        await press(pilot, "f", shows="The feed's own line.")
        assert FULL not in screen_text(app)
        await press(pilot, "4", "L", shows="no link [4]: this article has no links")
    with Reader(tmp_path / "news.db") as reader:
        stored = reader.full_texts.get(article_id)
    assert stored is not None
    assert stored.links == (f"{server.url}/report",)
    server.routes.clear()
    async with open_window(tmp_path, size=NARROW) as (app, pilot):
        await opened(pilot, app)
        await pilot.press("enter", "f")
        await until(pilot, lambda: FULL in screen_text(app), "the stored text")
    assert len(server.requests) == 1


async def test_a_number_opens_a_link_of_the_full_text(
    tmp_path: Path, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_links: list[str] = []

    async def note(url: str) -> None:
        opened_links.append(url)

    monkeypatch.setattr("tracker.ui.browser.open_in_browser", note)
    (article_id,) = fill_from(server, tmp_path, [one(server)])
    with Writer(tmp_path / "news.db") as writer:
        links = tuple(f"https://a.example/{n}" for n in range(1, 13))
        writer.full_texts.put(article_id, FullText(None, "T", "Words[12] and[13] words[1].", links, NOW))
    async with open_window(tmp_path) as (app, pilot):
        await opened(pilot, app)
        await pilot.press("f", "1", "2", "L")
        await until(pilot, lambda: opened_links == ["https://a.example/12"], "the browser")
        await pilot.press("L", "2")
        await until(pilot, lambda: opened_links[1:] == ["https://a.example/2"], "the browser again")


@pytest.mark.slow
async def test_fetching_is_said_can_be_stopped_and_does_not_hold_up_the_window(
    tmp_path: Path, server: LoopbackServer
) -> None:
    go = threading.Event()

    def slow(request: Request) -> Answer:
        go.wait(30)
        return Answer(page().encode(), headers=HTML)

    server.routes["/1"] = slow
    other = article("Another headline", minutes_ago=30, url=f"{server.url}/2", text="Text of the other.")
    (first, _) = fill_from(server, tmp_path, [one(server), other])
    host = "fetching the full text from 127.0.0.1 … f stops"
    async with open_window(tmp_path) as (app, pilot):
        await opened(pilot, app, 2)
        await pilot.press("f")
        await until_shown(pilot, lambda: bool(server.requests), "the request")
        assert host in screen_text(app)
        await pilot.press("j")
        await until_shown(pilot, lambda: "Text of the other." in screen_text(app), "another article meanwhile")
        assert host not in screen_text(app)
        await pilot.press("k")
        await until_shown(pilot, lambda: host in screen_text(app), "that it is still being fetched")
        await press(pilot, "f", shows="stopped fetching the full text")
        await pilot.press("f")
        await until_shown(pilot, lambda: len(server.requests) == 2, "the second request")
        go.set()
        await until(pilot, lambda: FULL in screen_text(app), "the full text")
    with Reader(tmp_path / "news.db") as reader:
        assert reader.full_texts.get(first) is not None


@pytest.mark.slow
async def test_why_there_is_no_full_text_is_said_with_what_to_do(tmp_path: Path, server: LoopbackServer) -> None:
    server.routes["/1"] = Answer(b"no", 429, {"Retry-After": "600"})
    server.routes["/2"] = Answer(b"<html><body><p>Please log in.</p></body></html>", headers=HTML)
    articles = [
        one(server),
        article("Behind a wall", minutes_ago=20, url=f"{server.url}/2"),
        article("Elsewhere", minutes_ago=30, url="http://10.0.0.1/x"),
        article("Without a link", minutes_ago=40, url=None),
    ]
    fill_from(server, tmp_path, articles)
    async with open_window(tmp_path) as (app, pilot):
        await opened(pilot, app, 4)
        for keys, reason in (
            ("jf", "127.0.0.1: this page has no article text (a paywall, a consent page, or one that needs scripts?)"),
            ("jf", "10.0.0.1: refused: 10.0.0.1 is not a public address"),
            ("jf", "this article has no link to fetch its text from"),
            ("kkkf", "127.0.0.1: 429, asked to wait 600 s; try again later, or open it in a browser"),
            ("f", "the server asked not to be contacted until 2025-01-27T21:26:00Z (429, asked to wait 600 s)"),
        ):
            await pilot.press(*keys)
            await until(pilot, lambda reason=reason: reason in screen_text(app), reason)  # type: ignore[misc]
        assert "no full text: the server asked" in screen_words(app)
    assert [request.path for request in server.requests] == ["/2", "/1"]


async def test_changed_settings_hold_for_the_next_page(tmp_path: Path) -> None:
    async with open_window(tmp_path) as (app, pilot):
        full = app.main.parts.full_texts
        first = await full._connect()
        assert await full._connect() is first
        config = app.main.view.config
        app.main.view.config = replace(config, settings=replace(config.settings, host_delay_seconds=3.0))
        second = await full._connect()
        assert second is not first
        assert await full._connect() is second
        await pilot.pause()


@pytest.mark.slow
async def test_a_hostile_page_shows_as_text(tmp_path: Path, server: LoopbackServer) -> None:
    evil = "[/red] [@click=app.quit]quit[/] \x1b]0;owned\x07\x1b[2J &#27;[31m \u202egnp.exe " + PARAGRAPHS[0]
    deep = "<div>" * 3_000 + "</div>" * 3_000
    link = "<a href='javascript:alert(1)'>script</a> <a href='https://a.example/\x1b]8;;x'>here</a>"
    server.routes["/1"] = Answer(page(evil, PARAGRAPHS[1] + link, PARAGRAPHS[2] + deep).encode(), headers=HTML)
    fill_from(server, tmp_path, [one(server)])
    async with open_window(tmp_path) as (app, pilot):
        await opened(pilot, app)
        await pilot.press("f")
        await until(pilot, lambda: FULL in screen_text(app), "the full text")
        shown = screen_text(app)
        assert "[/red] [@click=app.quit]quit[/]" in shown
        assert not {"\x1b", "\x07", "\u202e"} & set(shown)
        (only,) = app.main.widgets.article.links
        assert only.startswith("https://a.example/")
        assert is_safe(only)


def plain(text: str, width: int, links: tuple[str, ...] = (), words: Sequence[str] = ()) -> list[str]:
    lines = full_text_lines(FullText(None, "", text, links), words, width)
    return ["".join(span.text for span in line) for line in lines]


def test_each_part_of_a_full_text_has_its_form() -> None:
    assert plain("## A heading\n\n1. one two three\n• x", 11) == ["A heading", "", "1. one two", "   three", "• x"]
    assert plain("> one two three\n>\n> > deep", 11) == ["│ one two", "│ three", "│ ", "│ deep"]
    assert plain("    if x:\n        y", 40) == ["    if x:", "        y"]
    assert plain("2024 was good.\n#1 in chips", 40) == ["2024 was good.", "#1 in chips"]


def test_numbers_of_links_are_links_and_matched_words_are_lit() -> None:
    full = FullText(None, "", "AMD and AMDs[1] [2] 英伟达跌", ("https://a.example/",))
    (line,) = full_text_lines(full, ["AMD", "英伟达"], 60)
    assert [(span.text, span.part) for span in line if span.part != "text"] == [
        ("AMD", "match"),
        ("[1]", "link"),
        ("英伟达", "match"),
    ]
    assert [span.link for span in line if span.link] == ["https://a.example/"]


@given(st.text(st.sampled_from("ab 英>#•1.[]\n ")), st.integers(0, 40))
def test_any_full_text_fits_and_loses_nothing(text: str, width: int) -> None:
    lines = plain(text, width, ("https://a.example/",), ("ab",))
    assert all(cell_len(line) <= max(8, width) for line in lines)
    assert [char for line in lines for char in line if char in "ab英[]"] == [char for char in text if char in "ab英[]"]

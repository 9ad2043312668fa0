"""The health screen: what it says of each feed, retrying one, going to its articles, live while a sync runs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from textual.pilot import Pilot

from tests.helpers.feeds import config_for, rss
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.store import NOW
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
from tests.helpers.window import numbered, open_window, ready
from tracker.model.config import Config
from tracker.model.events import SyncFinished
from tracker.model.feed import FeedSource, FeedState, FeedSynced
from tracker.model.market import PriceFailure, WatchSymbol
from tracker.model.plan import FeedPlan
from tracker.store.feed_reader import FeedRow
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.sync.feed_health import FeedHealth, feed_healths
from tracker.sync.lock import sync_lock
from tracker.ui.app import TrackerApp
from tracker.ui.messages import SyncAdvanced
from tracker.ui.screens.health import HealthScreen
from tracker.ui.widgets.health_rows import (
    detail_lines,
    draw_health_row,
    health_head,
    health_title,
)

FOUR = replace(
    QUIET,
    feeds=(
        FeedSource("CNBC", "https://news.example/cnbc", "Markets"),
        FeedSource("EE Times", "https://eet.example/feed", "Hardware"),
        FeedSource("Solidot", "https://solidot.example/rss", "中文"),
        FeedSource("[/red] off", "https://off.example/rss", enabled=False),
    ),
    market=QUIET.market,
)


def four(folder: Path) -> None:
    """Store one feed that is well, one that fails, one that is gone; the fourth is switched off."""
    with Writer(folder / "news.db") as writer:
        writer.register_feeds(FOUR.feeds)
        with Reader(folder / "news.db") as reader:
            states = reader.feeds.states()
        ago, to_come = NOW - timedelta(minutes=4), NOW + timedelta(minutes=56)
        well = replace(
            states["CNBC"], last_checked=ago, last_http=304, next_due=to_come, next_why="Cache-Control 60 min"
        )
        fails = replace(
            states["EE Times"], last_checked=ago, last_http=503, last_reason="503 Service Unavailable: try later",
            fail_count=3, next_due=to_come, next_why="3 failures in a row",
        )  # fmt: skip
        gone = replace(
            states["Solidot"], last_checked=ago, last_http=410, fail_count=1, disabled_reason="410: gone for good"
        )
        new = [replace(one, first_seen=NOW - timedelta(days=1)) for one in numbered(3)]
        for plan in (FeedPlan(well, tuple(new)), FeedPlan(fails), FeedPlan(gone)):
            writer.store_feed(plan, lambda article, candidates: None)
        writer.pause_host("eet.example", NOW + timedelta(hours=2), "Retry-After 2 h", NOW)


async def opened(pilot: Pilot[None], app: TrackerApp) -> HealthScreen:
    await settle(pilot)
    await pilot.press("v")
    await until(pilot, lambda: isinstance(app.screen, HealthScreen) and bool(app.screen.feeds.rows), "the feeds")
    assert isinstance(app.screen, HealthScreen)
    return app.screen


@pytest.mark.slow
@pytest.mark.parametrize(("name", "size"), [("wide", WIDE), ("medium", MEDIUM), ("narrow", NARROW)])
async def test_snapshot(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    four(tmp_path)
    with sync_lock(tmp_path / "news.db", lambda: NOW):  # nothing is due for a window that may not sync
        async with open_window(tmp_path, FOUR, size=size, rows=3) as (app, pilot):
            await opened(pilot, app)
            await until(pilot, lambda: "3 followed, 1 disabled" in screen_text(app), "the page")
            await check_snapshot(pilot, f"health-{name}")


@pytest.mark.slow
async def test_symbols_without_a_price_are_named_with_their_reason(tmp_path: Path) -> None:
    four(tmp_path)
    why = "no such symbol in the answer"
    with Writer(tmp_path / "news.db") as writer:
        writer.prices.store_quotes((), (), [PriceFailure("yahoo", why, one) for one in ("2454.TW", "FOO")], (), NOW)
    with sync_lock(tmp_path / "news.db", lambda: NOW):
        async with open_window(tmp_path, FOUR, rows=3) as (app, pilot):
            await opened(pilot, app)
            await until(pilot, lambda: f"no price: 2454.TW, FOO ({why})" in screen_text(app), "the symbols")


@pytest.mark.slow
async def test_why_a_sync_could_not_run_is_shown_whole(tmp_path: Path) -> None:
    four(tmp_path)
    with sync_lock(tmp_path / "news.db", lambda: NOW):
        async with open_window(tmp_path, FOUR, size=NARROW, rows=3) as (app, pilot):
            page = await opened(pilot, app)
            page.show_end(f"the disk is full: {'word ' * 20}and this is what to do")
            await until(pilot, lambda: "and this is what to do" in screen_words(app), "its end")


@pytest.mark.slow
async def test_going_to_the_articles_of_a_feed_and_back(tmp_path: Path) -> None:
    four(tmp_path)
    with sync_lock(tmp_path / "news.db", lambda: NOW):
        async with open_window(tmp_path, FOUR, rows=3) as (app, pilot):
            page = await opened(pilot, app)
            assert [one.source.name for one in page.feeds.rows] == ["EE Times", "Solidot", "CNBC", "[/red] off"]
            await pilot.press("j", "down", "enter")
            await until(pilot, lambda: app.main.view.scope.place.key == "feed:CNBC", "the feed's articles")
            assert app.main.view.scope.place.query == 'feed:"CNBC"'
            for keys in ("escape", "v"):
                await opened(pilot, app)
                await press(pilot, "G", "k", "g", "ctrl+d", "pageup", keys)
                assert app.screen is app.main
            page = await opened(pilot, app)
            await pilot.click("#health-list", offset=(5, 1))
            await settle(pilot)
            assert app.screen is page
            assert page.feeds.row is not None
            assert page.feeds.row.source.name == "Solidot"
            await pilot.click("#health-list", offset=(5, 2), times=2)
            await until(pilot, lambda: app.screen is app.main, "the window")
            assert app.main.view.scope.place.key == "feed:CNBC"


@pytest.mark.slow
async def test_retrying_one_feed_and_all(tmp_path: Path, server: LoopbackServer) -> None:
    server.routes["/a"] = Answer(b"no", 500)
    server.routes["/b"] = Answer(rss(["One"]))
    async with open_window(tmp_path, config_for(server, "a", "b"), rows=1) as (app, pilot):
        await until(pilot, lambda: not app.main.background.is_syncing, "the end of the first sync")
        page = await opened(pilot, app)
        assert "1 is not responding" in screen_text(app)
        assert "500 Internal Server Error" in screen_text(app)
        server.routes["/a"] = Answer(rss(["Two", "Three"]))
        before = len(server.asked("/b"))
        await press(pilot, "r", shows="a responded, 2 new")
        await until(pilot, lambda: "all are fine" in screen_text(app), "the table after it")
        assert len(server.asked("/b")) == before
        assert page.feeds.row is not None
        assert page.feeds.row.source.name == "a"
        server.routes["/b"] = Answer(b"", 404)
        await press(pilot, "R", shows="1 of 2 feeds responded")
        await until(pilot, lambda: "404" in screen_text(app), "the table after all")


@pytest.mark.slow
async def test_a_feed_whose_host_asked_for_rest_is_not_asked_and_that_is_said(
    tmp_path: Path, server: LoopbackServer
) -> None:
    server.routes["/a"] = Answer(b"", 429, {"Retry-After": "7200"})
    async with open_window(tmp_path, config_for(server, "a")) as (app, pilot):
        await until(pilot, lambda: len(server.asked("/a")) == 1 and not app.main.background.is_syncing, "the sync")
        await opened(pilot, app)
        await press(pilot, "r", shows="a was not fetched: ")
        assert "in 2 h" in screen_text(app) or "in 1 h" in screen_text(app)
        assert len(server.asked("/a")) == 1


async def test_what_a_sync_tells_while_the_page_is_opened_is_shown(tmp_path: Path) -> None:
    async with open_window(tmp_path, size=NARROW) as (app, pilot):
        await settle(pilot)
        app.main.parts.health.show()
        # The page has not been laid out yet.
        failed = FeedSynced("a", "failed", reason="timed out")
        app.main.on_sync_advanced(SyncAdvanced(SyncFinished(NOW, NOW, (failed,), None)))
        await until(pilot, lambda: "a: timed out" in screen_text(app), "what became of the feed")


@pytest.mark.parametrize("key", ["v", *(pytest.param(key, marks=pytest.mark.slow) for key in "bYBw")])
async def test_the_help_opens_over_a_page_and_leads_back_to_it(tmp_path: Path, key: str) -> None:
    four(tmp_path)
    async with open_window(tmp_path, replace(FOUR, symbols=(WatchSymbol("NVDA"),)), rows=3) as (app, pilot):
        await pilot.press(key)
        await until(pilot, lambda: app.screen is not app.main, "the page")
        page = app.screen
        for help_key, shown in (("?", "Keys and signs"), ("i", "Signs and numbers")):
            await press(pilot, help_key, shows=shown)
            await pilot.press("escape")
            await until(pilot, lambda page=page: app.screen is page, "the page again")  # type: ignore[misc]


@pytest.mark.slow
async def test_a_sync_of_another_process_is_said(tmp_path: Path) -> None:
    four(tmp_path)
    with sync_lock(tmp_path / "news.db", lambda: NOW):
        async with open_window(tmp_path, FOUR, rows=3) as (app, pilot):
            await opened(pilot, app)
            await pilot.press("r")
            await until(pilot, lambda: "pid" in screen_text(app).splitlines()[-2], "who is syncing")


@pytest.mark.slow
async def test_without_feeds_it_says_so(tmp_path: Path) -> None:
    async with open_window(tmp_path, size=NARROW) as (app, pilot):
        await settle(pilot)
        await press(pilot, "v", shows="no feeds yet")
        await pilot.press("r", "j", "enter")
        await until(pilot, lambda: app.screen is app.main, "the window")


# -- the lines ----------------------------------------------------------------------------------
STATE = FeedState("A", "https://a.example/feed", last_checked=NOW, last_http=200, next_due=NOW + timedelta(hours=1))


def test_details_say_what_a_line_has_no_room_for() -> None:
    row = FeedRow(STATE, None, None, 1234, 5, 60)
    assert detail_lines(FeedHealth(FeedSource("A", "https://old.example"), row), NOW) == [
        "https://a.example/feed · 1,234 articles stored, 5 unread",
        "last response: 200 OK, just now · next: in 1 h",
        "",
    ]
    moved = replace(STATE, redirect_url="https://b.example/feed", fail_count=2, last_reason="timed out", next_why="x")
    assert detail_lines(FeedHealth(FeedSource("A", ""), replace(row, state=moved)), NOW)[1:] == [
        "last response: 200 OK, just now · next: in 1 h (x) · moved to https://b.example/feed",
        "⚠ timed out, 2 times in a row",
    ]
    assert detail_lines(FeedHealth(FeedSource("A", "https://a.example"), None), NOW)[0] == "https://a.example"


def test_the_title_counts_no_snoozed_feed_as_followed() -> None:
    row = FeedRow(replace(STATE, last_reason="timed out"), None, None, 0, 0, 0)
    feeds = [
        FeedHealth(FeedSource("A", "https://a.example"), None),
        FeedHealth(FeedSource("B", "https://b.example", snoozed_until=NOW.date() + timedelta(days=2)), row),
        FeedHealth(FeedSource("C", "https://c.example", snoozed_until=NOW.date()), None),
        FeedHealth(FeedSource("D", "https://d.example", enabled=False), row),
    ]
    assert health_title(feeds, NOW) == "Feeds · 2 followed, 1 snoozed, 1 disabled · all are fine"
    awake = FeedHealth(FeedSource("B", "https://b.example"), row)
    assert health_title([feeds[0], awake], NOW) == "Feeds · 2 followed · 1 is not responding"


def test_a_pause_belongs_to_the_feeds_of_its_host() -> None:
    rows = [FeedRow(STATE, None, None, 0, 0, 0)]
    pause = (NOW + timedelta(hours=3), "Retry-After")
    config = Config(feeds=(FeedSource("A", STATE.url), FeedSource("B", "https://b.example")))
    assert [one.pause for one in feed_healths(config, rows, {"a.example": pause}, NOW)] == [pause, None]


@given(st.text(max_size=40), st.text(max_size=60) | st.none(), st.integers(0, 200), st.integers(0, 9))
def test_every_line_fills_its_width(name: str, reason: str | None, width: int, failures: int) -> None:
    state = replace(STATE, last_reason=reason, fail_count=failures)
    one = FeedHealth(FeedSource(name, "", "Gruppe 組"), FeedRow(state, None, None, 1, 1, 123_456))
    assert cell_len("".join(text for text, _ in draw_health_row(one, width, NOW))) == width
    assert cell_len(health_head(width)) == width


@pytest.mark.slow
async def test_the_users_keys_hold_here_too(tmp_path: Path) -> None:
    four(tmp_path)
    with sync_lock(tmp_path / "news.db", lambda: NOW):
        app = window(tmp_path, replace(FOUR, keys={"view.health": "f6", "list.next": "e", "sync.one": "f5"}))
        async with app.run_test(size=WIDE) as pilot:
            await ready(pilot, app, 3)
            await pilot.press("f6")
            await until(
                pilot, lambda: isinstance(app.screen, HealthScreen) and bool(app.screen.feeds.rows), "the feeds"
            )
            assert isinstance(app.screen, HealthScreen)
            await pilot.press("e", "e", "j")
            assert app.screen.feeds.cursor == 2
            assert "F5 retries" in screen_text(app)
            await pilot.press("f6")
            await until(pilot, lambda: app.screen is app.main, "the window")

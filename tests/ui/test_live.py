"""The window while others write: syncs of its own, of a second connection and of a real second process."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.helpers.feeds import config_for, config_text, rss, write_config
from tests.helpers.http_server import Answer, LoopbackServer, Request
from tests.helpers.prices import store as store_bars
from tests.helpers.store import NOW, article, delete, raw
from tests.helpers.ui import QUIET, WIDE, press, screen_text, settle, until, until_shown, window
from tests.helpers.window import numbered, open_window, ready, store, title, titles
from tracker.model.market import INTRADAY, Bar, Quote, WatchSymbol
from tracker.model.query import parse_query
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.sync.lock import sync_lock
from tracker.sync.options import SyncOptions
from tracker.sync.retagging import retag


@pytest.mark.slow
async def test_the_first_start_fetches_the_feeds_and_shows_what_comes(tmp_path: Path, server: LoopbackServer) -> None:
    server.routes["/a"] = Answer(rss(["One", "Two"]))
    server.routes["/b"] = Answer(b"no", 503)
    async with open_window(tmp_path, config_for(server, "a", "b"), rows=2) as (app, pilot):
        await until(pilot, lambda: "synced 1 of 2 feeds" in screen_text(app), "what the sync brought")
        await press(pilot, "h", "G", shows="⚠ b: ")
        assert "503" in screen_text(app)


@pytest.mark.slow
async def test_syncing_one_feed_and_all(tmp_path: Path, server: LoopbackServer) -> None:
    for name in ("a", "b"):
        server.routes[f"/{name}"] = Answer(rss([f"First of {name}"]))
    async with open_window(tmp_path, config_for(server, "a", "b"), rows=2) as (app, pilot):
        await until(pilot, lambda: not app.main.background.is_syncing, "the end of the first sync")
        for name in ("a", "b"):
            server.routes[f"/{name}"] = Answer(rss([f"First of {name}", f"Second of {name}"]))
        before = {name: len(server.asked(f"/{name}")) for name in ("a", "b")}
        source = app.main.widgets.headlines.headline.source if app.main.widgets.headlines.headline is not None else ""
        await pilot.press("r")
        await ready(pilot, app, 3)
        assert {name for name in ("a", "b") if len(server.asked(f"/{name}")) > before[name]} == {source}
        await until(pilot, lambda: not app.main.background.is_syncing, "the end of the second sync")
        await pilot.press("R")
        await ready(pilot, app, 4)


@pytest.mark.slow
async def test_a_sync_asked_for_while_one_runs_comes_after_it(tmp_path: Path, server: LoopbackServer) -> None:
    goes_on = threading.Event()

    def slow(_: Request) -> Answer:
        goes_on.wait(30)
        return Answer(rss(["One"]))

    server.routes["/a"] = slow
    async with open_window(tmp_path, config_for(server, "a")) as (app, pilot):
        await until_shown(pilot, lambda: bool(server.asked("/a")), "the feed asked")
        server.routes["/a"] = Answer(rss(["One", "Two"]))
        await pilot.press("R")
        await until_shown(pilot, lambda: bool(app.main.background._queued), "the second sync in the queue")
        assert len(server.asked("/a")) == 1
        goes_on.set()
        await ready(pilot, app, 2)
        assert len(server.asked("/a")) == 2


@pytest.mark.slow
async def test_all_syncs_asked_for_while_one_runs_come_after_it(tmp_path: Path, server: LoopbackServer) -> None:
    goes_on = threading.Event()

    def slow(_: Request) -> Answer:
        goes_on.wait(30)
        return Answer(rss(["One", "Two"]))

    for name in ("a", "b", "c"):
        server.routes[f"/{name}"] = Answer(rss([f"Of {name}"]))
    async with open_window(tmp_path, config_for(server, "a", "b", "c"), rows=3) as (app, pilot):
        background = app.main.background
        await until(pilot, lambda: not background.is_syncing, "the end of the first sync")
        before = {name: len(server.asked(f"/{name}")) for name in ("b", "c")}
        server.routes["/a"] = slow
        for name in ("a", "b", "c", "b"):
            background.sync(SyncOptions(feeds=(name,), prices=False, by_hand=True))
        goes_on.set()
        await until(pilot, lambda: not background.is_syncing and not background._queued, "the end of all syncs")
        assert {name: len(server.asked(f"/{name}")) - before[name] for name in before} == {"b": 1, "c": 1}


@pytest.mark.slow
async def test_quitting_while_a_sync_runs_waits_for_no_server_and_loses_nothing(
    tmp_path: Path, server: LoopbackServer
) -> None:
    server.routes["/a"] = Answer(rss(["One"]))
    goes_on = threading.Event()
    waited: list[bool] = []

    def slow(_: Request) -> Answer:
        waited.append(goes_on.wait(30))
        return Answer(rss(["Never"]))

    server.routes["/slow"] = slow
    async with open_window(tmp_path, config_for(server, "a", "slow")) as (app, pilot):
        await until_shown(pilot, lambda: app.main.widgets.headlines.line_count() == 1, "the row of the quick feed")
        await until_shown(pilot, lambda: bool(server.asked("/slow")), "the slow feed asked")
        await pilot.press("q")
    assert waited == []  # the slow feed has not answered yet
    goes_on.set()
    async with open_window(tmp_path) as (again, pilot):
        await ready(pilot, again, 1)


@pytest.mark.slow
async def test_rows_of_another_connection_wait_while_the_reader_reads(tmp_path: Path) -> None:
    store(tmp_path, numbered(100))
    async with open_window(tmp_path, rows=100) as (app, pilot):
        await pilot.press(*["j"] * 30)
        lines = app.main.widgets.headlines
        line = lines.cursor - lines.scroll_offset.y
        store(tmp_path, [article(f"New {n}", minutes_ago=0.1 * n) for n in range(3)])
        await until(pilot, lambda: "▲ 3 new, press ." in screen_text(app), "the pill")
        assert lines.line_count() == 100
        await press(pilot, "full_stop")
        assert lines.line_count() == 103
        assert title(app) == "Headline number 30"
        assert lines.cursor - lines.scroll_offset.y == line
        assert "▲" not in screen_text(app)


@pytest.mark.slow
async def test_rows_come_in_at_once_while_nobody_has_moved(tmp_path: Path) -> None:
    store(tmp_path, numbered(100))
    async with open_window(tmp_path, rows=100) as (app, pilot):
        store(tmp_path, [article("New one", minutes_ago=0)])
        await ready(pilot, app, 101)
        assert title(app) == "Headline number 0"
        assert "New one" in screen_text(app)
        await pilot.press("j", "g")
        store(tmp_path, [article("Newer", minutes_ago=-1)])
        await ready(pilot, app, 102)
        assert titles(app)[:3] == ["Newer", "New one", "Headline number 0"]
        # Far more than the screen holds: an untouched list goes on showing what is newest.
        store(tmp_path, [article(f"Flood {n}", minutes_ago=-2 - n) for n in range(80)])
        await ready(pilot, app, 182)
        assert title(app) == "Flood 79"


@pytest.mark.slow
async def test_a_late_first_report_takes_the_lead_of_its_story_without_a_second_row(tmp_path: Path) -> None:
    store(tmp_path, [article("Second report", minutes_ago=5, story_keys=["x"]), article("Else", minutes_ago=20)])
    async with open_window(tmp_path, rows=2) as (app, pilot):
        store(tmp_path, [article("First report", minutes_ago=9, story_keys=["x"])], "The Verge")
        await until(pilot, lambda: titles(app) == ["First report", "Else"], "the new lead")
        assert title(app) == "First report"


async def test_marks_of_another_connection_show(tmp_path: Path) -> None:
    ids = store(tmp_path, numbered(3))
    async with open_window(tmp_path, rows=3) as (app, pilot):
        with Writer(tmp_path / "news.db") as writer:
            writer.marks.set_read([ids[1]], True)
        await until(pilot, lambda: "2 unread of 3" in screen_text(app), "the other's mark")
        await until(
            pilot, lambda: (row := app.main.widgets.headlines.window.row(1)) is not None and row.read, "the row as read"
        )


@pytest.mark.slow
@pytest.mark.parametrize("query", ["", "is:unread"])
async def test_what_another_connection_mutes_and_deletes_leaves_the_list(tmp_path: Path, query: str) -> None:
    ids = store(
        tmp_path, [article("Old", minutes_ago=9), article("Nvidia", minutes_ago=5), article("New", minutes_ago=1)]
    )
    async with open_window(tmp_path, query=query, rows=3) as (app, pilot):
        await pilot.press("j")  # the story under the cursor goes, too
        await until(pilot, lambda: title(app) == "Nvidia", "the cursor on what is muted next")
        with Writer(tmp_path / "news.db") as writer:
            writer.mute_stored([parse_query("nvidia")], ["nvidia"], NOW)
        await until(pilot, lambda: titles(app) == ["New", "Old"], "the muted one to leave")
        with Reader(tmp_path / "news.db") as reader:
            (old,) = [row.id for row in reader.articles.headlines(ids) if row.title == "Old"]
        with Writer(tmp_path / "news.db") as writer:
            delete(writer, old)
        await until(pilot, lambda: titles(app) == ["New"], "the deleted one to leave")
        with Writer(tmp_path / "news.db") as writer:
            writer.mute_stored([], [], NOW)
        if not query:  # what was muted is read
            await until(pilot, lambda: "Nvidia" in titles(app) or "1 new" in screen_text(app), "what is shown again")


@pytest.mark.slow
async def test_a_muted_row_that_is_read_stays_in_its_unread_list_until_that_is_left(tmp_path: Path) -> None:
    ids = store(tmp_path, numbered(3))
    with Writer(tmp_path / "news.db") as writer:
        raw(writer).execute("UPDATE article SET muted = 1")
    async with open_window(tmp_path, query="is:muted is:unread", rows=3) as (app, pilot):
        await press(pilot, "m", shows="marked as read")
        await press(pilot, "j", "m", shows="marked as read")
        await until(pilot, lambda: "1 unread" in screen_text(app), "the count")
        assert len(titles(app)) == 3
        with Writer(tmp_path / "news.db") as writer:
            delete(writer, ids[2])
        await ready(pilot, app, 2)


@pytest.mark.slow
async def test_a_list_by_moves_follows_new_quotes(tmp_path: Path) -> None:
    store(tmp_path, [article("Nvidia falls", symbol="NVDA"), article("AMD stays", symbol="AMD", minutes_ago=20)])
    before = NOW - timedelta(hours=2)

    def quotes(seconds_ago: int, **prices: float) -> None:
        after = NOW - timedelta(seconds=seconds_ago)
        with Writer(tmp_path / "news.db") as writer:
            writer.prices.store_quotes(
                [Quote(one, price, after, "yahoo") for one, price in prices.items()], (), (), (), NOW
            )

    with Writer(tmp_path / "news.db") as writer:
        end = before + timedelta(minutes=5)
        store_bars(writer, [Bar(one, INTRADAY, before, end, 100.0, "yahoo") for one in ("NVDA", "AMD")])
    quotes(60, NVDA=96.0, AMD=100.0)
    async with open_window(tmp_path, query="move<-3%", rows=1) as (app, pilot):
        assert titles(app) == ["Nvidia falls"]
        quotes(30, NVDA=96.0, AMD=90.0)
        await until(pilot, lambda: "AMD stays" in titles(app) or "1 new above" in screen_text(app), "the other one")
        quotes(10, NVDA=96.0, AMD=100.0)
        await until(pilot, lambda: titles(app) == ["Nvidia falls"], "that it has left")


@pytest.mark.slow
async def test_what_another_program_tags_anew_comes_into_the_list(tmp_path: Path) -> None:
    store(tmp_path, [article("Nvidia falls"), article("A quiet day")])
    async with open_window(tmp_path, rows=2) as (app, pilot):
        app.main.listing.search_everything("tag:nvidia")
        await ready(pilot, app, 0)
        assert list(retag(QUIET, tmp_path / "news.db"))
        await until(pilot, lambda: titles(app) == ["Nvidia falls"], "what now has the tag")


@pytest.mark.slow
async def test_keys_stay_alive_while_another_process_holds_the_store(tmp_path: Path) -> None:
    store(tmp_path, numbered(3))
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE');"
        "print('held', flush=True); sys.stdin.readline(); c.execute('ROLLBACK')"
    )
    async with open_window(tmp_path, rows=3) as (app, pilot):
        pipe = asyncio.subprocess.PIPE
        holder = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, str(tmp_path / "news.db"), stdin=pipe, stdout=pipe
        )
        try:
            assert holder.stdin is not None
            assert holder.stdout is not None
            await holder.stdout.readline()
            await pilot.press("s", "j")
            assert title(app) == "Headline number 1"
            row = app.main.widgets.headlines.window.row(0)
            assert row is not None
            assert row.starred
            holder.stdin.write(b"\n")
            await settle(pilot)
        finally:
            await holder.communicate()
        assert "★" in screen_text(app)
        assert app.main.marks.last is not None


@pytest.mark.slow
async def test_a_sync_of_another_process_brings_rows(tmp_path: Path, server: LoopbackServer) -> None:
    server.routes["/a"] = Answer(rss(["From outside"], published=NOW - timedelta(minutes=1)))
    store(tmp_path, numbered(3))
    path = write_config(tmp_path, config_text(server, "a"))
    async with open_window(tmp_path, rows=3) as (app, pilot):
        await pilot.press("j")
        command = [sys.executable, "-m", "tracker", "sync", "--config", str(path), "--db", str(tmp_path / "news.db")]
        process = await asyncio.create_subprocess_exec(
            *command, "--no-prices", stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
        )
        _, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        await until(pilot, lambda: "▲ 1 new" in screen_text(app), "the other process's row")
        assert title(app) == "Headline number 1"
        await pilot.press("full_stop")
        await ready(pilot, app, 4)
        assert title(app) == "Headline number 1"


@pytest.mark.slow
async def test_a_locked_sync_says_so_and_nothing_breaks(tmp_path: Path, server: LoopbackServer) -> None:
    server.routes["/a"] = Answer(rss(["One"]))
    store(tmp_path, numbered(2))
    app = window(tmp_path, config_for(server, "a"))
    with sync_lock(tmp_path / "news.db", lambda: NOW):
        async with app.run_test(size=WIDE) as pilot:
            await until(pilot, lambda: not app.main.background.is_syncing, "the end of the first try")
            assert "another sync" not in screen_text(app)  # nobody asked for it
            await press(pilot, "j", "R", shows="another sync is running (pid")
            assert title(app) == "Headline number 1"
            await pilot.press("j")
            for _ in range(3):
                assert "another sync" not in screen_text(app)
                app.main.syncing.sync_due()
                await until(pilot, lambda: not app.main.background.is_syncing, "the end of another try")
            assert "another sync is running (pid" in screen_text(app)  # for too long
            assert server.requests == []


async def test_the_first_window_beside_a_sync_says_that_headlines_are_on_their_way(
    tmp_path: Path, server: LoopbackServer
) -> None:
    app = window(tmp_path, config_for(server, "a"))
    with sync_lock(tmp_path / "news.db", lambda: NOW):
        async with app.run_test(size=WIDE) as pilot:
            await until(pilot, lambda: "Another tracker is fetching the feeds" in screen_text(app), "what is going on")
            assert server.requests == []


@pytest.mark.slow
async def test_a_key_that_is_held_down_asks_a_hanging_server_once(tmp_path: Path, server: LoopbackServer) -> None:
    goes_on = threading.Event()

    def slow(_: Request) -> Answer:
        goes_on.wait(30)
        return Answer(rss(["One", "Two"]))

    server.routes["/a"] = Answer(rss(["One"]))
    async with open_window(tmp_path, config_for(server, "a"), rows=1) as (app, pilot):
        background = app.main.background
        await until(pilot, lambda: not background.is_syncing, "the end of the first sync")
        server.routes["/a"] = slow
        before = len(server.asked("/a"))
        await pilot.press("R")
        await until_shown(pilot, lambda: len(server.asked("/a")) > before, "the feed asked")
        await pilot.press("R", "R", "R")
        assert "all feeds: already being fetched" in screen_text(app)
        goes_on.set()
        await ready(pilot, app, 2)
        await until(pilot, lambda: not background.is_syncing, "the end of the sync")
        assert len(server.asked("/a")) == before + 1


@pytest.mark.slow
async def test_repeats_of_a_key_are_no_new_wish(
    tmp_path: Path, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["/a"] = Answer(rss(["One"]))
    async with open_window(tmp_path, config_for(server, "a"), rows=1) as (app, pilot):
        background, asked = app.main.background, server.asked
        await until(pilot, lambda: not background.is_syncing, "the end of the first sync")
        monkeypatch.setattr("tracker.ui.parts.syncing._HELD_SECONDS", 3600.0)
        for more in (1, 0, 0):
            before = len(asked("/a"))
            await pilot.press("R")
            await until(pilot, lambda: not background.is_syncing, "the end of the sync")
            assert len(asked("/a")) == before + more
        monkeypatch.setattr("tracker.ui.parts.syncing._HELD_SECONDS", 0.0)
        before = len(asked("/a"))
        await pilot.press("R")
        await until(pilot, lambda: len(asked("/a")) == before + 1, "another one")


@pytest.mark.slow
async def test_why_there_are_no_prices_is_said_in_the_watchlist(tmp_path: Path, server: LoopbackServer) -> None:
    server.routes["/v7/finance/spark"] = Answer(b"Too Many Requests", 429)
    config = replace(config_for(server, prices=True), symbols=(WatchSymbol("NVDA"),))
    async with open_window(tmp_path, config) as (app, pilot):
        await until(pilot, lambda: "NVDA no quote: " in screen_text(app), "the reason")
        assert server.asked("/v7/finance/spark")


@pytest.mark.slow
def test_the_window_is_imported_without_what_only_a_sync_needs() -> None:
    code = (
        "import sys, tracker.ui.app, tracker.ui.screens.main as m;"
        "heavy = {'httpx', 'feedparser', 'selectolax', 'ahocorasick_rs', 'sqlite_utils', 'tomlkit'};"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_a_fault_in_a_sync_is_said_and_the_window_stays(
    tmp_path: Path, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise TypeError("nobody thought of this")

    monkeypatch.setattr("tracker.sync.run.select_due", fail)
    async with open_window(tmp_path, config_for(server, "a")) as (app, pilot):
        await until(pilot, lambda: "sync stopped: internal error: TypeError in " in screen_text(app), "the fault")
        assert "nobody thought of this" in (tmp_path / "state" / "errors.log").read_text()
        assert not app.main.background.is_syncing

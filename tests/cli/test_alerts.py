"""`tracker sync` with alerts, and `tracker alerts`."""

from __future__ import annotations

import stat
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import NOW, Desk
from tests.helpers.feeds import rss
from tests.helpers.http_server import Answer, LoopbackServer
from tracker.model.dates import ComingDate
from tracker.store.write import Writer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="runs a shell script")
RECENT = datetime.fromisoformat(NOW) - timedelta(minutes=30)


@pytest.fixture
def fired(tmp_path: Path) -> Path:
    """Return the file to which the hook writes a line for each alert."""
    out = tmp_path / "fired"
    hook = tmp_path / "hook"
    hook.write_text(f'#!/bin/sh\necho "$TRACKER_TITLE" >> {out}\n')
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    return out


def rules(desk: Desk, server: LoopbackServer, fired: Path, more: str = "") -> None:
    desk.write(
        f'[settings]\nhost_delay_seconds = 0\n[market]\nproviders = []\n[[feed]]\nname = "a"\nurl = "{server.url}/a"\n'
        f'[[alert]]\nquery = "nvidia"\ncommand = ["{fired.with_name("hook")}"]\n{more}'
    )


@pytest.mark.slow
def test_a_sync_sends_each_story_once_and_the_list_says_what_fired(
    desk: Desk, server: LoopbackServer, fired: Path
) -> None:
    server.routes["/a"] = Answer(rss(["Nvidia falls 17 %", "A quiet day"], published=RECENT))
    rules(desk, server, fired)
    done = desk.run("sync")
    assert done.code == 0
    assert "alert nvidia: NVDA: Nvidia falls 17 %" in done.err
    assert fired.read_text() == "Nvidia falls 17 %\n"
    assert desk.run("sync", "--force", "--quiet").code == 0
    assert fired.read_text() == "Nvidia falls 17 %\n"
    (record,) = desk.run("alerts", "list").records
    assert (record["rule"], record["title"], record["problem"]) == ("nvidia", "Nvidia falls 17 %", None)
    assert record["sent"] is not None
    assert desk.run("alerts", "list", "--limit", "0").records == [record]


def test_a_rule_with_a_move_is_named_in_percent(desk: Desk, server: LoopbackServer, fired: Path) -> None:
    rules(desk, server, fired, '[[alert]]\nquery = "amd"\nmove = "2.5%"\nnotify = ["bell"]\n')
    assert "alert amd move 2.5%: " in desk.run("alerts", "test").err


def test_an_alert_about_a_date_is_named_by_what_it_asks_for(desk: Desk, server: LoopbackServer, fired: Path) -> None:
    server.routes["/a"] = Answer(rss(["A quiet day"], published=RECENT))
    rules(desk, server, fired, '[[symbol]]\nsymbol = "NVDA"\n[[alert]]\nresults = "2d"\nnotify = ["bell"]\n')
    now = datetime.fromisoformat(NOW)
    day = now.date() + timedelta(days=1)
    with Writer(desk.db) as writer:
        writer.dates.store_page(
            "nasdaq", "results", day, [ComingDate("NVDA", "results", day, None, "nasdaq", now)], now
        )
    assert "alert results<2d: NVDA: results tomorrow" in desk.run("sync").err


def test_a_way_that_does_not_work_is_said_and_the_sync_goes_on(desk: Desk, server: LoopbackServer, fired: Path) -> None:
    server.routes["/a"] = Answer(rss(["Nvidia falls 17 %"], published=RECENT))
    fired.with_name("hook").unlink()
    rules(desk, server, fired)
    done = desk.run("sync", "--quiet")
    assert (done.code, done.err) == (0, "alert nvidia: command hook: No such file or directory\n")
    assert "command hook: No such file or directory" in desk.run("alerts", "list", "--format", "table").out


def test_test_sends_every_rule_now(desk: Desk, server: LoopbackServer, fired: Path) -> None:
    rules(desk, server, fired, f'[[alert]]\nquery = "amd"\nurl = "{server.url}/nobody"\n')
    done = desk.run("alerts", "test")
    assert done.code == 1
    assert done.err == "alert nvidia: sent\nalert amd: url: responded 404\n1 alert could not be sent\n"
    assert fired.read_text() == "A test of this alert\n"


def test_without_rules_and_without_a_database(desk: Desk) -> None:
    desk.write("[market]\nproviders = []\n")
    done = desk.run("alerts", "list")
    assert (done.code, done.out, done.err) == (0, "", "no [[alert]] rules in feeds.toml\n")
    assert desk.run("alerts", "test").code == 1

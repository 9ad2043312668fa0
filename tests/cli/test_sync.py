"""`tracker sync` against a real server, with its codes and records."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import threading

import pytest

from tests.cli.conftest import Desk
from tests.cli.feeds import config, rss, serve
from tests.helpers.http_server import Answer, LoopbackServer, Request
from tracker.cli.clock import make_clock
from tracker.sync.lock import sync_lock

TITLES = ("Nvidia falls", "DeepSeek rises", "Nothing of note")


@pytest.mark.slow
def test_new_then_unchanged(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/A"] = serve(rss(*TITLES))
    desk.write(config(server, "A"))
    done = desk.process("sync", "--json")
    assert done.code == 0
    assert done.err == "3 new articles, 0 changed from 1 of 1 feed\n"
    record = json.loads(done.out)
    assert set(record) == {"started", "finished", "feeds", "new", "updated", "failed", "prices", "dates"}
    assert "2025-01-27T21:16:00Z" <= record["started"] < "2025-01-27T21:17"  # the clock goes on
    assert (record["new"], record["updated"], record["failed"], record["prices"]) == (3, 0, 0, None)
    feed = record["feeds"][0]
    assert set(feed) == {"name", "status", "http", "new", "updated", "next_due", "reason", "ms"}
    assert (feed["name"], feed["status"], feed["http"], feed["new"], feed["reason"]) == ("A", "new", 200, 3, None)

    assert [item["title"] for item in desk.process("list").records] == list(TITLES)
    assert [item["title"] for item in desk.process("list", "tag:nvidia").records] == ["Nvidia falls"]

    record = json.loads(desk.process("sync", "--json").out)
    assert (record["feeds"][0]["status"], record["feeds"][0]["http"]) == ("skipped", None)
    assert record["feeds"][0]["reason"] is not None
    desk.environ["TRACKER_NOW"] = "2025-01-28T21:16:00Z"
    record = json.loads(desk.process("sync", "--json").out)
    assert (record["feeds"][0]["status"], record["feeds"][0]["http"], record["new"]) == ("unchanged", 304, 0)
    assert len(server.asked("/A")) == 2


def test_the_symbols_without_a_price_are_named_with_their_reason(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/A"] = serve(rss("Nothing of note"))
    empty = b'{"spark": {"result": [], "error": null}}'
    server.routes["/v7/finance/spark"] = Answer(empty, headers={"Content-Type": "application/json"})
    text = config(server, "A").replace(
        "providers = []", f'providers = ["yahoo"]\n[market.yahoo]\nbase_url = "{server.url}"'
    )
    desk.write(f'{text}[[symbol]]\nsymbol = "2454.TW"\n[[symbol]]\nsymbol = "FOO"\n')
    done = desk.run("sync", "--json")
    why = "yahoo: no such symbol in the answer"
    assert done.err.splitlines()[-1].endswith(f"; 0 of 4 prices; no price: 2454.TW, FOO, ^GSPC, SPY ({why})")
    prices = json.loads(done.out)["prices"]
    assert prices["failed"] == ["2454.TW", "FOO", "^GSPC", "SPY"]
    assert prices["reasons"] == dict.fromkeys(prices["failed"], why)


@pytest.mark.slow
def test_one_feed_that_fails_is_code_1_and_harms_no_other(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/A"] = serve(rss(*TITLES))
    server.routes["/B"] = Answer(b"<html><body>gone</body></html>", headers={"Content-Type": "text/html"})
    desk.write(config(server, "A", "B"))
    done = desk.run("sync", "--json")
    assert done.code == 1
    assert done.err == "B: an HTML page, not a feed\n3 new articles, 0 changed from 1 of 2 feeds; 1 failed\n"
    assert json.loads(done.out)["failed"] == 1
    assert len(desk.run("list").records) == 3


def test_all_failing_is_code_3(desk: Desk, server: LoopbackServer) -> None:
    desk.write(config(server, "A", "B"))
    done = desk.run("sync")
    assert (done.code, done.out) == (3, "")
    lines = done.err.splitlines()
    assert sorted(line.partition(":")[0] for line in lines[:2]) == ["A", "B"]
    assert "404" in lines[0]
    assert lines[2] == "every due feed failed (404 Not Found); nothing was lost, try again later"


def test_where_no_host_can_be_resolved_the_end_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def unresolved(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", unresolved)
    feeds = "".join(f'[[feed]]\nname = "{name}"\nurl = "http://{name}.example/"\n' for name in "abc")
    desk.write(f"{feeds}[market]\nproviders = []\n")
    why = "cannot resolve any host: are you offline?"
    done = desk.run("sync", "--json")
    assert done.code == 3
    assert done.err.splitlines()[-1] == f"every due feed failed ({why}); nothing was lost, try again later"
    (record,) = done.records
    assert {feed["reason"] for feed in record["feeds"]} == {why}
    stored = desk.run("feeds", "list").records
    assert [feed["next_due"] for feed in record["feeds"]] == [feed["next_due"] for feed in stored]
    again = desk.run("sync", "--force", "--quiet")
    assert again.err.splitlines()[-1] == f"every due feed failed ({why})"


def test_quiet_says_errors_only(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/A"] = serve(rss(*TITLES))
    desk.write(config(server, "A"))
    assert desk.run("sync").err == "3 new articles, 0 changed from 1 of 1 feed\n"
    assert desk.run("sync", "--quiet", "--force").err == ""
    desk.write(config(server, "A", "gone"))
    assert "404" in desk.run("sync", "--quiet", "--force").err


@pytest.mark.slow
def test_a_query_for_a_tag_that_there_is_not_is_said(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/A"] = serve(rss("one"))
    desk.write(config(server, "A") + '[[alert]]\nquery = "tag:nvidai"\nnotify = ["bell"]\n')
    assert "did you mean tag:nvidia?" in desk.run("sync").err
    assert desk.run("sync", "--quiet").err == ""


def test_a_sync_that_runs_already_is_code_4(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/A"] = serve(rss(*TITLES))
    desk.write(config(server, "A"))
    with sync_lock(desk.db, make_clock(desk.environ)):
        done = desk.process("sync", "--json")
        assert (done.code, done.out) == (4, "")
        assert done.err == f"another sync is running (pid {os.getpid()}, since 2025-01-27T21:16:00Z)\n"
        assert desk.run("list").code == 0
    assert desk.run("sync").code == 0


def test_feeds_can_be_chosen_by_name(desk: Desk, server: LoopbackServer) -> None:
    for name in ("Alpha", "Beta", "Gamma"):
        server.routes[f"/{name}"] = serve(rss(name))
    desk.write(config(server, "Alpha", "Beta", "Gamma"))
    done = desk.run("sync", "--json", "--feed", "alpha", "Gamma")
    assert [feed["name"] for feed in json.loads(done.out)["feeds"]] == ["Alpha", "Gamma"]
    assert server.asked("/Beta") == []


def test_an_unknown_feed_is_code_2_with_the_nearest_name(desk: Desk, server: LoopbackServer) -> None:
    desk.write(config(server, "WCCFTech"))
    done = desk.run("sync", "--feed", "WCFTech", "--feed", "zzz")
    assert done.code == 2
    assert done.err.splitlines() == [
        f'no feed is named "WCFTech" in {desk.config}; did you mean "WCCFTech"?',
        f'no feed is named "zzz" in {desk.config}',
    ]
    assert not desk.db.exists()


def test_a_terminal_sees_it_move(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/A"] = serve(rss(*TITLES))
    desk.write(config(server, "A", "B"))
    done = desk.run("sync", is_terminal=True)
    assert "sync 0/2 ▱▱▱▱▱▱▱▱" in done.err
    assert "sync 2/2 ▰▰▰▰▰▰▰▰" in done.err
    assert done.err.endswith("\r\x1b[K3 new articles, 0 changed from 1 of 2 feeds; 1 failed\n")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_code_130_and_keeps_what_is_stored(
    desk: Desk, server: LoopbackServer, number: signal.Signals
) -> None:
    asked = threading.Event()
    release = threading.Event()

    def hang(_: Request) -> Answer:
        asked.set()
        release.wait(30)
        return Answer(b"", 500)

    def after_the_hanging_one(request: Request) -> Answer:
        asked.wait(30)
        return serve(rss(*TITLES))(request)

    server.routes["/A"] = after_the_hanging_one
    server.routes["/slow"] = hang
    desk.write(config(server, "A", "slow"))
    try:
        with desk.start("sync", "--json") as process:
            assert asked.wait(30)
            while not desk.db.exists() or len(desk.run("list").records) < 3:
                assert process.poll() is None
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
    finally:
        release.set()
    assert process.returncode == 130
    assert err == "interrupted: 1 of 2 feeds stored; the next sync fetches the rest\n"
    assert [feed["name"] for feed in json.loads(out)["feeds"]] == ["A"]
    server.routes["/slow"] = serve(rss("late"))
    assert desk.run("sync", "--json", "--force").code == 0
    assert len(desk.run("list", "--articles").records) == 4


def test_nothing_due_is_code_0(desk: Desk) -> None:
    desk.write(
        '[[feed]]\nname = "a"\nurl = "http://a.example/"\nsnoozed_until = 2999-01-01\n[market]\nproviders = []\n'
    )
    done = desk.run("sync")
    assert (done.code, done.err) == (0, "no feed is due\n")
    desk.write("[market]\nproviders = []\n")
    done = desk.run("sync")
    assert (done.code, done.err) == (0, "no feeds to fetch: add one with `tracker feeds add URL`\n")

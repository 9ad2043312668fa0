"""The ways to send an alert, with real programs and a real server."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.alerts.test_words import FIRING
from tests.helpers.http_server import Answer, LoopbackServer
from tracker.alerts import notify
from tracker.alerts.notify import Notifier
from tracker.model.alert import AlertRule, Firing

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="runs shell scripts")


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def firing(rule: AlertRule) -> Firing:
    return replace(FIRING, rule=rule)


async def test_a_command_gets_the_article_in_its_environment_and_no_shell_reads_its_arguments(tmp_path: Path) -> None:
    out = tmp_path / "out"
    hook = script(tmp_path / "hook", f'echo "$1|$TRACKER_TITLE|$TRACKER_MOVE|$TRACKER_URL" > {out}; echo noise')
    rule = AlertRule("a", command=(str(hook), "$(touch evil); x"))
    assert await Notifier(os.environ).send(firing(rule)) is None
    assert out.read_text() == "$(touch evil); x|Nvidia falls|-0.031200|https://news.example/1\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "reason"), [("exit 3", "command hook: exit code 3"), ("sleep 60", "command hook: stopped after 1 s")]
)
async def test_a_command_that_fails_or_hangs_is_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, reason: str
) -> None:
    monkeypatch.setattr(notify, "COMMAND_SECONDS", 1.0 if "sleep" in text else 30.0)
    hook = script(tmp_path / "hook", text)
    assert await Notifier(os.environ).send(firing(AlertRule("a", command=(str(hook),)))) == reason


async def test_a_command_that_is_not_there_is_a_reason(tmp_path: Path) -> None:
    rule = AlertRule("a", command=(str(tmp_path / "gone"),))
    assert await Notifier(os.environ).send(firing(rule)) == "command gone: No such file or directory"


async def test_an_address_gets_a_post_with_title_and_link(server: LoopbackServer) -> None:
    server.routes["/topic"] = Answer(b"ok")
    rule = AlertRule("a", url=f"{server.url}/topic")
    assert await Notifier({}).send(firing(rule)) is None
    (request,) = server.asked("/topic")
    assert request.body.decode() == "NVDA -3.1%: Nvidia falls\nCNBC, first WCCFTech\nhttps://news.example/1"
    assert request.headers["title"] == "tracker: NVDA"
    assert request.headers["click"] == "https://news.example/1"


@pytest.mark.parametrize(
    ("link", "click"),
    [
        ("https://news.example/" + "a" * 600, "https://news.example/" + "a" * 600),
        ("https://news.example/zürich%20?q=a&b=[c]#d", "https://news.example/z%C3%BCrich%20?q=a&b=[c]#d"),
        ("https://news.example/a b\nc", "https://news.example/a%20b%0Ac"),
        ("https://news.example/" + "ü" * 400, None),
        (None, None),
    ],
)
async def test_a_link_is_sent_whole_or_not_at_all(server: LoopbackServer, link: str | None, click: str | None) -> None:
    server.routes["/topic"] = Answer(b"ok")
    linked = replace(
        FIRING, candidate=replace(FIRING.candidate, url=link), rule=AlertRule("a", url=f"{server.url}/topic")
    )
    assert await Notifier({}).send(linked) is None
    (request,) = server.asked("/topic")
    assert request.headers.get("click") == click


async def test_an_address_that_refuses_is_a_reason(server: LoopbackServer) -> None:
    server.routes["/topic"] = Answer(b"", status=403)
    assert await Notifier({}).send(firing(AlertRule("a", url=f"{server.url}/topic"))) == "url: responded 403"


async def test_the_desktop_is_notified_by_the_program_of_the_system(tmp_path: Path) -> None:
    if sys.platform == "darwin":
        pytest.skip("macOS has another program")
    out = tmp_path / "out"
    script(tmp_path / "notify-send", f'echo "$3|$4" > {out}')
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    assert await Notifier(environ).send(firing(AlertRule("a", notify=("desktop",)))) is None
    assert out.read_text() == "NVDA -3.1%: Nvidia falls|CNBC, first WCCFTech\nhttps://news.example/1\n"
    marked = replace(FIRING, candidate=replace(FIRING.candidate, source="<b>R&D</b>"))
    assert await Notifier(environ).send(replace(marked, rule=AlertRule("a", notify=("desktop",)))) is None
    assert "|&lt;b&gt;R&amp;D&lt;/b&gt;, first WCCFTech" in out.read_text()
    problem = await Notifier({"PATH": str(tmp_path / "none")}).send(firing(AlertRule("a", notify=("desktop",))))
    assert problem == "desktop: notify-send is not installed"


async def test_without_a_desktop_the_terminal_shows_it(tmp_path: Path) -> None:
    if sys.platform == "darwin":
        pytest.skip("macOS has another program")
    rule = AlertRule("a", notify=("desktop",))
    written: list[str] = []
    environ = {"PATH": str(tmp_path), "TERM": "xterm-256color"}
    assert await Notifier(environ, terminal=written.append).send(firing(rule)) is None
    told = "tracker: NVDA -3.1%: Nvidia falls (CNBC, first WCCFTech https://news.example/1)"
    assert written == [f"\x1b]9;{told}\x07"]
    script(tmp_path / "notify-send", "exit 1")  # no session to notify
    environ["PATH"] = f"{tmp_path}:{os.environ['PATH']}"
    assert await Notifier(environ, terminal=written.append).send(firing(rule)) is None
    assert len(written) == 2
    dumb = environ | {"TERM": "dumb"}
    assert await Notifier(dumb, terminal=written.append).send(firing(rule)) == "command notify-send: exit code 1"
    assert await Notifier(environ).send(firing(rule)) == "command notify-send: exit code 1"


async def test_the_bell_rings_where_there_is_one_and_every_way_is_tried(tmp_path: Path) -> None:
    rings: list[str] = []
    rule = AlertRule("a", notify=("bell",), command=("/nowhere/x",), url="http://127.0.0.1:9/")
    problem = await Notifier({}, terminal=rings.append).send(firing(rule))
    assert rings == ["\a"]
    assert problem == "command x: No such file or directory; url: connection refused"
    assert await Notifier({}).send(firing(AlertRule("a", notify=("bell",)))) is None

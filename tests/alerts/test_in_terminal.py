"""Alerts of real programs in a real terminal without a desktop."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.feeds import rss
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.terminal import terminal

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="needs a pty and no desktop")]

TOLD = b"\x1b]9;tracker: "
RULE = '[[alert]]\nquery = "chips"\nnotify = ["desktop", "bell"]\n'


def test_a_sync_and_an_open_window_notify_through_their_terminal(tmp_path: Path, server: LoopbackServer) -> None:
    server.routes["/feed"] = Answer(rss(["Chips one"]))
    config, db = tmp_path / "feeds.toml", tmp_path / "t.db"
    feed = f'[[feed]]\nname = "Wire"\nurl = "{server.url}/feed"\n'
    config.write_text(f"[market]\nproviders = []\n[settings]\nhost_delay_seconds = 0\n{feed}{RULE}")
    (tmp_path / "bin").mkdir()
    environ = {
        "PATH": str(tmp_path / "bin"),  # without notify-send
        "TRACKER_NOW": "2025-01-27T21:16:00Z",
        "TMUX": "",
        "VTE_VERSION": "",
        **{name: str(tmp_path) for name in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")},
    }
    tracker = [sys.executable, "-m", "tracker"]
    files = ["--config", str(config), "--db", str(db)]

    with terminal([*tracker, "sync", *files], 120, 30, environ) as screen:
        assert screen.exit_code() == 0
        screen.read_rest()
        assert TOLD + b"Chips one (Wire " in screen.output
        assert b"alert chips: Chips one\r\n" in screen.output
    server.routes["/feed"] = Answer(rss(["Chips one", "Chips two", "Chips three"]))
    piped = subprocess.run([*tracker, "sync", "--force", *files], env=environ, capture_output=True, check=True)
    assert b"\x1b" not in piped.stderr + piped.stdout
    assert piped.stderr.count(b"desktop: notify-send is not installed") == 1
    assert piped.stderr.count(b"alert chips: Chips t") == 1
    server.routes["/feed"] = Answer(rss(["Chips one", "Chips two", "Chips three", "Chips four"]))
    with terminal([*tracker, "ui", *files], 120, 30, environ) as screen:
        screen.until(lambda text: "Chips two" in text, "the window")
        screen.press("R")
        screen.until(lambda text: "Chips four" in text, "the new article")
        screen.until(lambda text: TOLD + b"Chips four (Wire " in screen.output, "the notification")
        screen.press("q")
        assert screen.exit_code() == 0

"""The demo in a real terminal: a pty, keys as bytes, the screen as a terminal would show it."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.helpers.feeds import config_text, rss, write_config
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.terminal import terminal

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")]


def test_the_demo_can_be_read_and_quit(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tracker", "demo", "--speed", "1"]
    with terminal(command, 120, 35, {"XDG_STATE_HOME": str(tmp_path)}) as window:
        window.until(lambda text: "DeepSeek" in text and "unread of" in text, "headlines")
        window.until(lambda text: re.search(r"NVDA .*▼", text), "prices")
        window.until(lambda text: "synced" in text, "the end of the first sync")
        window.press("/title:h800\r")  # the same first row whatever feed answered first
        window.until(lambda text: "“title:h800”" in text and "2 unread of 2" in text, "the rows that are searched for")
        window.press("\r")
        window.until(lambda text: "1 unread of 2" in text, "the row to be read")
        window.until(lambda text: re.search(r"^.*│ NVDA  since .*ET", text, re.MULTILINE), "the article with its move")
        window.press("s")
        window.until(lambda text: "starred" in text and "★" in text, "the star")
        window.press("/openai\rjm")  # typed in one go, every key reaches what it is meant for
        window.until(lambda text: "“openai”" in text and "marked as read" in text, "the filter")
        window.press("?")
        window.until(lambda text: "Next unread article" in text, "the help")
        window.press("\x1b")
        window.until(lambda text: "Next unread article" not in text, "the window again")
        window.press("q")
        assert window.exit_code() == 0
        assert b"Traceback" not in window.output


def test_a_second_process_syncs_while_the_first_shows_the_rows(tmp_path: Path, server: LoopbackServer) -> None:
    now = datetime.now(UTC)
    server.routes["/a"] = Answer(rss(["First headline", "Another headline"], published=now))
    path = write_config(tmp_path, config_text(server, "a"))
    arguments = ["--config", str(path), "--db", str(tmp_path / "news.db")]
    with terminal([sys.executable, "-m", "tracker", "ui", *arguments], 80, 24, {}) as window:
        window.until(lambda text: "First headline" in text and "2 unread of 2" in text, "the first rows")
        window.press("j")
        server.routes["/a"] = Answer(rss(["From the other process", "First headline"], published=now))
        sync = [sys.executable, "-m", "tracker", "sync", *arguments, "--force", "--no-prices", "--quiet"]
        window.until(lambda text: "synced 1 feed" in text, "the end of the first sync")
        done = subprocess.run(sync, check=False, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr.decode()
        window.until(lambda text: "▲ 1 new" in text, "the pill")
        window.press(".")
        window.until(lambda text: "unread of 3" in text, "the new row")
        window.press("q")
        assert window.exit_code() == 0

"""feeds.toml changes while a window is open and cron syncs: nothing flips back, no ETag is lost."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.helpers.feeds import conditional, config_text, rss, write_config
from tests.helpers.http_server import Answer, Handler, LoopbackServer, Request
from tests.helpers.terminal import Terminal, terminal

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")]


def remembered(db: Path) -> dict[str, tuple[str, int, str | None]]:
    """Return address, whether it is on, and ETag of each feed."""
    with sqlite3.connect(db) as connection:
        return {
            name: (url.rpartition("/")[2], is_on, etag)
            for name, url, is_on, etag in connection.execute("SELECT name, url, is_active, etag FROM feed")
        }


class Gate:
    """Holds the answers of a server back while it is shut."""

    def __init__(self) -> None:
        self._is_open = threading.Event()
        self._is_open.set()

    def shut(self) -> None:
        self._is_open.clear()

    def open(self) -> None:
        self._is_open.set()

    def before(self, handler: Handler) -> Handler:
        """Return a handler that waits for the gate, then answers as `handler` does."""

        def answer(request: Request) -> Answer:
            self._is_open.wait(60)
            return handler(request)

        return answer


def sync_by_hand(window: Terminal, server: LoopbackServer, gate: Gate) -> None:
    """Press R, see both feeds asked, and wait for the end of that very sync."""
    before = len(server.asked("/moved")), len(server.asked("/b"))

    def is_under_way(text: str) -> bool:
        asked = len(server.asked("/moved")) > before[0] and len(server.asked("/b")) > before[1]
        return asked and "synced" not in text.splitlines()[-1]

    gate.shut()
    window.press("R")
    window.until(is_under_way, "both feeds being asked")
    gate.open()
    window.until(lambda text: "synced 2 feeds" in text.splitlines()[-1], "the end of the sync by hand")


def test_an_open_window_follows_the_file_that_cron_syncs(tmp_path: Path, server: LoopbackServer) -> None:
    now = datetime.now(UTC)
    gate = Gate()
    for name in ("a", "b", "moved"):
        server.routes[f"/{name}"] = gate.before(conditional(rss([f"News of {name}"], published=now), f'"{name}"'))
    original = config_text(server, "a", "b").replace('providers = ["yahoo"]', "providers = []")
    path = write_config(tmp_path, original)
    db = tmp_path / "news.db"
    arguments = ["--config", str(path), "--db", str(db)]
    cron = [sys.executable, "-m", "tracker", "sync", *arguments, "--force", "--no-prices", "--quiet"]
    with terminal([sys.executable, "-m", "tracker", "ui", *arguments], 160, 45, {}) as window:
        window.until(lambda text: "News of a" in text and "News of b" in text, "the first rows")
        window.until(lambda text: "synced" in text, "the end of the first sync")

        # One address changes, one feed comes, one goes; cron is first to use it, the window being suspended meanwhile.
        changed = original.replace("/a", "/moved").replace('"b"', '"new"')
        window.suspend()
        write_config(tmp_path, changed)
        subprocess.run(cron, check=True, timeout=60)
        window.resume()
        expected = remembered(db)
        assert {name: row[:2] for name, row in expected.items()} == {"a": ("moved", 1), "new": ("b", 1)}
        window.until(lambda text: "News of moved" in text, "what the new address has")
        sync_by_hand(window, server, gate)
        assert remembered(db) == expected

        # A mistake: told, and what is in force stays.
        write_config(tmp_path, changed + '\n[keys]\n"list.nxt" = "j"\n')
        told = 'keys.list.nxt: unknown command; did you mean "list.next"?'
        start = "keys.list.nxt: unknown command"  # as much of it as 80 columns show
        window.until(lambda text: start in text.splitlines()[-1], "the mistake")
        sync_by_hand(window, server, gate)
        window.until(lambda text: start in text.splitlines()[-1], "the mistake, still")
        refused = subprocess.run(cron, check=False, capture_output=True, timeout=60)
        assert refused.returncode == 2
        assert told in refused.stderr.decode()
        assert remembered(db) == expected
        write_config(tmp_path, changed)
        window.until(lambda text: "unknown command" not in text, "the mistake to go")
        window.press("q")
        assert window.exit_code() == 0
    assert len(server.asked("/a")) == 1

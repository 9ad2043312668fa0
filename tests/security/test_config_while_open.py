"""feeds.toml changes while a window is open and cron syncs: nothing flips back, no ETag is lost."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.helpers.feeds import conditional, config_text, rss, write_config
from tests.helpers.http_server import LoopbackServer
from tests.helpers.terminal import terminal

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")]


def remembered(db: Path) -> dict[str, tuple[str, int, str | None]]:
    """Return address, whether it is on, and ETag of each feed."""
    with sqlite3.connect(db) as connection:
        return {
            name: (url.rpartition("/")[2], is_on, etag)
            for name, url, is_on, etag in connection.execute("SELECT name, url, is_active, etag FROM feed")
        }


def test_an_open_window_follows_the_file_that_cron_syncs(tmp_path: Path, server: LoopbackServer) -> None:
    now = datetime.now(UTC)
    for name in ("a", "b", "moved"):
        server.routes[f"/{name}"] = conditional(rss([f"News of {name}"], published=now), f'"{name}"')
    path = write_config(tmp_path, config_text(server, "a", "b"))
    db = tmp_path / "news.db"
    arguments = ["--config", str(path), "--db", str(db)]
    cron = [sys.executable, "-m", "tracker", "sync", *arguments, "--force", "--no-prices", "--quiet"]
    with terminal([sys.executable, "-m", "tracker", "ui", *arguments], 160, 45, {}) as window:
        window.until(lambda text: "News of a" in text and "News of b" in text, "the first rows")
        window.until(lambda text: "synced" in text, "the end of the first sync")

        # One address changes, one feed comes, one goes; cron is first to use it.
        changed = config_text(server, "a", "new").replace("/a", "/moved").replace("/new", "/b")
        write_config(tmp_path, changed)
        subprocess.run(cron, check=True, timeout=60)
        expected = remembered(db)
        assert {name: row[:2] for name, row in expected.items()} == {"a": ("moved", 1), "new": ("b", 1)}
        window.until(lambda text: "News of moved" in text, "what the new address has")
        window.press("R")
        window.until(lambda text: "syncing all" not in text and "sync " not in text.splitlines()[-1], "a sync by hand")
        assert remembered(db) == expected

        # A mistake: told, and what is in force stays.
        write_config(tmp_path, changed + '\n[keys]\n"list.nxt" = "j"\n')
        told = 'keys.list.nxt: unknown command; did you mean "list.next"?'
        start = "keys.list.nxt: unknown command"  # as much of it as 80 columns show
        window.until(lambda text: start in text.splitlines()[-1], "the mistake")
        window.press("R")
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

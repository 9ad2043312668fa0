"""A morning's work in a real terminal, from the start of the window to its end, beside cron."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from tests.helpers.day import priced_day
from tests.helpers.feeds import rss
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.store import NOW
from tests.helpers.terminal import terminal

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")]

CONFIG = """\
[settings]
keep_days = 0
host_delay_seconds = 0
morning = true
[market]
providers = []
[[feed]]
name = "CNBC"
url = "{server}/cnbc"
[[feed]]
name = "The Verge"
url = "{server}/verge"
[[symbol]]
symbol = "NVDA"
held = 120
[[symbol]]
symbol = "META"
"""


@pytest.mark.parametrize("size", [(80, 24), (120, 35), (160, 45)])
def test_a_morning(tmp_path: Path, server: LoopbackServer, size: tuple[int, int]) -> None:
    priced_day(tmp_path)
    early = NOW - timedelta(minutes=1)
    server.routes["/cnbc"] = Answer(rss(["Nvidia falls again in Tokyo", "A comet is seen"], published=early))
    server.routes["/verge"] = Answer(rss(["A quiet gadget"], published=early))
    config = tmp_path / "feeds.toml"
    config.write_text(CONFIG.format(server=server.url), encoding="utf-8")
    arguments = ["--config", str(config), "--db", str(tmp_path / "news.db")]
    environ = {"XDG_STATE_HOME": str(tmp_path), "HOME": str(tmp_path), "TRACKER_NOW": NOW.astimezone(UTC).isoformat()}
    with terminal([sys.executable, "-m", "tracker", *arguments], *size, environ) as window:
        # The day begins on the morning page; Enter on a share leads to all about it.
        window.until(
            lambda text: "Morning page" in text and re.search(r"NVDA +(118\.42 +)?▼16\.97%", text), "the morning page"
        )
        window.press("\r")
        window.until(lambda text: "symbol:NVDA" in text and "Nvidia falls again" in text, "all about the share")

        # A number and a motion, the article, what it made of 120 shares, back.
        window.press("gg2j\r")
        window.until(lambda text: "since" in text and "NVDA" in text, "an article with its move")
        window.press("\x1b")

        # A search that finds nothing here says how many there are elsewhere, and Enter goes there.
        window.press("\x1b")
        window.until(lambda text: "symbol:NVDA" not in text, "the search to be closed")
        window.press("*/comet\r")
        window.until(lambda text: "“comet”" in text and "in Everything" in text, "where the others are")
        window.press("\r")
        window.until(lambda text: "A comet is seen" in text, "the headline in Everything")

        # Marks and undo.
        window.press("s")
        window.until(lambda text: "★" in text and "starred" in text, "the star")
        window.press("u")
        window.until(lambda text: "★" not in text, "the star to go")
        window.press("\x1b")
        window.until(lambda text: "“comet”" not in text, "the search to be closed")

        # Cron brings news meanwhile, while another row is read; the row comes when it is asked for.
        window.press("G")
        server.routes["/verge"] = Answer(rss(["Gadgets get cheaper"], published=early))
        sync = [sys.executable, "-m", "tracker", "sync", *arguments, "--force", "--no-prices", "--quiet"]
        assert subprocess.run(sync, check=False, env=environ, timeout=60).returncode == 0
        window.until(lambda text: re.search(r"▲ 1 new", text), "the pill")
        window.press(".")
        window.until(lambda text: "Gadgets get cheaper" in text, "the new row")

        # What moved the share, the help, the palette (one Esc leaves it after typing), and out.
        window.press("w")
        window.until(lambda text: re.search(r"What moved [A-Z]+", text), "what moved the share")
        window.press("\x1b")
        window.until(lambda text: "What moved" not in text, "the window again")
        window.press("?")
        window.until(lambda text: "Keys and signs" in text, "the help")
        window.press("\x1b")
        window.until(lambda text: "Keys and signs" not in text, "the window again")
        window.press(":heal")
        window.until(lambda text: "Feed health" in text, "the palette")
        window.press("\x1b")
        window.until(lambda text: "Feed health" not in text, "the window again")
        window.press("q")
        assert window.exit_code() == 0
        assert b"Traceback" not in window.output

"""Opening addresses with a real program in the place of the browser: one that prints, fails, hangs, is not there."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.helpers.browser import fake_browser, no_browser
from tests.helpers.store import article
from tests.helpers.terminal import terminal
from tests.helpers.ui import press, settle
from tests.helpers.window import marks, open_window, store
from tracker.ui import browser
from tracker.ui.browser import open_in_browser

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="BROWSER comes first on Linux and BSD only")
URL = "https://news.example/a?x=1&y=$(touch%20x)'%s%action"


async def test_a_browser_gets_the_address_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = fake_browser(tmp_path, monkeypatch)
    assert await open_in_browser(URL) is None
    assert opened() == [URL]


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "javascript:alert(1)", "-h", "", "http://", "ftp://a.example/", "http://[x/", "data:,x"],
)
async def test_only_the_web_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    opened = fake_browser(tmp_path, monkeypatch)
    assert await open_in_browser(address) == "not a web address"
    assert opened() == []


async def test_one_that_fails_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = fake_browser(tmp_path, monkeypatch, "exit 3")
    assert await open_in_browser(URL) == "the browser failed"
    assert opened() == [URL]


async def test_the_next_one_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = fake_browser(tmp_path, monkeypatch)
    monkeypatch.setenv("BROWSER", f"false:{tmp_path / 'gone'}:{os.environ['BROWSER']}")
    assert await open_in_browser(URL) is None
    assert opened() == [URL]


@pytest.mark.slow
async def test_one_that_stays_is_open_and_outlives_the_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "WAIT_SECONDS", 0.5)
    pids = tmp_path / "pids"
    fake_browser(tmp_path, monkeypatch, f"echo $$ > '{pids}'.new; mv '{pids}'.new '{pids}'; exec sleep 1000")
    assert await open_in_browser(URL) is None
    while not pids.exists():
        await _a_moment()
    pid = int(pids.read_text())
    os.kill(pid, 0)
    assert os.getsid(pid) != os.getsid(0)
    os.kill(pid, signal.SIGKILL)


async def _a_moment() -> None:
    import asyncio

    await asyncio.sleep(0.02)


@pytest.mark.parametrize("text_browser", [None, "w3m", "/usr/bin/lynx", "links -g", " "])
async def test_no_browser_is_no_browser(monkeypatch: pytest.MonkeyPatch, text_browser: str | None) -> None:
    no_browser(monkeypatch)
    monkeypatch.setenv("TERM", "xterm")  # where w3m and others are looked for, too
    if text_browser is not None:
        monkeypatch.setenv("BROWSER", text_browser)
    assert await open_in_browser(URL) == "no browser found"


async def test_nothing_is_imported_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = fake_browser(tmp_path, monkeypatch)
    (tmp_path / "webbrowser.py").write_text("raise SystemExit(5)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert await open_in_browser(URL) is None
    assert opened() == [URL]


@pytest.mark.slow
async def test_an_article_is_read_only_once_a_browser_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store(tmp_path, [article("Good", url="https://news.ехample/good")])  # a Cyrillic host
    async with open_window(tmp_path, rows=1) as (app, pilot):
        no_browser(monkeypatch)
        await press(pilot, "o", shows="no browser found: link copied")
        assert app.clipboard == "https://news.ехample/good"
        fake_browser(tmp_path, monkeypatch, "exit 1")
        await press(pilot, "o", shows="the browser failed: link copied")
        assert marks(tmp_path, "read") == []
        opened = fake_browser(tmp_path, monkeypatch)
        await press(pilot, "o", shows="opened news.xn--")
        await settle(pilot)
        assert opened()[-1] == "https://news.ехample/good"
        assert marks(tmp_path, "read") == ["Good"]


@pytest.mark.slow
def test_nothing_that_it_prints_reaches_the_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store(tmp_path, [article("Good", url="https://news.example/good")])
    (tmp_path / "feeds.toml").write_text("[market]\nproviders = []\n")
    opened = fake_browser(tmp_path, monkeypatch, "echo LOUD; echo LOUD >&2; echo LOUD > /dev/tty; exit 0")
    command = [sys.executable, "-m", "tracker", "--config", str(tmp_path / "feeds.toml")]
    environ = {
        "TRACKER_DB": str(tmp_path / "news.db"),
        "XDG_STATE_HOME": str(tmp_path),
        "TRACKER_NOW": "2025-01-27T21:16:00Z",
        "BROWSER": os.environ["BROWSER"],
    }
    with terminal(command, 120, 35, environ) as running:
        running.until(lambda text: "Good" in text, "the row")
        running.press("o")
        running.until(lambda text: "opened news.example" in text, "that it is open")
        running.press("q")
        assert running.exit_code() == 0
        assert b"LOUD" not in running.output
    assert opened() == ["https://news.example/good"]

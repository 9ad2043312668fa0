"""Signals at any moment: exit 130, no traceback, the terminal as it was, nothing left behind."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.helpers.feeds import config_text, rss, write_config
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.terminal import terminal

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="needs a pty and signals")]

TRACKER = [sys.executable, "-m", "tracker"]
ENDING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
RESTORED = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l")
"""Leave the alternate screen, show the cursor, let go of the mouse."""


@pytest.mark.parametrize("number", ENDING)
def test_a_window_gives_the_terminal_back(tmp_path: Path, server: LoopbackServer, number: signal.Signals) -> None:
    server.routes["/a"] = Answer(rss(["First headline"], published=datetime.now(UTC)))
    path = write_config(tmp_path, config_text(server, "a"))
    command = [*TRACKER, "--config", str(path), "--db", str(tmp_path / "news.db")]
    with terminal(command, 120, 35, {"XDG_STATE_HOME": str(tmp_path)}) as window:
        window.until(lambda text: "First headline" in text, "the row")
        os.kill(window.pid, number)
        assert window.exit_code() == 130
        assert all(window.output.rfind(code) > window.output.rfind(b"\x1b[?1049h") for code in RESTORED)
        assert b"Traceback" not in window.output
    assert (tmp_path / "tracker" / "ui.json").exists()


@pytest.mark.parametrize("number", ENDING)
@pytest.mark.parametrize("delay", [0.05, 0.15, 0.3, 0.45, 0.7])
def test_a_demo_leaves_nothing_behind(tmp_path: Path, number: signal.Signals, delay: float) -> None:
    code = "import sys; from tracker.__main__ import main; print('started', flush=True); sys.exit(main(['demo']))"
    with terminal([sys.executable, "-c", code], 120, 35, {"TMPDIR": str(tmp_path)}) as window:
        window.until(lambda text: "started" in text, "the program")  # before, Python itself is starting
        time.sleep(delay)
        os.kill(window.pid, number)
        assert window.exit_code() == 130, window.output[-2000:]
        assert b"Traceback" not in window.output
        if b"\x1b[?1049h" in window.output:
            assert window.output.rfind(b"\x1b[?1049l") > window.output.rfind(b"\x1b[?1049h")
    assert list(tmp_path.glob("tracker-demo-*")) == []


def test_the_folder_of_a_demo_that_was_killed_goes_with_the_next(tmp_path: Path) -> None:
    environ = os.environ | {"TMPDIR": str(tmp_path)}
    demo = [*TRACKER, "demo"]
    with terminal(demo, 120, 35, environ) as killed, terminal(demo, 120, 35, environ) as kept:
        for window in (killed, kept):
            window.until(lambda text: "unread of" in text, "headlines")
        folders = set(tmp_path.glob("tracker-demo-*"))
        assert len(folders) == 2
        os.kill(killed.pid, signal.SIGKILL)
        killed.exit_code()
        subprocess.run([*TRACKER, "demo", "--headless"], check=True, capture_output=True, env=environ, timeout=60)
        assert len(set(tmp_path.glob("tracker-demo-*")) & folders) == 1


INTERRUPTED_AT_AN_IMPORT = """
import os, signal, sys
from tracker.__main__ import main

number, left = int(sys.argv.pop(1)), int(sys.argv.pop(1))
before = signal.getsignal(number)

def count(event, arguments):
    global left
    if event == "import" and signal.getsignal(number) is not before:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), number)

sys.addaudithook(count)
code = main(sys.argv[1:])
print("all imported" if left > 0 else "signal sent", file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_while_modules_are_imported_is_no_traceback(tmp_path: Path, number: signal.Signals) -> None:
    write_config(tmp_path, "[market]\nproviders = []\n")
    arguments = ["--config", str(tmp_path / "feeds.toml"), "--db", str(tmp_path / "t.db"), "list"]
    for left in (1, 2, 5, 10, 20, 40, 80, 160, 320, 640):
        command = [sys.executable, "-c", INTERRUPTED_AT_AN_IMPORT, str(int(number)), str(left), *arguments]
        done = subprocess.run(command, check=False, capture_output=True, timeout=60)
        assert b"Traceback" not in done.stderr
        assert b"ignored" not in done.stderr
        if b"all imported" in done.stderr:
            break
        assert done.returncode == 130, (left, done.stderr)
    assert left > 80


@pytest.mark.parametrize("number", ENDING)
def test_an_interrupted_sync_tells_what_is_stored(
    tmp_path: Path, server: LoopbackServer, number: signal.Signals
) -> None:
    names = [f"f{n}" for n in range(40)]
    for place, name in enumerate(names):
        server.routes[f"/{name}"] = Answer(rss([f"{name} news"], text="x" * 2000), delay=0.004 * place)
    path = write_config(tmp_path, config_text(server, *names))
    told = set()
    for run in range(8):
        db = tmp_path / f"{run}.db"
        command = [*TRACKER, "--config", str(path), "--db", str(db), "sync", "--no-prices"]
        sync = subprocess.Popen(command, stderr=subprocess.PIPE, env=os.environ)
        end = time.monotonic() + 20
        while stored(db) <= run * 4 and time.monotonic() < end and sync.poll() is None:
            time.sleep(0.002)
        sync.send_signal(number)
        _, said = sync.communicate(timeout=30)
        assert b"Traceback" not in said
        if sync.returncode == 0:
            continue
        assert sync.returncode == 130
        found = re.search(rb"interrupted: (\d+) of 40 feeds stored", said)
        assert found, said
        assert int(found[1]) == stored(db)
        told.add(int(found[1]))
    assert len(told) > 2


def stored(db: Path) -> int:
    """Return how many feeds have an article."""
    if not db.exists():
        return 0
    try:
        with sqlite3.connect(db) as connection:
            return int(connection.execute("SELECT count(DISTINCT feed_id) FROM article").fetchone()[0])
    except sqlite3.OperationalError:  # it is being made
        return 0


SUSPENDED_WHILE_WRITING = """
import os, queue, runpy, signal, sys

put, texts = queue.Queue.put, []

def put_and_suspend(self, item, *args, **options):
    if isinstance(item, str) and "First headline" in item and not texts:
        texts.append(item)
        with self.mutex:  # as when the signal comes in the middle of writing to the terminal
            os.kill(os.getpid(), signal.SIGTSTP)
    put(self, item, *args, **options)

queue.Queue.put = put_and_suspend
runpy.run_module("tracker", run_name="__main__")
"""


@pytest.mark.parametrize("page", ["", "?", "v", "F"])
def test_the_suspend_key_of_terminals_suspends_the_window(tmp_path: Path, server: LoopbackServer, page: str) -> None:
    server.routes["/a"] = Answer(rss(["First headline"], published=datetime.now(UTC)))
    path = write_config(tmp_path, config_text(server, "a"))
    command = [*TRACKER, "--config", str(path), "--db", str(tmp_path / "news.db")]
    shows = {"": "First headline", "?": "Keys and signs", "v": "Feeds ·", "F": "Add a feed"}[page]
    with terminal(command, 120, 35, {"XDG_STATE_HOME": str(tmp_path)}) as window:
        window.until(lambda text: "First headline" in text, "the row")
        window.press(page)
        window.until(lambda text: shows in text, shows)
        window.until(lambda text: "synced" in text or page, "the end of the sync")
        leaves, enters = b"\x1b[?1049l", b"\x1b[?1049h"  # the shell's own screen, and the window's
        for _ in range(2):  # what changes once while the window is away is drawn in any case
            window.press("\x1a")
            window.until_stopped()
            window.until(lambda _: window.output.rfind(leaves) > window.output.rfind(enters), "the shell's own screen")
            window.resume()
            window.until(lambda _: window.output.rfind(enters) > window.output.rfind(leaves), "the window again")
            window.until(lambda text: shows in text, "the page as it was")


@pytest.mark.parametrize("page", ["", "?", "v"])
def test_a_window_that_was_written_over_is_drawn_again(tmp_path: Path, server: LoopbackServer, page: str) -> None:
    server.routes["/a"] = Answer(rss(["First headline"], published=datetime.now(UTC)))
    path = write_config(tmp_path, config_text(server, "a"))
    command = [*TRACKER, "--config", str(path), "--db", str(tmp_path / "news.db")]
    with terminal(command, 120, 35, {"XDG_STATE_HOME": str(tmp_path)}) as window:
        window.until(lambda text: "First headline" in text, "the row")
        if page:
            window.press(page)
            window.until(lambda text: "Esc" in text, "the page")
        window.write_over("Out of paper\r\n" * 34)
        assert window.text.count("Out of paper") == 34
        window.press("\x0c")
        window.until(lambda text: "Out of paper" not in text, "the window as it was")


def test_a_window_can_be_suspended_in_the_middle_of_drawing(tmp_path: Path, server: LoopbackServer) -> None:
    server.routes["/a"] = Answer(rss(["First headline"], published=datetime.now(UTC)))
    path = write_config(tmp_path, config_text(server, "a"))
    command = [sys.executable, "-c", SUSPENDED_WHILE_WRITING, "--config", str(path), "--db", str(tmp_path / "news.db")]
    with terminal(command, 120, 35, {"XDG_STATE_HOME": str(tmp_path)}) as window:
        window.until_stopped()
        assert window.output.rfind(b"\x1b[?1049l") > window.output.rfind(b"\x1b[?1049h")  # the shell's own screen
        window.resume()
        window.until(lambda text: "First headline" in text, "the row")
        window.press("q")
        assert window.exit_code() == 0
        assert b"Traceback" not in window.output

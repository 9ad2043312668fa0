"""The demo in a real terminal: a pty, keys as bytes, the screen as a terminal would show it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pyte
import pytest

from tests.helpers.feeds import config_text, rss, write_config
from tests.helpers.http_server import Answer, LoopbackServer

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")]

_QUERIES = ((b"\x1b[?2026$p", b"\x1b[?2026;2$y"), (b"\x1b[c", b"\x1b[?62;22c"), (b"\x1b[6n", b"\x1b[1;1R"))
_PRIVATE = re.compile(rb"\x1b\[[<>=?][0-9;]*[a-zA-Z$]|\x1bP.*?\x1b\\", re.DOTALL)


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, command: list[str], columns: int, lines: int, environ: dict[str, str]) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self.output = b""
        self._pid, self._fd = pty.fork()
        if self._pid == 0:  # pragma: no cover - the child
            os.execvpe(command[0], command, {**os.environ, "TERM": "xterm-256color", **environ})
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        os.kill(self._pid, signal.SIGWINCH)

    @property
    def pid(self) -> int:
        return self._pid

    @property
    def text(self) -> str:
        # Not `display`, which fails where half of a wide character was written over.
        lines = (self._screen.buffer[y] for y in range(self._screen.lines))
        return "\n".join("".join(line[x].data for x in range(self._screen.columns)) for line in lines)

    def press(self, keys: str) -> None:
        os.write(self._fd, keys.encode())

    def until(self, holds: Callable[[str], object], what: str, seconds: float = 40.0) -> None:
        end = time.monotonic() + seconds
        while not holds(self.text):
            assert time.monotonic() < end, f"never came: {what}\n{self.text}"
            if not self._read(0.05):
                break
        assert holds(self.text), f"it ended before: {what}\n{self.text}"

    def exit_code(self, seconds: float = 15.0) -> int:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._read(0.02)
            pid, code = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                self._pid = 0
                return os.waitstatus_to_exitcode(code)
        raise AssertionError(f"it did not end\n{self.text}")

    def close(self) -> None:
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        os.close(self._fd)

    def _read(self, timeout: float) -> bool:
        ready, _, _ = select.select([self._fd], [], [], timeout)
        if not ready:
            return True
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:  # Linux says so when the other end is gone
            return False
        self.output += data
        for query, answer in _QUERIES:
            if query in data:
                os.write(self._fd, answer)
        self._stream.feed(_PRIVATE.sub(b"", data))
        return bool(data)


@contextmanager
def terminal(command: list[str], columns: int, lines: int, environ: dict[str, str]) -> Iterator[Terminal]:
    running = Terminal(command, columns, lines, environ)
    try:
        yield running
    finally:
        running.close()


def test_the_demo_can_be_read_and_quit(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tracker", "demo", "--speed", "1"]
    with terminal(command, 120, 35, {"XDG_STATE_HOME": str(tmp_path)}) as window:
        window.until(lambda text: "DeepSeek" in text and "unread of" in text, "headlines")
        window.until(lambda text: re.search(r"NVDA .*▼", text), "prices")
        window.until(lambda text: "synced" in text, "the end of the first sync")
        window.press("jj")
        window.press("\r")
        window.until(lambda text: " since " in text and " base " in text, "the article with its move")
        window.press("s")
        window.until(lambda text: "starred" in text and "★" in text, "the star")
        window.press("/openai\rjm")  # typed in one go, every key reaches what it is meant for
        window.until(lambda text: "“openai”" in text and "marked read" in text, "the filter")
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
        window.until(lambda text: "synced" in text or "sync" not in text.splitlines()[-1], "the end of the first sync")
        done = subprocess.run(sync, check=False, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr.decode()
        window.until(lambda text: "▲ 1 new" in text, "the pill")
        window.press(".")
        window.until(lambda text: "unread of 3" in text, "the new row")
        window.press("q")
        assert window.exit_code() == 0

"""A real terminal: a pty, keys as bytes, the screen as a terminal would show it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pyte

_QUERIES = ((b"\x1b[?2026$p", b"\x1b[?2026;2$y"), (b"\x1b[c", b"\x1b[?62;22c"), (b"\x1b[6n", b"\x1b[1;1R"))
_OTHER_SCREEN, _CLEAR = b"\x1b[?1049h", b"\x1b[2J"
"""What a program begins its own screen with, which is empty then; pyte has one screen."""
_PRIVATE = re.compile(rb"\x1b\[[<>=?][0-9;]*[a-zA-Z$]|\x1bP.*?\x1b\\", re.DOTALL)


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, command: list[str], columns: int, lines: int, environ: dict[str, str]) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self.output = b""
        # A worker of pytest-xdist has COLUMNS=80 and LINES=24, which a program believes more than its terminal.
        inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        self._pid, self._fd = pty.fork()
        if self._pid == 0:  # pragma: no cover - the child
            os.execvpe(
                command[0], command, {**inherited, "TERM": "xterm-256color", "PYTHONFAULTHANDLER": "1", **environ}
            )
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

    def write_over(self, text: str) -> None:
        """Write from the upper left corner of the screen, as another program in the background does."""
        self._stream.feed(f"\x1b7\x1b[1;1H{text}\x1b8".encode())

    def until(self, holds: Callable[[str], object], what: str, seconds: float = 40.0) -> None:
        end = time.monotonic() + seconds
        while not holds(self.text):
            assert time.monotonic() < end, f"never came: {what}\n{self.text}"
            if not self._read(0.05):
                break
        assert holds(self.text), f"it ended before: {what}\n{self.text}"

    def exit_code(self, seconds: float = 60.0) -> int:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._read(0.02)
            pid, code = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                self._pid = 0
                return os.waitstatus_to_exitcode(code)
        raise self._failure("it did not end")

    def _failure(self, what: str) -> AssertionError:
        shown, before = self.text, len(self.output)
        os.kill(self._pid, signal.SIGABRT)  # it writes where each thread stands
        while self._read(1.0) and os.waitpid(self._pid, os.WNOHANG) == (0, 0):
            pass
        self._pid = 0
        return AssertionError(f"{what}\n{shown}\n{self.output[before:].decode(errors='replace')}")

    def hang_up(self) -> None:
        """Close the terminal under the program."""
        os.close(self._fd)
        self._fd = os.open(os.devnull, os.O_RDONLY)

    def read_rest(self) -> None:
        """Read what a program that has ended left in its terminal."""
        while self._read(0.1):
            pass

    def suspend(self, seconds: float = 60.0) -> None:
        """Stop the program as Ctrl+Z does."""
        os.kill(self._pid, signal.SIGTSTP)
        self.until_stopped(seconds)

    def until_stopped(self, seconds: float = 60.0) -> None:
        """Wait until the program is stopped."""
        end = time.monotonic() + seconds
        while not self._is_stopped():
            if time.monotonic() >= end:
                raise self._failure("it did not stop")
            self._read(0.02)

    def _is_stopped(self) -> bool:
        pid, status = os.waitpid(self._pid, os.WNOHANG | os.WUNTRACED)
        assert not pid or os.WIFSTOPPED(status), f"it ended\n{self.text}"
        return bool(pid)

    def resume(self) -> None:
        """Let a program that was suspended go on, as `fg` does."""
        os.kill(self._pid, signal.SIGCONT)

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
        self._stream.feed(_PRIVATE.sub(b"", data.replace(_OTHER_SCREEN, _CLEAR)))
        return bool(data)


@contextmanager
def terminal(command: list[str], columns: int, lines: int, environ: dict[str, str]) -> Iterator[Terminal]:
    running = Terminal(command, columns, lines, environ)
    try:
        yield running
    finally:
        running.close()

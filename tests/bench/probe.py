"""Times keys in a terminal program from outside, through a pty: works the same for tracker, newsboat or any other.

    python -m tests.bench.probe [--size COLSxROWS] [--ready REGEX] [--keys 'j*50,k*50'] [--dump] -- COMMAND ...

Prints one JSON line: first paint and readiness (the screen matched --ready), median and 95th percentile from writing a
key to the first byte of the repaint that answers it and to the last, and the memory of the process. With `--cold-sync`
the command is a tracker window on an empty database and 200 feeds on loopback, which it syncs while the keys are timed;
TRACKER_CORPUS names the folder of the feeds.
"""

from __future__ import annotations

import argparse
import codecs
import fcntl
import json
import os
import pty
import re
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyte

from tests.bench.feed_server import serving

_KEYS = {
    "DOWN": "\x1b[B",
    "UP": "\x1b[A",
    "END": "\x1b[F",
    "HOME": "\x1b[H",
    "PGDN": "\x1b[6~",
    "ENTER": "\r",
    "ESC": "\x1b",
    "TAB": "\t",
}
_QUERIES = ((b"\x1b[?2026$p", b"\x1b[?2026;2$y"), (b"\x1b[c", b"\x1b[?62;22c"), (b"\x1b[6n", b"\x1b[1;1R"))
"""What programs ask a terminal and wait for."""
_PRIVATE = re.compile(rb"\x1b\[[<>=?][0-9;]*[a-zA-Z$]")


@dataclass(frozen=True)
class Repaint:
    """When the first and the last byte came after a key, in milliseconds."""

    first: float
    last: float


class Probe:
    """One program in a terminal of its own."""

    def __init__(self, command: Sequence[str], columns: int, rows: int) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.heard = self.started = time.perf_counter()
        """When something was read last, before it was parsed: that takes 10 ms for a screen."""
        self._pid, self.terminal = pty.fork()
        if self._pid == 0:
            size = {"LINES": str(rows), "COLUMNS": str(columns)}
            environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **size}
            os.execvpe(command[0], list(command), environ)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def read(self, seconds: float) -> bytes | None:
        """Return what came within so many seconds, b"" when nothing did, None at the end."""
        if not select.select([self.terminal], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self.terminal, 1 << 16)
        except OSError:
            return None
        self.heard = time.perf_counter()
        for query, answer in _QUERIES:
            if query in data:
                os.write(self.terminal, answer)
        with suppress(Exception):  # pyte knows fewer sequences than programs send; only the time matters then
            self._stream.feed(self._decoder.decode(_PRIVATE.sub(b"", data)))
        return data

    def wait_for(self, pattern: str, seconds: float) -> float | None:
        """Return when the screen matched, or None."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            if self.read(0.02) is None:
                return None
            if re.search(pattern, self.text):
                return time.perf_counter()
        return None

    def wait_for_rest(self, quiet: float, seconds: float) -> None:
        """Read until nothing came for `quiet` seconds, at most for `seconds`."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end and self.read(quiet):
            pass

    def press(self, key: str) -> Repaint | None:
        """Write a key and time its repaint; None when nothing came within a second."""
        while self.read(0):
            pass  # what is still on its way is no answer to this key
        started = time.perf_counter()
        os.write(self.terminal, key.encode())
        first = last = None
        while data := self.read(0.03 if first else 1.0):
            del data
            last = self.heard
            first = first or last
            if last - started > 1.0:
                break
        return None if first is None or last is None else Repaint((first - started) * 1e3, (last - started) * 1e3)

    def memory_mb(self) -> float:
        """Return the resident memory of the program."""
        with suppress(OSError):
            for line in Path(f"/proc/{self._pid}/status").read_text().splitlines():
                if line.startswith("VmRSS"):
                    return round(int(line.split()[1]) / 1024, 1)
        return 0.0

    def processor_seconds(self) -> float:
        """Return the processor time that the program has used, its threads included."""
        fields = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """End the program."""
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self._pid, signal.SIGTERM)
            for _ in range(60):
                if os.waitpid(self._pid, os.WNOHANG)[0]:
                    return
                self.read(0.05)
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)


def measure(
    command: Sequence[str], size: str, ready: str, keys: str, limit: float, pause: float
) -> tuple[dict[str, object], str]:
    """Return the figures and the last screen."""
    columns, rows = map(int, size.split("x"))
    probe = Probe(command, columns, rows)
    try:
        painted = probe.wait_for(r"\S", limit)
        is_ready = probe.wait_for(ready, limit)
        figures: dict[str, object] = {
            "first_paint_ms": painted and round((painted - probe.started) * 1e3),
            "ready_ms": is_ready and round((is_ready - probe.started) * 1e3),
        }
        repaints = []
        for part in filter(None, keys.split(",")):
            name, _, count = part.partition("*")
            for _ in range(int(count or 1)):
                if (repaint := probe.press(_KEYS.get(name, name))) is not None:
                    repaints.append(repaint)
                probe.wait_for_rest(pause, pause)
        if repaints:
            for field in ("first", "last"):
                times = sorted(getattr(repaint, field) for repaint in repaints)
                figures[f"{field}_ms"] = round(statistics.median(times), 1)
                figures[f"{field}_p95_ms"] = round(times[min(len(times) - 1, int(len(times) * 0.95))], 1)
            figures["keys"] = len(repaints)
        return {**figures, "memory_mb": probe.memory_mb()}, probe.text
    finally:
        probe.close()


def main() -> int:
    """Time one program."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", default="160x45")
    parser.add_argument("--ready", default=r"\S", help="regular expression that the screen has to match first")
    parser.add_argument("--keys", default="")
    parser.add_argument("--limit", type=float, default=30, help="seconds to wait for the screen")
    parser.add_argument("--pause", type=float, default=20, help="milliseconds between keys")
    parser.add_argument("--dump", action="store_true", help="print the last screen to stderr")
    parser.add_argument(
        "--cold-sync", action="store_true", help="time tracker while it syncs 200 feeds for the first time"
    )
    parser.add_argument("command", nargs="*")
    options = parser.parse_args()
    if not options.cold_sync:
        return _report(options, options.command)
    corpus = os.environ.get("TRACKER_CORPUS")
    if not corpus:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    bodies = Path(corpus) / "feeds" / "fastfeedparser" / "benchmark_data"
    with serving(bodies) as urls, tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "feeds.toml"
        feeds = "".join(f'\n[[feed]]\nname = "{n}"\nurl = "{url}"\n' for n, url in enumerate(urls))
        settings = "[settings]\nhost_connections = 8\nhost_delay_seconds = 0\n[market]\nproviders = []\n"
        config.write_text(settings + feeds, encoding="utf-8")
        os.environ.update(XDG_STATE_HOME=folder, XDG_DATA_HOME=folder)
        command = [sys.executable, "-m", "tracker", "--config", str(config), "--db", f"{folder}/t.db"]
        return _report(options, command)


def _report(options: argparse.Namespace, command: Sequence[str]) -> int:
    figures, screen = measure(command, options.size, options.ready, options.keys, options.limit, options.pause / 1000)
    if options.dump:
        print(screen, file=sys.stderr)
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())

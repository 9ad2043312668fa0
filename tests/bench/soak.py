"""The window open for a trading day: the replay at 100 times speed in a real terminal, its memory at start and end.

    python -m tests.bench.soak

takes some four minutes: 27 January 2025 from before the open to after the close, with someone reading all along.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

from tests.helpers.terminal import Terminal, terminal

SPEED = 100
MAX_GROWTH = 0.05
_KEYS = ("j", "j", "\r", "\x1b", "t", "j", "k", "w", "\x1b", "c", "n", "\t", "\t", "\t", "\t", ".")
_TIME = re.compile(r"Mon 27 Jan (\d\d):(\d\d) ET")


def memory(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def replayed(text: str) -> float | None:
    """Return the hour of the day that the window shows, in New York."""
    found = _TIME.search(text)
    return None if found is None else int(found[1]) + int(found[2]) / 60


def read_until(window: Terminal, hour: float) -> list[tuple[float, float]]:
    """Read on until the replay is at `hour`; return (hour, MB) every five seconds."""
    samples: list[tuple[float, float]] = []
    keys = cycle(_KEYS)
    looked = 0.0
    while (now := replayed(window.text) or 0.0) < hour:
        window.until(_passed(0.5), "half a second")
        window.press(next(keys))
        if time.monotonic() - looked > 5:
            looked = time.monotonic()
            samples.append((now, memory(window.pid)))
    return samples


def _passed(seconds: float) -> Callable[[str], bool]:
    end = time.monotonic() + seconds
    return lambda text: time.monotonic() > end


def main() -> int:
    """Print the memory over the day; 1 when it grew by more than 5 %."""
    if not Path("/proc/self/statm").exists():
        print("needs /proc", file=sys.stderr)
        return 2
    command = [sys.executable, "-m", "tracker", "demo", "--speed", str(SPEED)]
    with tempfile.TemporaryDirectory() as home, terminal(command, 170, 48, {"XDG_STATE_HOME": home}) as window:
        window.until(lambda text: re.search(r"[1-9]\d* unread of", text) and replayed(text), "headlines")
        read_until(window, 10.5)  # the first sync, every screen and cache once: what is loaded when it is first needed
        start = memory(window.pid)
        samples = read_until(window, 16.2)
        end = memory(window.pid)
        window.press("\x1bq")
    for hour, size in samples[:: max(1, len(samples) // 12)]:
        print(f"{int(hour):02d}:{round(hour % 1 * 60):02d}  {size:6.1f} MB")
    growth = end / start - 1
    print(f"10:30 {start:.1f} MB, 16:12 {end:.1f} MB: {growth:+.1%} over the day (bound {MAX_GROWTH:.0%})")
    return int(growth > MAX_GROWTH)


if __name__ == "__main__":
    sys.exit(main())

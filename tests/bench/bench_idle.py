"""What an open window costs while nobody touches it, beside a bare Textual app that shows a clock.

    python -m tests.bench.bench_idle [--articles N] [--seconds S]

Both run in a terminal of their own. Once each has been quiet for a moment, the processor time of the process and the
bytes it writes to the terminal are counted for S seconds. The clock of the bare app shows seconds.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.bench_open import FEEDS, make_database
from tests.bench.probe import Probe

BARE = """
from datetime import datetime
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("Headline number", id="clock")
    def on_mount(self):
        self.set_interval(1.0, self.tick)
    def tick(self):
        self.query_one("#clock", Static).update(f"Headline number {datetime.now():%H:%M:%S}")
Bare().run()
"""


@dataclass(frozen=True)
class Idle:
    """What a program used while it was left alone."""

    processor: float
    """Share of one core."""
    written: float
    """Bytes a second."""


def measure_idle(command: Sequence[str], ready: str, seconds: float) -> Idle:
    """Start a program, wait until it is ready and quiet, and watch it for so many seconds."""
    probe = Probe(command, 160, 45)
    try:
        if probe.wait_for(ready, 60) is None:
            raise SystemExit(f"{command[0]} never showed {ready!r}:\n{probe.text}")
        os.write(probe.terminal, b"\x1b")
        probe.wait_for_rest(3, 25)
        before, written = probe.processor_seconds(), 0
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            written += len(probe.read(min(left, 0.2)) or b"")
        return Idle((probe.processor_seconds() - before) / seconds, written / seconds)
    finally:
        probe.close()


def main() -> int:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        os.environ.update(HOME=folder, XDG_STATE_HOME=folder, XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder)
        make_database(home / "t.db", options.articles)
        feeds = "".join(
            f'[[feed]]\nname = "Feed {n}"\nurl = "http://127.0.0.1:9/{n}"\nenabled = false\n' for n in range(FEEDS)
        )
        (home / "feeds.toml").write_text(f"[market]\nproviders = []\n{feeds}")
        window = [sys.executable, "-m", "tracker", "--config", f"{home}/feeds.toml", "--db", f"{home}/t.db"]
        for name, command in (("bare app with a clock", [sys.executable, "-c", BARE]), ("tracker", window)):
            idle = measure_idle(command, "Headline number", options.seconds)
            print(f"{name:24} {idle.processor:7.2%} of a core   {idle.written:8,.0f} bytes/s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

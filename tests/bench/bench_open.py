"""How long the window takes to show 100,000 stored articles, beside a bare Textual app in the same run.

    python -m tests.bench.bench_open [ROUNDS]

Both are started in a terminal of their own, in turns; the figure is from the start of the process to the first screen
that holds what was waited for.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from tests.helpers.store import about, article
from tests.helpers.terminal import terminal
from tracker.model.feed import FeedSource
from tracker.model.plan import FeedPlan
from tracker.store.read import Reader
from tracker.store.write import Writer

ARTICLES, FEEDS, BATCH = 100_000, 20, 1_000
BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("Headline number")
Bare().run()
"""


def make_database(path: Path, articles: int = ARTICLES) -> None:
    """Store the articles, every third about Nvidia, half a minute apart."""
    now = datetime.now(UTC)
    with Writer(path) as writer:
        writer.register_feeds([FeedSource(f"Feed {n}", f"http://127.0.0.1:9/{n}") for n in range(FEEDS)])
        with Reader(path) as reader:
            states = reader.feeds.states()
        for first in range(0, articles, BATCH):
            batch = []
            for number in range(first, first + BATCH):
                is_about = number % 3 == 0
                title = f"Headline number {number} {'about Nvidia chips' if is_about else 'of a quiet day'}"
                mentions = [about("nvidia", title, "NVDA")] if is_about else []
                batch.append(
                    article(
                        title,
                        minutes_ago=(articles - number) / 2,
                        text="Some words of a summary that follow. " * 6,
                        mentions=mentions,
                        symbol="NVDA" if is_about else None,
                        now=now,
                    )
                )
            state = replace(states[f"Feed {first // BATCH % FEEDS}"], last_checked=now)
            writer.store_feed(FeedPlan(state, tuple(batch)), lambda article, lookup: None)


def seconds_to_first_rows(command: list[str], home: Path) -> float:
    """Return the seconds from the start of a command to the screen with its rows."""
    started = time.perf_counter()
    with terminal([sys.executable, *command], 160, 45, {"XDG_STATE_HOME": str(home), "HOME": str(home)}) as window:
        window.until(lambda text: "Headline number" in text, "the first rows")
        return time.perf_counter() - started


def main() -> int:
    """Print both medians and their ratio."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        make_database(home / "t.db")
        feeds = "".join(
            f'[[feed]]\nname = "Feed {n}"\nurl = "http://127.0.0.1:9/{n}"\nenabled = false\n' for n in range(FEEDS)
        )
        (home / "feeds.toml").write_text(f"[market]\nproviders = []\n{feeds}")
        window = ["-m", "tracker", "--config", str(home / "feeds.toml"), "--db", str(home / "t.db")]
        bare, ours = [], []
        for _ in range(rounds):
            bare.append(seconds_to_first_rows(["-c", BARE], home))
            ours.append(seconds_to_first_rows(window, home))
    one, other = statistics.median(bare), statistics.median(ours)
    print(f"bare Textual app       {one * 1000:5.0f} ms")
    print(f"{ARTICLES:,} articles  {other * 1000:5.0f} ms   {other / one:.2f} of the bare app (target: under 2)")
    print(f"best of {rounds}: {min(ours) / min(bare):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

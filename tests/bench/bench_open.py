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

from tests.helpers.store import about, article, raw
from tests.helpers.terminal import terminal
from tracker.model.feed import FeedSource
from tracker.model.plan import FeedPlan
from tracker.store.db import SCHEMA_VERSION, transaction
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


_STORED = FEEDS * BATCH
"""Articles that are stored as a sync does. The others are copies of them, made by SQL in a fifth of the time."""
_APART_SECONDS = 30
_COPY = (
    "INSERT INTO article (id, feed_id, key, title, published, first_seen, time, symbol, story_id, content_hash)"
    " SELECT id + :by, feed_id, title, title, published + :later, first_seen, time + :later, symbol, id + :by,"
    " 'hash of ' || title FROM (SELECT id, feed_id, published, first_seen, time, symbol,"
    " 'Headline number ' || (id - 1 + :by) || CASE WHEN symbol IS NULL THEN ' of a quiet day' ELSE"
    " ' about Nvidia chips' END AS title FROM article WHERE id <= :count)",
    "INSERT INTO article_text (article_id, text) SELECT article_id + :by, text FROM article_text"
    " WHERE article_id <= :count",
    "INSERT INTO article_tag (tag_id, article_id, about, symbol, place, matches, own)"
    " SELECT t.tag_id, a.id, t.about, t.symbol, t.place, json_array(json_array("
    "'title', instr(a.title, 'Nvidia') - 1, instr(a.title, 'Nvidia') + 5, 'Nvidia')), t.own"
    " FROM article_tag t JOIN article a ON a.id = t.article_id + :by WHERE t.article_id <= :count",
    "INSERT INTO article_search (rowid, title, text) SELECT a.id, a.title, x.text FROM article a"
    " JOIN article_text x ON x.article_id = a.id WHERE a.id > :by AND a.id <= :by + :count",
)
"""Copies the first `count` articles behind the first `by`."""


def make_database(path: Path, articles: int = ARTICLES) -> None:
    """Store the articles, every third about Nvidia, half a minute apart."""
    _store(path, articles, min(articles, _STORED))
    with Writer(path) as writer:
        for by in range(_STORED, articles, _STORED):
            values = {"by": by, "later": by * _APART_SECONDS, "count": min(_STORED, articles - by)}
            with transaction(raw(writer)):
                for statement in _COPY:
                    raw(writer).execute(statement, values)


def _store(path: Path, articles: int, count: int) -> None:
    """Store the oldest `count` of so many articles."""
    now = datetime.now(UTC)
    with Writer(path) as writer:
        writer.register_feeds([FeedSource(f"Feed {n}", f"http://127.0.0.1:9/{n}") for n in range(FEEDS)])
        with Reader(path) as reader:
            states = reader.feeds.states()
        for first in range(0, count, BATCH):
            batch = []
            for number in range(first, first + BATCH):
                is_about = number % 3 == 0
                title = f"Headline number {number} {'about Nvidia chips' if is_about else 'of a quiet day'}"
                mentions = [about("nvidia", title, "NVDA")] if is_about else []
                batch.append(
                    article(
                        title,
                        minutes_ago=(articles - number) * _APART_SECONDS / 60,
                        text="Some words of a summary that follow. " * 6,
                        mentions=mentions,
                        symbol="NVDA" if is_about else None,
                        now=now,
                    )
                )
            state = replace(states[f"Feed {first // BATCH % FEEDS}"], last_checked=now)
            writer.store_feed(FeedPlan(state, tuple(batch)), lambda article, lookup: None)


def kept_database(folder: Path, articles: int) -> Path:
    """Return a database of so many articles in a folder, which is made when it is not there yet."""
    path = folder / f"{articles}-{SCHEMA_VERSION}.db"
    done = path.with_suffix(".done")
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for ending in ("", "-wal", "-shm"):
            Path(f"{path}{ending}").unlink(missing_ok=True)
        make_database(path, articles)
        done.touch()
    return path


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

"""Speed of the morning page on 100,000 articles; a ratio against `tracker list is:watched` in the same run."""

from __future__ import annotations

import random
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bench.figures import timed
from tests.helpers.prices import DAYS, day_bars, store, walk
from tests.helpers.store import article, fill, raw
from tracker.cli.listing import with_moves
from tracker.impact.brief import read_brief
from tracker.impact.calculator import ImpactCalculator
from tracker.impact.order import list_stories
from tracker.market import calendar
from tracker.model.config import Config
from tracker.model.market import INTRADAY, Bar, Quote, WatchSymbol
from tracker.model.query import parse_query, with_watchlist
from tracker.store.read import Reader
from tracker.store.write import Writer

NOW = datetime(2025, 3, 10, 21, 30, tzinfo=UTC)
ARTICLES, SHARES, DAYS_OF_NEWS, FEEDS = 100_000, 15, 365, 20
CONFIG = Config(symbols=tuple(WatchSymbol(f"SHARE{n}") for n in range(SHARES)))
_FIVE = timedelta(seconds=INTRADAY)


def make(db: Path) -> None:
    """Fill a database: a year of days, 60 days of 5-minute bars of each share, a year of articles, half about one."""
    rng = random.Random(1)
    step = timedelta(days=DAYS_OF_NEWS) / ARTICLES
    with Writer(db) as writer:
        raw(writer).execute("PRAGMA synchronous = OFF")
        store(writer, day_bars("^GSPC", walk(99)))
        for seed, item in enumerate(CONFIG.symbols):
            store(writer, day_bars(item.symbol, walk(seed, size=0.02)))
            bars: list[Bar] = []
            for day in DAYS[-42:]:
                start, price = calendar.session_open(day), 100.0
                while start < calendar.session_close(day):
                    price *= 1 + rng.gauss(0, 0.002)
                    bars.append(Bar(item.symbol, INTRADAY, start, start + _FIVE, price, "yahoo"))
                    start += _FIVE
            store(writer, bars)
        quotes = [Quote(item.symbol, 118.0, NOW, "yahoo", 117.0, currency="USD") for item in CONFIG.symbols]
        writer.prices.store_quotes(quotes, (), (), (), NOW)
        for feed in range(FEEDS):
            rows = [
                article(
                    f"{n}",
                    key=f"{n}",
                    minutes_ago=(n * step) / timedelta(minutes=1),
                    symbol=f"SHARE{n % SHARES}" if n % 2 else None,
                    story_keys=[f"story {n // 7}"] if n % 3 else [],
                    now=NOW,
                )
                for n in range(feed + 1, ARTICLES + 1, FEEDS)
            ]
            fill(writer, f"Feed {feed}", rows)


def main() -> int:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "t.db"
        make(db)
        watched = with_watchlist(parse_query("is:watched"), CONFIG.watched)

        def listed() -> object:
            with Reader(db) as reader:
                ids = list_stories(reader, CONFIG, watched, NOW, 50)
                return list(with_moves(reader, CONFIG, ids, NOW))

        def brief(since: datetime | None = None) -> object:
            with Reader(db) as reader:
                return read_brief(reader, ImpactCalculator(reader, CONFIG, lambda: NOW), CONFIG, NOW, since=since)

        baseline = timed(listed, rounds=3)
        print(f"{ARTICLES:,} articles, {SHARES} shares; list is:watched {baseline:.3f} s")
        for what, since in (("since the close", None), ("since a week ago", NOW - timedelta(days=7))):
            seconds = timed(lambda since=since: brief(since), rounds=3)  # type: ignore[misc]
            print(f"brief {what:<18} {seconds:.3f} s, {seconds / baseline:.1f} times")
    return 0


if __name__ == "__main__":
    sys.exit(main())

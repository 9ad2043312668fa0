"""Speed of the study of articles, and of `move<` and `sort:move`; ratios against the plain way, in the same run."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bench.figures import timed
from tests.helpers.prices import DAYS, day_bars, store, walk
from tests.helpers.store import article, fill, raw
from tracker.impact.calculator import ImpactCalculator
from tracker.market import calendar
from tracker.model.config import Config
from tracker.model.market import INTRADAY, Bar, Quote
from tracker.model.query import parse_query
from tracker.prices.moves import move_since
from tracker.store.read import Reader
from tracker.store.write import Writer

NOW = datetime(2025, 3, 10, 21, 30, tzinfo=UTC)
SMALL, LARGE, NAIVE = 10_000, 100_000, 100


def make(db: Path, size: int) -> None:
    """Fill a database: a year of daily bars, 60 days of 5-minute bars, articles over those 60 days."""
    five = timedelta(seconds=INTRADAY)
    bars: list[Bar] = []
    for day in DAYS[-42:]:
        start, end = calendar.session_open(day), calendar.session_close(day)
        while start < end:
            bars.append(Bar("NVDA", INTRADAY, start, start + five, 100.0 + len(bars) % 17, "yahoo"))
            start += five
    step = timedelta(days=58) / size
    with Writer(db) as writer:
        store(writer, day_bars("NVDA", walk(1, size=0.02)))
        store(writer, day_bars("^GSPC", walk(2)))
        store(writer, bars)
        writer.prices.store_quotes([Quote("NVDA", 118.0, NOW, "yahoo", currency="USD")], (), (), (), NOW)
        raw(writer).execute("PRAGMA synchronous = OFF")
        rows = [
            article(f"{n}", key=f"{n}", minutes_ago=(n * step) / timedelta(minutes=1), symbol="NVDA", now=NOW)
            for n in range(1, size + 1)
        ]
        fill(writer, "Feed", rows)


def study(db: Path) -> None:
    """Print the study of every article against one that is made anew for each."""
    with Reader(db) as reader:
        ids = list(reader.articles.ids(parse_query(""), NOW))
        warm = ImpactCalculator(reader, Config(), lambda: NOW)
        cold = timed(lambda: warm.impacts(ids))
        seconds = timed(lambda: warm.impacts(ids))
        naive = timed(lambda: [ImpactCalculator(reader, Config(), lambda: NOW).impact(one) for one in ids[:NAIVE]])
        each = naive / NAIVE * len(ids)
        print(f"{len(ids):>7,} articles studied       {seconds:7.3f} s, first time {cold:.3f} s")
        print(f"{'':>7} each with its own calculator {each:7.1f} s (from {NAIVE}), {each / seconds:,.0f} times")


def query(db: Path) -> None:
    """Print the SQL of moves against the same row by row."""
    with Reader(db) as reader:

        def plain() -> list[int]:
            quote = reader.prices.quotes()["NVDA"]
            rows = reader.articles.headlines(reader.articles.ids(parse_query(""), NOW))
            moves = {row.id: move_since("NVDA", row.published or NOW, row.base, quote, NOW).since for row in rows}
            return [found for found, move in moves.items() if move is not None and move < -0.03]

        rows = timed(plain)
        for text in ("move<-3%", "sort:move"):
            seconds = timed(lambda text=text: reader.articles.ids(parse_query(text), NOW))  # type: ignore[misc]
            count = reader.articles.count()
            print(f"{count:>7,} articles {text:<12} {seconds:7.3f} s, row by row {rows / seconds:.0f} times as long")


def main() -> int:
    """Print the table."""
    for size in (SMALL, LARGE):
        with tempfile.TemporaryDirectory() as folder:
            db = Path(folder) / "t.db"
            make(db, size)
            if size == SMALL:
                study(db)
            query(db)
    return 0


if __name__ == "__main__":
    sys.exit(main())

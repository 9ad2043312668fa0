"""Processor time of the league on 100,000 articles; a ratio against `tracker list is:watched` in the same run."""

from __future__ import annotations

import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from tests.bench.bench_brief import ARTICLES, CONFIG, NOW, make
from tests.bench.figures import timed
from tracker.cli.listing import with_moves
from tracker.impact.league import read_league
from tracker.impact.order import list_stories
from tracker.model.query import parse_query, with_watchlist
from tracker.store.read import Reader

best_of_three = partial(timed, rounds=3, clock=time.process_time)
"""The seconds of processor time that some work takes."""


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

        baseline = best_of_three(listed)
        print(f"{ARTICLES:,} articles; list is:watched {baseline:.3f} s")
        for text in ("", "is:watched", "newer:30d"):
            query = with_watchlist(parse_query(text), CONFIG.watched)
            with Reader(db) as reader:
                found = read_league(reader, query, NOW)
            priced = sum(row.priced for row in found.rows)
            seconds = best_of_three(lambda query=query: read_league(Reader(db), query, NOW))  # type: ignore[misc]
            print(
                f"league {text:<12} {found.stories:,} stories, {sum(row.stories for row in found.rows):,} reports,"
                f" {priced:,} with prices: {seconds:.3f} s, {seconds / baseline:.2f} times"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Speed of storing and grouping new articles beside 100,000 stored ones, by processor time, each stage apart.

TRACKER_CORPUS=... python -m tests.bench.bench_grouping [--kept FILE] [--profile] [--repeat N]

The stored ones are a real stream of ten days, several times, each time ten days earlier; the new ones are its end.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from msgspec import Struct
from msgspec.structs import replace

from tests.helpers.store import raw
from tests.stories.measure import lines
from tracker.feeds.text import html_to_text
from tracker.model.config import Config
from tracker.model.entry import Entry
from tracker.model.feed import FeedSource
from tracker.model.plan import FeedPlan, NewArticle
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.stories.fingerprint import digest
from tracker.sync.rules import tagger
from tracker.sync.stories import choose_story, group_new, story_keys
from tracker.tagging.match import Tagger

_STORED, _NEW = 100_000, 10_000
_PERIOD = timedelta(days=10)
_DAY = timedelta(days=1)


class Item(Struct, frozen=True):
    """A report as a feed gives it."""

    key: str
    title: str
    text: str
    source: str
    time: datetime


class Stages(Struct):
    """Seconds of processor time."""

    tags: float = 0.0
    keys: float = 0.0
    store: float = 0.0
    group: float = 0.0


def stream(corpus: Path) -> tuple[list[Item], list[Item]]:
    """Return (what is stored, what is new), each by time."""
    rows = [row for row in lines(corpus / "companies" / "general_titles.jsonl.gz") if row["title"] and row["published"]]
    rows.sort(key=lambda row: str(row["published"]))
    latest = [
        Item(
            digest(f"{place}"),
            row["title"],
            html_to_text(row["summary"] or "")[0],
            row["source"],
            datetime.fromisoformat(row["published"]),
        )
        for place, row in enumerate(rows)
    ]
    stored = latest[:-_NEW]
    turn = 0
    while len(stored) < _STORED:
        turn += 1
        # Another title and text, or each article would be looked up as one that is known by them.
        stored += [
            replace(
                one,
                key=f"{one.key}-{turn}",
                title=f"{one.title} ({turn})",
                text=f"{turn} {one.text}",
                time=one.time - turn * _PERIOD,
            )
            for one in latest[: _STORED - len(stored)]
        ]
    return sorted(stored, key=lambda one: one.time), latest[-_NEW:]


@contextmanager
def _timed(stages: Stages, name: str) -> Iterator[None]:
    begin = time.process_time()
    yield
    setattr(stages, name, getattr(stages, name) + time.process_time() - begin)


def _plans(items: Sequence[Item], rules: Tagger, reader: Reader, now: datetime, stages: Stages) -> list[FeedPlan]:
    """Return what one sync stores of these items: a plan for each feed."""
    states = {state.url: state for state in reader.feeds.states().values()}
    by_feed: dict[str, list[NewArticle]] = defaultdict(list)
    for one in items:
        host = digest(one.source)[:8]
        entry = Entry(one.key, one.title, f"https://{host}.example/{one.key}", text=one.text, published=one.time)
        with _timed(stages, "tags"):
            mentions = tuple(rules.tag(one.title, one.text, feed_tags=()))
        with _timed(stages, "keys"):
            keys = story_keys(entry, mentions, now)
        by_feed[f"http://{host}.example/feed"].append(
            NewArticle(entry, one.key, now, mentions, story_keys=keys.keys, attribution=keys.attribution)
        )
    return [FeedPlan(replace(states[url], last_checked=now), tuple(new)) for url, new in by_feed.items()]


def _sync(path: Path, items: Sequence[Item], rules: Tagger, stages: Stages, profile: cProfile.Profile | None) -> None:
    now = items[-1].time + timedelta(minutes=5)
    with Writer(path) as writer, Reader(path) as reader:
        plans = _plans(items, rules, reader, now, stages)
        if profile is not None:
            profile.enable()
        with _timed(stages, "store"):
            for plan in plans:
                writer.store_feed(plan, choose_story)
        with _timed(stages, "group"):
            group_new(writer, now)
        if profile is not None:
            profile.disable()


def build(path: Path, stored: Sequence[Item], sources: Sequence[str]) -> None:
    """Store and group the archive, a day in each sync."""
    rules = tagger(Config())
    with Writer(path) as writer:
        writer.register_feeds(
            [FeedSource(source, f"http://{digest(source)[:8]}.example/feed") for source in sorted(set(sources))]
        )
    days: dict[object, list[Item]] = defaultdict(list)
    for one in stored:
        days[one.time.date()].append(one)
    for day in days.values():
        _sync(path, day, rules, Stages(), None)
        with Writer(path) as writer:
            writer.stories.learn_words(day[-1].time)


def grouping_digest(path: Path, first: int) -> str:
    """Return a digest of which articles are one story."""
    with Writer(path) as writer:
        rows = raw(writer).execute("SELECT key, story_id FROM article WHERE id >= ? ORDER BY key", (first,)).fetchall()
    oldest: dict[int, str] = {}
    for key, story in rows:
        oldest.setdefault(story, key)
    sizes = Counter(story for _, story in rows)
    told = digest("\n".join(f"{key} {oldest[story]}" for key, story in rows))
    return f"{told}: {len(sizes):,} stories, largest {max(sizes.values())}"


def main() -> int:
    """Print the speed of each stage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kept", type=Path, help="where the archive is kept for the next time")
    parser.add_argument("--profile", action="store_true", help="show where storing and grouping spend their time")
    parser.add_argument("--repeat", type=int, default=1)
    options = parser.parse_args()
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    stored, new = stream(Path(folder))
    rules = tagger(Config())
    rules.tag("Warm up", "", feed_tags=())
    with tempfile.TemporaryDirectory() as at:
        path = Path(at, "stories.db")
        kept = options.kept or Path(at, "archive.db")
        if not kept.exists():
            build(kept, stored, [one.source for one in (*stored, *new)])
        runs: list[Stages] = []
        profile = cProfile.Profile() if options.profile else None
        for _ in range(options.repeat):
            shutil.copy(kept, path)
            runs.append(Stages())
            _sync(path, new, rules, runs[-1], profile)
        print(f"{len(new):,} new articles beside {len(stored):,}; per second of processor time, median of {len(runs)}")
        for name, seconds in {
            "tagging": [one.tags for one in runs],
            "keys of stories": [one.keys for one in runs],
            "storing": [one.store for one in runs],
            "grouping": [one.group for one in runs],
            "storing and grouping": [one.store + one.group for one in runs],
        }.items():
            print(f"  {name:24} {len(new) / median(seconds):8,.0f}   {1e6 * median(seconds) / len(new):6,.0f} µs each")
        print(f"  grouping {grouping_digest(path, 1)}")
        if profile is not None:
            pstats.Stats(profile).sort_stats("tottime").print_stats(40)
    return 0


if __name__ == "__main__":
    sys.exit(main())

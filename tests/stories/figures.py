"""Quality of grouping on all labelled sets at once, stored and grouped directly: no server, no reader's process.

TRACKER_CORPUS=... python -m tests.stories.figures [--kept FOLDER] [--only SET]  (about a minute; `bench_stories` does
whole syncs)
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from tests.helpers.store import raw
from tests.stories.measure import READ_DAYS, lines, pairwise
from tests.stories.through_sync import Report, google, uci, written_reports
from tests.stories.written import company_news
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


class Labelled(Struct, frozen=True):
    """What is stored, and either the story of each report or labels of some pairs of them."""

    reports: Sequence[Report]
    texts: Sequence[str] = ()
    truth: Sequence[str] = ()
    pairs: dict[str, dict[tuple[int, int], int]] = {}


def store(labelled: Labelled, path: Path) -> None:
    """Store reports as one sync brings them, and group none."""
    rules = tagger(Config())
    now = max(report.time for report in labelled.reports) + timedelta(minutes=5)
    by_source: dict[str, list[NewArticle]] = defaultdict(list)
    for place, report in enumerate(labelled.reports):
        text = labelled.texts[place] if labelled.texts else ""
        url = report.url or f"https://{digest(report.source)[:8]}.example/{place}"
        mentions = tuple(rules.tag(report.title, text, feed_tags=()))
        entry = Entry(str(place), report.title, url, text=text, published=report.time)
        keys = story_keys(entry, mentions, now)
        by_source[report.source].append(
            NewArticle(entry, str(place), now, mentions, story_keys=keys.keys, attribution=keys.attribution)
        )
    with Writer(path) as writer:
        writer.register_feeds(
            [FeedSource(source, f"http://127.0.0.1:9/{place}") for place, source in enumerate(by_source)]
        )
        with Reader(path) as reader:
            states = {state.url: state for state in reader.feeds.states().values()}
        for place, articles in enumerate(by_source.values()):
            state = replace(states[f"http://127.0.0.1:9/{place}"], last_checked=now)
            writer.store_feed(FeedPlan(state, tuple(articles)), choose_story)


def stories(path: Path, reports: Sequence[Report]) -> list[int]:
    """Return the story of each report once all are grouped."""
    with Writer(path) as writer:
        group_new(writer, max(report.time for report in reports) + timedelta(minutes=5))
        found = dict(raw(writer).execute("SELECT CAST(key AS INTEGER), story_id FROM article").fetchall())
    return [found.get(place, -1 - place) for place in range(len(reports))]


def grouped_through_a_store(labelled: Labelled, folder: Path) -> list[int]:
    """Return the story of each report, all stored and grouped by one sync."""
    path = folder / "stories.db"
    store(labelled, path)
    return stories(path, labelled.reports)


def right_pairs(labelled: Labelled, found: Sequence[int]) -> dict[str, tuple[int, int, int]]:
    """Return of each kind of labelled pairs: (joined and right, joined, right)."""
    counts = {}
    for kind, pairs in labelled.pairs.items():
        joined = [label for (one, two), label in pairs.items() if found[one] == found[two]]
        counts[kind] = sum(joined), len(joined), sum(pairs.values())
    return counts


def _labels(name: str) -> list[list[str]]:
    listed = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return [line.split() for line in listed if not line.startswith("#")]


def _fresh(name: str, place_of: Mapping[str, int]) -> dict[str, dict[tuple[int, int], int]]:
    """Labelled pairs drawn at random from what an earlier model had joined, those of days held out apart."""
    pairs: dict[str, dict[tuple[int, int], int]] = {"fresh": {}, "fresh, held out": {}}
    for of, one, two, label, part in _labels("fresh_labels.txt"):
        if of == name:
            pairs["fresh, held out" if part == "held" else "fresh"][place_of[one], place_of[two]] = int(label)
    return pairs


def month(corpus: Path) -> Labelled:
    """A stream of February with two sets of labelled pairs."""
    rows = [
        row
        for row in lines(corpus / "headlines" / "stream_2026-02.jsonl.gz")
        if row["title"] and row["published"] and "/2026 " in row["published"]
    ]
    reports = [
        Report(
            row["title"],
            datetime.strptime(row["published"], "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=UTC),
            row["source"],
            row["link"],
        )
        for row in rows
    ]
    first, second = (dict(_labels(name)) for name in ("stream_labels.txt", "stream_labels_2.txt"))
    pairs: dict[str, dict[tuple[int, int], int]] = {"first set": {}, "second set": {}}
    ids = [row["id"] for row in rows]
    for place, one in enumerate(ids):
        for before, other in enumerate(ids[:place]):
            key = digest("\0".join(sorted((one, other))))
            if key in first:
                pairs["first set"][before, place] = int(first[key])
            elif key in second:
                pairs["second set"][before, place] = int(second[key])
    pairs |= _fresh("month", {digest(one): place for place, one in enumerate(ids)})
    return Labelled(reports, [row["text"] or "" for row in rows], pairs=pairs)


def feeds_of_january(corpus: Path) -> Labelled:
    """Titles and summaries of 94 feeds, with labelled pairs of days that are learned from and of days held out."""
    rows = [row for row in lines(corpus / "companies" / "general_titles.jsonl.gz") if row["title"] and row["published"]]
    place_of = {digest(f"{row['title']}\0{row['source']}"): place for place, row in enumerate(rows)}
    times = [datetime.fromisoformat(row["published"]) for row in rows]
    pairs: dict[str, dict[tuple[int, int], int]] = {"days learned": {}, "days held out": {}}
    for one, two, label, _ in _labels("read_labels.txt"):
        places = (place_of[one], place_of[two])
        day = max(times[place] for place in places).day
        pairs["days learned" if day in READ_DAYS else "days held out"][places] = int(label)
    pairs |= _fresh("feeds", place_of)
    reports = [Report(row["title"], time, row["source"]) for row, time in zip(rows, times, strict=True)]
    return Labelled(reports, [html_to_text(row["summary"] or "")[0] for row in rows], pairs=pairs)


SETS = {
    "written": lambda corpus: Labelled(*_named(written_reports())),
    "company news": lambda corpus: Labelled(*_named(written_reports(company_news(1)))),
    "company news 2": lambda corpus: Labelled(*_named(written_reports(company_news(2)))),
    "english": lambda corpus: Labelled(*_named(google(corpus, "google_news_en_first_days"))),
    "polish": lambda corpus: Labelled(*_named(google(corpus, "google_news_pl"))),
    "uci": lambda corpus: Labelled(*_named(uci(corpus))),
    "uci shuffled": lambda corpus: Labelled(*_named(uci(corpus, 1))),
    "month": month,
    "94 feeds": feeds_of_january,
}


def _named(found: tuple[list[Report], list[str]]) -> tuple[Sequence[Report], Sequence[str], Sequence[str]]:
    reports, truth = found
    return reports, (), truth


def tell(name: str, labelled: Labelled, found: Sequence[int]) -> None:
    """Print the figures of one set."""
    sizes = [size for _, size in Counter(found).most_common()]
    large = f"largest {sizes[0]}, {sum(size >= 20 for size in sizes)} of 20 and more"
    if labelled.truth:
        precision, recall, f1 = pairwise(found, labelled.truth)
        print(f"{name:14} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  {large}")
    for kind, (right, joined, there) in right_pairs(labelled, found).items():
        print(f"{name:14} {kind}: {right} of {joined} right; {there} are  {large}")


def main() -> int:
    """Print the figures of each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kept", type=Path, help="folder where stored sets are kept, for a change of grouping alone")
    parser.add_argument("--only", action="append", choices=SETS, help="a set; all without it")
    options = parser.parse_args()
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    for name in options.only or SETS:
        labelled = SETS[name](Path(folder))
        with tempfile.TemporaryDirectory() as at:
            path = Path(at, "stories.db")
            kept = options.kept / f"{name}.db" if options.kept is not None else path
            if not kept.exists():
                store(labelled, kept)
            if kept != path:
                shutil.copy(kept, path)
            tell(name, labelled, stories(path, labelled.reports))
    return 0


if __name__ == "__main__":
    sys.exit(main())

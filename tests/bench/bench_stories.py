"""Quality and speed of grouping on the corpus, beside a TF-IDF grouper tuned on the same data in the same run."""

from __future__ import annotations

import math
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from tests.stories.measure import (
    Figures,
    Grouper,
    crossfeed,
    french,
    google,
    lines,
    pairwise,
    traps_merged,
    uci,
)
from tracker.model.entry import Entry
from tracker.model.feed import FeedSource
from tracker.model.plan import FeedPlan, NewArticle
from tracker.store.read import Reader
from tracker.store.write import Writer
from tracker.stories.fingerprint import fingerprint
from tracker.stories.words import title_words
from tracker.sync.stories import StoryChooser

_ARCHIVE = 100_000
_START = datetime(2026, 2, 1, tzinfo=UTC)


def tfidf(titles: Sequence[str], threshold: float) -> list[int]:
    """Single-pass grouping by cosine of TF-IDF with the nearest centroid; the counts are those of all these titles."""
    documents = [Counter(title_words(title).words) for title in titles]
    often = Counter(word for document in documents for word in document)
    rare = {word: math.log(len(titles) / count) + 1 for word, count in often.items()}
    centroids: list[dict[str, float]] = []
    index: dict[str, set[int]] = defaultdict(set)
    found: list[int] = []
    for document in documents:
        vector = {word: rare[word] for word in document}
        length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
        best, place = threshold, len(centroids)
        dots: Counter[int] = Counter()
        for word, value in vector.items():
            for other in index[word]:
                dots[other] += value * centroids[other][word]  # type: ignore[assignment]
        for other, dot in dots.items():
            alike = dot / length / math.sqrt(sum(value * value for value in centroids[other].values()))
            if alike >= best:
                best, place = alike, other
        if place == len(centroids):
            centroids.append(defaultdict(float))
        for word, value in vector.items():
            centroids[place][word] += value / length
            index[word].add(place)
        found.append(place)
    return found


def tuned_tfidf(corpus: Path) -> tuple[float, Figures]:
    """The threshold that is best on UCI business itself, and what it gives there."""
    rows = sorted(lines(corpus / "stories" / "uci_business.jsonl.gz"), key=lambda row: int(row["TIMESTAMP"]))
    titles, truth = [row["TITLE"] for row in rows], [row["STORY"] for row in rows]
    return max(
        ((step / 100, pairwise(tfidf(titles, step / 100), truth)) for step in range(4, 42, 2)),
        key=lambda result: result[1][2],
    )


def speed_in_memory(rows: Sequence[dict[str, str]]) -> tuple[float, float]:
    """(new articles a second against the archive, stories compared for each), the index in memory."""
    grouper = Grouper()
    for number in range(_ARCHIVE):
        row = rows[number % len(rows)]
        title = f"{row['title']} {number // len(rows)}"
        grouper.add(
            fingerprint(title, f"https://a.example/{number}", row["text"], _START + number * timedelta(minutes=1))
        )
    grouper.looked_at = 0
    later = _START + _ARCHIVE * timedelta(minutes=1)
    new = rows[:4000]
    begin = time.perf_counter()
    for number, row in enumerate(new):
        grouper.add(fingerprint(row["title"], row["link"], row["text"], later + number * timedelta(minutes=1)))
    return len(new) / (time.perf_counter() - begin), grouper.looked_at / len(new)


def speed_in_database(rows: Sequence[dict[str, str]]) -> tuple[float, float]:
    """New articles a second against the archive in a database file: (choosing alone, storing whole)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bench.db")
        with Writer(path) as writer:
            sources = [FeedSource(f"Feed {number}", f"http://127.0.0.1:9/{number}") for number in range(50)]
            writer.register_feeds(sources)
            with Reader(path) as reader:
                states = list(reader.feeds.states().values())
            chooser = StoryChooser(writer.stories.words)
            spent = 0.0

            def choose(article: NewArticle, lookup):  # type: ignore[no-untyped-def]
                nonlocal spent
                begin = time.perf_counter()
                choice = chooser(article, lookup)
                spent += time.perf_counter() - begin
                return choice

            def batch(first: int, count: int, shift: int) -> list[NewArticle]:
                made = []
                for number in range(first, first + count):
                    row = rows[number % len(rows)]
                    title = f"{row['title']} {shift or ''}".strip() or row["link"]
                    when = _START + number * timedelta(minutes=1)
                    url = f"https://site{number % 50}.example/{number}"
                    entry = Entry(str(number), title, url, text=row["text"], published=when)
                    keys = fingerprint(title, url, row["text"], when).keys
                    made.append(NewArticle(entry, str(number), when, story_keys=keys))
                return made

            step = 500
            for first in range(0, _ARCHIVE, step):
                state = replace(states[first // step % len(states)], last_checked=_START)
                writer.store_feed(FeedPlan(state, tuple(batch(first, step, 1 + first // len(rows)))), chooser)
                if first % 10_000 == 0:
                    writer.stories.learn_words(_START + first * timedelta(minutes=1))
            spent, count = 0.0, 4_000
            plans = [
                FeedPlan(states[number % len(states)], tuple(batch(_ARCHIVE + 50 * number, 50, 0)))
                for number in range(count // 50)
            ]
            begin = time.perf_counter()
            for plan in plans:
                writer.store_feed(plan, choose)
            whole = time.perf_counter() - begin
            return count / spent, count / whole


def main() -> int:
    """Print the table."""
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    corpus = Path(folder)
    print("pairwise on UCI business; target F1 >= 0.70")
    threshold, figures = tuned_tfidf(corpus)
    _row(f"  TF-IDF, tuned on it ({threshold:.2f})", figures)
    _row("  tracker", uci(corpus))
    _row("  tracker, three shuffled orders, mean", _mean([uci(corpus, seed) for seed in (1, 2, 3)]))
    for strictness in (0.15, 0.25, 0.50):
        _row(f"  tracker, strictness {strictness:.2f}", uci(corpus, strictness=strictness))
    print("guides only: one is grouped by machine, of the other only the positives are sound")
    _row("  Google News, Polish", google(corpus))
    _row("  one French day", french(corpus))
    print("the same article under several addresses; target: all variants merged, no trap")
    for kind, (merged, total) in crossfeed(corpus).items():
        print(f"  {kind:42} {merged} of {total} merged")
    print(f"  {'traps merged':42} {len(traps_merged(corpus))}")
    rows = [row for row in lines(corpus / "headlines" / "stream_2026-02.jsonl.gz") if row["title"]]
    print(f"new articles a second against {_ARCHIVE:,}; target 2,000")
    fast, seen = speed_in_memory(rows)
    print(f"  {'index in memory':42} {fast:,.0f}  ({seen:.1f} stories compared for each)")
    choosing, storing = speed_in_database(rows)
    print(f"  {'database file, choosing':42} {choosing:,.0f}")
    print(f"  {'database file, stored whole':42} {storing:,.0f}")
    return 0


def _row(name: str, figures: Figures) -> None:
    precision, recall, f1 = figures
    print(f"{name:44} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}")


def _mean(all_figures: Sequence[Figures]) -> Figures:
    one, two, three = (sum(column) / len(all_figures) for column in zip(*all_figures, strict=True))
    return one, two, three


if __name__ == "__main__":
    sys.exit(main())

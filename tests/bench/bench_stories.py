"""Quality of grouping through whole syncs, beside a TF-IDF grouper tuned on the same data.

Its speed: `tests.bench.bench_grouping`.
"""

from __future__ import annotations

import asyncio
import math
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from tests.helpers.http_server import LoopbackServer
from tests.stories.figures import grouped_through_a_store, month, right_pairs
from tests.stories.measure import Figures, pairwise
from tests.stories.through_sync import Report, crossfeed, google, synced_stories, uci, written_reports
from tracker.stories.words import title_words


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


def tuned_tfidf(reports: Sequence[Report], truth: Sequence[str]) -> tuple[float, Figures]:
    """The threshold that is best on this very set, and what it gives there."""
    titles = [report.title for report in reports]
    return max(
        ((step / 100, pairwise(tfidf(titles, step / 100), truth)) for step in range(4, 60, 4)),
        key=lambda result: result[1][2],
    )


async def main() -> int:
    """Print the table."""
    folder = os.environ.get("TRACKER_CORPUS")
    if not folder:
        print("TRACKER_CORPUS is not set", file=sys.stderr)
        return 2
    corpus = Path(folder)
    server = LoopbackServer()
    server.start()

    async def through_syncs(reports: Sequence[Report], syncs: int = 1) -> list[int]:
        with tempfile.TemporaryDirectory() as at:
            return await synced_stories(server, Path(at), reports, syncs)

    print("pairwise, through syncs: all in one, or in four")
    sets = {
        "written, with traps": written_reports(),
        "Google News, English, four days": google(corpus, "google_news_en_first_days"),
        "Google News, Polish": google(corpus, "google_news_pl"),
        "UCI business": uci(corpus),
        "UCI business, shuffled (1)": uci(corpus, 1),
        "UCI business, shuffled (2)": uci(corpus, 2),
    }
    for name, (reports, truth) in sets.items():
        threshold, figures = tuned_tfidf(reports, truth)
        _row(f"{name}: TF-IDF, tuned ({threshold:.2f})", figures)
        for syncs in (1, 4):
            found = await through_syncs(reports, syncs)
            _row(f"{name}: tracker, {syncs}", pairwise(found, truth), _longest(found, reports))
    with tempfile.TemporaryDirectory() as at:
        for kind, (merged, total) in (await crossfeed(server, Path(at), corpus)).items():
            print(f"  {kind:42} {merged} of {total} merged")
    server.stop()
    labelled = month(corpus)
    with tempfile.TemporaryDirectory() as at:
        counts = right_pairs(labelled, grouped_through_a_store(labelled, Path(at)))
    for kind, (right, joined, there) in counts.items():
        print(f"a month's stream, {kind}: {right} of {joined} joined are right; {there} are one event")
    return 0


def _longest(found: Sequence[int], reports: Sequence[Report]) -> str:
    """The largest story, and over how many days it goes."""
    story, size = Counter(found).most_common(1)[0]
    times = [report.time for one, report in zip(found, reports, strict=True) if one == story]
    return f"largest {size} over {(max(times) - min(times)).total_seconds() / 86_400:.1f} days"


def _row(name: str, figures: Figures, note: str = "") -> None:
    precision, recall, f1 = figures
    print(f"{name:50} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  {note}")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))

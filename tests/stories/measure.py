"""The figures of grouping on real headlines: shared by the corpus tests and the benchmark."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tracker.stories.fingerprint import StoryPrint, fingerprint
from tracker.stories.group import WINDOW, choose_story


def lines(path: Path) -> list[dict[str, Any]]:
    """The records of one gzipped JSON lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@dataclass
class Grouper:
    """Incremental grouping with an index in memory, as the store keeps it: key to articles, in a time window."""

    prints: list[StoryPrint] = field(default_factory=list)
    stories: list[int] = field(default_factory=list)
    index: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    looked_at: int = 0

    def add(self, new: StoryPrint) -> int:
        """Group one article and remember it; the story it went to."""
        near = {
            place
            for key in new.keys
            for place in self.index.get(key, ())[-40:]
            if key[0] == "u" or _is_near(new, self.prints[place])
        }
        self.looked_at += len(near)
        story = choose_story(new, [(self.stories[place], self.prints[place]) for place in sorted(near)])
        place = len(self.prints)
        self.prints.append(new)
        self.stories.append(place if story is None else story)
        for key in new.keys:
            self.index[key].append(place)
        return self.stories[-1]


def _is_near(one: StoryPrint, two: StoryPrint) -> bool:
    return one.time is None or two.time is None or abs(one.time - two.time) <= WINDOW


def grouped(prints: Iterable[StoryPrint]) -> list[int]:
    """The story of each, added in this order."""
    grouper = Grouper()
    return [grouper.add(new) for new in prints]


def pairwise(found: list[Any], truth: list[Any]) -> tuple[float, float, float]:
    """Precision, recall and F1 over all pairs of articles."""

    def pairs(labels: Iterable[Any]) -> int:
        return sum(count * (count - 1) // 2 for count in Counter(labels).values())

    both = pairs(zip(found, truth, strict=True))
    precision = both / max(1, pairs(found))
    recall = both / max(1, pairs(truth))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def uci(corpus: Path) -> tuple[float, float, float]:
    """Pairwise figures on UCI business headlines, in the order of publication."""
    rows = lines(corpus / "stories" / "uci_business.jsonl.gz")
    rows.sort(key=lambda row: int(row["TIMESTAMP"]))
    prints = [
        fingerprint(row["TITLE"], row["URL"], "", datetime.fromtimestamp(int(row["TIMESTAMP"]) / 1000, UTC))
        for row in rows
    ]
    return pairwise(grouped(prints), [row["STORY"] for row in rows])


def crossfeed(corpus: Path) -> dict[str, tuple[int, int]]:
    """Kind to (groups merged into one, groups)."""
    result: dict[str, tuple[int, int]] = {}
    for group in lines(corpus / "stories" / "crossfeed_duplicates.jsonl.gz"):
        prints = [
            fingerprint(item["title"], item["link"], "", datetime.fromisoformat(item["published"]))
            for item in group["items"]
        ]
        merged, total = result.get(group["kind"], (0, 0))
        result[group["kind"]] = (merged + (len(set(grouped(prints))) == 1), total + 1)
    return result


def google(corpus: Path) -> tuple[float, float, float]:
    """Pairwise figures on Google News groups; its positives are sound, its negatives are not."""
    rows = lines(corpus / "stories" / "google_news_pl.jsonl.gz")
    rows.sort(key=lambda row: str(row["published"]))
    prints = [fingerprint(row["title"], None, "", datetime.fromisoformat(row["published"])) for row in rows]
    return pairwise(grouped(prints), [row["cluster"] for row in rows])


def french(corpus: Path) -> tuple[float, float, float]:
    """Pairwise figures on one day of French headlines, weather aside; grouped by machine, so a guide only."""
    rows = [row for row in lines(corpus / "stories" / "french_day.jsonl.gz") if not row["weather"]]
    rows.sort(key=lambda row: str(row["time"]))
    prints = [fingerprint(row["title"], None, "", datetime.fromisoformat(row["time"] + "+00:00")) for row in rows]
    return pairwise(grouped(prints), [row["cluster"] for row in rows])


def traps_merged(corpus: Path) -> list[str]:
    """Titles of one path whose parameter names the article (`?p=`, `item?id=`), merged all the same."""
    wrong: list[str] = []
    for group in lines(corpus / "stories" / "crossfeed_duplicates.jsonl.gz"):
        items = [item for item in group["items"] if "?p=" in item["link"] or "item?id=" in item["link"]]
        if group["kind"] != "same-path-different-article-or-retitled" or len(items) < 2:
            continue
        prints = [
            fingerprint(item["title"], item["link"], "", datetime.fromisoformat(item["published"])) for item in items
        ]
        if len(set(grouped(prints))) < len(items):
            wrong += [item["title"] for item in items]
    return wrong

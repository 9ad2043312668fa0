"""The figures of grouping on real headlines: shared by the corpus tests and the benchmark."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tracker.model.plan import StoryProfile
from tracker.stories.fingerprint import StoryPrint, fingerprint
from tracker.stories.group import FEW, LEAST, STRICTNESS, WINDOW, choose_same, choose_story, lookup_terms
from tracker.stories.weights import TermWeights

Figures = tuple[float, float, float]
"""Pairwise precision, recall and F1."""


def lines(path: Path) -> list[dict[str, Any]]:
    """The records of one gzipped JSON lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@dataclass
class Grouper:
    """Incremental grouping with its index in memory, as the store keeps it: key to articles, in a time window."""

    weights: TermWeights = field(default_factory=TermWeights)
    strictness: float = STRICTNESS
    prints: list[StoryPrint] = field(default_factory=list)
    index: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    profiles: dict[int, StoryProfile] = field(default_factory=dict)
    parents: list[int] = field(default_factory=list)
    looked_at: int = 0

    def story(self, place: int) -> int:
        """The story that an article is in now."""
        while self.parents[place] != place:
            self.parents[place] = self.parents[self.parents[place]]
            place = self.parents[place]
        return place

    def add(self, new: StoryPrint) -> int:
        """Group one article and remember it; its place, for `story`."""
        exact = {
            place
            for key in new.exact
            for place in self.index.get(key, ())[-10:]
            if key[0] == "u" or _is_near(new, self.prints[place])
        }
        near: dict[int, float] = {}
        hits: Counter[int] = Counter()
        for term, evidence in lookup_terms(new.terms, self.weights).items():
            places = self.index.get(term, ())[-40:]
            for story in {self.story(place) for place in places if _is_near(new, self.prints[place])}:
                near[story] = near.get(story, 0.0) + evidence
                hits[story] += 1
        ranked = sorted(
            (-evidence, story)
            for story, evidence in near.items()
            if evidence >= LEAST and (hits[story] > 1 or self.profiles[story].size >= FEW)
        )
        stories = [self.profiles[story] for _, story in ranked[:32]]
        self.looked_at += len(stories)
        choice = choose_same(new, [(self.story(place), self.prints[place]) for place in sorted(exact)])
        if choice is None:
            choice = choose_story(new.terms, new.time, stories, self.weights, self.strictness)
        place = len(self.prints)
        self.prints.append(new)
        story = place if choice is None else choice.story_id
        self.parents.append(story)
        time = new.time or datetime(2000, 1, 1, tzinfo=UTC)
        joined = [StoryProfile(place, 1, time, time, dict.fromkeys(new.terms, 1))]
        if choice is not None:
            joined += [self.profiles.pop(one) for one in (story, *choice.absorbs)]
            for other in choice.absorbs:
                self.parents[other] = story
        total: Counter[str] = Counter()
        for one in joined:
            total.update(one.counts)
        self.profiles[story] = StoryProfile(
            story,
            sum(one.size for one in joined),
            min(one.first for one in joined),
            max(one.last for one in joined),
            dict(total),
        )
        for key in new.keys:
            self.index[key].append(place)
        return place


def _is_near(one: StoryPrint, two: StoryPrint) -> bool:
    return one.time is None or two.time is None or abs(one.time - two.time) <= WINDOW


def grouped(
    prints: Iterable[StoryPrint], weights: TermWeights | None = None, strictness: float = STRICTNESS
) -> list[int]:
    """The story of each, added in this order."""
    grouper = Grouper(TermWeights() if weights is None else weights, strictness)
    places = [grouper.add(new) for new in prints]
    return [grouper.story(place) for place in places]


def pairwise(found: list[Any], truth: list[Any]) -> Figures:
    """Precision, recall and F1 over all pairs of articles."""

    def pairs(labels: Iterable[Any]) -> int:
        return sum(count * (count - 1) // 2 for count in Counter(labels).values())

    both = pairs(zip(found, truth, strict=True))
    precision = both / max(1, pairs(found))
    recall = both / max(1, pairs(truth))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def uci(corpus: Path, seed: int | None = None, *, strictness: float = STRICTNESS) -> Figures:
    """Pairwise figures on UCI business headlines, in the order of publication or in a random one.

    Their times are those at which one aggregator was asked, minutes apart for each story: only the window sees them.
    """
    rows = lines(corpus / "stories" / "uci_business.jsonl.gz")
    rows.sort(key=lambda row: int(row["TIMESTAMP"]))
    if seed is not None:
        random.Random(seed).shuffle(rows)
    prints = [
        fingerprint(row["TITLE"], row["URL"], "", datetime.fromtimestamp(int(row["TIMESTAMP"]) / 1000, UTC))
        for row in rows
    ]
    return pairwise(grouped(prints, strictness=strictness), [row["STORY"] for row in rows])


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


def google(corpus: Path) -> Figures:
    """Pairwise figures on Google News groups; its positives are sound, its negatives are not."""
    rows = lines(corpus / "stories" / "google_news_pl.jsonl.gz")
    rows.sort(key=lambda row: str(row["published"]))
    prints = [fingerprint(row["title"], None, "", datetime.fromisoformat(row["published"])) for row in rows]
    return pairwise(grouped(prints), [row["cluster"] for row in rows])


def french(corpus: Path) -> Figures:
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

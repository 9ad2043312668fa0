"""Grouping of real headlines in memory, and its figures: shared by the corpus tests, the benchmark and the training."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from tracker.model.plan import StoryProfile
from tracker.stories.group import MAX_COMPARED, MIN_SHARED_INFORMATION, WINDOW, lookup_terms
from tracker.stories.joining import LIFE, Life, join_stories
from tracker.stories.link import Model, model
from tracker.stories.weights import TermWeights, source_words

Figures = tuple[float, float, float]
"""Pairwise precision, recall and F1."""
Terms = tuple[str, ...]
Log = Callable[[list[float], list[int], list[int]], None]
READ_DAYS = range(5, 9)
"""Days of January whose labelled pairs are learned from (`read_labels.txt`); those of the next two are held out."""


def lines(path: Path) -> list[dict[str, Any]]:
    """The records of one gzipped JSON lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def nearest(terms: Sequence[Terms], times: Sequence[datetime], weights: TermWeights) -> dict[int, list[int]]:
    """What each article is compared with, as the store finds it: earlier articles of the window with rare terms."""
    index: dict[str, list[int]] = defaultdict(list)
    near: dict[int, list[int]] = {}
    for place in sorted(range(len(terms)), key=lambda one: times[one]):
        told: Counter[int] = Counter()
        for term, evidence in lookup_terms(terms[place], weights).items():
            for other in index[term][-40:]:
                if times[place] - times[other] <= WINDOW:
                    told[other] += evidence  # type: ignore[assignment]
            index[term].append(place)
        near[place] = [
            other for other, evidence in told.most_common(MAX_COMPARED) if evidence >= MIN_SHARED_INFORMATION
        ]
    return near


def grouped(
    terms: Sequence[Terms],
    times: Sequence[datetime],
    weights: TermWeights,
    fitted: Model | None = None,
    life: Life = LIFE,
    log: Log | None = None,
) -> list[int]:
    """The story of each article when all come at once."""
    stories = {
        place: StoryProfile(place, 1, times[place], times[place], dict.fromkeys(found, 1))
        for place, found in enumerate(terms)
    }
    near = nearest(terms, times, weights)
    weights = weights.with_sources(source_words(terms))
    found = list(range(len(terms)))
    for parts in join_stories(stories, range(len(terms)), near, weights, fitted or model(), life, log=log):
        for part in parts:
            found[part] = min(parts)
    return found


def pairwise(found: Sequence[Any], truth: Sequence[Any]) -> Figures:
    """Precision, recall and F1 over all pairs of articles."""

    def pairs(labels: Iterable[Any]) -> int:
        return sum(count * (count - 1) // 2 for count in Counter(labels).values())

    both = pairs(zip(found, truth, strict=True))
    precision = both / max(1, pairs(found))
    recall = both / max(1, pairs(truth))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)

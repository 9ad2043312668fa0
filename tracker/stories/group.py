"""Which story a new article belongs to: compared with the few that share a key, never with all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tracker.stories.fingerprint import StoryPrint, TitleWords

WINDOW = timedelta(hours=72)
"""Articles further apart are different stories, unless their address is the same."""
SAME = 0.45
"""Similarity from which two titles are one story: a wrong merge hides news, a missed one costs a row. On business news
0.45 merges with a pairwise precision of 0.96, 0.36 with 0.95, and 0.5 finds a fifth less."""
_TEMPLATE = 0.6
"""Titles this alike that differ in a number are two issues of a series, not one story."""
_KIN = 0.35
"""Mean similarity to a story's three nearest: keeps one stray member from chaining two stories together."""
_TELLING = 2
"""Words that titles must share at least; two are enough only with a number beside them."""


def same_story(one: StoryPrint, two: StoryPrint) -> bool:
    """True when two articles tell the same story."""
    return similarity(one, two) >= SAME


def similarity(one: StoryPrint, two: StoryPrint) -> float:
    """0 to 1: 1 for one address, title or opening; 0 for titles that differ in a number or are days apart."""
    if one.url is not None and one.url == two.url:
        return 1.0
    if one.time is not None and two.time is not None and abs(one.time - two.time) > WINDOW:
        return 0.0
    if not one.title.words or not two.title.words:
        return float(one.key == two.key and bool(one.title.numbers or one.title.words) and _is_elsewhere(one, two))
    shared = one.title.words & two.title.words
    either = one.title.words | two.title.words
    alike = len(shared) / len(either)
    if _is_series(one.title, two.title, alike):
        return 0.0
    if one.key == two.key:
        return 1.0 if len(one.title.words) >= _TELLING or _is_elsewhere(one, two) else 0.0
    if one.lead is not None and one.lead == two.lead:
        return 1.0
    common = len(one.title.numbers & two.title.numbers)
    if len(shared) < _TELLING or len(shared) + common <= _TELLING:
        return 0.0
    # A short title inside a longer one is the same news told with less; the longer it is, the surer.
    inside = len(shared) / min(len(one.title.words), len(two.title.words))
    score = 0.5 * alike + 0.5 * inside * min(1.0, len(shared) / 5)
    return min(1.0, score + 0.08 * min(common, 2))


def choose_story(new: StoryPrint, candidates: Sequence[tuple[int, StoryPrint]]) -> int | None:
    """The story among the candidates' that the new article belongs to; None when it begins one of its own.

    Candidates are (story id, print) of stored articles that share a key. The new article has to be like one member,
    and not unlike the others: the mean over the story's three nearest decides between stories.
    """
    scores: dict[int, list[float]] = {}
    for story, known in candidates:
        scores.setdefault(story, []).append(similarity(new, known))
    ranks: list[tuple[float, int]] = []
    for story, found in scores.items():
        nearest = sorted(found, reverse=True)[:3]
        kin = sum(nearest) / len(nearest)
        if nearest[0] >= SAME and kin >= _KIN:
            ranks.append((nearest[0] + kin, -story))
    return -max(ranks)[1] if ranks else None


def _is_elsewhere(one: StoryPrint, two: StoryPrint) -> bool:
    """False for two addresses of one site: `item?id=1` and `item?id=2` may share a title and not be one story."""
    if one.url is None or two.url is None:
        return True
    return _site(one.url) != _site(two.url)


def _site(url: str) -> str:
    return url.split("/", 3)[2]


def _is_series(one: TitleWords, two: TitleWords, alike: float) -> bool:
    """True for titles of one mould with another number in it ("day 3" and "day 4", "Q2" and "Q3")."""
    if alike >= _TEMPLATE and one.numbers != two.numbers:
        return True
    labels = {word for word, _ in one.labelled} & {word for word, _ in two.labelled}
    return any(
        not {number for word, number in one.labelled if word == label}
        & {number for word, number in two.labelled if word == label}
        for label in labels
    )

"""Which stories are new, about whom, and in which order."""

from __future__ import annotations

from datetime import timedelta

from tests.helpers.store import NOW
from tracker.model.brief import StoryOutline
from tracker.stories.newest import about_none, most_reported, new_stories, stories_about


def story(number: int, *, sources: int = 1, minutes_ago: float = 10, symbols: str = "") -> StoryOutline:
    at = NOW - timedelta(minutes=minutes_ago)
    names = frozenset(symbols.split())
    return StoryOutline(number, number, f"story {number}", "CNBC", at, at, sources, sources, names)


def test_a_story_is_new_when_its_first_report_is() -> None:
    old, edge, new = story(1, minutes_ago=61), story(2, minutes_ago=60), story(3, minutes_ago=5)
    assert new_stories([old, edge, new], NOW - timedelta(minutes=60)) == [new, edge]


def test_the_most_reported_story_comes_first_then_the_newest() -> None:
    few, many, newer = story(1, minutes_ago=1), story(2, sources=3), story(3, sources=3, minutes_ago=2)
    assert new_stories([few, many, newer], NOW - timedelta(days=1)) == [newer, many, few]
    assert most_reported([few, many, newer]) == newer
    assert most_reported([]) is None


def test_stories_are_told_apart_by_their_shares() -> None:
    both, nvidia = story(1, symbols="NVDA AMD"), story(2, symbols="NVDA")
    other, alone, foreign = story(3, sources=2), story(4), story(5, sources=2, symbols="XYZ")
    stories = [both, nvidia, other, alone, foreign]
    assert stories_about(stories, "NVDA") == (both, nvidia)
    assert stories_about(stories, "AMD") == (both,)
    assert about_none(stories, ["NVDA", "AMD"]) == (other, foreign)
    assert about_none(stories, []) == (other, foreign)

"""Which stories are new, about whom, and in which order they are told; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from tracker.model.brief import StoryOutline, story_order


def new_stories(outlines: Iterable[StoryOutline], since: datetime) -> list[StoryOutline]:
    """Return the stories whose first report came after `since`, the most reported first, then the newest."""
    return sorted((one for one in outlines if one.time >= since), key=story_order, reverse=True)


def stories_about(stories: Iterable[StoryOutline], symbol: str) -> tuple[StoryOutline, ...]:
    """Return the stories about a share, in their order."""
    return tuple(one for one in stories if symbol in one.symbols)


def about_none(stories: Iterable[StoryOutline], watched: Iterable[str], least: int = 2) -> tuple[StoryOutline, ...]:
    """Return the stories about none of these shares that at least `least` feeds reported, in their order."""
    shares = frozenset(watched)
    return tuple(one for one in stories if one.sources >= least and not one.symbols & shares)


def most_reported(stories: Sequence[StoryOutline]) -> StoryOutline | None:
    """Return the story that most feeds reported, the newest of several; None where there is none."""
    return max(stories, key=story_order, default=None)

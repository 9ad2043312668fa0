"""The original of a story in words; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from tracker.model.article import StoryOriginal
from tracker.model.sources import OriginKind
from tracker.words.durations import delay_text
from tracker.words.times import day_text, seconds_time_text

_DONE: Mapping[OriginKind, str] = {
    "sec": "filed",
    "halts": "halted",
    "models": "released",
    "twse": "announced",
    "company": "released",
}


def when_text(original: StoryOriginal, now: datetime, zone: tzinfo) -> str:
    """Return what was done when: "filed Wed 26 Feb 16:20:12 ET"."""
    moment = original.published
    return f"{_DONE[original.kind]} {day_text(moment, zone, now)} {seconds_time_text(moment, zone)}"


def press_text(original: StoryOriginal) -> str:
    """Return who had it first after it: "press +4 min (Reuters)"; "" while nobody has."""
    if original.delay_s is None:
        return ""
    return f"press +{delay_text(original.delay_s)} ({original.next_source})"


def own_delay_text(original: StoryOriginal, published: datetime | None) -> str:
    """Return how long after it an article came: "this article +9 min"; "" where that is not known."""
    if published is None or published < original.published:
        return ""
    return f"this article +{delay_text((published - original.published).total_seconds())}"

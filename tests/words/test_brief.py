"""The words of the morning page."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.helpers.store import NOW
from tracker.market.calendar import latest_close
from tracker.model.brief import Brief, BriefShare, LargestStep, StoryOutline
from tracker.model.impact import DayMove, Window
from tracker.words import brief as words

FRIDAY, MONDAY = date(2025, 1, 24), date(2025, 1, 27)


def page(now: datetime = NOW, *, days: tuple[date | None, ...] = (), stories: int = 0) -> Brief:
    shares = tuple(BriefShare(f"S{n}", day=day) for n, day in enumerate(days))
    return Brief(now, latest_close(now), True, shares, stories=stories, about=min(stories, 1))


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2025-01-27T13:16", "Mon 27 Jan 08:16 ET, before the open · since Friday's close: "),
        ("2025-01-27T14:41", "Mon 27 Jan 09:41 ET, market open · since Friday's close: "),
        ("2025-01-27T21:16", "Mon 27 Jan 16:16 ET, after hours · since today's close: "),
        ("2025-01-26T17:00", "Sun 26 Jan 12:00 ET, market closed · since Friday's close: "),
    ],
)
def test_the_title_says_when_and_since_when(now: str, begins: str) -> None:
    assert words.brief_title(page(datetime.fromisoformat(now).replace(tzinfo=UTC))).startswith(begins)


def test_the_title_counts_what_is_new() -> None:
    assert words.brief_title(page()).endswith("close: 0 new stories")
    assert words.brief_title(page(stories=1)).endswith("close: 1 new story, 1 about your shares")
    assert words.brief_title(page(stories=1200)).endswith("close: 1,200 new stories, 1 about your shares")
    chosen = replace(page(), since=NOW - timedelta(hours=16), is_since_close=False)
    assert " · since Mon 27 Jan 00:16 ET: " in words.brief_title(chosen)


def test_the_moves_are_headed_by_the_day_of_the_newest_session() -> None:
    assert words.session_title(page()) == "session"
    assert words.session_title(page(days=(None, MONDAY, MONDAY))) == "Monday"
    assert words.session_title(page(days=(FRIDAY, MONDAY))) == "Monday"
    assert words.session_title(page(days=(MONDAY - timedelta(days=30),))) == "session"
    assert words.session_title(page(days=(MONDAY + timedelta(days=1),))) == "session"


def test_a_share_that_has_not_traded_in_the_newest_session_says_of_which_its_numbers_are() -> None:
    told = page(days=(None, FRIDAY, MONDAY))
    assert [words.before_words(share, told) for share in told.shares] == ["", "session of Fri 24 Jan", ""]
    step = LargestStep(DayMove(NOW - timedelta(hours=1), NOW, 100.0, 101.0))
    shares = [replace(share, step=step) for share in told.shares]
    assert [words.before_words(share, told) for share in shares] == ["none", "session of Fri 24 Jan · none", "none"]


def test_stories_are_listed_in_two_sections_the_most_reported_first() -> None:
    old, new = (StoryOutline(n, n, f"s{n}", "A", NOW, NOW, n, n) for n in (1, 2))
    told = replace(
        page(), shares=(BriefShare("A", stories=(old,)), BriefShare("B", stories=(new, old))), others=(new,) * 9
    )
    (mine, about), (rest, others) = words.story_sections(told)
    assert (mine, about) == ("new about your shares", (new, old))
    assert (rest, len(others)) == ("most reported, about none of your shares", words.MAX_OTHERS)


def test_how_unusual_a_session_is() -> None:
    assert words.unusual_words(BriefShare("NVDA", session=Window(t=-5.6))) == "very"
    assert words.unusual_words(BriefShare("NVDA")) == ""


def test_a_step_is_told_in_the_time_of_its_exchange() -> None:
    zone = words.zone_of(BriefShare("NVDA"))
    move = DayMove(datetime(2025, 1, 27, 15, 5, tzinfo=UTC), datetime(2025, 1, 27, 16, 5, tzinfo=UTC), 100.0, 97.0)
    assert words.stretch_text(move, zone) == "10:05–11:05"
    assert words.stretch_text(replace(move, interpolated=True), zone) == "10:05–11:05 est."
    assert words.stretch_text(replace(move, is_gap=True), zone) == "gap to 11:05"
    assert words.stretch_text(move, words.zone_of(BriefShare("ASML.AS"))) == "16:05–17:05"


def test_the_story_before_a_step() -> None:
    zone = words.zone_of(BriefShare("NVDA"))
    at = datetime(2025, 1, 27, 7, 58, tzinfo=UTC)
    story = StoryOutline(1, 1, "DeepSeek tops the App Store", "TechCrunch", at, at, size=10, sources=9)
    step = LargestStep(DayMove(at, at, 1.0, 2.0), (1,), story)
    assert words.before_text(step, zone) == "DeepSeek tops the App Store (TechCrunch, Mon 02:58) +9"
    assert words.before_text(replace(step, story=replace(story, size=1)), zone).endswith("(TechCrunch, Mon 02:58)")
    assert words.before_text(replace(step, story=None), zone) == "none"
    assert words.before_text(None, zone) == ""
    assert words.time_words(at) == "Mon 02:58"

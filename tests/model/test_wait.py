"""Stored waits under clocks that are right, wrong, and set right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model.clock import from_epoch
from tracker.model.feed import FeedState
from tracker.model.wait import LONGEST_FEED_WAIT, SKEW, is_active

NOW = datetime(2025, 1, 27, 21, 16, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
YEAR = timedelta(days=365)
moments = st.integers(0, 1 << 33).map(from_epoch)


@pytest.mark.parametrize(
    ("until", "set_at", "lasts"),
    [
        (NOW + HOUR, NOW - HOUR, True),
        (NOW, NOW - HOUR, False),
        (NOW + HOUR, None, True),
        (NOW + DAY, NOW, True),
        (NOW + YEAR, NOW - HOUR, False),
        (NOW + YEAR, None, False),
        (NOW + YEAR + HOUR, NOW + YEAR, False),
        (NOW + 2 * HOUR, NOW + HOUR, False),
        (NOW + HOUR, NOW + SKEW, True),
    ],
)
def test_waits(until: datetime, set_at: datetime | None, lasts: bool) -> None:
    assert is_active(until, set_at, NOW, DAY) is lasts


@given(moments, moments, st.timedeltas(timedelta(0), DAY))
def test_no_clock_makes_a_wait_last_longer_than_its_rule(set_at: datetime, now: datetime, wait: timedelta) -> None:
    """Whatever the clock showed when a wait was set: from now on it lasts at most what the rule gave, and a skew."""
    until = set_at + wait
    if is_active(until, set_at, now, DAY):
        assert now < until <= now + wait + SKEW
        assert not is_active(until, set_at, now + wait + SKEW, DAY)


@given(moments, st.timedeltas(timedelta(seconds=1), DAY), st.floats(0, 1, exclude_max=True))
def test_a_steady_clock_keeps_every_wait(set_at: datetime, wait: timedelta, part: float) -> None:
    now = set_at + (wait * part)
    assert is_active(set_at + wait, set_at, min(now, set_at + wait - timedelta(microseconds=1)), DAY)


@given(moments, moments, moments)
def test_a_feed_is_due_within_the_longest_wait(set_at: datetime, until: datetime, now: datetime) -> None:
    due = FeedState("A", "https://a.example", last_checked=set_at, next_due=until).due_at(now)
    assert due is None or now < due <= now + LONGEST_FEED_WAIT + SKEW


def test_a_feed_that_was_never_asked_is_due() -> None:
    assert FeedState("A", "https://a.example").due_at(NOW) is None

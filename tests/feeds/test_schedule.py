from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.feeds.schedule import MIN_INTERVAL, after_failure, after_success, backoff, quiet_wait
from tracker.model.feed import FetchedFeed, ScheduleHints

NOW = datetime(2026, 6, 22, 12, 0, tzinfo=UTC)  # a Monday
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def failed(
    http: int | None = None, reason: str = "x", retry: int | None = None, *, offline: bool = False
) -> FetchedFeed:
    return FetchedFeed("u", "u", http=http, reason=reason, retry_after_seconds=retry, offline=offline)


@pytest.mark.parametrize(
    ("poll", "ttl", "max_age", "hint_age", "wait", "why"),
    [
        (30, None, None, None, 30, "your interval"),
        (30, 60, None, None, 60, "the feed's ttl 60 min"),
        (90, 60, 600, None, 90, "your interval"),
        (30, 45, 3600, None, 60, "Cache-Control 60 min"),
        (30, None, None, 7200, 120, "Cache-Control 2 h"),
        (30, 525_600, 10**9, None, 1440, "the feed's ttl 24 h"),
        (2880, 60, None, None, 2880, "your interval"),
        (1, None, None, None, 15, "at most every 15 min"),
        (5, 10, None, None, 15, "at most every 15 min"),
        (30, 95, None, None, 95, "the feed's ttl 95 min"),
        (30, 125, None, None, 125, "the feed's ttl 125 min"),
    ],
)
def test_the_larger_of_both_words(
    poll: int, ttl: int | None, max_age: int | None, hint_age: int | None, wait: int, why: str
) -> None:
    hints = ScheduleHints(ttl_minutes=ttl, max_age_seconds=hint_age)
    due, said = after_success(NOW, name="Feed", poll_minutes=poll, hints=hints, max_age_seconds=max_age)
    assert said == why
    assert wait * MINUTE <= due - NOW <= wait * MINUTE * 1.1


def test_feeds_are_spread_but_each_is_steady() -> None:
    def due(name: str) -> datetime:
        return after_success(NOW, name=name, poll_minutes=60, hints=ScheduleHints(), max_age_seconds=None)[0]

    assert due("a") == due("a")
    assert len({due(f"feed {number}") for number in range(50)}) > 40


@pytest.mark.parametrize(
    ("hours", "days", "due"),
    [
        ({12, 13}, set(), datetime(2026, 6, 22, 14, tzinfo=UTC)),
        (set(), {0}, datetime(2026, 6, 23, 0, tzinfo=UTC)),
        ({0, 1}, {0, 1, 2}, datetime(2026, 6, 25, 2, tzinfo=UTC)),
    ],
)
def test_quiet_hours_and_days(hours: set[int], days: set[int], due: datetime) -> None:
    hints = ScheduleHints(skip_hours=frozenset(hours), skip_days=frozenset(days))
    got, why = after_success(NOW, name="Feed", poll_minutes=30, hints=hints, max_age_seconds=None)
    assert got == due
    assert why == "your interval, then the feed's quiet hours"


@pytest.mark.parametrize(
    "hints",
    [
        ScheduleHints(skip_hours=frozenset(range(24))),
        ScheduleHints(skip_days=frozenset(range(7))),
        ScheduleHints(skip_hours=frozenset({3})),
    ],
)
def test_a_feed_that_is_never_open_or_open_now_is_asked(hints: ScheduleHints) -> None:
    due, why = after_success(NOW, name="Feed", poll_minutes=30, hints=hints, max_age_seconds=None)
    assert due - NOW <= 33 * MINUTE
    assert why == "your interval"


@given(
    st.text(),
    st.integers(1, 5_000),
    st.builds(
        ScheduleHints,
        ttl_minutes=st.none() | st.integers(1, 10**6),
        skip_hours=st.frozensets(st.integers(0, 23)),
        skip_days=st.frozensets(st.integers(0, 6)),
    ),
    st.none() | st.integers(0, 10**9),
)
def test_never_sooner_than_the_floor_and_always_some_day(
    name: str, poll: int, hints: ScheduleHints, age: int | None
) -> None:
    due, why = after_success(NOW, name=name, poll_minutes=poll, hints=hints, max_age_seconds=age)
    assert NOW + max(MIN_INTERVAL, poll * MINUTE) <= due
    assert due <= NOW + max(timedelta(days=1), poll * MINUTE) * 1.1 + timedelta(days=8)
    assert why


@pytest.mark.parametrize(
    ("fetched", "count", "wait", "why"),
    [
        (failed(404), 0, 30 * MINUTE, "failed 1 time, 30 min"),
        (failed(200, "not a feed"), 1, HOUR, "failed 2 times, 60 min"),
        (failed(None, "timed out"), 3, 4 * HOUR, "failed 4 times, 4 h"),
        (failed(500), 6, 24 * HOUR, "failed 7 times, 24 h"),
        (failed(500), 10_000, 24 * HOUR, "failed 10001 times, 24 h"),
        (failed(429, retry=7200), 4, 2 * HOUR, "Retry-After 2 h"),
        (failed(503, retry=0), 0, 15 * MINUTE, "Retry-After 15 min"),
        (failed(429, retry=10**8), 0, timedelta(days=7), "Retry-After 168 h"),
        (failed(429), 0, HOUR, "429 without Retry-After, 60 min"),
        (failed(503), 2, 4 * HOUR, "503 without Retry-After, 4 h"),
        (failed(403, "Cloudflare challenge (403)"), 0, 6 * HOUR, "Cloudflare challenge, 6 h"),
    ],
)
def test_failures(fetched: FetchedFeed, count: int, wait: timedelta, why: str) -> None:
    failure = after_failure(NOW, name="Feed", fetched=fetched, fail_count=count, poll_minutes=30)
    assert wait <= failure.next_due - NOW <= wait * 1.1
    assert failure.why == why
    assert failure.counts
    assert failure.disabled_reason is None


def test_gone_disables() -> None:
    failure = after_failure(NOW, name="Feed", fetched=failed(410), fail_count=0, poll_minutes=30)
    assert failure.disabled_reason is not None
    assert failure.disabled_reason.startswith("410 Gone")
    assert failure.counts


def test_no_network_counts_against_nobody() -> None:
    failure = after_failure(NOW, name="Feed", fetched=failed(offline=True), fail_count=7, poll_minutes=300)
    assert failure.next_due == NOW + 15 * MINUTE
    assert not failure.counts


def test_backoff_starts_at_the_interval_and_keeps_a_long_one() -> None:
    assert [backoff(count, 120) for count in range(5)] == [2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, 24 * HOUR]
    assert backoff(0, 3000) == backoff(9, 3000) == 3000 * MINUTE


def test_a_feed_of_every_minute_is_asked_again_after_a_minute() -> None:
    assert [backoff(count, 1, MINUTE) for count in range(4)] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert backoff(11, 1, MINUTE) == backoff(10_000, 1, MINUTE) == 24 * HOUR
    assert backoff(0, 1) == MIN_INTERVAL


@given(st.integers(0, 20_000), st.integers(1, 10_000), st.integers(0, 120))
def test_backoff_never_shrinks_with_failures(count: int, poll: int, least: int) -> None:
    wait, longer = (backoff(number, poll, least * MINUTE) for number in (count, count + 1))
    assert max(poll, least) * MINUTE <= wait <= longer <= max(timedelta(days=1), max(poll, least) * MINUTE)


@pytest.mark.parametrize(
    ("day", "month", "wait"),
    [(0, 0, 360 * MINUTE), (0, 1, 360 * MINUTE), (1, 1, 180 * MINUTE), (0, 30, 180 * MINUTE), (10, 10, 18 * MINUTE)],
)
def test_quiet_feeds_wait_for_an_eighth_of_their_pace(day: int, month: int, wait: timedelta) -> None:
    assert quiet_wait((day, month)) == wait


def test_a_quiet_feed_says_so_and_a_lively_one_keeps_the_users_interval() -> None:
    def why(recent: tuple[int, int], poll: int = 30, ttl: int | None = None) -> str:
        hints = ScheduleHints(ttl_minutes=ttl)
        return after_success(NOW, name="Feed", poll_minutes=poll, hints=hints, max_age_seconds=None, recent=recent)[1]

    assert why((0, 3)) == "quiet feed (3 in 30 days), every 6 h"
    assert why((1, 3)) == "quiet feed (3 in 30 days), every 3 h"
    assert why((6, 90)) == "your interval"
    assert why((0, 3), poll=480) == "your interval"
    assert why((0, 3), ttl=600) == "the feed's ttl 10 h"

"""What time is believed when our clock, the servers' and that of the last sync do not agree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model.clock import from_epoch
from tracker.model.trust import (
    CONFIRMED_WITHIN,
    MAX_CLOCK_ERROR,
    MAX_SYNC_GAP,
    clock_error,
    is_doubtful,
    median_by_host,
    trusted_time,
    usual_offset,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
YEAR = timedelta(days=365)
moments = st.integers(0, 1 << 33).map(from_epoch)
skews = st.timedeltas(-30 * YEAR, 30 * YEAR)
small = st.timedeltas(-timedelta(minutes=2), timedelta(minutes=2))


def test_a_right_clock_is_confirmed() -> None:
    time = trusted_time(NOW, [timedelta(seconds=-1), timedelta(0), timedelta(seconds=1)], NOW - HOUR)
    assert (time.earliest, time.latest, time.is_confirmed) == (NOW, NOW, True)


@pytest.mark.parametrize("off", [-YEAR, -DAY * 2, DAY * 2, YEAR])
@pytest.mark.parametrize("was_off", [True, False])
def test_a_wrong_clock_and_right_servers(off: timedelta, was_off: bool) -> None:
    time = trusted_time(NOW + off, [-off] * 3, NOW + off - HOUR if was_off else NOW - HOUR)
    is_jump = not was_off and off != DAY * 2  # which a computer that was off looks like
    assert time.earliest == (None if is_jump else min(NOW, NOW + off))
    assert time.latest == max(NOW, NOW + off)
    assert not time.is_confirmed


@pytest.mark.parametrize(
    ("gone_on", "is_known"),
    [
        (HOUR, True), (timedelta(0), True), (-timedelta(minutes=1), True), (MAX_SYNC_GAP, True),
        (MAX_SYNC_GAP + HOUR, False), (YEAR, False), (-HOUR, False), (-YEAR, False),
    ],
)  # fmt: skip
def test_without_servers_a_jump_means_that_nobody_knows(gone_on: timedelta, is_known: bool) -> None:
    time = trusted_time(NOW, [], NOW - gone_on)
    assert time.earliest == (NOW if is_known else None)
    assert (time.latest, time.is_confirmed) == (NOW if is_known else max(NOW, NOW - gone_on), False)


def test_a_first_sync_without_servers_has_only_our_clock() -> None:
    assert trusted_time(NOW, [], None).earliest == NOW


def test_servers_confirm_that_the_computer_was_off_for_a_year() -> None:
    assert trusted_time(NOW, [timedelta(0)], NOW - YEAR).earliest == NOW


def test_servers_that_differ_by_halves_leave_the_span_between_them() -> None:
    time = trusted_time(NOW, [timedelta(0), YEAR], NOW - HOUR)
    assert (time.earliest, time.latest, time.is_confirmed) == (NOW, NOW + YEAR, False)


def test_a_date_of_another_age_of_the_world_is_not_heard() -> None:
    assert trusted_time(NOW, [timedelta(days=2_000_000)], NOW - YEAR).earliest is None


@given(moments, skews, st.lists(small, min_size=1, max_size=9), st.lists(skews, max_size=8), moments)
def test_most_servers_right_is_enough(
    truth: datetime, off: timedelta, honest: list[timedelta], lies: list[timedelta], last: datetime
) -> None:
    """Whatever our clock shows and the fewer say: nothing is too old too early, nothing new is dated too old."""
    ours = truth + off
    servers = [-off + skew for skew in honest] + lies[: len(honest) - 1]
    time = trusted_time(ours, servers, last)
    assert time.earliest is None or time.earliest <= truth + timedelta(minutes=2)
    assert time.latest >= truth - timedelta(minutes=2)


@given(moments, st.lists(skews, max_size=9), st.none() | moments)
def test_our_clock_is_always_within(ours: datetime, servers: list[timedelta], last: datetime | None) -> None:
    time = trusted_time(ours, servers, last)
    assert time.earliest is None or time.earliest <= ours
    assert ours <= time.latest
    if time.is_confirmed:
        assert time.earliest is not None
        assert ours - CONFIRMED_WITHIN <= time.earliest
        assert time.latest <= ours + CONFIRMED_WITHIN


@given(moments, st.lists(small, max_size=9), st.timedeltas(timedelta(0), MAX_SYNC_GAP))
def test_small_skews_change_nothing(ours: datetime, servers: list[timedelta], gap: timedelta) -> None:
    time = trusted_time(ours, servers, ours - gap)
    assert time.earliest is not None
    assert time.latest - time.earliest <= timedelta(minutes=4)
    assert clock_error(servers) is None


@pytest.mark.parametrize(
    ("servers", "error"),
    [
        ([], None),
        ([timedelta(0)], None),
        ([MAX_CLOCK_ERROR], None),
        ([MAX_CLOCK_ERROR + timedelta(seconds=1)], MAX_CLOCK_ERROR + timedelta(seconds=1)),
        ([-YEAR, -YEAR - MAX_CLOCK_ERROR, timedelta(0)], -YEAR),
        ([YEAR, timedelta(0)], None),
        ([YEAR, timedelta(0), timedelta(0)], None),
        ([YEAR, 2 * YEAR, 3 * YEAR], None),
    ],
)
def test_a_clock_is_called_wrong_when_most_servers_agree_on_it(
    servers: list[timedelta], error: timedelta | None
) -> None:
    assert clock_error(servers) == error


def test_a_host_of_many_feeds_has_one_voice() -> None:
    said = [("a", YEAR), ("a", YEAR), ("a", None), ("b", timedelta(0)), ("c", None), ("d", HOUR)]
    assert median_by_host(said) == [YEAR, timedelta(0), HOUR]


@pytest.mark.parametrize(
    ("published", "seen", "ahead", "expected"),
    [
        (1_000_000, 1_000_300, None, False),
        (1_000_000, 1_000_000, 599, False),
        (1_000_059, 1_000_000, -599, False),  # minutes are rounded
        (1_000_060, 1_000_000, None, True),
        (1_000_000, 1_000_300, 600, True),
        (1_000_000, 1_000_300, -600, True),
        (86_400 * 20_000, 86_400 * 20_001, None, True),
    ],
)
def test_a_time_that_cannot_be_compared(published: int, seen: int, ahead: int | None, expected: bool) -> None:
    assert is_doubtful(published, seen, ahead) is expected


def test_a_wrong_clock_of_ours_casts_no_doubt_on_the_sources() -> None:
    assert usual_offset([]) == 0
    assert usual_offset([7_200, 3, 7_201, 7_199]) == 7_199
    assert usual_offset([3_600, 0]) == 0
    seen = 1_000_000  # by a clock that is two hours behind
    assert not is_doubtful(seen + 7_000, seen, 7_201, 7_200)
    assert is_doubtful(seen + 7_000, seen, 0, 7_200)
    assert is_doubtful(seen + 7_300, seen, 7_200, 7_200)
    assert is_doubtful(seen + 60, seen, -7_200, -7_200)

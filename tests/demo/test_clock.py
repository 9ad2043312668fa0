"""The clock of the replay."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.demo.clock import FASTEST, ReplayClock

START = datetime(2025, 1, 27, 14, 20, tzinfo=UTC)


class Real:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_it_starts_at_its_start_and_runs_at_its_speed() -> None:
    real = Real()
    clock = ReplayClock(START, 60.0, real)
    assert clock() == START
    real.now += 10
    assert clock() == START + timedelta(minutes=10)
    assert clock().tzinfo is UTC


def test_a_new_speed_counts_from_now_on_and_does_not_jump() -> None:
    real = Real()
    clock = ReplayClock(START, 60.0, real)
    real.now += 10
    clock.speed = 600.0
    assert clock.speed == 600.0
    assert clock() == START + timedelta(minutes=10)
    real.now += 1
    assert clock() == START + timedelta(minutes=20)


def test_it_holds_while_paused_and_goes_on_from_there() -> None:
    real = Real()
    clock = ReplayClock(START, 60.0, real)
    real.now += 1
    clock.pause()
    real.now += 1000
    clock.pause()
    clock.speed = 120.0
    assert clock() == START + timedelta(minutes=1)
    clock.resume()
    assert clock() == START + timedelta(minutes=1)
    real.now += 1
    assert clock() == START + timedelta(minutes=3)


def test_it_says_whether_it_is_paused() -> None:
    clock = ReplayClock(START, 60.0, Real())
    told = [clock.is_paused]
    for act in (clock.pause, clock.pause, clock.resume):
        act()
        told.append(clock.is_paused)
    assert told == [False, True, True, False]


def test_it_stops_at_its_end() -> None:
    real = Real()
    end = START + timedelta(hours=1)
    clock = ReplayClock(START, FASTEST, real, end)
    real.now += 1e9
    assert clock() == end
    real.now += 1
    assert clock() == end


def test_a_start_in_another_zone_is_shown_in_utc() -> None:
    clock = ReplayClock(START.astimezone(timezone(timedelta(hours=-5))), 1.0, Real())
    assert clock().isoformat() == "2025-01-27T14:20:00+00:00"


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf"), FASTEST * 2])
def test_a_speed_out_of_range_is_refused_and_changes_nothing(speed: float) -> None:
    with pytest.raises(ValueError, match="speed of a replay"):
        ReplayClock(START, speed, Real())
    clock = ReplayClock(START, 5.0, Real())
    with pytest.raises(ValueError, match="speed of a replay"):
        clock.speed = speed
    assert clock.speed == 5.0


def test_a_start_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        ReplayClock(START.replace(tzinfo=None), 1.0, Real())


@given(st.lists(st.tuples(st.floats(-5.0, 50.0), st.sampled_from(["look", "pause", "resume"]), st.floats(0.01, 900.0))))
def test_it_never_goes_back_whatever_is_done_to_it(steps: list[tuple[float, str, float]]) -> None:
    real = Real()
    clock = ReplayClock(START, 60.0, real)
    shown = clock()
    for passed, action, speed in steps:
        real.now += passed
        if action == "pause":
            clock.pause()
        elif action == "resume":
            clock.resume()
        clock.speed = speed
        assert clock() >= shown
        shown = clock()


def test_threads_share_it() -> None:
    real = Real()
    clock = ReplayClock(START, 60.0, real)
    seen: list[list[datetime]] = [[] for _ in range(4)]

    def look(into: list[datetime]) -> None:
        for _ in range(500):
            into.append(clock())
            clock.speed = 60.0

    threads = [threading.Thread(target=look, args=(into,)) for into in seen]
    for thread in threads:
        thread.start()
    for _ in range(100):
        real.now += 0.01
    for thread in threads:
        thread.join()
    assert all(times == sorted(times) for times in seen)
    real.now = 101.0
    assert abs(clock() - (START + timedelta(minutes=1))) < timedelta(milliseconds=1)

"""TRACKER_NOW."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.cli.clock import fixed_start, make_clock


def test_without_it_the_clock_is_the_systems() -> None:
    before = datetime.now(UTC)
    shown = make_clock({})()
    assert before <= shown <= datetime.now(UTC)
    assert shown.tzinfo is UTC
    assert fixed_start({"TRACKER_NOW": ""}) is None


@pytest.mark.parametrize("said", ["2025-01-27T14:30:00Z", "2025-01-27T14:30", "2025-01-27T09:30:00-05:00"])
def test_the_clock_starts_there_and_runs_on(said: str) -> None:
    ticks = iter([100.0, 100.0, 160.5])
    clock = make_clock({"TRACKER_NOW": said}, lambda: next(ticks))
    start = datetime(2025, 1, 27, 14, 30, tzinfo=UTC)
    assert clock() == start
    assert clock() == start + timedelta(seconds=60.5)

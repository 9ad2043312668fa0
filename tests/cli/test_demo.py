"""`tracker demo` without a window."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.cli.conftest import Desk
from tracker.model.launch import LaunchWindow


@pytest.mark.slow
def test_the_demo_prints_the_day_and_touches_nothing(desk: Desk) -> None:
    del desk.environ["TRACKER_NOW"]
    desk.write("this is no configuration at all")
    before = sorted(desk.folder.rglob("*"))
    done = desk.process("demo")
    assert (done.code, done.err) == (0, "")
    assert sorted(desk.folder.rglob("*")) == before
    lines = done.out.splitlines()
    assert lines[0].startswith("Monday 27 January 2025, 16:16 in New York.")
    assert any("▼16.97%" in line and line.startswith("NVDA") and "118.42" in line for line in lines)
    assert any("▲ 1.91%" in line and line.startswith("META") for line in lines)
    assert sum("NVDA " in line for line in lines) >= 10
    assert any("DeepSeek" in line for line in lines)
    assert "interpolated" in lines[-1]
    assert all(len(line) < 140 for line in lines[2:-1])


@pytest.mark.slow
def test_another_moment_can_be_asked_for(desk: Desk) -> None:
    done = desk.run("demo", "--headless", is_terminal=True, environ={"TRACKER_NOW": "2025-01-27T15:30:00Z"})
    assert done.code == 0
    assert "Monday 27 January 2025, 10:30 in New York." in done.out
    assert "\x1b[31m" in done.out


def test_a_terminal_gets_the_replay(desk: Desk) -> None:
    desk.write("this is no configuration at all")
    found = desk.run("demo", "--speed", "120", is_terminal=True).result
    assert isinstance(found, LaunchWindow)
    assert (found.demo, found.speed, found.at) == (True, 120.0, datetime(2025, 1, 27, 21, 16, tzinfo=UTC))
    del desk.environ["TRACKER_NOW"]
    plain = desk.run("demo", is_terminal=True).result
    assert isinstance(plain, LaunchWindow)
    assert (plain.speed, plain.at) == (None, None)

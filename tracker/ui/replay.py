"""The replay as the window sees it: a clock with a speed that can be paused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from tracker.ui.commands import first_key

SPEEDS = (1.0, 10.0, 60.0, 300.0, 900.0, 3600.0, 14_400.0)
"""Replayed seconds per second that the keys step through."""


class Replay(Protocol):
    """The part of `tracker.demo.clock.ReplayClock` that the window uses."""

    @property
    def speed(self) -> float:
        """Replayed seconds per real one."""

    @speed.setter
    def speed(self, value: float) -> None: ...

    @property
    def is_paused(self) -> bool:
        """True while the clock is paused."""

    def __call__(self) -> datetime:
        """Return the replayed time."""

    def pause(self) -> None:
        """Pause the clock."""

    def resume(self) -> None:
        """Resume the clock."""


def next_speed(speed: float, faster: bool) -> float:
    """Return the next speed up or down; the last one stays."""
    if faster:
        return next((step for step in SPEEDS if step > speed * 1.001), SPEEDS[-1])
    return next((step for step in reversed(SPEEDS) if step < speed * 0.999), SPEEDS[0])


def replay_text(replay: Replay, keys: Mapping[str, str]) -> str:
    """Return "replay × 60" or "replay paused at × 60" for the status line, with the keys that change it.

    Args:
        keys: the user's own, by command.
    """
    if replay.is_paused:
        return f"replay paused at × {replay.speed:,.0f}, {first_key('replay.pause', keys)} resumes"
    faster, slower = first_key("replay.faster", keys), first_key("replay.slower", keys)
    return f"replay × {replay.speed:,.0f}, {faster} {slower} change speed"

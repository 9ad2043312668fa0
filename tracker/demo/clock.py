"""The clock of the replay: starts at a moment of the past, runs at a chosen speed, can be paused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

FASTEST = 86_400.0
"""The highest speed: a day a second."""


class ReplayClock:
    """A `tracker.model.clock.Clock` that shows `start` plus real seconds times `speed`; threads may share it.

    Args:
        start: the first moment it shows (aware).
        speed: replayed seconds per real second, above 0 and at most `FASTEST`.
        monotonic: the real clock, in seconds that never go back (`time.monotonic`).
        end: the last moment it shows (aware); None lets it run on.

    Raises:
        ValueError: if `start` has no zone or `speed` is out of range.
    """

    def __init__(
        self, start: datetime, speed: float, monotonic: Callable[[], float], end: datetime | None = None
    ) -> None:
        if start.tzinfo is None:
            raise ValueError("the replay needs a start with a time zone")
        self._monotonic = monotonic
        self._end = datetime.max.replace(tzinfo=UTC) if end is None else end
        self._lock = threading.Lock()
        self._shown = start.astimezone(UTC)
        self._since = monotonic()
        self._speed = _checked(speed)
        self._paused = False

    def __call__(self) -> datetime:
        """Return the replayed time, aware, in UTC."""
        with self._lock:
            return self._settle()

    @property
    def speed(self) -> float:
        """Replayed seconds per real second; setting it changes the pace from now on and never the time shown."""
        with self._lock:
            return self._speed

    @speed.setter
    def speed(self, value: float) -> None:
        checked = _checked(value)
        with self._lock:
            self._settle()
            self._speed = checked

    @property
    def is_paused(self) -> bool:
        """True between `pause` and `resume`."""
        with self._lock:
            return self._paused

    def pause(self) -> None:
        """Pause; a second call changes nothing."""
        with self._lock:
            self._settle()
            self._paused = True

    def resume(self) -> None:
        """Resume from the time that is shown."""
        with self._lock:
            self._settle()
            self._paused = False

    def _settle(self) -> datetime:
        # Time is carried forward at every look, so that a new speed counts only from the moment it was set.
        real = self._monotonic()
        if not self._paused and real > self._since:
            passed = (real - self._since) * self._speed
            is_over = passed >= (self._end - self._shown).total_seconds()
            self._shown = self._end if is_over else self._shown + timedelta(seconds=passed)
        self._since = max(real, self._since)
        return self._shown


def _checked(speed: float) -> float:
    if not 0.0 < speed <= FASTEST:  # also false for NaN
        raise ValueError(f"the speed of a replay is above 0 and at most {FASTEST:,.0f}, not {speed}")
    return speed

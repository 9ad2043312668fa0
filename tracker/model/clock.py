"""The one way in which the program asks what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Returns the current time: aware, in UTC. Passed down from the entry point, never reached for."""


class SetClock:
    """A clock set by TRACKER_NOW or the replay; it is right whatever servers say."""

    def __init__(self, read: Clock) -> None:
        self._read = read

    def __call__(self) -> datetime:
        """Return the time it shows."""
        return self._read()


def to_epoch(moment: datetime) -> int:
    """Return whole seconds since 1970 (rounded down), the form in which the store keeps times.

    Raises:
        ValueError: if `moment` has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    since = moment - _EPOCH  # its seconds and microseconds are never negative; a division takes five times as long
    return since.days * 86_400 + since.seconds


def from_epoch(seconds: int) -> datetime:
    """Return the aware UTC time of whole seconds since 1970; any 64-bit value that has a date is accepted."""
    return _EPOCH + timedelta(seconds=seconds)


def optional_time(seconds: int | None) -> datetime | None:
    """Return the time of epoch seconds, None for None."""
    return None if seconds is None else from_epoch(seconds)


def iso(moment: datetime | None) -> str | None:
    """Return ISO 8601 in UTC with a `Z`, to the second, or None for an unknown time."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

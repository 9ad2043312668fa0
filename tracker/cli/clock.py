"""The clock of a run: the system clock, or one that starts at TRACKER_NOW."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from tracker.cli.errors import UsageError
from tracker.model.clock import Clock, SetClock


def make_clock(environ: Mapping[str, str], monotonic: Callable[[], float] = time.monotonic) -> Clock:
    """Return the system clock or, with TRACKER_NOW, one that runs from that moment.

    Raises:
        UsageError: when TRACKER_NOW is not a time.
    """
    start = fixed_start(environ)
    if start is None:
        return lambda: datetime.now(UTC)
    origin = monotonic()
    return SetClock(lambda: start + timedelta(seconds=monotonic() - origin))


def fixed_start(environ: Mapping[str, str]) -> datetime | None:
    """Return the moment of TRACKER_NOW (a time without a zone is UTC), or None where it is not set.

    Raises:
        UsageError: when it is not a time.
    """
    said = environ.get("TRACKER_NOW", "")
    if not said:
        return None
    try:
        moment = datetime.fromisoformat(said)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        if not 1970 <= moment.year < 9999:
            raise ValueError(f"year {moment.year}")
    except (ValueError, OverflowError):
        raise UsageError(f'TRACKER_NOW: "{said}" is not a time; use ISO 8601, such as 2025-01-27T14:30:00Z') from None
    return moment

"""Trading halts in words; pure."""

from __future__ import annotations

from datetime import datetime

from tracker.model.dates import NEW_YORK
from tracker.model.halts import Halt


def halt_text(halt: Halt, now: datetime) -> str:
    """Return "halted since 15:50 ET", "halted 15:50 to 16:05 ET"."""
    start = f"{halt.start.astimezone(NEW_YORK):%H:%M}"
    if halt.resumes is not None:
        return f"halted {start} to {halt.resumes.astimezone(NEW_YORK):%H:%M} ET"
    return f"halted since {start} ET" if halt.is_on(now) else f"halted at {start} ET"

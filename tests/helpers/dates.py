"""Coming dates of shares."""

from __future__ import annotations

from datetime import date

from tracker.model.dates import AgreedDate, DateKind, DateTimeOfDay


def on(day: int, time: DateTimeOfDay | None = None, kind: DateKind = "results", month: int = 1) -> AgreedDate:
    """Return a date in 2025."""
    return AgreedDate(kind, date(2025, month, day), time, ("nasdaq",))

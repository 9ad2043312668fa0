"""Sessions outside New York in the last days of 2025, with half days and holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tracker.model.market import DAILY, INTRADAY, Bar

LATER = datetime(2025, 12, 31, 23, tzinfo=UTC)
EVE, MONDAY = date(2025, 12, 24), date(2025, 12, 29)


def at(text: str) -> datetime:
    """Return a time of UTC in December 2025: "24 12:30"."""
    return datetime.fromisoformat(f"2025-12-{text.replace(' ', 'T')}").replace(tzinfo=UTC)


def session(symbol: str, opens: str, closes: str, close: float = 100.0) -> Bar:
    return Bar(symbol, DAILY, at(opens), at(closes), close, "yahoo")


def fives(symbol: str, start: str, end: str, close: float = 100.0) -> list[Bar]:
    step = timedelta(seconds=INTRADAY)
    count = (at(end) - at(start)) // step
    return [
        Bar(symbol, INTRADAY, at(start) + n * step, at(start) + (n + 1) * step, close, "yahoo") for n in range(count)
    ]

"""The values of a query's fields: each is read from its text, or is None where that is none."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

_AGE = re.compile(r"(\d{1,6})(m|min|h|d|w)")
_DAYS = re.compile(r"([0-9]{1,5})(d|w)")
_COUNT = re.compile(r"\d{1,6}")
_PERCENT = re.compile(r"([-+\u2212]?)(\d{1,6}(?:\.\d{1,6})?)%?")
_UNITS = {"m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}


def age_seconds(text: str) -> int | None:
    """Return the seconds of an age such as 30m, 6h, 2d or 1w."""
    found = _AGE.fullmatch(text.lower())
    return None if found is None else int(found[1]) * _UNITS[found[2]]


def days_ahead(text: str) -> int | None:
    """Return the days of a time ahead such as 3d or 2w."""
    found = _DAYS.fullmatch(text.lower())
    return None if found is None else int(found[1]) * (7 if found[2] == "w" else 1)


def fraction(text: str) -> float | None:
    """Return a percentage such as -3% or 2.5 as a fraction."""
    found = _PERCENT.fullmatch(text)
    if found is None:
        return None
    size = float(found[2]) / 100
    return size if found[1] in ("", "+") else -size


def count(text: str) -> int | None:
    """Return a number such as 3."""
    return None if _COUNT.fullmatch(text) is None else int(text)


def moment(text: str) -> datetime | None:
    """Return the start of a date such as 2025-01-27, or a time such as 2025-01-27T13:00Z; without a zone it is UTC."""
    try:
        if len(text) == len("2025-01-27"):
            return datetime.combine(date.fromisoformat(text), time(), UTC)
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def day_around(moment: datetime) -> tuple[datetime, datetime | None]:
    """Return when the day of a moment begins and ends in UTC; no end for the last day there is."""
    start = datetime.combine(moment.date(), time(), UTC)
    return start, start + timedelta(days=1) if start.date() < date.max else None

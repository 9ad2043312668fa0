"""Lengths of time and ages, in each of the ways that they are written; pure."""

from __future__ import annotations

from datetime import datetime

from tracker.words.times import MONTHS

AGE_WIDTH = 5
"""Cells that `age_text` never exceeds."""
NO_AGE = "–"
"""In place of an age that nobody knows."""
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_YEAR = 365.25 * _DAY
_YEARS_FROM = 2
_MAX_YEARS = 9999


def age_text(now: datetime, then: datetime) -> str:
    """Return how long ago `then` was in at most 5 cells: "now", "4m", "1h", "2d", "3 Jan", "24Jan", "2019".

    From a week on it is the day (in the zone of `then`), from about a year on the year alone. A time to come has a
    plus: "+4m".
    """
    seconds = (now - then).total_seconds()
    sign, seconds = ("+", -seconds) if seconds < 0 else ("", seconds)
    if seconds < _MINUTE:
        return "now"
    if seconds < 7 * _DAY:
        return sign + compact_text(seconds)
    if seconds < 330 * _DAY:  # below a year by a month, so that no day is read as the one of this year
        return f"{then.day}{'' if then.day > 9 else ' '}{MONTHS[then.month - 1]}"
    return f"{sign}{then.year}"


def compact_text(seconds: float) -> str:
    """Return a length of time in its largest whole unit: "0m", "4m", "2h", "3d"; a negative one is "0m"."""
    if seconds < _HOUR:
        return f"{int(max(0, seconds) // _MINUTE)}m"
    return f"{int(seconds // _HOUR)}h" if seconds < _DAY else f"{int(seconds // _DAY)}d"


def ago_text(seconds: float) -> str:
    """Return an age: "just now" below a minute, "4 min ago", "2 h ago", "3 d ago".

    Without seconds, as the window is drawn anew once a minute: an age in seconds would stand there when it is old.
    """
    return f"{span_text(seconds)} ago" if seconds >= _MINUTE else "just now"


def span_text(seconds: float, *, days_from: int = 1) -> str:
    """Return a length of time in its largest whole unit: "12 s", "4 min", "2 h", "3 d", "2 y"; "" below one second.

    Less than `days_from` days are written as hours.
    """
    if not seconds >= 1:
        return ""
    if seconds < _MINUTE:
        return f"{int(seconds)} s"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min"
    if seconds < days_from * _DAY:
        return f"{int(seconds // _HOUR)} h"
    if seconds < _YEARS_FROM * _YEAR:
        return f"{int(seconds // _DAY)} d"
    return f"{int(min(seconds // _YEAR, _MAX_YEARS))} y"


def delay_text(seconds: float) -> str:
    """Return how long after the first something was: "<1 min", "4 min", "95 min", "5 h", "3 d"."""
    if seconds < _MINUTE:
        return "<1 min"
    return f"{int(seconds // _MINUTE)} min" if seconds < 2 * _HOUR else span_text(seconds, days_from=2)


def length_text(start: datetime, end: datetime) -> str:
    """Return the time between two moments: "4 min", "47 h", "3 d"; "" below a minute."""
    seconds = (end - start).total_seconds()
    return span_text(seconds, days_from=2) if seconds >= _MINUTE else ""

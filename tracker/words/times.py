"""Moments in the words of their zone; pure."""

from __future__ import annotations

from datetime import datetime, tzinfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ZONE_NAMES = {"America/New_York": "ET", "America/Chicago": "CT"}


def clock_text(moment: datetime, zone: tzinfo) -> str:
    """Return "Mon 27 Jan 16:16 ET": day, date and time in `zone`, with the zone's name."""
    local = _local(moment, zone)
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {time_text(moment, zone)}"


def time_text(moment: datetime, zone: tzinfo) -> str:
    """Return "16:16 ET": the time alone in `zone`, with the zone's name."""
    local = _local(moment, zone)
    key = str(getattr(zone, "key", ""))
    return f"{local.hour:02d}:{local.minute:02d} {_ZONE_NAMES.get(key) or local.tzname() or ''}".rstrip()


def seconds_time_text(moment: datetime, zone: tzinfo) -> str:
    """Return "16:16:05 ET": the time to the second in `zone`, with the zone's name."""
    clock, _, name = time_text(moment, zone).partition(" ")
    return f"{clock}:{moment.second:02d} {name}".rstrip()


def day_text(moment: datetime, zone: tzinfo, now: datetime) -> str:
    """Return "Fri 24 Jan", or "24 Jan 2024" when it is not in the year of `now`; both in `zone`."""
    local = _local(moment, zone)
    if local.year != _local(now, zone).year:
        return f"{local.day} {MONTHS[local.month - 1]} {local.year}"
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}"


def is_same_day(one: datetime, other: datetime, zone: tzinfo) -> bool:
    """Tell whether two moments fall on one day in `zone`."""
    return _local(one, zone).date() == _local(other, zone).date()


def _local(moment: datetime, zone: tzinfo) -> datetime:
    try:
        return moment.astimezone(zone)
    except (OverflowError, ValueError):  # year 1 or 9999 at the edge of what a date can say
        return moment

"""Coming dates of shares: who says them, what they agree on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

DateKind = Literal["results", "dividend", "split"]
DateTimeOfDay = Literal["before-open", "after-close"]
NEW_YORK = ZoneInfo("America/New_York")
_OPEN = time(9, 30)


def market_day(now: datetime) -> tuple[date, bool]:
    """Return the day in New York, and whether what comes before its open is over."""
    local = now.astimezone(NEW_YORK)
    return local.date(), local.time() >= _OPEN


class ComingDate(Struct, frozen=True):
    """A date that one source says."""

    symbol: str
    kind: DateKind
    day: date
    """In the time zone of the exchange."""
    time: DateTimeOfDay | None
    """None where the source does not say it."""
    source: str
    asked: datetime
    """When the source said so."""


class AgreedDate(Struct, frozen=True):
    """A date, with all sources that say it."""

    kind: DateKind
    day: date
    time: DateTimeOfDay | None
    sources: tuple[str, ...]

    def days_after(self, today: date) -> int:
        """Return in how many days it is."""
        return (self.day - today).days

    def is_over(self, now: datetime) -> bool:
        """Return whether it has passed: with its day in New York, or at the open of what comes before it."""
        today, is_open = market_day(now)
        return self.day < today or (self.day == today and self.time == "before-open" and is_open)


class CalendarState(Struct, frozen=True):
    """How the last request to a calendar went."""

    source: str
    asked: datetime
    reason: str | None = None
    """Why it failed; None where it did not."""


def newest_said(dates: Iterable[ComingDate]) -> list[ComingDate]:
    """Return what each source says now: of several dates of one kind for a share, the one it said last.

    A calendar is asked day by day, so a date that was moved may still stand on the page of its old day.
    """
    said: dict[tuple[str, str, str], ComingDate] = {}
    for one in sorted(dates, key=lambda one: (one.day, one.source)):
        key = (one.symbol, one.kind, one.source)
        if key not in said or one.asked > said[key].asked:
            said[key] = one
    return list(said.values())


def agree_dates(dates: Iterable[ComingDate]) -> tuple[AgreedDate, ...]:
    """Return the dates of one share, soonest first; sources that contradict each other give one each.

    A source that names only the day agrees with one that also names the time of day.
    """
    agreed: list[AgreedDate] = []
    by_detail = sorted(newest_said(dates), key=lambda one: (one.day, one.kind, one.time is None, one.time or ""))
    for one in by_detail:
        for place, other in enumerate(agreed):
            if (other.kind, other.day) == (one.kind, one.day) and one.time in (None, other.time):
                agreed[place] = AgreedDate(other.kind, other.day, other.time, (*other.sources, one.source))
                break
        else:
            agreed.append(AgreedDate(one.kind, one.day, one.time, (one.source,)))
    return tuple(agreed)

"""Coming dates in words, for tables and the window; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from msgspec.structs import replace

from tracker.model.dates import AgreedDate, DateKind, DateTimeOfDay, market_day
from tracker.model.plurals import count_noun
from tracker.words.names import provider_text

_TIMES: Mapping[DateTimeOfDay | None, str] = {"before-open": " before open", "after-close": " after close", None: ""}
_KINDS: Mapping[DateKind, str] = {"results": "results", "dividend": "ex-dividend", "split": "split"}
_WEEK = 7
DISAGREED = "?"
"""Behind a date that another source contradicts, where there is no room for both."""


def today_of(now: datetime) -> date:
    """Return the day in New York."""
    return market_day(now)[0]


def results_of(dates: Sequence[AgreedDate]) -> tuple[AgreedDate, ...]:
    """Return the dates of the next results: one, or several where sources contradict each other."""
    return tuple(one for one in dates if one.kind == "results")


def day_text(one: AgreedDate, today: date) -> str:
    """Return when a date is: "today after close", "Wed after close", "26 Feb before open"."""
    days = one.days_after(today)
    if days == 0:
        day = "today"
    elif days < _WEEK:
        day = f"{one.day:%a}"
    else:
        day = f"{one.day.day} {one.day:%b}"
    return f"{day}{_TIMES[one.time]}"


def short_text(dates: Sequence[AgreedDate], today: date) -> str:
    """Return the day of the next results in 7 cells at most: "Wed", "26 Feb?" where sources contradict each other."""
    found = results_of(dates)
    if not found:
        return ""
    return day_text(replace(found[0], time=None), today) + (DISAGREED if len(found) > 1 else "")


def is_near(dates: Sequence[AgreedDate], today: date) -> bool:
    """Return whether the next results are less than a week away."""
    return any(one.days_after(today) < _WEEK for one in results_of(dates))


def days_text(dates: Sequence[AgreedDate], today: date) -> str:
    """Return the next results as briefly as can be, all that sources say: "Wed after close or Thu"; "" without any."""
    return " or ".join(day_text(one, today) for one in results_of(dates))


def countdown_text(one: AgreedDate, today: date) -> str:
    """Return how far away a date is: "results in 3 days", "results today after close"."""
    days = one.days_after(today)
    if days == 0:
        when = f"today{_TIMES[one.time]}"
    elif days == 1:
        when = f"tomorrow{_TIMES[one.time]}"
    else:
        when = f"in {count_noun(days, 'day', 'days')}"
    return f"{_KINDS[one.kind]} {when}"


def sentence(one: AgreedDate, today: date) -> str:
    """Return a date with who says it: "results in 3 days: Wed 29 Jan after close (Nasdaq)"."""
    day = f"{one.day:%a} {one.day.day} {one.day:%b}"
    return f"{countdown_text(one, today)}: {day}{_TIMES[one.time]} ({', '.join(map(provider_text, one.sources))})"

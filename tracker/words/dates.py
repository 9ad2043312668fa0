"""Coming dates in words, for tables and the window; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from tracker.market import calendar
from tracker.model.dates import AgreedDate, DateKind, DateTimeOfDay
from tracker.model.plurals import count_noun

_TIMES: Mapping[DateTimeOfDay | None, str] = {"before-open": " before open", "after-close": " after close", None: ""}
_KINDS: Mapping[DateKind, str] = {"results": "results", "dividend": "ex-dividend"}
_WEEK = 7


def today_of(now: datetime) -> date:
    """Return the day in New York."""
    return now.astimezone(calendar.ZONE).date()


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
    """Return a date with who says it: "results in 3 days: Wed 29 Jan after close (nasdaq)"."""
    day = f"{one.day:%a} {one.day.day} {one.day:%b}"
    return f"{countdown_text(one, today)}: {day}{_TIMES[one.time]} ({', '.join(one.sources)})"

"""When to ask a calendar, and Nasdaq's of results: a page a day, with every American company that reports on it.

A page is `{"data": {"asOf", "rows": [{"symbol", "time", ...}]}}`; `time` is `time-pre-market`, `time-after-hours` or
`time-not-supplied`. Nasdaq takes the dates from announcements, and from the last years where there is none yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from tracker.config.values import SYMBOL
from tracker.market import calendar, exchanges
from tracker.market.clean import error_text, mapping, words
from tracker.market.nasdaq import spoken_date
from tracker.model.dates import ComingDate, DateTimeOfDay
from tracker.model.market import PriceFailure

NAME = "nasdaq"
"""As what the calendar is named as a source."""
MAX_ROWS = 5_000
"""Rows read of one page; the busiest days have about 500."""
NEAR_SESSIONS = 10
"""These are asked again after a day, later ones after three."""
ASK_NEAR_AFTER = timedelta(days=1)
ASK_FAR_AFTER = timedelta(days=3)

_TIMES: Mapping[object, DateTimeOfDay] = {"time-pre-market": "before-open", "time-after-hours": "after-close"}


class CalendarPage(Struct, frozen=True):
    """What the calendar says of one day."""

    day: date
    dates: tuple[ComingDate, ...]


def decode_page(data: object, day: date, now: datetime) -> CalendarPage | PriceFailure:
    """Return the dates of an answer for `day`; rows that cannot be read are left out."""
    body = mapping(data).get("data")
    if not isinstance(body, dict):
        return _failed(error_text(data) or "an answer without a calendar")
    as_of = page_day(body.get("asOf"))
    if as_of is not None and as_of != day:
        return _failed(f"asked for {day}, answered for {as_of}")
    rows = body.get("rows")
    if rows is not None and not isinstance(rows, list):
        return _failed("the calendar has no list of rows")
    found: dict[str, ComingDate] = {}
    for row in map(mapping, (rows or [])[:MAX_ROWS]):
        symbol = listed_symbol(row.get("symbol"))
        if symbol is not None:
            when = row.get("time")
            time = _TIMES.get(when.strip().lower()) if isinstance(when, str) else None
            found.setdefault(symbol, ComingDate(symbol, "results", day, time, NAME, now))
    if rows and not found:
        return _failed("the calendar has no row with a symbol")
    return CalendarPage(day, tuple(found.values()))


def days_to_ask(now: datetime, sessions: int, asked: Mapping[date, datetime], most: int) -> tuple[date, ...]:
    """Return the sessions whose pages are due, at most `most`: unknown ones first, then those asked longest ago.

    A page of today is worth asking for as long as something can still come on that day.
    """
    day = now.astimezone(calendar.ZONE).date()
    ahead = [day] if calendar.is_session(day) else []
    while len(ahead) < sessions:
        ahead.append(calendar.next_session(ahead[-1] if ahead else day))
    due: list[tuple[datetime, date]] = []
    for place, one in enumerate(ahead):
        last = asked.get(one)
        again = ASK_NEAR_AFTER if place < NEAR_SESSIONS else ASK_FAR_AFTER
        # What was asked later than now was asked under a clock that was ahead.
        if last is None or last > now or now - last >= again:
            due.append((datetime.min.replace(tzinfo=now.tzinfo) if last is None or last > now else last, one))
    return tuple(one for _, one in sorted(due)[: max(0, most)])


def is_asked_for(symbols: Sequence[str]) -> bool:
    """Return whether the calendar can know any of these symbols: shares listed in New York."""
    return any(exchanges.is_new_york(symbol) and not symbol.startswith("^") for symbol in symbols)


def _failed(reason: str) -> PriceFailure:
    return PriceFailure(NAME, reason, http=200, is_passing=True)


def listed_symbol(value: object) -> str | None:
    """Return a symbol as Yahoo writes it: classes of shares after a hyphen."""
    text = words(value, 24).upper().replace(".", "-").replace("/", "-")
    return text if SYMBOL.fullmatch(text) else None


def page_day(value: object) -> date | None:
    """Return the day of "2025-02-26" or "Wed, Feb 26, 2025"."""
    text = words(value, 40)
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return spoken_date(text)

"""When to ask a calendar, and Nasdaq's of results: a page a day, with every American company that reports on it.

A page is `{"data": {"asOf", "rows": [{"symbol", "time", ...}]}}`; `time` is `time-pre-market`, `time-after-hours` or
`time-not-supplied`. Nasdaq takes the dates from announcements, and from the last years where there is none yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from tracker.config.values import SYMBOL
from tracker.market import calendar, exchanges
from tracker.market.clean import error_text, mapping, words
from tracker.market.nasdaq import spoken_date
from tracker.model.dates import ComingDate, DateKind, DateTimeOfDay
from tracker.model.market import PriceFailure

NAME = "nasdaq"
"""Its name as a source of dates."""
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
    body = page_body(data, mapping(data).get("data"), day)
    if isinstance(body, PriceFailure):
        return body

    def time_of(row: Mapping[str, object]) -> DateTimeOfDay | None:
        return _TIMES.get(words(row.get("time"), 40).lower())

    return read_rows(body.get("rows"), "results", day, now, NAME, lambda row: day, time_of)


def page_body(data: object, body: object, day: date) -> Mapping[str, object] | PriceFailure:
    """Return the body of Nasdaq's answer for `day`, or why it is none."""
    if not isinstance(body, dict):
        return failed(NAME, error_text(data) or "an answer without a calendar")
    as_of = page_day(body.get("asOf"))
    if as_of is not None and as_of != day:
        return failed(NAME, f"asked for {day}, answered for {as_of}")
    return body


def read_rows(
    rows: object,
    kind: DateKind,
    day: date,
    now: datetime,
    source: str,
    day_of: Callable[[Mapping[str, object]], date | None],
    time_of: Callable[[Mapping[str, object]], DateTimeOfDay | None] = lambda row: None,
) -> CalendarPage | PriceFailure:
    """Return the dates of a page's rows: those of its own day, one for each share.

    Args:
        rows: of any shape; those that cannot be read are left out, unless no row can.
        day_of: returns the day of a row; may raise KeyError.
        time_of: returns when on that day.
    """
    if rows is not None and not isinstance(rows, list):
        return failed(source, "the calendar has no list of rows")
    listed = rows or []
    found: dict[str, ComingDate] = {}
    can_be_read = not listed
    for row in map(mapping, listed[:MAX_ROWS]):
        symbol = listed_symbol(row.get("symbol"))
        try:
            when = day_of(row)
        except KeyError:
            when = None
        can_be_read = can_be_read or (symbol is not None and when is not None)
        if symbol is not None and when == day:
            found.setdefault(symbol, ComingDate(symbol, kind, day, time_of(row), source, now))
    if not can_be_read:
        return failed(source, "the calendar has no row with a symbol and a day")
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


def failed(source: str, reason: str) -> PriceFailure:
    """Return why an answer of a calendar holds no page; the next one may."""
    return PriceFailure(source, reason, http=200, is_passing=True)


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

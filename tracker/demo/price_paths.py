"""Share prices from 22 to 31 January 2025: real daily figures, with interpolated prices in between, marked as such.

Daily opens, highs, lows and closes are the official ones. Inside a day only the marks in `prices.toml` are real; other
minutes lie on a straight line between two real prices. On 27 January the other shares follow the bends of Nvidia's day,
scaled to their own move of the day and held between their real low and high.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from msgspec import Struct

LABEL = (
    "Nvidia's half-hour marks of 27 January 2025 are real (trades on one venue, IEX), as are all daily opens and "
    "closes; prices between those marks, and the paths of all other shares inside a day, are interpolated."
)
"""The caveat about the prices of the replay, in one sentence."""

STEP = timedelta(minutes=5)
"""Length of an intraday bar."""

_OPEN = time(14, 30)  # 09:30 in New York: Eastern Standard Time holds for the whole span
_CLOSE = time(21, 0)
_SHAPED = date(2025, 1, 27)
_MODEL = "NVDA"


class Day(Struct, frozen=True):
    """One session of one symbol, in its official figures."""

    symbol: str
    day: date
    open: float
    high: float
    low: float
    close: float
    previous_close: float | None
    """None on the first day of the data."""

    @property
    def starts(self) -> datetime:
        """Open of the regular session, UTC."""
        return datetime.combine(self.day, _OPEN, UTC)

    @property
    def ends(self) -> datetime:
        """Close of the regular session, UTC."""
        return datetime.combine(self.day, _CLOSE, UTC)


class Point(Struct, frozen=True):
    """One five-minute bar."""

    start: datetime
    end: datetime
    open: float
    high: float
    low: float
    close: float
    interpolated: bool
    """True when its close is not a recorded trade."""


class Listing(Struct, frozen=True):
    """A symbol, where it trades, and its days."""

    symbol: str
    name: str
    exchange: str
    """Yahoo's code of the exchange ("NMS")."""
    days: tuple[Day, ...]
    marks: tuple[tuple[datetime, float], ...]
    """Recorded trades in order, including the official open and close of every day."""


@cache
def listings() -> Mapping[str, Listing]:
    """Return every symbol of the replay, in the order of the data file."""
    data = tomllib.loads(Path(__file__).with_name("prices.toml").read_text(encoding="utf-8"))
    dates = [date.fromisoformat(day) for day in data["days"]]
    found = {}
    for symbol, row in data["symbol"].items():
        figures = zip(dates, row["open"], row["high"], row["low"], row["close"], [None, *row["close"]], strict=False)
        days = tuple(Day(symbol, *figure) for figure in figures)
        marks = {day.starts: day.open for day in days} | {day.ends: day.close for day in days}
        for day, minutes in data["marks"].get(symbol, {}).items():
            for minute, price in minutes.items():
                marks[datetime.fromisoformat(f"{day}T{minute}:00+00:00")] = price
        found[symbol] = Listing(symbol, row["name"], row["exchange"], days, tuple(sorted(marks.items())))
    return found


def days_until(symbol: str, moment: datetime) -> tuple[Day, ...]:
    """Return the sessions of `symbol` that had opened by `moment`, oldest first; none for an unknown symbol."""
    listing = listings().get(symbol)
    return tuple(day for day in listing.days if day.starts <= moment) if listing else ()


def price_at(symbol: str, moment: datetime) -> float | None:
    """Return the price at `moment`, outside trading the last one before it; None before the data or if unknown."""
    listing = listings().get(symbol)
    if listing is None:
        return None
    marks = listing.marks
    at = bisect_right(marks, moment, key=lambda mark: mark[0])
    if at == 0:
        return None
    (before, price), following = marks[at - 1], marks[at] if at < len(marks) else None
    if before == moment or following is None or following[0].date() != before.date():
        return price  # a mark itself, or a time between two trading days
    if before.time() == _OPEN and following[0].time() == _CLOSE and before.date() == _SHAPED:
        return _shaped(next(day for day in listing.days if day.day == _SHAPED), moment)
    return _between(before, price, *following, moment)


def is_interpolated(symbol: str, moment: datetime) -> bool:
    """True when the price that `price_at` returns is interpolated; False for an unknown symbol.

    Between two trading days the price is the last trade, which is real.
    """
    listing = listings().get(symbol)
    if listing is None:
        return False
    at = bisect_right(listing.marks, moment, key=lambda mark: mark[0])
    if at in (0, len(listing.marks)):
        return False
    before, following = listing.marks[at - 1][0], listing.marks[at][0]
    return before != moment and before.date() == following.date()


def trading_hours(symbol: str, day: date) -> tuple[datetime, datetime] | None:
    """Return the first and last mark of a day, with extended hours where trades are known; None without a session."""
    listing = listings().get(symbol)
    marks = [when for when, _ in listing.marks if when.date() == day] if listing else []
    return (marks[0], marks[-1]) if marks else None


def points(symbol: str, since: datetime, until: datetime, extended: bool = False) -> tuple[Point, ...]:
    """Return the five-minute bars that start at or after `since` and have ended by `until`, oldest first.

    Args:
        symbol: an unknown one gives none.
        since: aware.
        until: aware.
        extended: also those before the open and after the close, where trades are known.
    """
    listing = listings().get(symbol)
    return tuple(
        point
        for day in (listing.days if listing else ())
        if day.starts.date() <= until.date() and since.date() <= day.ends.date()
        for point in _day(symbol, day.day, extended)
        if since <= point.start and point.end <= until
    )


@cache
def _day(symbol: str, day: date, extended: bool) -> tuple[Point, ...]:
    """All bars of one day; cached, because every poll requests them."""
    hours = next((one.starts, one.ends) for one in listings()[symbol].days if one.day == day)
    start, end = (extended and trading_hours(symbol, day)) or hours
    found = []
    while start + STEP <= end:
        found.append(_bar(symbol, start, start + STEP))
        start += STEP
    return tuple(found)


def _bar(symbol: str, start: datetime, end: datetime) -> Point:
    first, last = price_at(symbol, start), price_at(symbol, end)
    assert first is not None
    assert last is not None
    return Point(start, end, first, max(first, last), min(first, last), last, is_interpolated(symbol, end))


def _between(start: datetime, first: float, end: datetime, last: float, moment: datetime) -> float:
    share = (moment - start) / (end - start)
    return round(first + (last - first) * share, 4)


def _shaped(day: Day, moment: datetime) -> float:
    # How far Nvidia was off the straight line of its own day, as a part of its move of the day, is how far this share
    # is drawn off its own. Nothing is added at open and close, so both stay the official ones.
    model = next(known for known in listings()[_MODEL].days if known.day == day.day)
    now = price_at(_MODEL, moment)
    assert now is not None
    assert model.previous_close is not None
    assert day.previous_close is not None
    bend = (now - _between(model.starts, model.open, model.ends, model.close, moment)) / (
        model.close - model.previous_close
    )
    straight = _between(day.starts, day.open, day.ends, day.close, moment)
    drawn = straight + bend * (day.close - day.previous_close)
    return round(min(max(drawn, day.low), day.high), 4)

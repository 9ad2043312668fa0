"""Which session an article belongs to, and where the event windows lie; pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from tracker.market import calendar, exchanges
from tracker.model.market import Bar
from tracker.prices.quiet import Quiet, early_end
from tracker.prices.series import PriceSeries
from tracker.prices.splits import local_day

_SHORT = timedelta(days=5)
"""The longest unscheduled closure of New York, including a weekend."""
_LONG = timedelta(days=12)
"""Most days between two sessions of an exchange: a Lunar New Year."""
_DAY = timedelta(days=1)


def day_zero(
    series: PriceSeries, market_days: Sequence[date], published: datetime, quiet: Quiet | None = None
) -> date | None:
    """Return the session whose close is the first that can hold the news; None where no session is known.

    Published before a session's close: that session; at or after it, at the weekend or on a holiday: the next one. New
    York has a calendar; a session of it that the benchmark (`market_days`, sorted) has no bar of, though it has
    earlier and later ones, was a closure. Elsewhere the share's own bars say what was a session, and `quiet`
    whether one that has no daily bar yet is over.
    """
    if exchanges.is_new_york(series.symbol, series.zone):
        day = calendar.day0(published)
        return day if day in series.days else _traded(market_days, day, _SHORT) or day
    first = bisect_right(series.daily, published, key=lambda bar: bar.end)
    if 0 < first < len(series.daily) and series.daily[first].end - published < _LONG:
        return local_day(series.daily[first].start, series.zone)
    if exchanges.is_round_the_clock(series.symbol):
        return local_day(published, series.zone)
    usual = _usual_day(series, published, quiet)
    return usual if usual is None else _next_traded(series, usual, published)


def bar_before(series: PriceSeries, market_days: Sequence[date], day: date) -> Bar | None:
    """Return the daily bar of the session just before `day`; None where the last one is from longer ago."""
    bar = series.close_before(day)
    if bar is None or bar.close <= 0:
        return None
    found = local_day(bar.start, series.zone)
    if not exchanges.is_new_york(series.symbol, series.zone):
        # Until the daily bar of a session comes, its close is not known.
        return bar if day - found <= _LONG and not series.is_traded(found + _DAY, day - _DAY) else None
    if found == calendar.previous_session(day) or _traded(market_days, found + _DAY, _SHORT) == day:
        return bar
    return None


def last_close_before(daily: Sequence[Bar], day: date, zone: str) -> float | None:
    """Return the close of the last daily bar (oldest first) before a day; None where there is none."""
    closes = [bar.close for bar in daily if local_day(bar.start, zone) < day]
    return closes[-1] if closes else None


def event_span(series: PriceSeries, day0: date) -> tuple[datetime, datetime]:
    """Return from when until when news falls into the event windows: sessions -1 to +4, each from the close before it.

    Outside New York every weekday counts as a session and a day is one of UTC.
    """
    if exchanges.is_new_york(series.symbol, series.zone):
        first = calendar.previous_session(calendar.previous_session(day0))
        last = day0
        for _ in range(4):
            last = calendar.next_session(last)
        return calendar.session_close(first), calendar.session_close(last)
    return _midnight(_weekday(day0, -1)), _midnight(_weekday(day0, 4) + _DAY)


def _traded(days: Sequence[date], day: date, most: timedelta) -> date | None:
    """Return `day`, or the next one that was traded where days before and after it were; else None."""
    index = bisect_left(days, day)
    if 0 < index < len(days) and days[index] - day <= most:
        return days[index]
    return None


def _usual_day(series: PriceSeries, published: datetime, quiet: Quiet | None) -> date | None:
    """Return day 0 by the usual hours of the exchange; the next weekday where the session is over."""
    day = local_day(published, series.zone)
    hours, bar = series.hours(day), series.days.get(day)
    if hours is None:
        return None
    closed = bar.end if bar is not None else early_end(series, day, quiet) or hours[1]
    if published >= closed:
        day += _DAY
    while day.weekday() >= 5:
        day += _DAY
    return day


def _next_traded(series: PriceSeries, day: date, published: datetime) -> date:
    """Return `day`, or the first later one that was traded where nothing was traded on `day`: a holiday.

    The daily bar of that later session comes after its close.
    """
    traded = series.first_day_after(published)
    if traded is None or not timedelta(0) < traded - day < _LONG:
        return day
    hours = series.hours(day)
    return traded if hours is not None and not series.bars_between(*hours) else day


def _weekday(day: date, steps: int) -> date:
    """Return the weekday that lies so many weekdays after (before, if negative) `day`."""
    step = _DAY if steps > 0 else -_DAY
    for _ in range(abs(steps)):
        day += step
        while day.weekday() >= 5:
            day += step
    return day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)

"""How long a share may have traded between two moments without a known trade; pure.

New York trades from 4:00 to 20:00: a morning, a day and an evening. A provider gives the bars of a morning or an
evening whole or not at all: after a known trade in it, silence means that nothing was traded. In the regular session
shares trade every minute, and silence means missing bars. A stretch without a known trade before the moment is unseen.
Elsewhere only the regular session counts, without its lunch break, on weekdays that are not known to have been
holidays, and not the time for which the newest quote says that nothing was traded.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from tracker.market import calendar, exchanges
from tracker.model.market import Quote
from tracker.prices.quiet import Quiet, was_closed
from tracker.prices.series import PriceSeries
from tracker.prices.splits import local_day

MAX_UNSEEN = timedelta(minutes=30)
"""A share that may have traded for longer than this without a known trade can have done its move in that time."""
_LONG = timedelta(days=12)
_DAY = timedelta(days=1)

_Stretch = tuple[datetime, datetime, bool]
"""Start, end, and whether silence after a known trade in it means that bars are missing."""


def unseen_time(
    series: PriceSeries, start: datetime, end: datetime, quote: Quote | None = None, quiet: Quiet | None = None
) -> timedelta:
    """Return how long a share may have traded from its last known trade, at `start`, until `end` (aware).

    Where the hours of its exchange are not known, or the last trade is more than twelve days old, all of the time.

    Args:
        quote: the newest of the share.
        quiet: the time without a trade that it tells of (`quiet_time`).
    """
    if exchanges.is_round_the_clock(series.symbol) or end - start > _LONG:
        return end - start
    unseen = timedelta(0)
    is_new_york = exchanges.is_new_york(series.symbol, series.zone)
    day, last = local_day(start, series.zone), local_day(end, series.zone)
    while day <= last:
        stretches = list(_stretches(series, day))
        if not is_new_york and day.weekday() < 5 and was_closed(series, day, quote):
            stretches = []
        elif not is_new_york and day.weekday() < 5 and not stretches:
            return end - start
        for begins, ends, is_steady in stretches:
            is_seen = begins < start < ends and not is_steady
            if not is_seen:
                unseen += _common(start, end, begins, ends)
                if quiet is not None and not is_new_york:
                    unseen -= _common(max(start, quiet.since), min(end, quiet.until), begins, ends)
        day += _DAY
    return unseen


def _common(start: datetime, end: datetime, begins: datetime, ends: datetime) -> timedelta:
    """Return how much two spans share."""
    return max(min(end, ends) - max(start, begins), timedelta(0))


def _stretches(series: PriceSeries, day: date) -> Iterator[_Stretch]:
    if exchanges.is_new_york(series.symbol, series.zone):
        if calendar.is_session(day):
            opens, closes = calendar.session_open(day), calendar.session_close(day)
            yield calendar.pre_open(day), opens, False
            yield opens, closes, True
            yield closes, calendar.post_close(day), False
        return
    bar = series.days.get(day)
    hours = series.hours(day) if bar is None else (bar.start, bar.end)
    if hours is not None and day.weekday() < 5:
        lunch = exchanges.lunch_hours(series.symbol, day)
        if lunch is None:
            yield *hours, True
        else:
            yield hours[0], lunch[0], True
            yield lunch[1], hours[1], True

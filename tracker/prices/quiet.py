"""What a quote says of the time without a trade before it was asked for: outside New York, where no calendar is; pure.

A daily bar comes half an hour after the usual close, and a holiday has none. Until then a share that was traded every
five minutes and then no more has had an early close, or is halted: news since then is judged with the next session.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from tracker.market import exchanges
from tracker.model.market import Quote
from tracker.prices.early_close import has_stopped_early
from tracker.prices.moves import DELAY_SECONDS
from tracker.prices.series import PriceSeries
from tracker.prices.splits import local_day

_ENDED = timedelta(minutes=30)
"""How long a share that was traded every five minutes has to be quiet for its session to be over."""
_SAME_CLOSE = 1e-5
"""How far two providers' words for one close may lie apart: they round it."""


class Quiet(NamedTuple):
    """A span in which a share was not traded."""

    since: datetime
    """The last trade."""
    until: datetime
    """When the provider was asked, less the delay of its prices."""


def quiet_time(quote: Quote | None, now: datetime) -> Quiet | None:
    """Return the time without a trade that the newest quote of a share tells of; None where it tells of none."""
    if quote is None or quote.fetched is None:
        return None
    until = min(quote.fetched, now) - timedelta(seconds=DELAY_SECONDS)
    return Quiet(quote.time, until) if until > quote.time else None


def early_end(series: PriceSeries, day: date, quiet: Quiet | None) -> datetime | None:
    """Return when a session without a daily bar ended early; None where it did not, as far as is known."""
    hours = series.hours(day)
    if quiet is None or hours is None:
        return None
    bars = series.bars_between(*hours)
    if not bars or local_day(quiet.since, series.zone) != day:
        return None
    last, pause = bars[-1].end, partial(exchanges.lunch_between, series.symbol)
    since = max(quiet.since, last)
    is_over = quiet.until - since - pause(since, quiet.until) >= _ENDED
    return last if is_over and has_stopped_early(*hours, last, len(bars), pause) else None


def was_closed(series: PriceSeries, day: date, quote: Quote | None) -> bool:
    """Return whether an exchange without a calendar is known to have been closed on `day`, between two sessions.

    The session after it has a daily bar, or the quote is of it and names the last known close as the one before.
    """
    before = series.close_before(day)
    if day in series.days or before is None or series.is_traded(day):
        return False
    newest = series.daily[-1]
    if local_day(newest.start, series.zone) > day:
        return True
    if quote is None or quote.previous_close is None or local_day(quote.time, series.zone) <= day:
        return False
    return abs(quote.previous_close - newest.close) <= _SAME_CLOSE * newest.close

"""The move of a share between two moments, the part that the market explains, and how unusual the rest is; pure.

The market model of a session (`tracker.prices.study`) scaled to a window that holds `v` sessions' worth of variance
(`tracker.prices.variance`; 1 for a whole session, sums over several): expected = v alpha + beta Rm, with the
benchmark's own return Rm over that very window, and

    t = (R - expected) / (sigma sqrt(v + v^2 / n + (Rm - v mean)^2 / squares)),

which is MacKinlay's (1997) for v = 1, prediction error included.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tracker.market import calendar, exchanges
from tracker.model.dividends import Dividend, total_return
from tracker.model.impact import MarketModel, Window
from tracker.prices.series import PriceSeries
from tracker.prices.sessions import bar_before
from tracker.prices.splits import local_day
from tracker.prices.variance import EVEN_PROFILE, DayProfile, SessionHours


class Edge(NamedTuple):
    """A price and its time: one end of a window."""

    price: float
    time: datetime


class Timeline:
    """The sessions of a share, and how much variance lies between two moments.

    Args:
        series: of the share.
        market_days: sessions that share or benchmark have, sorted (`EventStudy.days`).
    """

    def __init__(self, series: PriceSeries, market_days: Sequence[date]) -> None:
        self._series = series
        self._days = market_days
        self._hours: dict[date, SessionHours | None] = {}

    def hours(self, day: date) -> SessionHours | None:
        """Return a session with the night before it; None where its hours or the close before it are not known."""
        if day not in self._hours:
            self._hours[day] = self._read_hours(day)
        return self._hours[day]

    def _read_hours(self, day: date) -> SessionHours | None:
        series = self._series
        before = bar_before(series, self._days, day)
        if before is not None:
            closed_before = before.end
        elif exchanges.is_new_york(series.symbol, series.zone):  # its bar comes some time after the close
            closed_before = calendar.session_close(calendar.previous_session(day))
        else:
            return None
        bar = series.days.get(day)
        if bar is not None:
            found: tuple[datetime, datetime] | None = (bar.start, bar.end)
        else:
            found = series.hours(day)
        if found is None or not closed_before <= found[0] < found[1]:
            return None
        return SessionHours(closed_before, *found)

    def variance(self, day: date, start: datetime, end: datetime, night: float) -> float | None:
        """Return the variance between two moments in sessions; None if unknown.

        Args:
            day: the session that `start` lies in, from the close before it on.
            start: aware.
            end: not before `start`.
            night: share of a session's variance in the night before it.
        """
        first = self.hours(day)
        if first is None or start < first.closed_before:
            return None
        profile = self._profile()
        begun = first.variance_until(start, night, profile)
        if end <= first.closes:
            return first.variance_until(end, night, profile) - begun
        last_day = self._session_at(end)
        last = self.hours(last_day)
        if last is None:
            return None
        whole = bisect_left(self._days, last_day) - bisect_left(self._days, day) - 1
        return 1.0 - begun + max(whole, 0) + last.variance_until(end, night, profile)

    def _session_at(self, moment: datetime) -> date:
        """Return the session that a moment lies in, from the close before it to its own."""
        series = self._series
        day = local_day(moment, series.zone)
        if exchanges.is_new_york(series.symbol, series.zone):
            return calendar.day0(moment - timedelta(seconds=1))
        hours = series.hours(day)
        if hours is not None and moment > hours[1]:
            day += timedelta(days=1)
        while day.weekday() >= 5 and not exchanges.is_round_the_clock(series.symbol):
            day += timedelta(days=1)
        return day

    def _profile(self) -> DayProfile:
        return EVEN_PROFILE if exchanges.is_round_the_clock(self._series.symbol) else self._series.profile


def window(
    start: Edge | None,
    end: Edge | None,
    variance: float | None,
    market: float | None,
    model: MarketModel | None,
    dividends: Sequence[Dividend] = (),
) -> Window:
    """Return a window from its ends; unknown values are None.

    Args:
        start: the share at the start of the window.
        end: the share at its end.
        variance: of the window, in sessions.
        market: the benchmark's own return over the same time.
        model: of the share against the benchmark.
        dividends: of the share, those between the ends.
    """
    if start is None or end is None or start.price <= 0 or end.price <= 0:
        return Window()
    move = total_return(start.price, end.price, dividends)
    if market is None or model is None:
        return Window(move=move)
    if model.kind != "market" or model.sigma is None:
        return Window(move=move, expected=market, abnormal=move - market)
    if variance is None:
        return Window(move=move)
    expected = variance * model.alpha + model.beta * market
    abnormal = move - expected
    drift = market - variance * model.market_mean
    spread = variance + variance**2 / model.n + drift**2 / model.market_squares
    t = abnormal / (model.sigma * math.sqrt(spread)) if variance > 0 and model.sigma > 0 else None
    return Window(move=move, expected=expected, abnormal=abnormal, t=t)

"""The event study: the move of a share around an article, and the part that the market does not explain.

A. C. MacKinlay, "Event Studies in Economics and Finance", Journal of Economic Literature 35 (1997): the market model
R = alpha + beta Rm + e, estimated by least squares over 120 sessions that end 11 before the event; the abnormal return
AR = R - alpha - beta Rm; CAR its sum over a window of L sessions, with variance
s^2 [L + L^2/n + (sum of (Rm - mean))^2 / sum of squares of (Rm - mean) in the estimation], prediction error included.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from msgspec.structs import replace

from tracker.model.dividends import Dividend, dividends_between, total_return
from tracker.model.impact import AbnormalReturns, MarketModel, Moves
from tracker.model.market import Bar, PriceBase, Quote
from tracker.prices.variance import night_share

ESTIMATION_FIRST = -130
ESTIMATION_LAST = -11
MIN_USABLE = 60
"""With fewer sessions in the estimation no market model is fitted; only the market's own return is subtracted."""
MAX_RETURN = 0.40
"""A daily return beyond this without a split is an error of the source more often than news: flagged, not used."""

_REACH = timedelta(minutes=30)
"""How long before an intraday horizon the last trade may be; longer means that bars are missing."""
_LONGEST_CLOSURE = 12
"""Days between two sessions of an exchange, at most (a Lunar New Year); more is a hole in both histories."""
_BREAK = timedelta(days=6)
"""Longest time from one session's close to the next: a long weekend; longer means that bars are missing."""


class EventStudy:
    """Abnormal returns of one share against one benchmark; the estimate of each day is made once.

    Args:
        share: session to close, splits in them (`tracker.prices.splits.rescaled`).
        market: the same of the benchmark. A session that only one of them has is a gap in the other.
        known: models fitted before, by day 0; one is used where these closes hold fewer usable sessions of its past.
        opens: opens of the share, for the night's share of the variance; none: that share is not known.
        market_opens: the same of the benchmark.
        doubted: why the return of a session is not believed, by session.
        dividends: of the share.
        market_dividends: of the benchmark, where it is a fund or a share.
    """

    def __init__(
        self,
        share: Mapping[date, float],
        market: Mapping[date, float],
        known: Mapping[date, MarketModel] | None = None,
        opens: Mapping[date, float] | None = None,
        market_opens: Mapping[date, float] | None = None,
        doubted: Mapping[date, str] | None = None,
        dividends: Iterable[Dividend] = (),
        market_dividends: Iterable[Dividend] = (),
    ) -> None:
        self.days = sorted(share.keys() | market.keys())
        """Every session that share or benchmark has, oldest first."""
        self._flags: dict[date, str] = {}
        self._share = self._returns(share, dividends)
        for day, reason in (doubted or {}).items():
            self._share.pop(day, None)
            self._flags[day] = reason
        self._market = self._returns(market, market_dividends)
        self._nights = self._halves(share, opens or {}, self._share)
        self._market_nights = self._halves(market, market_opens or {}, self._market)
        self._known = known or {}
        self._done: dict[date, AbnormalReturns | None] = {}
        self._models: dict[date, MarketModel] = {}

    def around(self, day0: date) -> AbnormalReturns | None:
        """Return the study of `day0`, or None when the data has no such session."""
        if day0 not in self._done:
            self._done[day0] = self._study(day0)
        return self._done[day0]

    def model(self, day0: date) -> MarketModel | None:
        """Return the market model of `day0`, fitted or known before; None for a gap in the data."""
        if day0 not in self._models:
            index = bisect_left(self.days, day0)
            if index < len(self.days) and self.days[index] != day0:
                return None
            self._models[day0] = self._model(day0, index)
        return self._models[day0]

    def following(self, day0: date, count: int) -> list[date]:
        """Return up to `count` sessions from `day0` on, up to the first hole; none when it is none of the data."""
        index = bisect_left(self.days, day0)
        if index == len(self.days) or self.days[index] != day0:
            return []
        found = [day0]
        for before, day in pairwise(self.days[index : index + count]):
            if (day - before).days > _LONGEST_CLOSURE:
                break
            found.append(day)
        return found

    def so_far(self, day0: date, share: float, market: float) -> AbnormalReturns | None:
        """Return the study of a session that is later than the data, from its returns until now.

        Its t is too small, as part of a day varies less than a whole one. None where the data hold a later session.
        """
        if self.days and self.days[-1] >= day0:
            return None
        model = self.model(day0)
        assert model is not None
        return _abnormal(model, window_return(model, [(share, market)]), None, None)

    def _model(self, day0: date, index: int) -> MarketModel:
        """Return the model for the session at `index`, by these closes or, if that was made of more, fitted before."""
        pairs = self._pairs(index + ESTIMATION_FIRST, index + ESTIMATION_LAST)
        usable = [pair for pair in pairs if pair is not None]
        model = fit([share for share, _ in usable], [market for _, market in usable])
        before = self._known.get(day0)
        if before is not None and (before.n > model.n or model.kind != "market"):
            return before
        days = self.days[max(index + ESTIMATION_FIRST, 0) : max(index + ESTIMATION_LAST + 1, 0)]
        return replace(model, night=night_share(self._residual_halves(model.beta, days)))

    def _residual_halves(self, beta: float, days: Sequence[date]) -> list[tuple[float, float]]:
        """Return the (night, day) returns of sessions, less beta times those of the benchmark."""
        found: list[tuple[float, float]] = []
        for day in days:
            share, market = self._nights.get(day), self._market_nights.get(day)
            if share is not None and market is not None:
                found.append((share[0] - beta * market[0], share[1] - beta * market[1]))
        return found

    @staticmethod
    def _halves(
        closes: Mapping[date, float], opens: Mapping[date, float], returns: Mapping[date, float]
    ) -> dict[date, tuple[float, float]]:
        """Return the night and day returns of each session that has a believed return and an open."""
        found: dict[date, tuple[float, float]] = {}
        for day, whole in returns.items():
            opened = opens.get(day)
            if opened is not None and opened > 0:
                part = closes[day] / opened - 1.0
                found[day] = ((1.0 + whole) / (1.0 + part) - 1.0, part)
        return found

    def _study(self, day0: date) -> AbnormalReturns | None:
        index = bisect_left(self.days, day0)
        if index == len(self.days) or self.days[index] != day0:
            return None
        model = self.model(day0)
        assert model is not None
        around = self.days[max(index - 1, 0) : index + 5]
        return _abnormal(
            model,
            window_return(model, self._pairs(index, index)),
            window_return(model, self._pairs(index - 1, index + 1)),
            window_return(model, self._pairs(index, index + 4)),
            tuple(self._flags[day] for day in around if day in self._flags),
        )

    def _pairs(self, first: int, last: int) -> list[tuple[float, float] | None]:
        """Return (share, market) returns of the sessions from index `first` to `last`; None where one is missing."""
        pairs: list[tuple[float, float] | None] = []
        for index in range(first, last + 1):
            day = self.days[index] if 0 <= index < len(self.days) else None
            share, market = (None, None) if day is None else (self._share.get(day), self._market.get(day))
            pairs.append(None if share is None or market is None else (share, market))
        return pairs

    def _returns(self, closes: Mapping[date, float], dividends: Iterable[Dividend]) -> dict[date, float]:
        """Return simple returns between neighbouring sessions; one over a gap is of several days and left out."""
        found: dict[date, float] = {}
        paid = {one.day: (one,) for one in dividends}
        for before, day in pairwise(self.days):
            first, last = closes.get(before), closes.get(day)
            if first is None or last is None or first <= 0 or last <= 0 or (day - before).days > _LONGEST_CLOSURE:
                continue
            change = total_return(first, last, paid.get(day, ()))
            if abs(change) > MAX_RETURN:
                self._flags[day] = f"{change * 100:+.0f} % on {day} without a split, not believed"
            else:
                found[day] = change
        return found


def fit(share: Sequence[float], market: Sequence[float]) -> MarketModel:
    """Return the market model of paired returns by least squares.

    Fewer than `MIN_USABLE` pairs, or a market that never moved, give the market-adjusted model.
    """
    n = len(share)
    if n < MIN_USABLE:
        return MarketModel("market-adjusted", 0.0, 1.0, None, n)
    share_mean, market_mean = math.fsum(share) / n, math.fsum(market) / n
    deviations = [value - market_mean for value in market]
    squares = math.fsum(value * value for value in deviations)
    if squares <= 0.0:
        return MarketModel("market-adjusted", 0.0, 1.0, None, n)
    products = (x * (y - share_mean) for x, y in zip(deviations, share, strict=True))
    beta = math.fsum(products) / squares
    alpha = share_mean - beta * market_mean
    residuals = (y - alpha - beta * x for x, y in zip(market, share, strict=True))
    sigma = math.sqrt(math.fsum(value * value for value in residuals) / (n - 2))
    return MarketModel("market", alpha, beta, sigma, n, market_mean, squares)


CumulativeReturn = tuple[float, float | None]
"""Cumulative abnormal return over a window, as a fraction, and its t with prediction error (None without a model)."""


def window_return(model: MarketModel, pairs: Sequence[tuple[float, float] | None]) -> CumulativeReturn | None:
    """Return the CAR of (share, market) returns over a window and its t; None when a session is missing."""
    known = [pair for pair in pairs if pair is not None]
    if not known or len(known) < len(pairs):
        return None
    car = math.fsum(share - model.alpha - model.beta * market for share, market in known)
    if not model.sigma:
        return car, None
    length = len(known)
    drift = math.fsum(market - model.market_mean for _, market in known)
    spread = length + length**2 / model.n + drift**2 / model.market_squares
    return car, car / (model.sigma * math.sqrt(spread))


def _abnormal(
    model: MarketModel,
    day: CumulativeReturn | None,
    around: CumulativeReturn | None,
    after: CumulativeReturn | None,
    flags: tuple[str, ...] = (),
) -> AbnormalReturns:
    """Return the study of a day; without its model where no window of it is complete."""
    if (day, around, after) == (None, None, None):
        return AbnormalReturns(flags=flags)
    ar0, t0 = day or (None, None)
    car_m1_p1, t_m1_p1 = around or (None, None)
    car_0_p4, t_0_p4 = after or (None, None)
    return AbnormalReturns(
        ar0=ar0,
        t0=t0,
        car_m1_p1=car_m1_p1,
        t_m1_p1=t_m1_p1,
        car_0_p4=car_0_p4,
        t_0_p4=t_0_p4,
        model=model,
        flags=flags,
    )


def horizons(
    published: datetime,
    base: PriceBase | None,
    intraday: Sequence[Bar],
    daily: Sequence[Bar],
    quote: Quote | None,
    now: datetime,
) -> Moves:
    """Return the moves from `base`, the last trade before `published`, to 15 minutes, 1 hour, days 0, 1, 3 and now.

    Bars are closed ones of the share, oldest first. The price at a horizon is the close of the last bar that ended
    by then and after publication. Day 0 is the first daily bar that ends after publication.
    """
    if base is None or base.price <= 0:
        return Moves()

    def change(price: float, at: datetime) -> float | None:
        return total_return(base.price, price, dividends_between(base.dividends, base.time, at)) if price > 0 else None

    def to_bar(bar: Bar | None) -> float | None:
        return None if bar is None else change(bar.close, bar.end)

    def within(span: timedelta) -> float | None:
        return to_bar(_bar_by(intraday, published, published + span)) if published + span <= now else None

    days = _sessions_after(daily, published)
    return Moves(
        m15=within(timedelta(minutes=15)),
        h1=within(timedelta(hours=1)),
        close=to_bar(days[0]) if days else None,
        d1=to_bar(days[1]) if len(days) > 1 else None,
        d3=to_bar(days[3]) if len(days) > 3 else None,
        since=change(quote.price, quote.time) if quote is not None and quote.time > published else None,
    )


def _bar_by(bars: Sequence[Bar], after: datetime, by: datetime) -> Bar | None:
    """Return the last bar that ended in (after, by], at most `_REACH` before `by`."""
    index = bisect_right(bars, by, key=lambda bar: bar.end) - 1
    if index < 0 or bars[index].end <= max(after, by - _REACH):
        return None
    return bars[index]


def _sessions_after(daily: Sequence[Bar], published: datetime) -> list[Bar]:
    """Return the up to four sessions that end after publication, up to the first gap."""
    first = bisect_right(daily, published, key=lambda bar: bar.end)
    found: list[Bar] = []
    previous = published
    for bar in daily[first : first + 4]:
        if bar.end - previous > _BREAK:
            break
        found.append(bar)
        previous = bar.end
    return found

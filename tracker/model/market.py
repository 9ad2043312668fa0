"""Symbols, quotes, bars and moves. Returns are fractions (0.0123), prices in the symbol's own currency."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from tracker.model.dividends import Dividend
from tracker.model.wait import LONGEST_PAUSE, is_active

Session = Literal["pre", "regular", "post", "closed"]

INTRADAY = 300
"""Length of an intraday bar in seconds."""
DAILY = 86_400
"""Length in seconds that names a daily bar."""


class WatchSymbol(Struct, frozen=True):
    """One `[[symbol]]` of the watchlist."""

    symbol: str
    name: str | None = None
    shares: float | None = None
    """Shares outstanding over all classes, for the value in dollars."""
    benchmark: str | None = None
    line: int | None = None
    held: float | None = None
    """Shares that the user holds, negative for a short position; it never leaves the machine."""
    names: tuple[str, ...] = ()
    """More names that always mean the company in a headline."""


class SharesOutstanding(Struct, frozen=True):
    """How many shares a company has, over all classes, in the unit of one symbol."""

    count: float
    as_of: date | None
    """The date the figure is of; None for the user's own, which counts as today's."""
    source: str
    """The kind of report it is from, or "feeds.toml"."""


class Quote(Struct, frozen=True):
    """The last known price of a symbol, with its provider and time."""

    symbol: str
    price: float
    """Last trade, extended hours included."""
    time: datetime
    """When that trade was (aware UTC)."""
    provider: str
    previous_close: float | None = None
    """Official close of the session before the one that `price` belongs to."""
    regular_price: float | None = None
    """Last price of the regular session when `price` is from pre or post; else None."""
    session: Session | None = None
    currency: str | None = None
    """ISO code of the major unit; prices are already converted (GBp 1234 is 12.34 GBP)."""
    fetched: datetime | None = None
    """When the provider was asked."""
    exchange_zone: str | None = None
    """IANA time zone of the exchange."""
    failure: str | None = None
    """Why the newest attempt failed, if it did; the numbers are then the last that were good."""

    @property
    def change(self) -> float | None:
        """Change of the day as a fraction of the previous close; None when unknown.

        Before the open that of the early trades; from the open on that of the regular session, which a later trade
        does not alter (`extended_change` has what it adds).
        """
        if self.previous_close is None or self.previous_close <= 0:
            return None
        is_after = self.session != "pre" and self.regular_price is not None
        return (self.regular_price if is_after and self.regular_price else self.price) / self.previous_close - 1.0

    @property
    def extended_change(self) -> float | None:
        """Change after the regular close as a fraction of that close; None when there is no later trade.

        Compounds with `change`, it is not added: (1 + change) * (1 + extended_change) - 1.
        """
        if self.session == "pre" or not self.regular_price or self.regular_price == self.price:
            return None
        return self.price / self.regular_price - 1.0


class Bar(Struct, frozen=True):
    """One bar of a price history. Only the close is certain; the rest is None where a provider gives closes alone."""

    symbol: str
    interval: int
    """`INTRADAY` or `DAILY`."""
    start: datetime
    """First moment of the bar; of a daily bar, the session's open."""
    end: datetime
    """First moment after it; of a daily bar, the session's close."""
    close: float
    provider: str
    open: float | None = None
    high: float | None = None
    low: float | None = None
    volume: float | None = None
    interpolated: bool = False
    """True when the price is interpolated between two recorded ones."""


class PriceFailure(Struct, frozen=True):
    """Why a provider gave no number, for one symbol or (symbol None) for the whole request."""

    provider: str
    reason: str
    symbol: str | None = None
    http: int | None = None
    retry_after_seconds: int | None = None
    blocked: bool = False
    """True when the answer says to stay away: throttled, forbidden, sent to a consent page."""
    is_passing: bool = False
    """True when nothing was said of what was asked (no connection, throttled, broken): asking again may help."""
    is_unreachable: bool = False
    """True when there was no connection to the provider."""

    @property
    def is_silent(self) -> bool:
        """True when there was no response at all, so there will be none for the next symbol either."""
        return self.is_passing and self.http is None


class QuotesAnswer(Struct, frozen=True):
    """What one provider, or a chain of them, knows of some symbols."""

    quotes: tuple[Quote, ...] = ()
    bars: tuple[Bar, ...] = ()
    """Bars that came along with the quotes (spark has today's closes)."""
    failures: tuple[PriceFailure, ...] = ()


class BarsAnswer(Struct, frozen=True):
    """History of one symbol."""

    bars: tuple[Bar, ...] = ()
    failures: tuple[PriceFailure, ...] = ()
    quote: Quote | None = None
    splits: tuple[tuple[datetime, float], ...] = ()
    """(session, ratio): 10.0 for ten new shares for one old."""
    dividends: tuple[Dividend, ...] = ()
    """Oldest first, in today's shares like the bars."""


class Doubt(Struct, frozen=True):
    """A step in a share's prices that looks like an unannounced split."""

    at: datetime
    """The open of the session that begins on the other side of it."""
    reason: str
    is_real: bool = False
    """True when the provider's own close before it shows that the share moved so far."""


class Breaker(Struct, frozen=True):
    """A pause of a provider; stored, so that cron and window share it."""

    provider: str
    until: datetime
    reason: str
    set_at: datetime | None = None
    """None where an earlier release did not store it."""

    def is_active(self, now: datetime) -> bool:
        """True while the pause lasts; ignores one set by a clock that was ahead."""
        return is_active(self.until, self.set_at, now, LONGEST_PAUSE)


class PriceBase(Struct, frozen=True):
    """The last trade before an article was published."""

    price: float
    time: datetime
    """End of the bar whose close it is."""
    interpolated: bool = False
    dividends: tuple[Dividend, ...] = ()
    """All known with an ex-dividend day after it, oldest first."""


class Move(Struct, frozen=True):
    """What a share did since an article was published."""

    symbol: str
    since: float | None
    """(price + `dividends`) / base_price - 1; None when there is no base or no quote."""
    day: float | None
    """Change today (of the quote), as a fraction."""
    price: float | None
    price_time: datetime | None
    base_price: float | None
    base_time: datetime | None
    session: Session | None
    currency: str | None
    provider: str | None
    stale: bool
    """True when the quote is older than its session allows; False when there is no quote at all."""
    base_age_seconds: int | None = None
    """Publication minus base time; over 1,800 the base is from before a break and is marked."""
    base_interpolated: bool = False
    """True when the base price is interpolated between two recorded ones."""
    dividends: tuple[Dividend, ...] = ()
    """Those that `since` includes, oldest first."""

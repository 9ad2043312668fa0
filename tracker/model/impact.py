"""What prices did around an article. Returns are fractions (0.0123); what is not known is None, never 0."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from tracker.model.dividends import Dividend, total_return
from tracker.model.market import PriceBase, SharesOutstanding

ModelKind = Literal["market", "market-adjusted"]


class MarketModel(Struct, frozen=True):
    """A fitted market model, or (kind "market-adjusted") alpha 0 and beta 1 without an error term."""

    kind: ModelKind
    alpha: float
    beta: float
    sigma: float | None
    """Standard error of the residuals, n - 2 degrees of freedom; None where nothing was fitted."""
    n: int
    """Usable sessions of the estimation."""
    market_mean: float = 0.0
    """Mean return of the benchmark in the estimation; the prediction error needs it."""
    market_squares: float = 0.0
    """Sum of squared deviations of the benchmark's returns from that mean."""
    night: float | None = None
    """Share of a session's residual variance in the night before it; None with too few opens."""


class Estimate(Struct, frozen=True):
    """The market model of one share, benchmark and day, fitted on sessions before that day, as it is stored."""

    symbol: str
    benchmark: str
    day0: date
    model: MarketModel


class Moves(Struct, frozen=True):
    """Returns from the last trade before publication to a horizon; None where it is not over or has no price."""

    m15: float | None = None
    h1: float | None = None
    close: float | None = None
    """To the close of day 0; `d1` and `d3` to those of one and three sessions later."""
    d1: float | None = None
    d3: float | None = None
    since: float | None = None
    """To the newest price, if anything was traded after publication."""


class AbnormalReturns(Struct, frozen=True):
    """What of the returns around day 0 the benchmark does not account for."""

    ar0: float | None = None
    """Of day 0, from the close before it to its own; so far, while it runs."""
    t0: float | None = None
    """Of `ar0`, with prediction error; None without a fitted model."""
    car_m1_p1: float | None = None
    """Summed from one session before day 0 to one after."""
    t_m1_p1: float | None = None
    car_0_p4: float | None = None
    """Summed from day 0 to four sessions after."""
    t_0_p4: float | None = None
    model: MarketModel | None = None
    """None where nothing is known; "market-adjusted" where too little past is: the benchmark's return is taken off."""
    flags: tuple[str, ...] = ()
    """Daily returns of the event window that were not believed."""


class Window(Struct, frozen=True):
    """What a share did between two moments; None for what is not known."""

    move: float | None = None
    """With the dividends whose ex-dividend day lies between the two."""
    expected: float | None = None
    """What the market model gives for the benchmark's own move over the same time."""
    abnormal: float | None = None
    """`move` less `expected`."""
    t: float | None = None
    """Of `abnormal`, against the share's own variance over such a window; None without a fitted model."""
    value_usd: float | None = None
    """`move` times the price it starts from times shares outstanding."""
    is_over: bool = False
    benchmark: str | None = None
    """Whose move over the same time gave `expected`: the benchmark, or a fund on it (`tracker.prices.benchmark`)."""


TimingKind = Literal["before", "mostly-before", "within-15-minutes", "after", "before-open", "no-bars"]


class Timing(Struct, frozen=True):
    """Whether an article led or followed the move of its session."""

    kind: TimingKind
    share_before: float | None = None
    """Part of the session's move (in logs) that came before the article: over 1 where some of it was taken back
    since, under 0 where the share had gone the other way. None where no bars tell."""
    silent_seconds: int | None = None
    """Of "no-bars": how long before the article the last known trade was."""
    moved_before_open: float | None = None
    """Of "before-open": the return from the close before the session to the article."""


class Measurement(Struct, frozen=True):
    """What the price of one share did around one moment."""

    day0: date | None
    """The session that the moment lies in or before; None where the exchange's sessions are not known."""
    base: PriceBase | None
    """The last trade before it."""
    base_age_seconds: int | None
    is_base_old: bool
    """True when the base is from before a break: the day leads, 15 minutes and an hour hold more than the article."""
    moves: Moves
    abnormal: AbnormalReturns
    before: float | None
    """The part of the session's move that had happened by the base: (1 + before)(1 + rest.move) = 1 + session.move, but
    for what a dividend of that morning would have made since."""
    since: Window
    """From the base to the newest price."""
    rest: Window
    """From the base to the close of day 0; to the newest price of the session while it runs."""
    session: Window
    """From the close before day 0 to its close; so far, while it runs."""
    to_close: Window
    """The window since, up to the close of day 0 once that is over: what a list shows. Other than `rest` for an article
    published before the open, when something was traded before it that morning."""
    timing: Timing | None
    """None where the session moved too little for the question."""
    dividends: tuple[Dividend, ...] = ()
    """Those that a window of it may include: since the close before day 0, or since the base; oldest first."""
    notes: tuple[str, ...] = ()
    """What a reader has to know about the numbers, in words."""


class Impact(Measurement, frozen=True, kw_only=True):
    """What the price of one share did around the publication of an article: since it, never because of it."""

    article_id: int
    title: str
    published: datetime
    symbol: str
    benchmark: str
    shares: SharesOutstanding | None = None
    """What the values in dollars are made with, with its date; None where it is not known."""
    share_name: str | None = None
    """The tag that the share belongs to, or stands in for."""
    is_stand_in: bool = False
    """True when the company of that tag is not listed and the share is shown for it."""
    other_news: int
    """Articles of other stories about the share, from the session before day 0 to the fourth after."""


class DayMove(Struct, frozen=True):
    """A stretch of a session in which the price went one way."""

    start: datetime
    """When the first price was; of a gap, the close before it."""
    end: datetime
    first: float
    last: float
    is_gap: bool = False
    """True when nothing is known of the way between the two: a night, a weekend, bars that are missing."""
    interpolated: bool = False
    """True when one of the two prices is interpolated."""
    dividends: tuple[Dividend, ...] = ()
    """Those of a gap, paid before its last price."""

    @property
    def change(self) -> float:
        """Return from the first to the last price."""
        return total_return(self.first, self.last, self.dividends)


class MovedDay(Struct, frozen=True):
    """One session of a share: its largest moves, and the articles published before each."""

    symbol: str
    benchmark: str
    day: date
    previous_close: float | None
    last: float | None
    """The close, or the newest price while the session runs."""
    is_over: bool
    session: Window
    moves: tuple[tuple[DayMove, tuple[int, ...]], ...]
    """Largest first, each with the ids of articles published before it, newest first."""

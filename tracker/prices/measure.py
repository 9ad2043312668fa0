"""One article against the history of one share: every number of its record; pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import force_setattr, replace

from tracker.market import calendar, exchanges
from tracker.model.dividends import Dividend, total_return
from tracker.model.impact import AbnormalReturns, Measurement, Moves, Timing, Window
from tracker.model.market import INTRADAY, Bar, PriceBase, Quote, SharesOutstanding
from tracker.prices.benchmark import BenchmarkMove, Instrument, benchmark_move
from tracker.prices.moves import OLD_BASE_SECONDS, day_value
from tracker.prices.quiet import Quiet, quiet_time
from tracker.prices.series import PriceSeries
from tracker.prices.sessions import bar_before, day_zero
from tracker.prices.splits import local_day
from tracker.prices.study import EventStudy, horizons
from tracker.prices.timing import timing_before_open, timing_of, untold
from tracker.prices.unseen import MAX_UNSEEN, unseen_time
from tracker.prices.variance import DEFAULT_NIGHT
from tracker.prices.windows import Edge, Timeline, window

_BAR = timedelta(seconds=INTRADAY)
"""How long the first price of a session may take."""
_FIFTEEN_MINUTES = timedelta(minutes=15)


class Prices(Struct, frozen=True):
    """All stored prices of a share and its benchmark."""

    series: PriceSeries
    market: PriceSeries
    study: EventStudy
    """Of the one against the other."""
    quote: Quote | None = None
    """The newest of the share."""
    market_quote: Quote | None = None
    fund: PriceSeries | None = None
    """A fund on the benchmark, which trades when an index is not computed."""
    fund_quote: Quote | None = None
    outstanding: SharesOutstanding | None = None
    """What `shares` comes from, with its date."""
    shares: float | None = None
    """Outstanding today over all classes. Prices are in today's shares too, so that price times shares is the value at
    that date whatever was split since."""

    finished: dict[date, SessionFigures] = {}
    """Sessions that are over, as these prices measured them: each is measured once."""
    sessions: Timeline | None = None
    """Made of these prices, as `timeline`."""

    def __post_init__(self) -> None:
        """Forget what was known of other prices, also after `replace`."""
        force_setattr(self, "finished", {})
        force_setattr(self, "sessions", Timeline(self.series, self.market_days))

    @property
    def timeline(self) -> Timeline:
        """The sessions of the share."""
        assert self.sessions is not None
        return self.sessions

    @property
    def market_days(self) -> Sequence[date]:
        """The sessions that share or benchmark have; none where nothing is known of the benchmark."""
        return self.study.days if self.market.daily else ()


class SessionFigures(Struct, frozen=True):
    """The move of a share in one session, from the close before it."""

    previous: Edge | None = None
    """The close before it."""
    last: Edge | None = None
    """Its close, or the newest price while it runs."""
    window: Window = Window()
    abnormal: AbnormalReturns = AbnormalReturns()
    is_so_far: bool = False


def measure(prices: Prices, published: datetime, now: datetime) -> Measurement:
    """Return the moves of a share around `published` (aware), as known at `now`."""
    series, study = prices.series, prices.study
    quiet = quiet_time(prices.quote, now)
    day0 = day_zero(series, prices.market_days, published, quiet)
    base = series.base_before(published)
    moves = _moves(prices, published, base, _sessions(series, study, day0), now)
    day = SessionFigures() if day0 is None else session_of(prices, day0, now)
    age = None if base is None else (published - base.time) // timedelta(seconds=1)
    start = None if base is None else Edge(base.price, base.time)
    held = [one.time for one in (start, day.previous) if one is not None]
    dividends = series.dividends_between(min(held), now) if held else ()
    hours = None if day0 is None else Timeline(series, prices.market_days).hours(day0)
    is_blind = start is not None and hours is not None and start.time < hours.opens and published >= hours.opens + _BAR
    rest = since = to_close = Window()
    moved = before = None
    if start is not None and day0 is not None:
        since = to_close = _window(prices, day0, start, _newest(prices, published))
        if day.last is not None and not day.is_so_far:
            to_close = replace(_window(prices, day0, start, day.last), is_over=True)
        is_doubted = day.previous is not None and series.is_doubted(day.previous.time, start.time)
        if day.previous is not None and start.time >= day.previous.time and not is_doubted:
            paid = series.dividends_between(day.previous.time, start.time)
            moved = total_return(day.previous.price, start.price, paid)
        rest, before = to_close if to_close.is_over else _window(prices, day0, start, day.last), moved
        if hours is not None and day.previous is not None and published < hours.opens:
            rest, before = day.window, 0.0  # the whole session came after it, even if shares were traded that morning
        elif is_blind:  # the session had begun, but none of its prices is known: the base is that of another day
            since, to_close, rest, before = Window(move=since.move), Window(), Window(), None
    return Measurement(
        day0=day0,
        base=base,
        base_age_seconds=age,
        is_base_old=age is not None and age > OLD_BASE_SECONDS,
        moves=moves,
        abnormal=day.abnormal,
        before=before,
        since=since,
        rest=replace(rest, is_over=rest.move is not None and not day.is_so_far),
        session=day.window,
        to_close=to_close,
        timing=_timing(prices, day0, start, published, moved, day, moves.m15, quiet, is_blind=is_blind),
        dividends=dividends,
        notes=(
            *_base_notes(base, age, is_blind=is_blind),
            *_dividend_notes(dividends),
            *_session_notes(prices, day, rest),
        ),
    )


def _moves(prices: Prices, published: datetime, base: PriceBase | None, daily: Sequence[Bar], now: datetime) -> Moves:
    """Return the moves to each horizon; those across a doubted step are not known."""
    series = prices.series
    intraday, quote = series.intraday, prices.quote
    if base is not None and series.doubts:
        intraday = [bar for bar in intraday if not series.is_doubted(base.time, bar.end)]
        daily = [bar for bar in daily if not series.is_doubted(base.time, bar.end)]
        quote = None if quote is not None and series.is_doubted(base.time, quote.time) else quote
    return horizons(published, base, intraday, daily, quote, now)


def session_of(prices: Prices, day: date, now: datetime) -> SessionFigures:
    """Return the move of a share in one session; so far, by the newest quotes, while it runs."""
    finished = prices.finished
    if day in finished:
        return finished[day]
    found = _read_session(prices, day, now)
    if day in prices.series.days:  # over: later moments change nothing
        finished[day] = found
    return found


def _read_session(prices: Prices, day: date, now: datetime) -> SessionFigures:
    series, market = prices.series, prices.market
    before, official = bar_before(series, prices.market_days, day), series.days.get(day)
    previous = None if before is None else Edge(before.close, before.end)
    last = _so_far(series, prices.quote, day, now) if official is None else Edge(official.close, official.end)
    if previous is None and prices.quote is not None and local_day(prices.quote.time, series.zone) == day:
        previous = _previous_close(prices.quote, series, day)
    found = prices.study.around(day)
    if found is None and official is None and before is not None and last is not None:
        market_before = bar_before(market, prices.market_days, day)
        market_last = _so_far(market, prices.market_quote, day, now)
        if market_before is not None and market_last is not None:
            change = total_return(before.close, last.price, series.dividends_between(before.end, last.time))
            paid = market.dividends_between(market_before.end, market_last.time)
            market_change = total_return(market_before.close, market_last.price, paid)
            found = prices.study.so_far(day, change, market_change)
    is_over = official is not None
    whole = _window(prices, day, previous, last)
    if before is None and not exchanges.is_new_york(series.symbol, series.zone):
        # Nobody says when that close was, so nothing of the benchmark is of the same time.
        whole = Window(move=whole.move, value_usd=whole.value_usd)
    return SessionFigures(
        previous=previous,
        last=last,
        window=replace(whole, is_over=is_over and whole.move is not None),
        abnormal=found or AbnormalReturns(),
        is_so_far=not is_over and whole.move is not None,
    )


def _window(prices: Prices, day: date, start: Edge | None, end: Edge | None) -> Window:
    """Return the window between two prices of the share, the first of them in session `day`."""
    if start is None or end is None or end.time < start.time or prices.series.is_doubted(start.time, end.time):
        return Window()
    model = prices.study.model(day)
    night = DEFAULT_NIGHT if model is None or model.night is None else model.night
    variance = prices.timeline.variance(day, start.time, end.time, night)
    market = _market_move(prices, start, end)
    dividends = prices.series.dividends_between(start.time, end.time)
    found = window(start, end, variance, None if market is None else market.change, model, dividends)
    value = day_value(found.move, start.price, prices.shares) if _is_in_dollars(prices) else None
    by = market.symbol if market is not None and found.expected is not None else None
    return replace(found, value_usd=value, benchmark=by)


def _market_move(prices: Prices, start: Edge, end: Edge) -> BenchmarkMove | None:
    """Return the benchmark's own return between two moments, by its prices or those of the fund."""
    fund = None if prices.fund is None else Instrument(prices.fund, prices.fund_quote)
    return benchmark_move(Instrument(prices.market, prices.market_quote), fund, start.time, end.time)


def _newest(prices: Prices, published: datetime) -> Edge | None:
    """Return the newest price that was traded after publication."""
    quote = prices.quote
    if quote is None or quote.time <= published:
        return None
    if quote.session in ("pre", "post") or quote.regular_price is not None:
        return Edge(quote.price, quote.time)
    return Edge(quote.price, _in_session(prices.series, quote.time))


def _in_session(series: PriceSeries, moment: datetime) -> datetime:
    """Return a moment, or the close of its session when it is past it: the closing trade is reported a little later."""
    hours = series.hours(local_day(moment, series.zone))
    return moment if hours is None else min(moment, hours[1])


def _previous_close(quote: Quote, series: PriceSeries, day: date) -> Edge | None:
    """Return the close before a session as the quote gives it; outside New York at its latest possible moment."""
    hours = series.hours(day)
    if quote.previous_close is None or quote.previous_close <= 0 or hours is None:
        return None
    is_dated = exchanges.is_new_york(series.symbol, series.zone)
    return Edge(quote.previous_close, calendar.session_close(calendar.previous_session(day)) if is_dated else hours[0])


def _timing(
    prices: Prices,
    day0: date | None,
    start: Edge | None,
    published: datetime,
    moved: float | None,
    day: SessionFigures,
    m15: float | None,
    quiet: Quiet | None,
    *,
    is_blind: bool,
) -> Timing | None:
    """Return whether the article led or followed; `moved` is the return from the close before to the base."""
    if day0 is None or start is None:
        return None
    silent = published - start.time
    may_have_moved = is_blind or (
        silent > MAX_UNSEEN and unseen_time(prices.series, start.time, published, prices.quote, quiet) > MAX_UNSEEN
    )
    if may_have_moved:
        return untold(day.window, silent // timedelta(seconds=1))
    quarter = None
    if m15 is not None:
        by = published + _FIFTEEN_MINUTES
        paid = sum(one.amount for one in prices.series.dividends_between(start.time, by))
        quarter = _window(prices, day0, start, Edge(start.price * (1.0 + m15) - paid, by))
    hours = prices.timeline.hours(day0)
    is_before_open = hours is not None and published < hours.opens
    return (timing_before_open if is_before_open else timing_of)(day.window, moved, quarter)


def _is_in_dollars(prices: Prices) -> bool:
    currency = None if prices.quote is None else prices.quote.currency
    if currency is None:
        return exchanges.is_new_york(prices.series.symbol, prices.series.zone)
    return currency == "USD"


def _so_far(series: PriceSeries, quote: Quote | None, day: date, now: datetime) -> Edge | None:
    """Return the newest price of a session that runs, after its close that of the regular session."""
    if quote is None or local_day(quote.time, series.zone) != day or local_day(now, series.zone) != day:
        return None
    if quote.regular_price is None or quote.session == "pre":
        return Edge(quote.price, _in_session(series, quote.time))
    return Edge(quote.regular_price, _in_session(series, quote.time))


def _sessions(series: PriceSeries, study: EventStudy, day0: date | None) -> Sequence[Bar]:
    """Return the share's bars of day 0 and the three sessions after it, up to the first that is missing."""
    if day0 not in series.days:
        return ()
    bars: list[Bar] = []
    for day in study.following(day0, 4):
        bar = series.days.get(day)
        if bar is None:
            break
        bars.append(bar)
    return bars


def _base_notes(base: PriceBase | None, age: int | None, *, is_blind: bool) -> list[str]:
    if base is None or age is None:
        return ["no trade before it is known"]
    notes = []
    if is_blind:
        notes.append(
            "no earlier price of its session is known: what came before it cannot be told from what came after"
        )
    elif age > OLD_BASE_SECONDS:
        notes.append(f"the last trade before it was {span_words(age)} earlier: its moves hold all that happened since")
    if base.interpolated:
        notes.append("the price before it is estimated (no trade recorded at that minute)")
    return notes


def _dividend_notes(dividends: Sequence[Dividend]) -> list[str]:
    return [f"ex-dividend on {one.day}: moves over it include the dividend of {one.amount:g}" for one in dividends]


def _session_notes(prices: Prices, day: SessionFigures, rest: Window) -> list[str]:
    benchmark, abnormal = prices.market.symbol, day.abnormal
    notes = [f"{one.reason} that nobody has announced: no move across it is shown" for one in prices.series.doubts]
    if day.is_so_far:
        notes.append("its session is not over: the figures are so far")
    if abnormal.model is None:
        notes.append(f"no closes of both the share and {benchmark} on these days: abnormal returns are not known")
    elif abnormal.model.kind == "market-adjusted":
        notes.append(
            f"only {abnormal.model.n} earlier sessions are known: the return of {benchmark} is subtracted as it is"
        )
    if rest.move is not None and rest.expected is None and abnormal.model is not None:
        fund = "" if prices.fund is None else f" or {prices.fund.symbol}"
        notes.append(f"no price of {benchmark}{fund} at that time: what the market explains since then is not known")
    if rest.benchmark not in (None, benchmark):
        notes.append(f"the market's move in the rest is that of {rest.benchmark}, a fund on {benchmark}")
    return notes + list(abnormal.flags)


def span_words(seconds: int) -> str:
    """Return a time of at least some minutes in words: "45 minutes", "19 hours", "2 days"."""
    minutes = seconds // 60
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 2880 else f"{minutes // 1440} days"

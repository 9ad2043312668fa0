"""What a chart of a share shows: its bars up to the newest trade, the close before them, the regular hours; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from operator import attrgetter
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from tracker.market import exchanges
from tracker.model.article import Headline
from tracker.model.halts import Halt
from tracker.model.market import DAILY, INTRADAY, Bar, Quote
from tracker.prices.sessions import last_close_before
from tracker.prices.splits import Split, local_day, rescaled

ChartSpan = Literal["2 days", "5 days", "3 months"]
CHART_SPANS: tuple[ChartSpan, ...] = ("2 days", "5 days", "3 months")
_DAYS: dict[ChartSpan, int] = {"2 days": 2, "5 days": 5, "3 months": 63}
_REACH: dict[ChartSpan, timedelta] = {
    "2 days": timedelta(days=9),
    "5 days": timedelta(days=16),
    "3 months": timedelta(days=93),
}
"""How far back that many trading days may reach, including a Lunar New Year."""
_HOUR = timedelta(hours=1)


class Chart(Struct, frozen=True):
    """What a chart shows."""

    bars: tuple[Bar, ...]
    """Of one length, oldest first."""
    previous_close: float | None
    zone: tzinfo
    """Of the exchange: times are written in it."""
    headlines: tuple[datetime, ...] = ()
    """When headlines about the share were published."""
    selected: datetime | None = None
    """The open headline."""
    regular: tuple[tuple[datetime, datetime], ...] = ()
    """(open, close) of the regular sessions; bars outside them are shaded. Empty: nothing is."""
    halts: tuple[Halt, ...] = ()
    """When trading was halted, oldest first."""


def span_named(name: str) -> ChartSpan:
    """Return the span of that name; the first one for an unknown name."""
    return next((span for span in CHART_SPANS if span == name), CHART_SPANS[0])


def next_span(span: ChartSpan) -> ChartSpan:
    """Return the span that the key shows next."""
    return CHART_SPANS[(CHART_SPANS.index(span) + 1) % len(CHART_SPANS)]


def bar_interval(span: ChartSpan) -> int:
    """Return the length of the bars that a span is drawn from: `DAILY` or `INTRADAY`."""
    return DAILY if span == "3 months" else INTRADAY


def history_start(span: ChartSpan, now: datetime) -> datetime:
    """Return from when on bars are needed for the days of a span."""
    return now - _REACH[span]


def bars_to_draw(
    bars: Sequence[Bar],
    span: ChartSpan,
    now: datetime,
    zone: str,
    *,
    splits: Iterable[Split] = (),
    quote: Quote | None = None,
) -> list[Bar]:
    """Return the bars of the last days of a span that were closed at `now`, then one that ends with the newest trade.

    Args:
        bars: of one symbol, of `bar_interval(span)`, oldest first.
        span: how many days of trading.
        now: aware; what is later is not known yet.
        zone: of the exchange.
        splits: those known; all bars come back in the shares of the newest.
        quote: the newest of the same symbol.
    """
    closed = [bar for bar in bars if bar.end <= now and bar.close > 0]
    return _with_quote(_last_days(rescaled(closed, splits, zone), _DAYS[span], zone), quote, now, zone)


def previous_close(bars: Sequence[Bar], daily: Sequence[Bar], quote: Quote | None, zone: str) -> float | None:
    """Return the close before the newest day of `bars`: the provider's own, else that of the last daily bar before."""
    if not bars:
        return None
    day = local_day(bars[-1].start, zone)
    if quote is not None and quote.previous_close and local_day(quote.time, zone) == day:
        return quote.previous_close
    return last_close_before(daily, day, zone)


def day_bounds(day: date, zone: str, now: datetime) -> tuple[datetime, datetime]:
    """Return when a day begins at an exchange and when it ends, or `now` where that is earlier; in UTC."""
    begins = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    return begins, min(now, begins + timedelta(days=1))


def build_chart(
    symbol: str,
    bars: Sequence[Bar],
    previous: float | None,
    zone: str,
    published: Iterable[datetime] = (),
    halts: Iterable[Halt] = (),
) -> Chart:
    """Return the chart of bars, with the regular hours of each of their days.

    Args:
        symbol: of the share.
        bars: of one length, oldest first.
        previous: the close before the newest day; None where it is not drawn.
        zone: of the exchange.
        published: when each headline about the share was, oldest first.
        halts: of the share, oldest first.
    """
    days = dict.fromkeys(local_day(bar.start, zone) for bar in bars if bar.interval == INTRADAY)
    hours = (exchanges.session_hours(symbol, day, zone) for day in days)
    return Chart(
        bars=tuple(bars),
        previous_close=previous,
        zone=ZoneInfo(zone),
        headlines=tuple(published),
        halts=tuple(halts),
        regular=tuple(pair for pair in hours if pair is not None),
    )


def first_reports(rows: Sequence[Headline]) -> tuple[Headline, ...]:
    """Return the first report of each story, newest first; `rows` are newest first."""
    firsts = {row.story_id: row for row in rows}
    return tuple(sorted(firsts.values(), key=attrgetter("time"), reverse=True))


def _last_days(bars: Sequence[Bar], count: int, zone: str) -> list[Bar]:
    """Return the bars of the last `count` days on which there are any."""
    days = [local_day(bar.start, zone) for bar in bars]
    kept = set(sorted(set(days))[-count:])
    return [bar for bar, day in zip(bars, days, strict=True) if day in kept]


def _with_quote(bars: list[Bar], quote: Quote | None, now: datetime, zone: str) -> list[Bar]:
    """Return the bars and, where a trade after them is known, one more that ends with it."""
    if quote is None or not bars or quote.time <= bars[-1].end or quote.price <= 0 or quote.time > now:
        return bars
    last, provider = bars[-1], quote.provider
    is_same_day = local_day(last.start, zone) == local_day(quote.time, zone)
    if last.interval == INTRADAY:  # the line of a day does not go on into the next
        return [*bars, Bar(last.symbol, INTRADAY, last.end, quote.time, quote.price, provider)] if is_same_day else bars
    if is_same_day:  # the trade after the close is of no other day
        return bars
    starts, price = max(last.end, quote.time - _HOUR), quote.regular_price or quote.price
    return [*bars, Bar(last.symbol, DAILY, starts, quote.time, price, provider)]

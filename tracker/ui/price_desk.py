"""What the window knows of prices beyond quotes: charts, impacts and days, read from the store in threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

from tracker.market import exchanges
from tracker.model.article import Headline
from tracker.model.clock import Clock
from tracker.model.config import Config
from tracker.model.errors import StoreError
from tracker.model.impact import DayMove, Impact, MovedDay
from tracker.model.market import DAILY, INTRADAY, Bar, Quote
from tracker.model.query import And, Between, OfSymbol, Query
from tracker.prices.splits import local_day, rescaled, zone_of
from tracker.store.prices import read_bars, read_quotes, read_splits
from tracker.store.read import Reader
from tracker.ui.widgets.price_chart import Chart
from tracker.ui.widgets.spans import Span

if TYPE_CHECKING:
    from tracker.impact.desk import ImpactDesk

_DAYS: dict[Span, int] = {"2 days": 2, "5 days": 5, "3 months": 63}
_REACH: dict[Span, timedelta] = {
    "2 days": timedelta(days=9),
    "5 days": timedelta(days=16),
    "3 months": timedelta(days=93),
}
"""How far back so many days of trading may lie, a Lunar New Year included."""
_MOVES = 6
_MOST_MARKS = 500
"""Stories that are marked: more than a chart has columns."""


class ChartData(Struct, frozen=True):
    """A chart and what its marks stand for."""

    symbol: str
    span: Span
    chart: Chart
    ids: tuple[int, ...] = ()
    """The article of each of the chart's headlines."""


class MovedData(Struct, frozen=True):
    """One session of a share: its figures, its chart, its largest moves with what was published before each."""

    symbol: str
    day: MovedDay | None
    """None where no session of the share is known."""
    chart: Chart
    moves: tuple[tuple[DayMove, tuple[Headline, ...]], ...] = ()
    """Each with one headline for each story, newest first."""


class PriceDesk:
    """A long-lived connection and what was made of its prices; any thread may ask, one at a time is served."""

    def __init__(self, config: Config, db: Path, clock: Clock) -> None:
        self._config = config
        self._db = db
        self._clock = clock
        self._lock = threading.Lock()
        self._reader: Reader | None = None
        self._desk: ImpactDesk | None = None
        self._is_closed = False

    def use_config(self, config: Config) -> None:
        """Measure against the benchmarks of another configuration from now on."""
        with self._lock:
            self._config, self._desk = config, None

    def close(self) -> None:
        """Close the connection; whoever asks later gets a `StoreError`."""
        with self._lock:
            self._is_closed = True
            self._forget()

    def impacts(self, ids: Sequence[int]) -> dict[int, tuple[Impact, ...]]:
        """Return what the shares of each article did around it, that of its row first; () where nothing is known."""
        with self._turn():
            found: dict[int, list[Impact]] = {article_id: [] for article_id in ids}
            for impact in self._open_desk().impacts(ids):
                found[impact.article_id].append(impact)
        return {article_id: tuple(impacts) for article_id, impacts in found.items()}

    def chart(self, symbol: str, span: Span) -> ChartData:
        """Return the chart of a share until now, with the stories about it."""
        with self._turn():
            reader, now = self._open(), self._clock()
            quote = read_quotes(reader.connection, [symbol]).get(symbol)
            zone = zone_of(symbol, None if quote is None else quote.exchange_zone)
            bars = _last_days(self._bars(reader, symbol, zone, span, now), _DAYS[span], zone)
            bars = _with_quote(bars, quote, symbol, span, now, zone)
            previous = None if span == "3 months" else _previous_close(reader, symbol, bars, quote, zone)
            rows = self._stories(reader, symbol, bars[0].start, now) if bars else []
        return ChartData(symbol, span, _chart(symbol, bars, previous, zone, rows), tuple(row.id for row in rows))

    def moved(self, symbol: str) -> MovedData:
        """Return what moved a share in its newest session."""
        with self._turn():
            desk, reader, now = self._open_desk(), self._open(), self._clock()
            day = desk.moved_day(symbol, count=_MOVES)
            quote = read_quotes(reader.connection, [symbol]).get(symbol)
            zone = zone_of(symbol, None if quote is None else quote.exchange_zone)
            if day is None:
                return MovedData(symbol, None, Chart((), None, ZoneInfo(zone)))
            begins = datetime.combine(day.day, time(), ZoneInfo(zone)).astimezone(UTC)
            ends = min(now, begins + timedelta(days=1))
            bars = [bar for bar in read_bars(reader.connection, symbol, INTRADAY, begins, ends) if bar.end <= now]
            rows = self._stories(reader, symbol, begins, ends) if bars else []
            moves = tuple((move, _by_story(reader.headlines(ids))) for move, ids in day.moves)
        return MovedData(symbol, day, _chart(symbol, bars, day.previous_close, zone, rows), moves)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for the lock; a connection with which a read failed is not used again."""
        with self._lock:
            try:
                yield
            except Exception:
                self._forget()
                raise

    # -- below the lock ---------------------------------------------------------
    def _forget(self) -> None:
        reader, self._reader, self._desk = self._reader, None, None
        if reader is not None:
            reader.close()

    def _open(self) -> Reader:
        if self._is_closed:
            raise StoreError("the window is closed")
        if self._reader is None:
            self._reader = Reader(self._db)
        return self._reader

    def _open_desk(self) -> ImpactDesk:
        if self._desk is None:
            from tracker.impact.desk import ImpactDesk  # what the first paint does not need

            self._desk = ImpactDesk(self._open(), self._config, self._clock)
        return self._desk

    def _bars(self, reader: Reader, symbol: str, zone: str, span: Span, now: datetime) -> list[Bar]:
        interval = DAILY if span == "3 months" else INTRADAY
        bars = read_bars(reader.connection, symbol, interval, now - _REACH[span], now)
        closed = [bar for bar in bars if bar.end <= now and bar.close > 0]
        return list(rescaled(closed, read_splits(reader.connection, symbol), zone))

    def _stories(self, reader: Reader, symbol: str, start: datetime, end: datetime) -> list[Headline]:
        """Return the first report of each story about a share, oldest first."""
        query = Query(And((OfSymbol(symbol), Between(start, end + timedelta(seconds=1)))))
        ids = reader.list_stories(query, end)[:_MOST_MARKS]
        return sorted(reader.headlines(ids), key=attrgetter("time"))


def _chart(symbol: str, bars: Sequence[Bar], previous: float | None, zone: str, rows: Sequence[Headline]) -> Chart:
    days = dict.fromkeys(local_day(bar.start, zone) for bar in bars if bar.interval == INTRADAY)
    hours = (exchanges.session_hours(symbol, day, zone) for day in days)
    return Chart(
        bars=tuple(bars),
        previous_close=previous,
        zone=ZoneInfo(zone),
        headlines=tuple(row.time for row in rows),
        regular=tuple(pair for pair in hours if pair is not None),
    )


def _last_days(bars: Sequence[Bar], count: int, zone: str) -> list[Bar]:
    """Return the bars of the last `count` days on which there are any."""
    days: list[date] = [local_day(bar.start, zone) for bar in bars]
    kept = sorted(set(days))[-count:]
    return [bar for bar, day in zip(bars, days, strict=True) if day >= kept[0]]


def _with_quote(bars: list[Bar], quote: Quote | None, symbol: str, span: Span, now: datetime, zone: str) -> list[Bar]:
    """Return the bars and, where a trade after them is known, one more that ends with it."""
    if quote is None or not bars or quote.time <= bars[-1].end or quote.price <= 0 or quote.time > now:
        return bars
    if span != "3 months":
        is_same_day = local_day(bars[-1].start, zone) == local_day(quote.time, zone)
        if not is_same_day:
            return bars
        return [*bars, Bar(symbol, INTRADAY, bars[-1].end, quote.time, quote.price, quote.provider)]
    if local_day(bars[-1].start, zone) >= local_day(quote.time, zone):
        return bars  # the trade after the close is of no other day
    price = quote.regular_price or quote.price
    return [
        *bars,
        Bar(symbol, DAILY, max(bars[-1].end, quote.time - timedelta(hours=1)), quote.time, price, quote.provider),
    ]


def _previous_close(reader: Reader, symbol: str, bars: Sequence[Bar], quote: Quote | None, zone: str) -> float | None:
    """Return the close before the newest day of the bars."""
    if not bars:
        return None
    day = local_day(bars[-1].start, zone)
    if quote is not None and quote.previous_close and local_day(quote.time, zone) == day:
        return quote.previous_close
    daily = read_bars(reader.connection, symbol, DAILY, bars[-1].start - timedelta(days=14), bars[-1].start)
    before = [bar.close for bar in daily if local_day(bar.start, zone) < day]
    return before[-1] if before else None


def _by_story(rows: Sequence[Headline]) -> tuple[Headline, ...]:
    """Return the first report of each story, newest first; `rows` are newest first."""
    firsts = {row.story_id: row for row in rows}
    return tuple(sorted(firsts.values(), key=attrgetter("time"), reverse=True))
